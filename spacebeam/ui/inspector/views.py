"""The views of an entry's payload, one for each decoder that can show it.

Close frames and events have views of their own, without a decoder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from spacebeam.decode.byte_ranges import ByteRanges, HasRanges
from spacebeam.decode.decoder import Context, Data, Decoder, Rendering, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.hex import HexDecoder, width_for
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.pictures import picture_info
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.sounds import sound_info
from spacebeam.decode.text import TextRendering
from spacebeam.decode.wrappers.wrapper import SEPARATOR, Wrapper
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of, context_of
from spacebeam.search.joined import Joined
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words
from spacebeam.wording.i18n import _, pgettext

_HEX = HexDecoder()
_SHOWN_NAMES = 4  # of formats that are in each other; more have no room
_MAX_QUICK_SIZE = 16 * 1024  # bytes of a payload that is decoded within a frame


@dataclass(frozen=True, slots=True)
class PayloadView:
    """One way to read a payload."""

    name: str  # of the decoder
    render: Callable[[int], Rendering]  # from the columns of a line
    is_guess: bool = False
    title: str = ""  # of compressed or encoded payloads also what is inside: “gzip › JSON”
    may_have_dump: bool = False  # what is inside may be a hex dump
    tree: Callable[[], Data] | None = None  # returns the document of the tree; raises DecodeError
    ranges: Callable[[], ByteRanges] | None = None  # of the tree's values; raises DecodeError
    media: Data | None = None  # a picture or a sound, which is not shown as text
    is_payload: bool = False  # the tree's document is the payload, so its ranges are its own
    is_slow: bool = False  # all three take longer than a frame, so each is called in a thread

    @property
    def label(self) -> str:
        """The view's name in the list."""
        names = (self.title or self.name).split(SEPARATOR)
        if len(names) > _SHOWN_NAMES:
            names[2:-1] = "…"
        title = SEPARATOR.join(names)
        return _("{title} (guess)").format(title=title) if self.is_guess else title

    @property
    def has_tree(self) -> bool:
        """Whether the payload can also be shown as a tree of values."""
        return self.tree is not None

    @property
    def has_ranges(self) -> bool:
        """Whether the bytes of the tree's values can be found."""
        return self.is_payload or self.ranges is not None

    @property
    def is_dump(self) -> bool:
        """Whether it is the hex dump of the payload."""
        return self.name == _HEX.name

    @property
    def is_wrapped(self) -> bool:
        """Whether long lines are broken at the edge of the window; else they fit its columns."""
        return not self.is_dump

    def is_same(self, before: int, now: int) -> bool:
        """Whether the rendering is the same for two numbers of columns."""
        has_dump = self.may_have_dump or not self.is_wrapped
        return not has_dump or width_for(before) == width_for(now)


def context_for(entry: Entry, recording: Recording, joined: Joined | None) -> Context:
    """Return what is known about an entry's payload, with what was read before it."""
    is_cut = len(entry.payload) < entry.size
    if joined is not None and joined.context is not None:
        return replace(joined.context, is_cut=is_cut)
    connection = connection_of(recording, entry.number)
    return context_of(entry.kind, entry.direction, is_cut=is_cut, connection=connection)


def views_for(entry: Entry, context: Context, joined: Joined | None = None) -> list[PayloadView]:
    """Return the possible views, the best first; that one has the attachments of `joined`."""
    payload = entry.payload
    match entry.kind:
        case Kind.CLOSE:
            words = close_payload_words(payload)
            return [_sentence(pgettext("frame", "Close"), words), _view(_HEX, payload, context)]
        case Kind.EVENT:
            return [
                _sentence(_("Event"), event_words(payload)),
                PayloadView(_("Text"), lambda _columns: TextRendering(payload)),
            ]
    views = [_view(one, payload, context) for one in REGISTRY.choices(payload, context)]
    if joined is not None and joined.value is not None:
        views[0] = _with_attachments(views[0], joined.value)
    is_media = entry.kind is Kind.BINARY and (picture_info(payload) or sound_info(payload))
    return [_media(payload, context), *views] if is_media else views


def _media(payload: Data, context: Context) -> PayloadView:
    name = _("Sound") if picture_info(payload) is None else _("Picture")
    return replace(_view(_HEX, payload, context), name="Media", title=name, media=payload)


def _view(decoder: Decoder, payload: Data, context: Context) -> PayloadView:
    is_guess = REGISTRY.is_guess(decoder, payload, context)

    def render(columns: int) -> Rendering:
        return decoder.render(payload, replace(context, columns=columns))

    title = REGISTRY.title(decoder, payload, context)
    view = PayloadView(decoder.name, render, is_guess, title, isinstance(decoder, Wrapper))
    if decoder.name == JsonDecoder.name:
        return replace(view, tree=lambda: payload, is_payload=True)
    if context.is_cut or not REGISTRY.has_fields(decoder, payload, context):
        return view

    def tree() -> Data:
        value = decoder.decode(payload, replace(context, memory=dict(context.memory))).value
        return written_extended(value).encode(errors="backslashreplace")

    # What earlier payloads began may be long.
    is_slow = len(payload) > _MAX_QUICK_SIZE or bool(context.memory)
    if isinstance(decoder, Wrapper):
        is_slow = is_slow or decoder.is_long(payload, context)
    if isinstance(decoder, HasRanges):
        view = replace(view, ranges=partial(decoder.ranges, payload, context))
    return replace(view, tree=tree, is_slow=is_slow)


def _with_attachments(view: PayloadView, value: Value) -> PayloadView:
    """Return a view of a message whose attachments are payloads of their own."""

    def document() -> bytes:
        return written_extended(value).encode(errors="backslashreplace")

    return replace(
        view,
        render=lambda _columns: JsonRendering(document()),
        tree=document,
        ranges=None,
        is_slow=True,
    )


def _sentence(name: str, words: str) -> PayloadView:
    return PayloadView(name, lambda _columns: TextRendering(words.encode(errors="replace")))
