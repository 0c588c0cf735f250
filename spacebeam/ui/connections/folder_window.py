"""The window of a folder: headers, sign-in and variables for all connections in it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from gi.repository import Adw, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.secrets import VARIABLES, secret_owner
from spacebeam.profiles.collection import Folder, SavedConnection, Variable, without_secrets
from spacebeam.profiles.merging import merged
from spacebeam.profiles.profile import SignInMethod, with_values
from spacebeam.profiles.saved_profile import from_json, to_json
from spacebeam.ui.compat import set_parent
from spacebeam.ui.connections.inherited_group import InheritedGroup
from spacebeam.ui.connections.preparing import known
from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words
from spacebeam.ui.input_method import Composing
from spacebeam.ui.library_service import LibraryService, SavedPlace
from spacebeam.ui.options.keyring_rows import KeyringRows
from spacebeam.ui.options.pairs_group import PairsGroup
from spacebeam.ui.options.sign_in_page import SignInPage
from spacebeam.ui.surface_width import text_scale
from spacebeam.ui.template import template
from spacebeam.ui.variables.known import Known
from spacebeam.ui.variables.variables_group import VariablesGroup
from spacebeam.wording.i18n import _
from spacebeam.wording.keyring import secret_variables_words

_WIDTH, _HEIGHT = 640, 600  # pixels


@template("folder_window.ui")
class FolderWindow(Adw.PreferencesWindow):
    """Saves what was changed when it is closed."""

    __gtype_name__ = "SpacebeamFolderWindow"

    _inherited_group: InheritedGroup = Gtk.Template.Child()
    _headers: PairsGroup = Gtk.Template.Child()
    _variables: VariablesGroup = Gtk.Template.Child()
    _sign_in_page: SignInPage = Gtk.Template.Child()

    def __init__(self, parent: Gtk.Window, library: LibraryService, place: SavedPlace) -> None:
        """Show a folder. Raises LIBRARY_ERRORS if its file cannot be read."""
        for widget in (InheritedGroup, PairsGroup, VariablesGroup, SignInPage):
            GObject.type_ensure(widget)  # the template has them
        super().__init__()
        self._library = library
        self._place = place
        self._in_file = place.folder.folder(place.path)
        self._folder = library.with_known_secrets(place, self._in_file)
        set_parent(self, parent)
        Composing(self)
        width = int(_WIDTH * text_scale(self))
        self.set_default_size(min(width, max(360, parent.get_width())), _HEIGHT)
        self.set_title(_("Folder: {name}").format(name=one_line(self._folder.name)))
        outer = place.folder.folders_of(place.path) if place.path else ()
        self._inherited_group.show_folders(outer)
        self._headers.follow_variables(self._known)
        self._headers.show_pairs(self._folder.profile.request.headers)
        self._variables.show_variables(self._folder.variables)
        self._sign_in_page.form.show(self._folder.profile)
        self._is_keyring_known = False
        library.secrets.start_always(self._show_keyring())
        self._variables.connect("removed", self._on_variables_removed)
        self.connect("close-request", self._on_close_request)

    async def _show_keyring(self) -> None:
        """Say what becomes of secrets, and which variables the keyring has."""
        secrets = self._library.secrets
        problem = await secrets.why_missing()
        owner = secret_owner(self._place.folder.root, self._place.path)
        saved = set() if problem else await secrets.fields(owner)
        self._is_keyring_known = not problem
        KeyringRows([self._sign_in_page.save_secrets], problem).show(self._folder.profile)
        self._variables.set_description(problem or secret_variables_words())
        names = {one.removeprefix(VARIABLES) for one in saved if one.startswith(VARIABLES)}
        self._variables.show_saved(names)
        if saved - {VARIABLES + one for one in names}:
            self._folder = replace(
                self._folder, profile=with_values(self._folder.profile, {"save_secrets": True})
            )
            self._sign_in_page.save_secrets.set_property("active", True)

    def _known(self) -> Known:
        store, root = self._library.environments, self._place.folder.root
        outer = self._place.folder.folders_of(self._place.path) if self._place.path else ()
        folders = (*outer, self.folder)
        return known(
            SavedConnection("", ""), folders, store.chosen_name(root), store.variables(root)
        )

    @property
    def folder(self) -> Folder:
        """The folder as it is filled in."""
        profile = self._sign_in_page.form.read(self._folder.profile)
        profile = with_values(profile, {"request.headers": self._headers.pairs})
        has_own = profile.sign_in.method is not SignInMethod.NONE
        return replace(
            self._folder,
            profile=profile,
            variables=self._variables.variables,
            inherits_sign_in=self._folder.inherits_sign_in or has_own,
        )

    def _on_variables_removed(self, _group: VariablesGroup, removed: Variable, place: int) -> None:
        words = _("“{name}” removed").format(name=one_line(removed.name))
        toast = Adw.Toast(title=GLib.markup_escape_text(words))
        toast.set_button_label(_("Undo"))
        toast.connect("button-clicked", self._on_toast_button_clicked, removed, place)
        self.add_toast(toast)

    def _on_toast_button_clicked(self, _toast: Adw.Toast, removed: Variable, place: int) -> None:
        self._variables.insert(removed, place)

    def _save(self, folder: Folder) -> None:
        """Write a folder, with what others changed in its file meanwhile. Raises LIBRARY_ERRORS."""
        files, path = self._place.folder, self._place.path
        now = files.folder(path)
        if now == self._in_file:
            files.save_folder(path, folder, now)
            return
        profile = from_json(to_json(folder.profile))  # as a file has it
        bare = replace(folder, profile=profile, variables=without_secrets(folder.variables))
        found = merged(self._in_file, bare, now)
        if found is None:
            raise ChangedOnDiskError(path)
        files.save_folder(path, found, now)

    def _on_close_request(self, _window: Gtk.Window) -> bool:
        folder = self.folder
        if folder == self._folder:
            return False
        try:
            self._save(folder)
        except LIBRARY_ERRORS as error:
            self.add_toast(Adw.Toast(title=GLib.markup_escape_text(error_words(error))))
            self._folder = folder  # a second try closes without saving
            return True
        self._library.remember_secrets(self._place, folder)
        if self._is_keyring_known:
            self._library.secrets.save_of_file(
                secret_owner(self._place.folder.root, self._place.path),
                folder,
                frozenset(),
                partial(self._library.forget_secrets, self._place, folder),
            )
        self._library.refresh()
        return False
