"""A tab's saved connection: opened, shown on the first screen, saved, and prepared to connect.

What reads files is imported when it is first wanted: the start has no need of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from gi.repository import GObject, Gtk

from spacebeam.library.window_state import TabState
from spacebeam.profiles.collection import Folder, SavedConnection, SavedMessage
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.endpoint import cleaned, split_userinfo
from spacebeam.protocol.secrets import MASK, without_secrets
from spacebeam.ui.connections.proposing import RECENT, proposals
from spacebeam.ui.connections.tab_variables import TabVariables
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.options.connection_options import ConnectionOptions
from spacebeam.ui.pages.address_completion import AddressCompletion
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.pages.saved_bar import SavedBar
from spacebeam.ui.proposals import Proposal
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.library.connections.open_folder import OpenFolder
    from spacebeam.ui.connections.saved_tab import SavedTab
    from spacebeam.ui.library_service import LibraryService, SavedPlace


@weak_handlers
class TabConnection(GObject.Object):
    """Emits `changed` when the tab shows another connection, or another state of it, `saved` (the
    path of its file) after a new connection was saved, and `open-requested` (the path of another
    one's file, and whether to connect). Emits `variables-changed` when other variables are known.

    `values` returns what is saved besides the address and the options, such as the filter.
    """

    __gtype_name__ = "SpacebeamTabConnection"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "variables-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "saved": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "open-requested": (GObject.SignalFlags.RUN_FIRST, None, (str, bool)),
    }

    def __init__(
        self,
        page: ConnectionPage,
        options: ConnectionOptions,
        settings_service: SettingsService,
        tasks: Tasks,
        notify: Callable[[str], object],
        values: Callable[[], dict[str, object]],
    ) -> None:
        super().__init__()
        self._page = page
        self._options = options
        self._settings_service = settings_service
        self._tasks = tasks
        self._notify = weakly(notify)
        self._values = weakly(values)
        self._saved: SavedTab | None = None
        self._is_asking = False
        self.wanted_folder = ""  # path of the one that is proposed for a new connection
        self.variables = TabVariables(page, options, settings_service, notify)
        self._completion = AddressCompletion(page.address_entry, self._proposals)
        self._completion.connect("chosen", self._on_completion_chosen)
        page.connect("typed", self._on_page_typed)
        page.connect("save-requested", self._on_page_save_requested)
        page.connect("define-requested", self._on_page_define_requested)
        page.saved_bar.connect("save-requested", self._on_bar_save_requested)
        page.saved_bar.connect("revert-requested", self._on_bar_revert_requested)
        page.saved_bar.connect("leave-requested", self._on_bar_leave_requested)
        self._show()

    # What is shown

    @property
    def is_bound(self) -> bool:
        """Whether the tab shows a saved connection."""
        return self._saved is not None and self._saved.is_bound

    @property
    def is_changed(self) -> bool:
        """Whether it differs from what is saved."""
        return self._saved is not None and self._saved.is_changed

    @property
    def name(self) -> str:
        """The connection's name, or ""."""
        return "" if self._saved is None else self._saved.name

    @property
    def key(self) -> str:
        """The path of the connection's file, or ""."""
        place = None if self._saved is None else self._saved.place
        return "" if place is None else place.key

    @property
    def saved(self) -> SavedTab:
        """What the tab has of a saved connection."""
        if self._saved is None:
            from spacebeam.ui.connections.saved_tab import SavedTab

            self._saved = SavedTab(self._library)
            self.variables.saved = self._saved
            self._saved.connect("changed", self._on_saved_changed)
        return self._saved

    @property
    def _library(self) -> LibraryService:
        return self._settings_service.library

    def at_address(self, address: str) -> SavedConnection | None:
        """Return the saved connection to a recorded address; its schemas have absolute paths."""
        return self._library.library.connection_at(address)

    def open(self, key: str, address: str | None = None, profile: Profile | None = None) -> bool:
        """Show a saved connection, perhaps changed; return whether its file could be read."""
        from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words

        place = self._library.locate(key)
        if place is None:
            return False
        try:
            self.saved.bind(place, address, profile)
        except LIBRARY_ERRORS as error:
            self._page.show_failure(
                _("“{path}” cannot be opened.").format(path=place.path), error_words(error)
            )
            return False
        self._page.hide_failure()
        return True

    def state(self, name: str) -> TabState:
        """Return what another tab needs to show the same first screen."""
        address = self._page.address
        profile = self._options.profile_of(address)
        return TabState(
            address,
            profile,
            name=name,
            connection=self.key,
            is_changed=self.is_changed,
            is_private=not profile.record,
        )

    def restore(self, state: TabState) -> None:
        """Show the connection of a state, with what was changed in it.

        What was not changed in the tab is shown as the file has it now.
        """
        if not state.connection:
            return
        changed = (state.address, state.profile) if state.is_changed else ()
        if not self.open(state.connection, *changed):
            self._page.show_address(state.address)
            self._options.adopt(state.address, state.profile)
        elif not changed:
            self.saved.recall_secrets(state.address, state.profile)

    def copy_to(self, other: TabConnection) -> bool:
        """Show the saved connection in another tab too, as it is here; return whether there is one.

        An earlier recording is not of the saved connection.
        """
        if self._saved is None or not self._saved.is_bound:
            return False
        return other.open(self.key, self._saved.address, self._saved.profile)

    def follow(self, key: str) -> None:
        """Show the connection at another path, to which its file was moved."""
        place = self._library.locate(key)
        if self._saved is not None and place is not None:
            self._saved.move(place)

    def leave(self) -> None:
        """Show no saved connection any more."""
        if self._saved is not None:
            self._saved.leave()

    def fill_in(self, address: str, *, connects: bool) -> None:
        """Fill in an address of the recent ones, and connect to it if told to."""
        self._options.fill_in(address, connects=connects)

    def connect_again(self) -> None:
        """Connect as the first screen is filled in."""
        self._options.connect_to(self._page.address)

    def _show(self) -> None:
        saved, page = self._saved, self._page
        is_bound = self.is_bound
        self._options.saved = saved if is_bound else None
        if saved is not None and saved.place is not None:
            if page.address.strip() != saved.address:
                page.show_address(saved.address)
            page.saved_bar.show_connection(
                saved.name, saved.place.words, is_changed=saved.is_changed, is_gone=saved.is_gone
            )
        else:
            page.saved_bar.set_visible(False)
        self._options.saved_name = self.name
        place = None if saved is None else saved.place
        self._options.folder = None if place is None else place.folder.root
        self._options.inherited_words = self.variables.inherited_words if is_bound else ""
        page.show_savable(is_savable=not is_bound and bool(page.address.strip()))
        self._options.show()
        self.variables.show()

    def take_up(self) -> None:
        """Show what changed in the library."""
        self.variables.forget()
        self.emit("variables-changed")
        if self._saved is not None:
            self._saved.take_up()
        self.variables.show()

    # Saving

    def save(self) -> None:
        """Save what was changed; ask where to, if it is not saved yet."""
        had_secrets = self.is_bound and self.saved.saved.profile.save_secrets
        if not self.is_bound:
            self._tasks.start(self._save_new())
        elif self._has_failed(lambda: self.saved.save(**self._values())):
            return
        else:
            self._save_secrets(had_secrets)
            self._notify(_("“{name}” saved").format(name=self.name))

    async def _save_new(self) -> None:
        from spacebeam.ui.connections.place_form import ask_place

        window = self._page.get_root()
        address = self._page.address.strip()
        if self._is_asking or not isinstance(window, Gtk.Window):
            return
        if not address:
            self._notify(_("Type an address first."))
            return
        places = self._library.folders
        names = [
            " / ".join(filter(None, (one.folder.root.name, one.words, _own_name(one))))
            for one in places
        ]
        wanted = [at for at, one in enumerate(places) if one.key == self.wanted_folder]
        proposed = _proposed_name(address)
        self._is_asking = True
        try:
            chosen = await ask_place(
                window, _("Save the connection"), "_Save", proposed, names, *wanted[:1]
            )
        finally:
            self._is_asking = False
        if chosen is not None:
            self._create(places[chosen.folder], chosen.name, chosen.new_folder, address)

    def _create(self, place: SavedPlace, name: str, new_folder: str, address: str) -> None:
        profile = self._options.profile_of(address)
        # As in the terminal, a slash is between a folder and what is in it.
        *folders, last = [part.strip() for part in name.split("/") if part.strip()] or [name]
        made = SavedConnection(last, address, profile, **self._values())  # type: ignore[arg-type]

        def create() -> None:
            folder, path = place.folder, place.path
            if new_folder:
                path = folder.create_folder(path, Folder(new_folder))
            path = folder.folder_named(path, folders)
            self._bind_new(folder, folder.create_connection(path, made), address, profile)

        if not self._has_failed(create):
            self._notify(_("“{last}” saved").format(last=last))
            self.emit("saved", self.key)

    def _bind_new(self, folder: OpenFolder, path: str, address: str, profile: Profile) -> None:
        """Show the new connection; its secrets are known, although they are in no file."""
        self.saved.bind(self._library.place(folder, path), address, profile)
        self.saved.accept_secrets()
        self._save_secrets(had_secrets=False)
        self._library.refresh()

    def _save_secrets(self, had_secrets: bool) -> None:
        """Save the secrets in the keyring if the person agrees, and remove them if no longer."""
        from spacebeam.library.connections.secrets import secret_owner

        place, profile = self.saved.place, self.saved.profile
        if place is None or not (profile.save_secrets or had_secrets):
            return
        self._settings_service.secrets.save_of_file(
            secret_owner(place.folder.root, place.path),
            self.saved.saved,
            self.variables.servers(self.saved.address, profile),
            partial(self.saved.drop_secrets, profile),
        )

    def _has_failed(self, write: Callable[[], object]) -> bool:
        """Write; show why that failed, if it did."""
        from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words

        try:
            write()
        except LIBRARY_ERRORS as error:
            self._notify(_("Not saved. {reason}").format(reason=error_words(error)))
            return True
        return False

    def set_messages(self, owner: str, messages: tuple[SavedMessage, ...]) -> None:
        """Save the messages of the connection or of a folder, by its path.

        Raises one of LIBRARY_ERRORS.
        """
        if owner == self.key:
            self.saved.set_messages(messages)
            return
        place = self._library.locate(owner)
        if place is not None:
            folder = place.folder.folder(place.path)
            place.folder.save_folder(place.path, replace(folder, messages=messages))
            self.variables.forget()

    @property
    def folder(self) -> OpenFolder:
        """The open folder whose environments the tab uses."""
        return self.variables.folder

    # Completion

    def _proposals(self, typed: str) -> list[Proposal]:
        return proposals(self._settings_service, typed)

    # Signals

    def _on_saved_changed(self, _saved: SavedTab) -> None:
        self.variables.forget()
        self.emit("variables-changed")
        self._show()
        self.emit("changed")

    def _on_completion_chosen(
        self, _completion: AddressCompletion, text: str, connects: bool
    ) -> None:
        if text.startswith(RECENT):
            self.fill_in(text.removeprefix(RECENT), connects=connects)
        else:
            self.emit("open-requested", text, connects)

    def _on_page_typed(self, page: ConnectionPage) -> None:
        if page.is_filling:
            self._completion.hide()
        else:
            self._completion.typed()
        if self._saved is not None and self._saved.is_bound and not page.is_filling:
            self._saved.address = page.address.strip()
            self._on_saved_changed(self._saved)
        else:
            page.show_savable(is_savable=not self.is_bound and bool(page.address.strip()))
            self.variables.show()

    def _on_page_save_requested(self, _page: ConnectionPage) -> None:
        self.save()

    def _on_page_define_requested(self, page: ConnectionPage, name: str) -> None:
        window = page.get_root()
        if isinstance(window, Gtk.Window):
            self._library.edit_environments(window, self.folder, name)

    def _on_bar_save_requested(self, _bar: SavedBar) -> None:
        self.save()

    def _on_bar_revert_requested(self, _bar: SavedBar) -> None:
        self.saved.revert()

    def _on_bar_leave_requested(self, _bar: SavedBar) -> None:
        self.saved.leave()
        self._page.show_address("")
        self._page.focus()


def _own_name(place: SavedPlace) -> str:
    node = place.folder.node(place.path)
    return node.name if node is not None and place.path else ""


def _proposed_name(address: str) -> str:
    """Return a short name for an address: its host and path, without slashes and secrets."""
    shown = without_secrets(split_userinfo(cleaned(address))[2].removeprefix("@"))
    path = (shown.partition("://")[2] or shown).partition("?")[0].rstrip("/")
    return " ".join(part for part in path.split("/") if part and MASK not in part)[:100]
