"""Says how a message came over the wire: its size there, compression and fragments."""

from __future__ import annotations

from spacebeam.decode.preview import size
from spacebeam.protocol.batch import Origin

_MAX_LISTED = 12  # fragments whose sizes are listed


def origin_words(origin: Origin, unpacked: int) -> str:
    """Return, for example, “700 B on the wire, 2.0 KiB unpacked · 2 fragments: 400 and 200 bytes”.

    `unpacked` is the size of the decompressed payload in bytes.
    """
    words = f"{size(origin.wire_size)} on the wire"
    if origin.compressed:
        words += f", {size(unpacked)} unpacked"
    count = origin.fragment_count
    if count > 1:
        shown = [f"{one:,}" for one in origin.fragments[:_MAX_LISTED]]
        more = count - len(shown)
        last = f"{more:,} more" if more else f"{shown.pop()} bytes"
        words += f" · {count:,} fragments: {', '.join(shown)} and {last}"
    return words
