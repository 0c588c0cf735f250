"""Saves the chart as a picture, and its values as CSV."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import cairo
from gi.repository import Gdk, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.exporters.saving import save_file
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.measured import Measured, measured_of
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.series.reader import SeriesReader
from spacebeam.search.series.table import Part, table
from spacebeam.ui.compat import choose_target
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.values.chart import ValueChart, short_name
from spacebeam.ui.values.drawing import Palette, draw_file, file_size
from spacebeam.wording.i18n import _

_PNG_SCALE = 2  # pixels of a file for one on the screen
_STEP_ENTRIES = 256
_SLICE_S = 0.004
_FONT = "sans 8"
_BLACK = (0.13, 0.13, 0.13)


async def save_chart(
    window: Gtk.Window,
    chart: ValueChart,
    recording: Recording,
    pairs: PairIndex,
    notify: Callable[[str], object],
    suffix: str,
) -> None:
    """Ask for a file, and save the chart as `png` or `svg`, or all its values as `csv`."""
    paths = [one.path for one in chart.lanes]
    if not paths:
        return
    name = f"{'-'.join(map(short_name, paths))[:80].replace('/', '-')}.{suffix}"
    file = await choose_target(window, _("Export the values"), name)
    chosen = None if file is None else file.get_path()
    if chosen is None:
        return
    path = Path(chosen)
    try:
        if suffix == "csv":
            await save_values(path, recording, paths, pairs)
        else:
            save_picture(path, chart, is_svg=suffix == "svg")
    except OSError as error:
        await show_error(window, _("Could not export"), error.strerror or str(error))
    else:
        notify(_("Saved as “{name}”").format(name=one_line(path.name)))


def save_picture(path: Path, chart: ValueChart, *, is_svg: bool) -> None:
    """Draw a chart into a file, on white. Raises OSError."""
    width, height = file_size(chart)
    text = Gdk.RGBA()
    text.red, text.green, text.blue = _BLACK
    text.alpha = 1.0
    palette, font = Palette.of(text, is_dark=False), Pango.FontDescription(_FONT)
    found = BytesIO()
    if is_svg:
        surface = cairo.SVGSurface(found, width, height)
        draw_file(cairo.Context(surface), chart, palette, font)
        surface.finish()
    else:
        image = cairo.ImageSurface(cairo.FORMAT_RGB24, width * _PNG_SCALE, height * _PNG_SCALE)
        context = cairo.Context(image)
        context.scale(_PNG_SCALE, _PNG_SCALE)
        draw_file(context, chart, palette, font)
        image.write_to_png(found)
    save_file(path, iter([Piece(found.getvalue())]), is_replacing=True)


async def save_values(path: Path, recording: Recording, paths: list[str], pairs: PairIndex) -> None:
    """Write the values at paths as CSV, between frames. Raises OSError."""
    reader = SeriesReader(recording, paths, connection_of(recording), pairs=pairs)
    if any(measured_of(one) is Measured.LATENCY for one in paths):
        await _read_all(pairs)
    until = time.monotonic() + _SLICE_S
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            for text in table(reader, _parts(recording)):
                file.write(text)
                if time.monotonic() > until:
                    await asyncio.sleep(0.001)
                    until = time.monotonic() + _SLICE_S
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


async def _read_all(pairs: PairIndex) -> None:
    """Read the index of pairs up to the entries that are there now."""
    end = len(pairs.recording)
    while pairs.read_to < end:
        with suppress(IndexError):  # discarded since the slice before
            pairs.advance(_SLICE_S)
        await asyncio.sleep(0.001)


def _parts(recording: Recording) -> Iterator[Part]:
    end = len(recording)  # what comes later is left out
    number = recording.first_number
    while number < end:
        index = recording.block_index(number)
        first, stop = recording.block_numbers(index)
        try:
            block = recording.block(index, use_cache=False)
        except (RecordingError, IndexError):
            number = stop
            continue
        stop = min(stop, end)
        while number < stop:
            following = min(number + _STEP_ENTRIES, stop)
            yield block, number - first, following - first, None
            number = following
