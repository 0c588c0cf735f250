"""Rows that say what folders add to a connection or to another folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Flag, auto

from gi.repository import Adw, GLib, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import Folder, has_sign_in
from spacebeam.profiles.profile import SignInMethod, is_secret
from spacebeam.ui.handlers import weak_handlers
from spacebeam.wording.i18n import _

_SECRET = "•••"
_SIGN_INS = {
    SignInMethod.PASSWORD: _("User and password"),
    SignInMethod.BEARER: _("Bearer token"),
    SignInMethod.KEY_IN_HEADER: _("API key in a header"),
    SignInMethod.KEY_IN_QUERY: _("API key in the query"),
}


class Inherited(Flag):
    """What is shown of folders."""

    HEADERS = auto()
    SIGN_IN = auto()
    VARIABLES = auto()
    ALL = HEADERS | SIGN_IN | VARIABLES


@weak_handlers
class InheritedGroup(Adw.PreferencesGroup):
    """Read-only rows, each with “from” and the folder's name; hidden without any."""

    __gtype_name__ = "SpacebeamInheritedGroup"

    def __init__(self) -> None:
        super().__init__()
        self.set_title(_("From folders"))
        self.set_visible(False)
        self._rows: list[Gtk.Widget] = []

    def show_folders(self, folders: Sequence[Folder], parts: Inherited = Inherited.ALL) -> None:
        """Show what these folders, outermost first, say for all in them."""
        for row in self._rows:
            self.remove(row)
        self._rows = [
            _row(name, value, folder.name)
            for folder in folders
            for name, value in _values(folder, parts)
        ]
        for row in self._rows:
            self.add(row)
        self.set_visible(bool(self._rows))


def _values(folder: Folder, parts: Inherited) -> Iterator[tuple[str, str]]:
    """Yield the name and the shown value of each thing that a folder sets."""
    for name, value in folder.profile.request.headers if Inherited.HEADERS in parts else ():
        hidden = is_secret("request.headers", name, value)
        yield name, _SECRET if hidden else value or ""
    if Inherited.SIGN_IN in parts and has_sign_in(folder.profile):
        method = folder.profile.sign_in.method
        yield _("Sign-in"), _SIGN_INS.get(method, method.value)
    for one in folder.variables if Inherited.VARIABLES in parts else ():
        if one.enabled:
            yield f"{{{{{one.name}}}}}", _SECRET if one.is_secret else one.value or ""


def _row(name: str, value: str, folder: str) -> Gtk.Widget:
    row = Adw.ActionRow(title=GLib.markup_escape_text(one_line(name)))
    row.set_subtitle(GLib.markup_escape_text(one_line(value[:500])))
    row.set_subtitle_lines(1)
    origin = Gtk.Label(
        label=_("from {folder}").format(folder=one_line(folder)), valign=Gtk.Align.CENTER
    )
    origin.set_css_classes(["caption", "dim-label"])
    row.add_suffix(origin)
    return row
