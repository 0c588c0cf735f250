"""Index runs of plain frames in a received block, many frames at a time.

Plain frames are unmasked, uncompressed, whole messages. Everything else goes through
`message_assembler`. Pure: bytes in, positions out (RFC 6455, section 5.2).
"""

from __future__ import annotations

from array import array

from spacebeam.protocol.columns import progression

_BLANK = 0x0A  # replaces header bytes that are not ASCII
_MIN_RUN = 8  # frames; finding a shorter run costs more than it saves


def scan(block: bytearray, position: int, head: int, starts: array[int], ends: array[int]) -> int:
    """Index the complete unmasked frames from `position` on whose first byte is `head`.

    Append the start and end of each payload, in bytes. Return the position of the first frame
    that has another first byte, is masked, incomplete, or longer than 65,535 bytes.

    Header bytes in `block` that are not ASCII become line feeds. So from `position` to the
    returned position, `block` is valid UTF-8 exactly if every payload is: a line feed continues
    no sequence.
    """
    size = len(block)
    last = size - 3
    add_start = starts.append
    add_end = ends.append
    before = -1
    while position < last and block[position] == head:
        length = block[position + 1]
        start = position + 2
        if length >= 126:
            high, low = block[position + 2], block[position + 3]
            start = position + 4
            length = high << 8 | low if length == 126 else 0
            if length < 126:
                break
        end = start + length
        if end > size:
            break
        if length == before:
            ahead = position + _MIN_RUN * (end - position)
            if ahead < last and block[ahead] == head and block[ahead + 1] == block[position + 1]:
                position = _scan_run(block, position, start, end, starts, ends)
                before = -1
                continue
        before = length
        if start - position == 4 and high | low > 127:
            block[position + 2] = block[position + 3] = _BLANK
        block[position] = _BLANK
        add_start(start)
        add_end(end)
        position = end
    return position


def _scan_run(
    block: bytearray, position: int, start: int, end: int, starts: array[int], ends: array[int]
) -> int:
    """Index a run of frames with the same header, as feeds of measurements or audio send them.

    Each header byte is compared as a column, for all frames of the run at once. Return the
    position after the run.
    """
    stride = end - position
    count = (len(block) - position) // stride
    for place in range(position, start):
        column = block[place : place + count * stride : stride]
        count -= len(column.lstrip(column[:1]))
    stop = position + count * stride
    for place in range(position, start):
        if block[place] > 127:
            block[place : place + count * stride : stride] = bytes((_BLANK,)) * count
    starts.extend(progression(start, stride, count))
    ends.extend(progression(end, stride, count))
    return stop
