"""The desktop file, the AppStream metainfo and the icons: valid and consistent."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import spacebeam
from spacebeam.recording.file import MIME_TYPE, SUFFIX
from spacebeam.recording.schema import APPLICATION_ID
from spacebeam.scenario.suite import SUFFIXES
from tests.library.files import write_recording

APP_ID = "app.spacebeam.Spacebeam"
ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
DESKTOP = DATA / f"{APP_ID}.desktop"
METAINFO = DATA / f"{APP_ID}.metainfo.xml"
MIME = DATA / f"{APP_ID}.mime.xml"
ICON = DATA / "icons/hicolor/scalable/apps" / f"{APP_ID}.svg"
SYMBOLIC = DATA / "icons/hicolor/symbolic/apps" / f"{APP_ID}-symbolic.svg"


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = shutil.which(tool)
    if path is None:
        pytest.skip(f"{tool} is not installed")
    return subprocess.run(
        [path, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )


def desktop_entry() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # keys are case-sensitive
    parser.read_string(DESKTOP.read_text(encoding="utf-8"))
    return parser["Desktop Entry"]


def metainfo() -> ET.Element:
    return ET.parse(METAINFO).getroot()


def test_the_desktop_file_is_valid() -> None:
    result = run("desktop-file-validate", str(DESKTOP))
    # Hints and warnings leave the exit status at 0.
    assert (result.returncode, result.stdout) == (0, "")


def test_the_metainfo_is_valid() -> None:
    result = run("appstreamcli", "validate", "--no-net", "--pedantic", str(METAINFO))
    # There is no homepage yet; newer versions warn of that.
    errors = [line for line in result.stdout.splitlines() if line.startswith(("E:", "W:"))]
    assert [error for error in errors if "url-homepage-missing" not in error] == []


def test_the_application_id_is_the_same_in_every_file() -> None:
    component = metainfo()
    assert component.get("type") == "desktop-application"
    assert component.findtext("id") == APP_ID
    launchable = component.find("launchable")
    assert launchable is not None
    assert launchable.get("type") == "desktop-id"
    assert launchable.text == DESKTOP.name
    assert desktop_entry()["Icon"] == APP_ID == ICON.stem


def test_names_are_the_same_in_desktop_file_and_metainfo() -> None:
    component, entry = metainfo(), desktop_entry()
    assert component.findtext("name") == entry["Name"]
    assert component.findtext("provides/binary") == entry["Exec"].split()[0]
    assert component.findtext("developer/name") == component.findtext("developer_name")


def test_the_newest_release_is_this_version() -> None:
    releases = metainfo().findall("releases/release")
    assert releases[0].get("version") == spacebeam.__version__
    dates = [release.get("date", "") for release in releases]
    assert dates == sorted(dates, reverse=True)


def test_the_project_file_agrees_with_the_desktop_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert metainfo().findtext("project_license") == project["project"]["license"]
    assert desktop_entry()["Exec"].split()[0] in project["project"]["scripts"]
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    icons = {
        path.relative_to(ROOT).as_posix(): f"share/{path.relative_to(DATA).as_posix()}"
        for path in (ICON, SYMBOLIC)
    }
    assert shared.items() >= icons.items()
    assert shared[f"data/{DESKTOP.name}"] == f"share/applications/{DESKTOP.name}"
    assert shared[f"data/{METAINFO.name}"] == f"share/metainfo/{METAINFO.name}"
    assert shared[f"data/{MIME.name}"] == f"share/mime/packages/{APP_ID}.xml"


def test_the_mime_type_is_the_same_in_every_file() -> None:
    namespace = "{http://www.freedesktop.org/standards/shared-mime-info}"
    kind, scenario = ET.parse(MIME).getroot()
    assert kind.get("type") == MIME_TYPE == metainfo().findtext("provides/mediatype")
    assert desktop_entry()["MimeType"].split(";") == [MIME_TYPE, scenario.get("type"), ""]
    patterns = [one.get("pattern") for one in scenario.iterfind(f"{namespace}glob")]
    assert patterns == [f"*{suffix}" for suffix in SUFFIXES]
    assert desktop_entry()["Exec"].split()[1:] == ["%U"]
    glob = kind.find(f"{namespace}glob")
    assert glob is not None
    assert glob.get("pattern") == f"*{SUFFIX}"
    (number,) = kind.iterfind(f"{namespace}magic/{namespace}match/{namespace}match")
    assert int(number.get("value", ""), 16) == APPLICATION_ID


_KIND = """
import sys
from gi.repository import Gio
for path, is_named in ((sys.argv[1], True), (sys.argv[2], False)):
    data = open(path, "rb").read(4096)
    print(Gio.content_type_guess(path if is_named else None, data)[0])
print(Gio.content_type_is_a("application/vnd.spacebeam.recording", "application/vnd.sqlite3"))
"""


def test_a_recording_is_recognized_by_its_name_and_content(tmp_path: Path) -> None:
    packages = tmp_path / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy(MIME, packages)
    made = run("update-mime-database", str(tmp_path / "mime"))
    assert made.returncode == 0, made.stdout
    recording = write_recording(tmp_path / "one.beam", "hello")
    arguments = [sys.executable, "-c", _KIND, str(recording), str(recording)]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    found = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [MIME_TYPE, MIME_TYPE, "True"]


@pytest.mark.parametrize(
    ("icon", "size"), [(ICON, 128), (SYMBOLIC, 16)], ids=["full-colour", "symbolic"]
)
def test_icon_is_square(icon: Path, size: int) -> None:
    svg = ET.parse(icon).getroot()
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert (svg.get("width"), svg.get("height")) == (str(size), str(size))
    assert svg.get("viewBox") == f"0 0 {size} {size}"


def test_symbolic_icon_has_one_colour_and_no_strokes() -> None:
    elements = list(ET.parse(SYMBOLIC).getroot().iter())
    assert {fill for element in elements if (fill := element.get("fill"))} == {"#2e3436"}
    assert not any("stroke" in element.attrib or "style" in element.attrib for element in elements)
