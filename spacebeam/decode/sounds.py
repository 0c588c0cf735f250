"""Recognises sounds by their first bytes, and reads what those say of them; nothing is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.decode.decoder import Data

_MAX_CHUNKS = 64  # of a WAV file, before its data
_RATES = (44_100, 48_000, 32_000)  # of MPEG 1; later versions have a half and a quarter
_MPEG_1, _MPEG_2, _MPEG_2_5 = 3, 2, 0  # versions in a frame's header
_LAYER_3 = 1
_MONO = 3


@dataclass(frozen=True, slots=True)
class SoundInfo:
    """What the beginning of a sound says about it."""

    format: str
    channels: int = 0  # 0 if it does not say
    rate: int = 0  # samples a second
    seconds: float = 0


def sound_info(data: Data) -> SoundInfo | None:
    """Return the facts of a WAV, FLAC, Ogg or MP3 sound; None for anything else."""
    for read in (_wav, _flac, _ogg, _mp3):
        found = read(data)
        if found is not None:
            return found
    return None


def _wav(data: Data) -> SoundInfo | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    channels = rate = bytes_a_second = 0
    place = 12
    for _ in range(_MAX_CHUNKS):
        name, size = bytes(data[place : place + 4]), _little(data, place + 4, 4)
        if name == b"fmt ":
            channels, rate = _little(data, place + 10, 2), _little(data, place + 12, 4)
            bytes_a_second = _little(data, place + 16, 4)
        elif name == b"data" or len(name) < 4:
            seconds = size / bytes_a_second if bytes_a_second and name else 0
            return SoundInfo("WAV", channels, rate, seconds)
        place += 8 + size + size % 2
    return SoundInfo("WAV", channels, rate)


def _flac(data: Data) -> SoundInfo | None:
    """Read STREAMINFO, which is always first (RFC 9639, section 8.2)."""
    if data[:4] != b"fLaC" or len(data) < 26 or data[4] & 127:
        return None
    bits = int.from_bytes(data[18:26], "big")
    rate, samples = bits >> 44, bits & (2**36 - 1)
    return SoundInfo("FLAC", (bits >> 41 & 7) + 1, rate, samples / rate if rate else 0)


def _ogg(data: Data) -> SoundInfo | None:
    """Read the first packet of a logical stream (RFC 3533)."""
    if data[:4] != b"OggS" or len(data) < 28:
        return None
    packet = bytes(data[27 + data[26] :][:19])
    if packet[:7] == b"\x01vorbis" and len(packet) > 15:
        return SoundInfo("Ogg Vorbis", packet[11], _little(packet, 12, 4))
    if packet[:8] == b"OpusHead" and len(packet) > 9:
        return SoundInfo("Ogg Opus", packet[9], 48_000)
    return SoundInfo("Ogg FLAC") if packet[:5] == b"\x7fFLAC" else None


def _mp3(data: Data) -> SoundInfo | None:
    """Read the header of the first frame, and compare it with that of the second."""
    place = 0
    if data[:3] == b"ID3" and len(data) >= 10:
        sizes = data[6:10]
        place = 10 + sum((byte & 127) << 7 * (3 - at) for at, byte in enumerate(sizes))
        if place >= len(data):  # the frames are after a cut
            return SoundInfo("MP3")
    first = _mp3_frame(data, place)
    if first is None or _mp3_frame(data, place + first[1]) is None:
        return SoundInfo("MP3") if place else None
    return first[0]


# Kilobits a second of layer III, by their index in a header: of MPEG 1 and of the later versions.
_BIT_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
)


def _mp3_frame(data: Data, place: int) -> tuple[SoundInfo, int] | None:
    """Return the facts of a frame and its size in bytes; None if no frame begins here."""
    head = int.from_bytes(data[place : place + 4], "big")
    version, layer = head >> 19 & 3, head >> 17 & 3
    if head >> 21 != 0x7FF or version == 1 or layer != _LAYER_3 or head >> 10 & 3 == 3:
        return None
    rate = _RATES[head >> 10 & 3] // {_MPEG_1: 1, _MPEG_2: 2, _MPEG_2_5: 4}[version]
    bit_rate = _BIT_RATES[version != _MPEG_1][head >> 12 & 15]
    if not bit_rate:
        return None
    samples = 144 if version == _MPEG_1 else 72
    size = samples * bit_rate * 1000 // rate + (head >> 9 & 1)
    return SoundInfo("MP3", 1 if head >> 6 & 3 == _MONO else 2, rate), size


def _little(data: Data, start: int, size: int) -> int:
    return int.from_bytes(data[start : start + size], "little")
