"""Sends what is typed in JSON in another format, and shows the bytes before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.decoder import Context
from spacebeam.decode.encoding import EncodeError, as_json, encoded, encoders
from spacebeam.ui.actions import insert
from spacebeam.ui.composer.draft import PayloadFormat, Typed
from spacebeam.ui.composer.draft_error import DraftError
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.tasks import Tasks

_MAX_AT_ONCE = 2048  # characters that are encoded within a frame
_MAX_PREVIEWED = 1024 * 1024  # characters
_MAX_SHOWN = 256  # bytes in hexadecimal
_MAX_EDITED = 64 * 1024  # bytes that are put into the composer as JSON
_FIRST = 5  # formats in the menu itself; the others are in a menu of their own

Show = Callable[[str, bool], object]  # the words, and whether they say a mistake


@weak_handlers
class Encoding:
    """The chosen format; its name is "" for JSON itself.

    `context` returns what is known about the messages that are sent; `expand` replaces the
    variables of a text, and returns the names of those that have no value.
    """

    def __init__(self, widget: Gtk.Widget, on_changed: Callable[[], object]) -> None:
        """Add the action `encoding.as` to the widget; `on_changed` is called after each choice."""
        self.context: Callable[[], Context]
        self.expand: Callable[[str], tuple[str, tuple[str, ...]]]
        self.detach()
        self._on_changed = weakly(on_changed)
        self._tasks = Tasks()
        self._action = Gio.SimpleAction.new_stateful(
            "as", GLib.VariantType("s"), GLib.Variant("s", "")
        )
        self._action.connect("change-state", self._on_action_change_state)
        actions = Gio.SimpleActionGroup()
        actions.add_action(self._action)
        insert(widget, "encoding", actions)

    def detach(self) -> None:
        """Know no messages and variables: there is no conversation, or no longer one."""
        self.context, self.expand = Context, lambda text: (text, ())

    @property
    def name(self) -> str:
        """The name of the format, or ""."""
        state = self._action.get_state()
        return "" if state is None else state.get_string()

    def choose(self, name: str) -> None:
        """Choose a format; an unknown one is JSON."""
        self._action.set_state(GLib.Variant("s", name if name in encoders() else ""))
        self._on_changed()

    def check_again(self) -> None:
        """Have the text checked again, as another schema is used."""
        if self.name:
            self._on_changed()

    def menu(self) -> Gio.MenuModel:
        """Return the formats as a menu."""
        menu, others = Gio.Menu(), Gio.Menu()
        menu.append("JSON", "encoding.as::")
        for place, name in enumerate(encoders()):
            item = Gio.MenuItem.new(name, None)
            item.set_action_and_target_value("encoding.as", GLib.Variant("s", name))
            (menu if place < _FIRST else others).append_item(item)
        menu.append_submenu("_Other Formats", others)
        return menu

    def message(self, form: PayloadFormat, payload: str | bytes) -> str | bytes:
        """Return a message in the chosen format if it was typed in JSON. Raises DraftError."""
        if form is not PayloadFormat.JSON or not self.name or not isinstance(payload, str):
            return payload
        text, unknown = self.expand(payload)
        if unknown:
            raise DraftError(f"The variable “{unknown[0]}” has no value.")
        try:
            return encoded(text, self.name, self.context())
        except EncodeError as error:
            place = None if error.offset is None or text != payload else error.offset
            at = None if place is None else len(text.encode()[:place].decode(errors="ignore"))
            raise DraftError(f"{self.name}: {error}.", at) from None

    def edited(self, payload: str | bytes) -> str | None:
        """Return the JSON that a binary message is edited as, and choose its format; else None."""
        if isinstance(payload, str):
            self._action.set_state(GLib.Variant("s", ""))  # it goes out as it is
            return None
        if not payload or len(payload) > _MAX_EDITED:
            return None
        found = as_json(payload, self.context())
        if found is None:
            return None
        self._action.set_state(GLib.Variant("s", found[0]))
        return found[1]

    def show(self, typed: Typed, show: Show) -> None:
        """Call `show` with the bytes that a valid text is sent as, or why it cannot be."""
        self._tasks.cancel()
        if len(typed.text) <= _MAX_AT_ONCE:
            show(*self._words(typed.text))
        elif len(typed.text) <= _MAX_PREVIEWED:
            self._tasks.start(self._show_later(typed.text, show))
        else:
            show(f"{self.name}: the text is too long for a preview", False)

    async def _show_later(self, text: str, show: Show) -> None:
        show(*await asyncio.to_thread(self._words, text))

    def _words(self, text: str) -> tuple[str, bool]:
        try:
            message = self.message(PayloadFormat.JSON, text)
        except DraftError as error:
            return str(error), True
        payload = message.encode() if isinstance(message, str) else message
        count = f"{len(payload):,} byte{'s' * (len(payload) != 1)}"
        more = " …" if len(payload) > _MAX_SHOWN else ""
        return f"{self.name}, {count}: {payload[:_MAX_SHOWN].hex(' ')}{more}", False

    def _on_action_change_state(self, _action: Gio.SimpleAction, name: GLib.Variant) -> None:
        self.choose(name.get_string())
