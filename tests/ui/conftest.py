"""Fixtures of the window's tests: a display, settings of their own, and no complaints of GTK."""

from __future__ import annotations

import gc
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import spacebeam.ui  # isort: skip  # noqa: F401  it chooses the versions
from gi.repository import Adw, Gdk, Gtk, GtkSource

from spacebeam.library.settings import Settings, default_path, save
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.settings_service import SettingsService
from tests.support.processes import free_port

_COMPLAINT = re.compile(r"^.*-(?:WARNING|CRITICAL) \*\*:.*$", re.MULTILINE)
# Of newer versions, about themselves: libadwaita measures the words of its dialogs with too little
# room, GtkPaned what it shrinks, and the file chooser has its own boxes in disorder. A key that a
# test presses has no event, and the text view's own handler passes that on.
_NOT_OURS = re.compile(
    r"Trying to measure Gtk(?:Label|Stack) 0x[0-9a-f]+ for (?:width|height) of"
    r"|gtk_box_remove: assertion '"
    r"|gtk_im_context_filter_keypress: assertion 'key != NULL' failed"
)
# The time of a tooltip ends although its window was closed; GTK does not look whether it is there.
_OF_TOOLTIP = re.compile(
    r"(?:gdk_surface_get_device_position|_gtk_widget_find_at_coords): assertion 'GDK_IS_SURFACE"
)
# libsecret returns from a search twice if one of several items is removed meanwhile.
_OF_LIBSECRET = "g_task_return_boolean: assertion '!task->ever_returned' failed"
# The tests' bus has no desktop; a message that comes while no window is active would notify.
_NO_DESKTOP = "unable to send notifications through org.freedesktop.Notifications"
_IS_NEWER = (Gtk.get_major_version(), Gtk.get_minor_version()) > (4, 8)


def pytest_runtest_setup() -> None:
    # Without a display the first widget would crash the process.
    if Gdk.Display.get_default() is None:
        pytest.skip("there is no display")


@pytest.fixture(scope="session", autouse=True)
def _toolkit() -> None:
    if Gdk.Display.get_default() is not None:
        gc.disable()  # a thread would free widgets; every test collects at its end
        Adw.init()
        GtkSource.init()
        settings = Gtk.Settings.get_default()
        assert settings is not None
        settings.set_property("gtk-enable-animations", False)


@pytest.fixture(autouse=True)
def _no_complaint_of_gtk_is_missed(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Fail a test during which GTK logs a warning or a critical message.

    GTK writes to the file descriptor; PyGObject turns GLib's own messages into Python warnings.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # Newer versions call some classes of the floor outdated; they have no others for it.
        warnings.filterwarnings("ignore", r"(Gtk|Adw|Gio)\.\S+ is deprecated$", DeprecationWarning)
        yield
    said = capfd.readouterr().err
    complaints = _COMPLAINT.findall(said) + [str(one.message) for one in caught]
    complaints = [
        one
        for one in complaints
        if _NO_DESKTOP not in one and _OF_LIBSECRET not in one and not _OF_TOOLTIP.search(one)
    ]
    if _IS_NEWER:
        complaints = [one for one in complaints if not _NOT_OURS.search(one)]
    if complaints:
        pytest.fail("\n".join(("there were complaints:", *complaints)), pytrace=False)


@pytest.fixture(autouse=True)
def settings_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of this test's settings; its recordings are in a folder of its own too."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return default_path()


@pytest.fixture
def keeper(settings_path: Path) -> SettingsService:
    return SettingsService(settings_path)


@pytest.fixture
def kept(settings_path: Path) -> Settings:
    """Settings that were saved before the test: change them and `save` again."""
    settings = Settings(recent=["ws://one.test/", "ws://two.test/"])
    save(settings, settings_path)
    return settings


@pytest.fixture
def local_chat() -> LocalChat:
    """A chat room at a port of its own."""
    return LocalChat(free_port())


@pytest.fixture
def choosers(monkeypatch: pytest.MonkeyPatch) -> list[Gtk.FileChooserNative]:
    """The file choosers that were opened."""
    made: list[Gtk.FileChooserNative] = []
    original = Gtk.FileChooserNative.new

    def new(*arguments: object) -> Gtk.FileChooserNative:
        made.append(original(*arguments))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(Gtk.FileChooserNative, "new", new)
    return made
