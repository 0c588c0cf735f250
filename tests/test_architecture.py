"""The layers: which rooms may import which, and where modules and widgets live."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.architecture import ROOMS, modules, violations

TESTS = Path(__file__).resolve().parent
PROJECT = TESTS.parent
PACKAGE = PROJECT / "spacebeam"

MAX_LINES = 400

FOLDERS = ("spacebeam", "tests", "bench", "fuzz", "scripts")


def test_no_import_crosses_the_layers() -> None:
    assert violations(PACKAGE) == []


def test_every_folder_is_a_room() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders <= ROOMS


@pytest.mark.parametrize(
    ("path", "line", "violation"),
    [
        ("protocol/x.py", "from spacebeam.net import sockets", "spacebeam.net"),
        ("protocol/x.py", "from gi.repository import GLib", "GLib of gi"),
        ("net/x.py", "from spacebeam.recording import recording", "spacebeam.recording"),
        ("net/x.py", "import spacebeam.ui.window", "spacebeam.ui.window"),
        ("net/x.py", "from gi.repository import Gtk", "Gtk of gi"),
        ("net/x.py", "from gi.repository import GLib, Adw", "Adw of gi"),
        ("net/x.py", "import gi.repository.Gdk", "Gdk of gi"),
        ("net/x.py", "from ..server import server", "spacebeam.server"),
        ("net/x.py", "def f():\n    from spacebeam import library", "spacebeam.library"),
        ("recording/x.py", "from spacebeam.net import values", "spacebeam.net"),
        ("recording/x.py", "from spacebeam.search import view", "spacebeam.search"),
        ("recording/x.py", "from spacebeam.decode import text", "spacebeam.decode"),
        ("search/x.py", "from spacebeam.net import values", "spacebeam.net"),
        ("profiles/x.py", "from spacebeam.library import settings", "spacebeam.library"),
        ("decode/x.py", "from gi.repository import GLib", "GLib of gi"),
        ("decode/x.py", "import gi", "gi of gi"),
        ("decode/x.py", "from spacebeam.protocol.batch import Kind", "spacebeam.protocol.batch"),
        ("library/x.py", "from spacebeam.net import values", "spacebeam.net"),
        ("scenario/x.py", "from spacebeam.server import x", "spacebeam.server"),
        ("server/x.py", "from spacebeam.recording import x", "spacebeam.recording"),
        ("cli/x.py", "from spacebeam.ui import window", "spacebeam.ui"),
        ("cli/x.py", "from gi.repository import Gtk", "Gtk of gi"),
        ("ui/x.py", "from spacebeam.cli import main", "spacebeam.cli"),
        ("__main__.py", "from spacebeam.net import sockets", "spacebeam.net"),
        ("__main__.py", "from gi.repository import Gtk", "Gtk of gi"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, path: str, line: str, violation: str) -> None:
    planted = plant(tmp_path, {path: line})
    found = violations(planted)
    assert found
    assert any(violation in words for words in found)
    name = "spacebeam." + path.removesuffix(".py").replace("/", ".")
    assert all(words.startswith(name) for words in found)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("net/x.py", "from gi.repository import Gio, GLib, GObject, Soup"),
        ("net/x.py", "from spacebeam.protocol import frames"),
        ("net/x.py", "from . import values"),
        ("recording/x.py", "from spacebeam.protocol.batch import Batch"),
        ("search/x.py", "from spacebeam.recording import block"),
        ("profiles/x.py", "from spacebeam.net.options import Options"),
        ("exchange/x.py", "from spacebeam.recording import recording"),
        ("library/x.py", "from spacebeam.profiles import profile"),
        ("server/x.py", "from spacebeam.net.connection import Connection"),
        ("cli/x.py", "from spacebeam.server import server"),
        ("ui/x.py", "from gi.repository import Adw, Gdk, Gtk, GtkSource"),
        ("ui/x.py", "from spacebeam.scenario import scenario"),
        ("__main__.py", "from spacebeam.cli import main\nfrom spacebeam.ui import app"),
    ],
)
def test_an_import_along_the_layers_is_allowed(tmp_path: Path, path: str, line: str) -> None:
    assert violations(plant(tmp_path, {path: line})) == []


def plant(folder: Path, files: dict[str, str]) -> Path:
    """Make a small package with the same rooms and these files."""
    package = folder / "spacebeam"
    contents = {f"{room}/__init__.py": "" for room in ROOMS}
    for path, text in (contents | files).items():
        target = package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text + "\n", encoding="utf-8")
    return package


PURE_ROOMS = (
    "protocol",
    "decode",
    "profiles",
    "recording",
    "search",
    "compare",
    "exchange",
    "library",
    "help",
)


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_pure_room_loads_no_gi(room: str) -> None:
    """Also not through the values of net that it imports."""
    names = [module.name for module in modules(PACKAGE) if module.room == room]
    assert names
    assert not loads_gi(names, PROJECT)


def test_an_indirect_import_of_gi_is_found(tmp_path: Path) -> None:
    files = {"net/x.py": "import gi", "profiles/x.py": "from spacebeam.net import x"}
    plant(tmp_path, {"__init__.py": "", **files})
    assert loads_gi(["spacebeam.profiles.x"], tmp_path)


def loads_gi(names: list[str], folder: Path) -> bool:
    """Whether a fresh interpreter in `folder` has loaded gi after importing these modules."""
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "print('gi' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip() == "True"


def test_the_terminal_does_not_load_the_window() -> None:
    if not (PACKAGE / "cli").is_dir():
        pytest.skip("there is no terminal yet")
    names = [module.name for module in modules(PACKAGE) if module.room == "cli"]
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "loaded = {'Gtk', 'Gdk', 'Adw', 'GtkSource'} & {\n"
        "    name.rpartition('.')[2] for name in sys.modules if name.startswith('gi.repository.')\n"
        "}\n"
        "print(*sorted(loaded), *(name for name in sys.modules if name.startswith('spacebeam.ui')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *names],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (result.stdout.strip(), result.returncode) == ("", 0), result.stderr


def test_no_file_is_over_the_limit_of_lines() -> None:
    long = {
        path.relative_to(PROJECT).as_posix(): lines
        for folder in FOLDERS
        for path in (PROJECT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_every_module_has_a_docstring() -> None:
    silent = [
        path.relative_to(PROJECT).as_posix()
        for path in PACKAGE.rglob("*.py")
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


WIDGET_LIBRARIES = {"Gtk", "Adw", "GtkSource"}


def is_widget(node: ast.ClassDef) -> bool:
    """Whether a class is made of one of GTK's."""
    return any(
        isinstance(base, ast.Attribute)
        and isinstance(base.value, ast.Name)
        and base.value.id in WIDGET_LIBRARIES
        for base in node.bases
    )


def widgets(path: Path) -> list[tuple[str, str]]:
    """The names of a file's widget classes, each with its name in GTK's type system."""
    return [
        (node.name, str(statement.value.value))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and is_widget(node)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and any(isinstance(to, ast.Name) and to.id == "__gtype_name__" for to in statement.targets)
    ]


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def misplaced(path: Path) -> list[str]:
    """What is wrong with where a file's widget is and what it is called, in words."""
    found = widgets(path)
    faults = [f"{path.name} holds {len(found)} widgets"] if len(found) > 1 else []
    for name, type_name in found:
        if type_name != f"Spacebeam{name}":
            faults.append(f"{name} is called {type_name} in GTK")
        if path.stem != snake(name):
            faults.append(f"{name} is in {path.name}")
        text = path.read_text(encoding="utf-8")
        template = re.search(r'@template\("([^"]+)"\)', text)
        if template is None:
            continue
        beside = path.with_suffix(".ui")
        if template.group(1) != beside.name or not beside.is_file():
            faults.append(f"{name} has its template in {template.group(1)}")
    return faults


def test_a_widget_lives_in_a_file_of_its_name_with_its_template_beside_it() -> None:
    faults = {
        path.relative_to(PROJECT).as_posix(): found
        for path in (PACKAGE / "ui").rglob("*.py")
        if (found := misplaced(path))
    }
    assert faults == {}


def test_a_misplaced_widget_is_found(tmp_path: Path) -> None:
    good = tmp_path / "message_row.py"
    text = (
        '@template("message_row.ui")\n'
        "class MessageRow(Gtk.Box):\n"
        '    __gtype_name__ = "SpacebeamMessageRow"\n'
    )
    good.write_text(text)
    assert misplaced(good) == ["MessageRow has its template in message_row.ui"]
    good.with_suffix(".ui").touch()
    assert misplaced(good) == []
    bad = tmp_path / "rows.py"
    bad.write_text(text + 'class Other(Adw.Bin):\n    __gtype_name__ = "Other"\n')
    assert misplaced(bad) == [
        "rows.py holds 2 widgets",
        "MessageRow is in rows.py",
        "MessageRow has its template in message_row.ui",
        "Other is called Other in GTK",
        "Other is in rows.py",
        "Other has its template in message_row.ui",
    ]
