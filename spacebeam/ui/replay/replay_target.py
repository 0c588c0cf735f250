"""Where a recording is played to: a typed address, or a saved connection with its options."""

from __future__ import annotations

from dataclasses import replace

from gi.repository import Adw

from spacebeam.decode.visible import one_line
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.validation import validate
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.ui.connections.proposing import RECENT, proposals
from spacebeam.ui.connections.saved_endpoint import NotReadyError, prepared_endpoint
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.library_service import SavedPlace
from spacebeam.ui.pages.address_completion import AddressCompletion
from spacebeam.ui.proposals import Proposal
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.i18n import _
from spacebeam.wording.validation import validation_words


@weak_handlers
class ReplayTarget:
    """The address row of a replay. What is typed there replaces a chosen saved connection."""

    def __init__(
        self, row: Adw.EntryRow, service: SettingsService, address: str, profile: Profile
    ) -> None:
        self._row = row
        self._service = service
        self._address, self._profile = address, profile  # of the recording
        self._saved: SavedPlace | None = None
        self._is_filling = False
        self._title = row.get_title()
        service.library.load()
        row.set_text(address)
        self._completion = AddressCompletion(row, self._proposals)
        self._completion.connect("chosen", self._on_completion_chosen)
        row.connect("changed", self._on_row_changed)

    async def plan(self) -> ConnectionPlan:
        """Return how to connect. Raises NotReadyError."""
        typed = self._row.get_text().strip()
        if self._saved is not None:
            found = await prepared_endpoint(self._service, self._saved)
            address, profile = found.address, found.profile
        elif typed == self._address:
            address, profile = typed, self._profile
        else:
            address = typed
            profile = self._service.settings.profiles.get(typed, Profile())
        if problems := validate(profile):
            raise NotReadyError(" ".join(map(validation_words, problems)))
        try:
            return replace(plan_for(parse(address), profile), backoff=None, is_private=True)
        except EndpointError as error:
            raise NotReadyError(str(error)) from None

    def _proposals(self, typed: str) -> list[Proposal]:
        return proposals(self._service, typed)

    def _fill_in(self, address: str) -> None:
        self._is_filling = True
        self._row.set_text(address)
        self._row.set_position(-1)
        self._is_filling = False

    def _on_row_changed(self, _row: Adw.EntryRow) -> None:
        if not self._is_filling:
            self._saved = None
            self._row.set_title(self._title)
            self._completion.typed()

    def _on_completion_chosen(
        self, _completion: AddressCompletion, text: str, _connects: bool
    ) -> None:
        if text.startswith(RECENT):
            self._saved = None
            self._fill_in(text.removeprefix(RECENT))
            self._row.set_title(self._title)
            return
        place = self._service.library.locate(text)
        node = None if place is None else place.folder.node(place.path)
        if place is not None and node is not None:
            self._saved = place
            self._fill_in(node.address)
            self._row.set_title(_("Saved connection “{name}”").format(name=one_line(node.name)))
