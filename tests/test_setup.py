"""`make setup` on simulated machines of a few files, without installing or a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent

RELEASES = {
    "debian": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "raspbian": "ID=raspbian\nID_LIKE=debian\n",
    "ubuntu": 'ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04 LTS"\n',
    "mint": 'ID=linuxmint\nID_LIKE="ubuntu debian"\nPRETTY_NAME="Linux Mint 22"\n',
    "fedora": 'ID=fedora\nPRETTY_NAME="Fedora Linux 43 (Workstation Edition)"\n',
    "nobara": 'ID=nobara\nID_LIKE="rhel centos fedora"\n',
    "arch": 'ID=arch\nPRETTY_NAME="Arch Linux"\n',
    "manjaro": "ID=manjaro\nID_LIKE=arch\n",
    "stranger": 'ID=stranger\nPRETTY_NAME="Stranger OS 1"\n',
}

# The files of a Fedora machine with everything that Spacebeam needs.
COMPLETE = [
    "usr/lib64/girepository-1.0/Gtk-4.0.typelib",
    "usr/lib64/girepository-1.0/Adw-1.typelib",
    "usr/lib64/girepository-1.0/Soup-3.0.typelib",
    "usr/lib64/girepository-1.0/GtkSource-5.typelib",
    "usr/lib64/girepository-1.0/Secret-1.typelib",
    "usr/lib64/gio/modules/libgiognutls.so",
    "usr/lib64/gdk-pixbuf-2.0/2.10.0/loaders/libpixbufloader-svg.so",
    "usr/share/icons/Adwaita/index.theme",
    "usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "usr/share/fonts/google-noto-color-emoji-fonts/Noto-COLRv1.ttf",
    "usr/bin/dbus-run-session",
    "usr/bin/gtk4-broadwayd",
]
TEST_TOOLS = [
    *("usr/bin/" + name for name in ("Xvfb", "xauth", "import", "node", "npm", "chromium")),
    *("usr/bin/" + name for name in ("desktop-file-validate", "appstreamcli")),
    *("usr/sbin/" + name for name in ("nginx", "squid", "mosquitto", "httpd", "ip", "tcpdump")),
    *("usr/bin/" + name for name in ("tinyproxy", "microsocks", "man", "mandoc", "curl", "tmux")),
    "usr/lib64/faketime/libfaketime.so.1",
    "usr/lib64/girepository-1.0/Atspi-2.0.typelib",
    "usr/share/dbus-1/services/org.a11y.Bus.service",
    "usr/bin/ibus-daemon",
    "usr/bin/xclip",
    "usr/bin/gnome-keyring-daemon",
    "usr/bin/gdbus",
    "usr/lib64/gtk-4.0/4.0.0/immodules/libim-ibus.so",
    "usr/share/ibus-table/tables/wubi-jidian86.db",
]
NPM = """#!/bin/sh
echo npm "$@" >> {machine}/log
/bin/mkdir -p {machine}/project/build/peers/node_modules
"""

# Answers setup's questions to Python, logs its commands, and makes a .venv that contains itself.
PYTHON = """#!{python} -I
import json, pathlib, shutil, sys
machine = pathlib.Path({machine!r})
answers = json.loads((machine / "answers.json").read_text())
arguments = sys.argv[1:]
if arguments[0] == "-c":
    if "version_info[:2]" in arguments[1]:
        print(*answers["version"])
    elif arguments[1].startswith("import gi; assert"):
        sys.exit(not answers["new_pygobject"])
    else:
        sys.exit(not answers["modules"])
else:
    with (machine / "log").open("a") as log:
        print(*arguments, file=log)
    if "pip" in arguments:
        sys.exit(answers["pip_status"])
    if "venv" in arguments:
        venv = pathlib.Path(arguments[-1])
        shutil.rmtree(venv, ignore_errors=True)
        (venv / "bin").mkdir(parents=True)
        shutil.copy(sys.argv[0], venv / "bin/python")
        shared = str("--system-site-packages" in arguments).lower()
        (venv / "pyvenv.cfg").write_text("include-system-site-packages = " + shared)
"""


class Machine:
    """A root directory, a checkout of the project, and a simulated Python."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "root"
        self.project = directory / "project"
        shutil.copytree(PROJECT / "scripts", self.project / "scripts")
        for name in ("pyproject.toml", "tests/peers/package.json"):
            (self.project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, self.project / name)
        self._directory = directory
        self.python = self.add("usr/bin/python3")
        self.python.write_text(PYTHON.format(python=sys.executable, machine=str(directory)))
        self.answer()

    def add(self, path: str, text: str = "") -> Path:
        added = self.root / path
        added.parent.mkdir(parents=True, exist_ok=True)
        added.write_text(text)
        added.chmod(0o755)
        return added

    def answer(
        self,
        version: tuple[int, int] = (3, 11),
        new_pygobject: bool = False,
        modules: bool = False,
        pip_status: int = 0,
    ) -> None:
        """Set the answers of the machine's Python."""
        (self._directory / "answers.json").write_text(
            f'{{"version": {list(version)}, "new_pygobject": {int(new_pygobject)}, '
            f'"modules": {int(modules)}, "pip_status": {pip_status}}}'
        )

    def set_up(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, self.project / "scripts/setup.py", *options],
            env={"SETUP_ROOT": str(self.root), "PATH": str(self.root / "usr/bin")},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def take_log(self) -> list[str]:
        """Return and clear the commands that Python has received."""
        log = self._directory / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def complete(machine: Machine) -> Machine:
    """Return a Fedora machine with everything installed."""
    machine.add("etc/os-release", RELEASES["fedora"])
    for path in COMPLETE:
        machine.add(path)
    machine.answer(version=(3, 13), new_pygobject=True, modules=True)
    return machine


@pytest.mark.parametrize("name", ["debian", "raspbian"])
def test_debian_and_its_derivatives_install_missing_packages(machine: Machine, name: str) -> None:
    machine.add("etc/os-release", RELEASES[name])
    result = machine.set_up("--dry-run")
    assert result.returncode == 0, result.stderr
    assert {"gir1.2-gtk-4.0", "glib-networking", "python3-venv"} <= set(result.stdout.split())


def test_installed_packages_are_not_installed_again(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    machine.add("usr/lib/x86_64-linux-gnu/girepository-1.0/Gtk-4.0.typelib")
    packages = machine.set_up("--dry-run").stdout.split()
    assert "gir1.2-adw-1" in packages
    assert "gir1.2-gtk-4.0" not in packages


def test_an_older_debian_compiles_pygobject(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    packages = machine.set_up("--dry-run").stdout.split()
    assert {"libgirepository1.0-dev", "libcairo2-dev", "gcc", "python3-dev"} <= set(packages)
    assert "python3-gi" not in packages


def test_a_newer_debian_uses_its_own_pygobject(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    machine.answer(version=(3, 13))
    packages = machine.set_up("--dry-run").stdout.split()
    assert {"python3-gi", "python3-gi-cairo"} <= set(packages)
    assert not {"libgirepository1.0-dev", "libcairo2-dev", "gcc", "python3-dev"} & set(packages)


def test_a_debian_without_python_installs_it_first(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    machine.python.unlink()
    first_line = machine.set_up("--dry-run").stdout.splitlines()[0]
    assert first_line.endswith("apt: python3")


def test_test_tools_are_installed_only_for_tests(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    assert "xvfb" not in machine.set_up("--dry-run").stdout.split()
    assert "xvfb" in machine.set_up("--dry-run", "--tests").stdout.split()


def test_a_node_from_another_source_is_not_replaced(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    machine.add("usr/bin/node")
    machine.add("usr/bin/npm")
    packages = machine.set_up("--dry-run", "--tests").stdout.split()
    assert not {"nodejs", "npm"} & set(packages)


def test_a_daemon_in_sbin_is_found(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    machine.add("usr/sbin/nginx")
    packages = machine.set_up("--dry-run", "--tests").stdout.split()
    assert "squid" in packages
    assert "nginx" not in packages


@pytest.mark.parametrize(
    ("name", "command", "packages"),
    [
        ("ubuntu", "apt-get install", "gir1.2-gtk-4.0 libgirepository1.0-dev"),
        ("mint", "apt-get install", "gir1.2-gtk-4.0 libgirepository1.0-dev"),
        ("fedora", "dnf install", "gtk4 libsoup3 gtksourceview5"),
        ("nobara", "dnf install", "gtk4 libsoup3 gtksourceview5"),
        ("arch", "pacman -S", "gtk4 libsoup3 ttf-dejavu"),
        ("manjaro", "pacman -S", "gtk4 libsoup3 ttf-dejavu"),
    ],
)
def test_other_distributions_are_shown_their_package_names(
    machine: Machine, name: str, command: str, packages: str
) -> None:
    machine.add("etc/os-release", RELEASES[name])
    result = machine.set_up()
    assert result.returncode == 1
    assert command in result.stderr
    assert set(packages.split()) <= set(result.stderr.split())
    assert machine.take_log() == []


def test_each_package_is_named_once(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["fedora"])
    machine.answer(version=(3, 13))
    words = machine.set_up().stderr.splitlines()[-1].split()
    assert words.count("python3-gobject") == 1


def test_macos_is_shown_homebrew_packages_without_a_display_server(machine: Machine) -> None:
    machine.add("System/Library/CoreServices/SystemVersion.plist")
    result = machine.set_up()
    assert result.returncode == 1
    assert "brew install gtk4 libadwaita libsoup" in result.stderr
    assert "dbus" not in result.stderr.splitlines()[-1]


def test_an_unknown_distribution_is_shown_the_missing_libraries(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["stranger"])
    result = machine.set_up()
    assert result.returncode == 1
    assert "Stranger OS 1" in result.stderr
    assert "libadwaita" in result.stderr
    assert "Install them with" not in result.stderr


def test_a_complete_machine_of_any_distribution_continues(complete: Machine) -> None:
    result = complete.set_up()
    assert result.returncode == 0, result.stderr
    venv, pip, floor, compiled = complete.take_log()
    assert venv.startswith("-m venv")
    assert f"install --editable {complete.project}" in pip
    assert floor.endswith("floor.py")
    assert compiled == f"-m compileall -q {complete.project / 'spacebeam'}"


@pytest.mark.parametrize("is_new", [True, False])
def test_the_venv_sees_system_packages_only_for_pygobject(complete: Machine, is_new: bool) -> None:
    complete.answer(version=(3, 13), new_pygobject=is_new, modules=True)
    assert complete.set_up().returncode == 0
    assert ("--system-site-packages" in complete.take_log()[0]) is is_new


def test_a_second_run_installs_nothing(complete: Machine) -> None:
    complete.set_up()
    complete.take_log()
    # Setup does not look: even removed files are not noticed.
    shutil.rmtree(complete.root / "usr/lib64")
    result = complete.set_up()
    assert result.returncode == 0, result.stderr
    assert complete.take_log() == []


def test_a_changed_project_file_installs_again_in_the_same_venv(complete: Machine) -> None:
    complete.set_up()
    complete.take_log()
    with (complete.project / "pyproject.toml").open("a") as pyproject:
        pyproject.write("# changed\n")
    assert complete.set_up().returncode == 0
    pip, *_others = complete.take_log()
    assert "install" in pip


def test_test_tools_are_installed_again_after_the_build_folder_was_emptied(
    complete: Machine,
) -> None:
    for path in TEST_TOOLS:
        complete.add(path, NPM.format(machine=complete.root.parent) if "npm" in path else "")
    assert complete.set_up("--tests").returncode == 0
    assert any(line.startswith("npm install") for line in complete.take_log())
    complete.set_up("--tests")
    assert complete.take_log() == []

    shutil.rmtree(complete.project / "build")
    complete.set_up("--tests")
    assert any(line.startswith("npm install") for line in complete.take_log())


def test_the_fuzzer_is_installed_only_to_fuzz(complete: Machine) -> None:
    assert complete.set_up().returncode == 0
    assert not any("atheris" in line for line in complete.take_log())
    assert complete.set_up("--fuzz").returncode == 0
    assert any("atheris" in line for line in complete.take_log())
    complete.set_up("--fuzz")
    assert complete.take_log() == []


def test_headers_are_required_only_for_benchmarks(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    assert "libsoup-3.0-dev" not in machine.set_up("--tests", "--dry-run").stdout
    assert "libsoup-3.0-dev" in machine.set_up("--bench", "--dry-run").stdout


def test_another_python_creates_another_venv(complete: Machine) -> None:
    complete.set_up()
    complete.take_log()
    (complete.project / ".venv/pyvenv.cfg").write_text("include-system-site-packages = false")
    complete.add("etc/os-release", RELEASES["fedora"] + "VERSION_ID=44\n")
    assert complete.set_up().returncode == 0
    assert complete.take_log()[0].startswith("-m venv")


def test_a_failed_step_is_repeated(complete: Machine) -> None:
    complete.answer(version=(3, 13), new_pygobject=True, modules=True, pip_status=1)
    result = complete.set_up()
    assert result.returncode != 0
    assert "this failed" in result.stderr
    assert "Traceback" not in result.stderr
    complete.take_log()

    complete.answer(version=(3, 13), new_pygobject=True, modules=True)
    assert complete.set_up().returncode == 0
    assert any("install" in line for line in complete.take_log())


@pytest.mark.skipif(os.geteuid() == 0, reason="root needs no sudo")
def test_without_sudo_root_is_named_in_the_error(machine: Machine) -> None:
    machine.add("etc/os-release", RELEASES["debian"])
    result = machine.set_up()
    assert result.returncode == 1
    assert "as root" in result.stderr
