"""Decodes pictures of a peer in a thread, small enough for a bubble."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from gi.repository import Gdk, GdkPixbuf, GLib

from spacebeam.decode.decoder import Data
from spacebeam.decode.pictures import MAX_BYTES, picture_info

MAX_WIDTH, MAX_HEIGHT = 320, 240  # pixels of a picture in a bubble
_MAX_CACHED = 64  # pictures, of 0.3 MiB each
_CHUNK_BYTES = 64 * 1024
_log = logging.getLogger(__name__)


def shown_size(
    width: int, height: int, limit: tuple[int, int] = (MAX_WIDTH, MAX_HEIGHT)
) -> tuple[int, int]:
    """Return the size of a picture where there is room for `limit`; a small one is not enlarged."""
    scale = min(1.0, limit[0] / width, limit[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


class PictureLoader:
    """Decodes one picture at a time, and caches the newest by their entry's number."""

    def __init__(self) -> None:
        self._cache: OrderedDict[int, Gdk.Texture | None] = OrderedDict()
        self._turn = asyncio.Lock()

    def forget(self) -> None:
        """Forget all pictures: the numbers are another recording's."""
        self._cache.clear()

    def cached(self, number: int) -> Gdk.Texture | None:
        """Return the decoded picture of an entry, if it is at hand."""
        return self._cache.get(number)

    async def load(self, number: int, data: Data) -> Gdk.Texture | None:
        """Return the picture of an entry; None if it cannot be shown."""
        async with self._turn:
            if number not in self._cache:
                self._cache[number] = await asyncio.to_thread(decoded, bytes(data))
                while len(self._cache) > _MAX_CACHED:
                    self._cache.popitem(last=False)
            return self._cache[number]


def decoded(data: bytes, limit: tuple[int, int] = (MAX_WIDTH, MAX_HEIGHT)) -> Gdk.Texture | None:
    """Decode a picture to a size within `limit` pixels; None if that fails or is too much."""
    info = picture_info(data)
    if info is None or not info.is_small_enough or len(data) > MAX_BYTES:
        return None
    is_honest = True
    loader = GdkPixbuf.PixbufLoader()

    def on_size_prepared(loader: GdkPixbuf.PixbufLoader, width: int, height: int) -> None:
        nonlocal is_honest
        # The decoder may read another size than the header has.
        is_honest = width * height <= info.width * info.height
        loader.set_size(*(shown_size(width, height, limit) if is_honest else (1, 1)))

    loader.connect("size-prepared", on_size_prepared)
    try:
        try:
            for start in range(0, len(data), _CHUNK_BYTES):
                loader.write(data[start : start + _CHUNK_BYTES])
                if not is_honest:
                    return None
        finally:
            loader.close()
    except GLib.Error as error:
        _log.debug("a picture could not be decoded: %s", error.domain)
    pixbuf = loader.get_pixbuf()  # of a cut file, as much as there is
    if pixbuf is None:
        return None
    return Gdk.Texture.new_for_pixbuf(pixbuf)
