"""The variables of a tab: marked in its address, replaced before it connects and in messages.

What reads files is imported when it is first wanted: the start has no need of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import Folder, SavedConnection, SavedMessage, Variable, inherited
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.profile import Profile, SignInMethod
from spacebeam.profiles.secret_fields import unknown_secrets
from spacebeam.profiles.variables import Resolver, Unresolved, has_variables, places
from spacebeam.protocol.known_secrets import hide
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.options.connection_options import ConnectionOptions
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.i18n import _
from spacebeam.wording.profile_summary import summary

if TYPE_CHECKING:
    from spacebeam.library.connections.open_folder import OpenFolder
    from spacebeam.library.connections.saved_secrets import Released
    from spacebeam.library.connections.secrets import KnownSecrets
    from spacebeam.profiles.prepared import Encode, Preparation, PreparedConnection
    from spacebeam.ui.connections.saved_tab import SavedTab
    from spacebeam.ui.library_service import LibraryService
    from spacebeam.ui.variables.entry_variables import EntryVariables
    from spacebeam.ui.variables.known import Known

_MAX_MESSAGE = 1024 * 1024  # characters; variables of a longer message are not replaced


@weak_handlers
class TabVariables:
    """Those of the environment, of the folders and of the saved connection, if there is one."""

    def __init__(
        self,
        page: ConnectionPage,
        options: ConnectionOptions,
        settings_service: SettingsService,
        notify: Callable[[str], object],
    ) -> None:
        self.saved: SavedTab | None = None
        self._page = page
        self._options = options
        self._settings_service = settings_service
        self._notify = weakly(notify)
        self._entry_variables: EntryVariables | None = None
        self._known_now: Known | None = None  # until something changes
        self._lacking: Mapping[str, Variable] = {}  # the variables, as one of them was missing
        self._made: MadeValues | None = None  # counts `$seq` of the messages
        self._preparation: Preparation | None = None  # of the newest attempt
        self._released: Released | None = None  # secrets for the newest attempt
        # An address with variables, the secrets typed for it, and the servers it led to.
        self._typed_for: tuple[str, dict[str, str], frozenset[str]] = ("", {}, frozenset())
        self.encode: Encode | None = None  # for saved messages, by the schemas of the tab
        options.prepare = weakly(self._prepare)
        options.release = weakly(self._release)
        options.filled = weakly(self.filled)
        options.own_secrets = weakly(self.own_secrets)
        options.variables = weakly(self._for_options)

    def forget(self) -> None:
        """Find the variables again when they are next wanted."""
        self._known_now = None

    @property
    def _library(self) -> LibraryService:
        return self._settings_service.library

    @property
    def _is_bound(self) -> bool:
        return self.saved is not None and self.saved.is_bound

    @property
    def folder(self) -> OpenFolder:
        """The open folder whose environments the tab uses."""
        place = None if self.saved is None else self.saved.place
        return self._library.library.folders[0] if place is None else place.folder

    @property
    def known(self) -> Known:
        """The variables that the tab can use."""
        if self._known_now is None:
            self._known_now = self._known_with(self._secrets)
        return self._known_now

    @property
    def _secrets(self) -> KnownSecrets:
        from spacebeam.library.connections.variables import NO_SECRETS

        return NO_SECRETS if self._released is None else self._released.secrets

    def _known_with(self, secrets: KnownSecrets) -> Known:
        from spacebeam.ui.connections.preparing import known

        store, root = self._library.environments, self.folder.root
        saved = self._filled(SavedConnection("", ""), secrets)
        of_environment = store.variables(root, secrets)
        folders = self._folders_with(secrets)
        return known(saved, folders, store.chosen_name(root), of_environment)

    def _filled(self, other: SavedConnection, secrets: KnownSecrets) -> SavedConnection:
        """Return the saved connection with its secrets; another one if none is saved."""
        saved = self.saved
        if saved is None or saved.place is None:
            return other
        return secrets.connection(saved.place.path, saved.saved)

    def _folders_with(self, secrets: KnownSecrets) -> Sequence[Folder]:
        root = self.folder.root
        return [
            secrets.folder("" if key == str(root) else key[len(str(root)) + 1 :], one)
            for key, one in self.folders_with_keys
        ]

    @property
    def folders_with_keys(self) -> list[tuple[str, Folder]]:
        """The folders, each with its path, outermost first."""
        place = None if self.saved is None else self.saved.place
        parts = [] if place is None else place.path.split("/")[:-1]
        keys = [str(self.folder.root.joinpath(*parts[:count])) for count in range(len(parts) + 1)]
        return list(zip(keys, self.folders, strict=False))

    def _for_options(self) -> tuple[Callable[[], Known], Sequence[Folder]]:
        return weakly(self._known), self.folders if self._is_bound else ()

    @property
    def inherited_words(self) -> str:
        """What the folders add to the options, such as “1 header from Trading”."""
        return " · ".join(
            _("{words} from {name}").format(words=words, name=one_line(folder.name))
            for folder in self.folders
            if (words := summary(folder.profile))
        )

    @property
    def folders(self) -> Sequence[Folder]:
        """The folders that the connection is in, outermost first."""
        from spacebeam.ui.connections.problems import LIBRARY_ERRORS

        place = None if self.saved is None else self.saved.place
        with suppress(*LIBRARY_ERRORS):
            if place is not None:
                return self._library.folders_of(place)
            return (self.folder.folder(),)
        return ()

    def apply_to(self, address: str, profile: Profile) -> bool:
        """Whether an address is of a saved connection, or has variables in it or its profile."""
        from spacebeam.ui.connections.preparing import uses_variables

        return self._is_bound or uses_variables(address, profile)

    # Secrets of the keyring

    def _preparation_with(
        self, address: str, profile: Profile, secrets: KnownSecrets
    ) -> Preparation:
        """Return what makes an address and profile ready to connect."""
        from spacebeam.library.connections.variables import made_values
        from spacebeam.profiles.prepared import Preparation

        saved = self.saved.saved if self.saved is not None else SavedConnection("", "")
        typed = replace(saved, address=address.strip(), profile=profile)
        if self.saved is not None and self.saved.place is not None:
            typed = secrets.connection(self.saved.place.path, typed)
        full = inherited(typed, self._folders_with(secrets) if self._is_bound else ())
        variables = self._known_with(secrets).variables
        return Preparation(full, variables, made_values(self.folder.root))

    def _release(self, address: str, profile: Profile) -> Awaitable[None] | None:
        """Return what takes the secrets that are missing from the keyring; None if none are."""
        self._released = None
        self.forget()
        if not self.apply_to(address, profile):
            return None
        from spacebeam.library.connections.secrets import lacking
        from spacebeam.library.connections.variables import NO_SECRETS
        from spacebeam.profiles.variables import TooLongError

        bare = self._preparation_with(address, profile, NO_SECRETS)
        with suppress(TooLongError):
            if lacking(bare.connection.profile) or bare.missing_secrets(in_all_messages=True):
                return self._take_from_keyring(address, profile)
        return None

    async def _take_from_keyring(self, address: str, profile: Profile) -> None:
        from spacebeam.profiles.variables import TooLongError
        from spacebeam.ui.connections.problems import LIBRARY_ERRORS

        saved = self.saved.saved if self.saved is not None else SavedConnection("", "")
        place = None if self.saved is None else self.saved.place
        with suppress(TooLongError, *LIBRARY_ERRORS):  # `_prepare` says why
            self._released = await self._settings_service.secrets.released(
                self.folder,
                "" if place is None else place.path,
                self._library.environments.chosen_name(self.folder.root),
                replace(saved, address=address, profile=profile),
                partial(self._preparation_with, address, profile),
            )
        self.forget()

    async def filled(self, address: str, profile: Profile) -> Profile:
        """Return the profile of the saved connection with its own secrets of the keyring."""
        place = None if self.saved is None else self.saved.place
        if place is None or (waiting := self._release(address, profile)) is None:
            return profile
        await waiting
        typed = SavedConnection("", address, profile)
        return self._secrets.connection(place.path, typed).profile

    def own_secrets(self) -> Mapping[str, str]:
        """Return those of the connection itself that were taken from the keyring, by field."""
        place = None if self.saved is None else self.saved.place
        return {} if place is None else self._secrets.by_path.get(place.path, {})

    def copied(self, address: str, profile: Profile) -> tuple[str, Profile]:
        """Return an address and profile with the known variables replaced.

        Raises TooLongError.
        """
        if not self.apply_to(address, profile):
            return address, profile
        found = self._preparation_with(address, profile, self._secrets).prepared()
        return found.address, found.profile

    def servers(self, address: str, profile: Profile) -> frozenset[str]:
        """Return the servers that a connection leads to."""
        from spacebeam.library.connections.saved_secrets import servers_of
        from spacebeam.profiles.variables import TooLongError

        with suppress(TooLongError):
            return servers_of(self._preparation_with(address, profile, self._secrets).prepared())
        return frozenset()

    def _prepare(self, address: str, profile: Profile) -> tuple[str, Profile] | None:
        """Return what to connect with; None, after saying why, if a variable is not known."""
        from spacebeam.ui.connections.preparing import unresolved_on_connect

        self._preparation = None
        if not self.apply_to(address, profile):
            return address, profile
        from spacebeam.profiles.variables import TooLongError
        from spacebeam.wording.variables import too_long_words

        preparation = self._preparation_with(address, profile, self._secrets)
        self._made = preparation.made
        try:
            found = preparation.prepared()
            in_message = unresolved_on_connect(preparation)
        except TooLongError:
            self._page.show_failure(too_long_words(), _("Look at their values."))
            return None
        if found.unresolved.names or self._is_withheld(found.profile):
            self._show_missing(found.unresolved)
            return None
        if in_message is not None:
            name, unresolved = in_message
            self._show_missing(unresolved, name)
            return None
        if self._drop_secrets_elsewhere(address, profile, found):
            return None
        self._preparation = preparation
        self._follow_token(profile, found)
        return found.address, found.profile

    def _drop_secrets_elsewhere(
        self, address: str, profile: Profile, found: PreparedConnection
    ) -> bool:
        """Forget typed secrets if variables lead to another server now; return whether they do."""
        from spacebeam.library.connections.saved_secrets import servers_of
        from spacebeam.profiles.secret_fields import secrets_of, without_known
        from spacebeam.wording.keyring import withheld_words
        from spacebeam.wording.variables import enter_words

        secrets, servers = secrets_of(profile), servers_of(found)
        *before, known = self._typed_for
        if not secrets or [address, secrets] != before or servers <= known:
            self._typed_for = address, secrets, servers
            return False
        self._typed_for = "", {}, frozenset()
        if self.saved is not None and self._is_bound:
            self.saved.drop_secrets(profile)
        else:
            self._options.store(address, without_known(profile, secrets))
        self._page.show_failure(withheld_words(known, servers), enter_words())
        return True

    def _follow_token(self, profile: Profile, found: PreparedConnection) -> None:
        """Let the refresh tokens of a saved connection be saved, if the person agreed."""
        place = None if self.saved is None else self.saved.place
        if place is None or found.profile.sign_in.method is not SignInMethod.OAUTH:
            return
        if profile.save_secrets and profile.record:
            from spacebeam.library.connections.saved_secrets import servers_of
            from spacebeam.library.connections.secrets import secret_owner

            owner = secret_owner(place.folder.root, place.path)
            secrets = self._settings_service.secrets
            secrets.follow_token(owner, found.profile.oauth, servers_of(found))

    def _is_withheld(self, profile: Profile) -> bool:
        """Whether a secret is missing because it was saved for other servers."""
        return bool(self._released and self._released.withheld and unknown_secrets(profile))

    def _show_missing(self, unresolved: Unresolved, message: str = "") -> None:
        """Say which variables or secrets are missing, perhaps in a message, and why."""
        from spacebeam.wording.keyring import withheld_words
        from spacebeam.wording.variables import define_words, enter_words, unresolved_words

        words = unresolved_words(unresolved, message)
        released = self._released
        if released is not None and released.withheld:
            words = f"{words} {withheld_words(released.withheld, released.servers)}".strip()
        names, self._lacking = unresolved.names, self.known.variables
        advice = define_words(len(names)) if names else enter_words()
        self._page.show_undefined(words, advice, next(iter(names), ""))

    def message(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return a text with its variables replaced, and the names that could not be.

        A text without any known variable stays as it is: its braces may mean something else.
        Raises TooLongError.
        """
        if "{{" not in text or len(text) > _MAX_MESSAGE:
            return text, ()
        known = self.known
        if not known.is_in_use or all(known.value(one.name) is None for one in places(text)):
            return text, ()
        resolver = self._resolver()
        found = resolver.message(text)
        hide(resolver.secrets)
        return found, resolver.unresolved.names

    def saved_message(self, message: SavedMessage) -> tuple[str | bytes, tuple[str, ...]]:
        """Return a saved message as it is sent, and the names that could not be replaced.

        Raises MessageError or TooLongError.
        """
        from spacebeam.profiles.prepared import Preparation

        resolver = self._resolver()
        resolver.text(message.text)
        hide(resolver.secrets)
        connection = SavedConnection("", "")
        preparation = Preparation(connection, self.known.variables, self._made)
        preparation.encode = self.encode
        return preparation.payload(message), resolver.unresolved.names

    def _resolver(self) -> Resolver:
        if self._made is None:
            from spacebeam.library.connections.variables import made_values

            self._made = made_values(self.folder.root)
        return Resolver(self.known.variables, self._made)

    def on_connect(self) -> Sequence[str | bytes]:
        """Return the messages that are sent by themselves after a connect."""
        if self._preparation is None:
            return ()
        from spacebeam.profiles.prepared import MessageError
        from spacebeam.profiles.variables import TooLongError
        from spacebeam.wording.variables import message_words

        self._preparation.encode = self.encode
        try:
            return self._preparation.on_connect()
        except MessageError as error:
            self._notify(_("Not sent. {words}").format(words=message_words(error)))
        except TooLongError:
            self._notify(_("Nothing was sent on connect: the variables become too long."))
        return ()

    def show(self) -> None:
        """Mark the variables of the address, and show what it becomes."""
        typed = self._page.address
        if self._entry_variables is None and "{{" in typed:
            from spacebeam.ui.variables.entry_variables import EntryVariables

            self._entry_variables = EntryVariables(self._page.address_entry, self._known)
        if self._entry_variables is not None:
            self._entry_variables.refresh()
        resolved = self.known.resolved(typed) if has_variables(typed) else typed
        self._page.show_resolved(resolved if resolved != typed else "")
        if self._page.is_undefined_shown and self.known.variables != self._lacking:
            self._page.hide_failure()

    def _known(self) -> Known:
        return self.known
