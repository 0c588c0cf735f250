"""Says how a message came over the wire: its size there, compression and fragments."""

from __future__ import annotations

from spacebeam.decode.preview import size
from spacebeam.protocol.batch import Origin
from spacebeam.wording.i18n import _

_MAX_LISTED = 12  # fragments whose sizes are listed


def origin_words(origin: Origin, unpacked: int) -> str:
    """Return, for example, “700 B on the wire, 2.0 KiB unpacked · 2 fragments: 400 and 200 bytes”.

    `unpacked` is the size of the decompressed payload in bytes.
    """
    words = _("{size} on the wire").format(size=size(origin.wire_size))
    if origin.compressed:
        words += _(", {size} unpacked").format(size=size(unpacked))
    count = origin.fragment_count
    if count > 1:
        shown = [f"{one:,}" for one in origin.fragments[:_MAX_LISTED]]
        more = count - len(shown)
        if more:
            last = _("{count:,} more").format(count=more)
        else:
            last = _("{size} bytes").format(size=shown.pop())
        words += _(" · {count:,} fragments: {sizes} and {last}").format(
            count=count, sizes=", ".join(shown), last=last
        )
    return words
