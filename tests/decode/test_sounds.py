"""Sounds are recognised by their first bytes, and what those say is read."""

from __future__ import annotations

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.sounds import SoundInfo, sound_info

_FLAC = (
    b"fLaC\x00\x00\x00\x22"
    + bytes(10)
    + (48_000 << 44 | (2 - 1) << 41 | (16 - 1) << 36 | 96_000).to_bytes(8, "big")
    + bytes(16)
)
_VORBIS = b"OggS\x00\x02" + bytes(20) + b"\x01\x1e\x01vorbis" + struct.pack("<IBI", 0, 1, 22_050)
_OPUS = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x02" + bytes(9)
_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s at 44.1 kHz


def wav(seconds: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(seconds * 8000 * 4))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "info"),
    [
        (wav(), SoundInfo("WAV", 2, 8000, 2)),
        (wav()[:60], SoundInfo("WAV", 2, 8000, 2)),
        (wav()[:12], SoundInfo("WAV")),
        (_FLAC, SoundInfo("FLAC", 2, 48_000, 2)),
        (_VORBIS, SoundInfo("Ogg Vorbis", 1, 22_050)),
        (_OPUS, SoundInfo("Ogg Opus", 2, 48_000)),
        (_FRAME * 2, SoundInfo("MP3", 2, 44_100)),
        (b"ID3\x04\0\0\0\0\0\x05" + b"title" + _FRAME * 2, SoundInfo("MP3", 2, 44_100)),
        (b"ID3\x04\0\0\0\0\x0f\x00" + b"cut", SoundInfo("MP3")),
        (bytearray(_FLAC), SoundInfo("FLAC", 2, 48_000, 2)),
    ],
)
def test_the_facts_of_a_sound_are_read(data: bytes, info: SoundInfo) -> None:
    assert sound_info(data) == info


@pytest.mark.parametrize("data", [b"", b"RIFF\0\0\0\0WEBP", _FRAME, b"\xff\xfb", b"OggS", b"fLaC"])
def test_other_bytes_are_no_sound(data: bytes) -> None:
    assert sound_info(data) is None


@given(st.sampled_from((wav(1)[:100], _FLAC, _VORBIS, _OPUS, _FRAME)), st.binary(max_size=40))
def test_damaged_sounds_raise_nothing(data: bytes, end: bytes) -> None:
    for size in range(0, len(data), 7):
        sound_info(data[:size] + end)
