"""What bytes are that are a picture or a sound."""

from __future__ import annotations

from spacebeam.decode.decoder import Data
from spacebeam.decode.pictures import picture_info
from spacebeam.decode.sounds import SoundInfo, sound_info
from spacebeam.wording.i18n import _, ngettext


def media_words(data: Data) -> str:
    """Return, for example, “PNG, 640 × 480” or “WAV, stereo, 44.1 kHz, 3.2 s”; "" for others."""
    picture = picture_info(data)
    if picture is not None:
        return f"{picture.format}, {picture.width:,} × {picture.height:,}"
    sound = sound_info(data)
    return "" if sound is None else sound_words(sound)


def sound_words(sound: SoundInfo) -> str:
    """Return what is known of a sound."""
    channels = {0: "", 1: _("mono"), 2: _("stereo")}.get(sound.channels)
    if channels is None:
        channels = ngettext("{count} channel", "{count} channels", sound.channels)
        channels = channels.format(count=sound.channels)
    rate = f"{sound.rate / 1000:.4g} kHz" if sound.rate else ""
    seconds = f"{sound.seconds:,.1f} s" if sound.seconds else ""
    return ", ".join(filter(None, (sound.format, channels, rate, seconds)))
