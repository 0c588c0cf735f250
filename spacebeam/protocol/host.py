"""Read a host as browsers do: international names, IP addresses, zones.

IDNA 2003 sends `straße.de` to another server than browsers do, and IDNA 2008 refuses underscores
and emoji that servers have in their names. So names follow the URL standard: UTS 46, not
transitional, with CheckJoiners and CheckBidi, without CheckHyphens and UseSTD3ASCIIRules.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import unquote, unquote_to_bytes

from idna import check_bidi, check_initial_combiner, uts46_remap, valid_contextj

_MAX_NAME = 253  # characters (RFC 1035, section 2.3.4)
_MAX_LABEL = 63
_MAX_TYPED = 1024  # characters; international ones may become fewer
_PUNYCODE = "xn--"
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = ("R", "AL", "AN")  # Unicode's bidirectional categories
_FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")  # URL standard, section 3.1
_IPV4_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9._~-]+")  # an interface's name; needs no encoding


class HostError(ValueError):
    """An invalid host; the message says why: `form` with the values in place of their names."""

    def __init__(self, form: str, **values: object) -> None:
        self.form = form
        self.values = values
        super().__init__(form.format(**values))


def parse_host(text: str) -> str:
    """Return a host in ASCII and lower case; an IPv6 address without brackets. Raise HostError."""
    if ":" in text:
        return _ipv6(text)
    # Browsers decode percent signs in a host.
    name = unquote_to_bytes(text).decode(errors="replace") if "%" in text else text
    try:
        host = _to_ascii(name)
    except HostError as error:
        raise HostError("“{text}” is not a host name: {reason}.", text=text, reason=error) from None
    if _IPV4_NUMBER.fullmatch(host.removesuffix(".").rpartition(".")[2]):
        try:
            return _ipv4(host)
        except ValueError:
            raise HostError("“{text}” is not an IPv4 address.", text=text) from None
    return host


def in_unicode(host: str) -> str:
    """Return a host as people read it: international names in Unicode."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(_decoded(label))
        except ValueError:
            labels.append(label)
    return ".".join(labels)


def _ipv4(host: str) -> str:
    """Return an IPv4 address that may be written as `127.1`, `0x7f.1` or one number.

    Source: URL standard, section 3.5, "IPv4 parser". Raise ValueError.
    """
    *first, last = map(_ipv4_number, host.removesuffix(".").split("."))
    size = 4 - len(first)  # bytes that the last number stands for
    if size < 1 or last >= 256**size:
        raise ValueError(host)
    return str(ipaddress.IPv4Address(bytes(first) + last.to_bytes(size, "big")))


def _ipv4_number(text: str) -> int:
    if not _IPV4_NUMBER.fullmatch(text):
        raise ValueError(text)
    if text[:2] == "0x":
        return int(text[2:] or "0", 16)
    return int(text, 8 if text[0] == "0" else 10)


def _ipv6(text: str) -> str:
    """Return an IPv6 address with its zone, which may follow `%25` (RFC 6874) or `%`."""
    address, percent, zone = text.partition("%")
    if zone.startswith("25") and len(zone) > 2:
        zone = unquote(zone[2:])
    try:
        if percent and not _ZONE.fullmatch(zone):
            raise ValueError(zone)
        return str(ipaddress.IPv6Address(address + percent + zone))
    except ValueError:
        raise HostError("“{text}” is not an IPv6 address.", text=text) from None


def _to_ascii(name: str) -> str:
    """Return a name as it is looked up (URL standard, "domain to ASCII"). Raise HostError."""
    if len(name) > _MAX_TYPED:
        raise HostError("it is too long")
    try:
        labels = [_decoded(label) for label in uts46_remap(name, std3_rules=False).split(".")]
        is_bidi = any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in "".join(labels))
        for label in filter(None, labels):
            _check(label, is_bidi=is_bidi)
    except HostError:
        raise
    except ValueError:
        raise HostError("its characters are not allowed in international names") from None
    host = ".".join(label if label.isascii() else _encoded(label) for label in labels)
    if found := _FORBIDDEN.search(host):
        character = found.group()
        if character.isprintable():
            raise HostError("it contains “{character}”", character=character)
        raise HostError("it contains a control character")
    labels = host.removesuffix(".").split(".")
    if not all(labels):
        raise HostError("a part of it is empty")
    if len(host) > _MAX_NAME or any(len(label) > _MAX_LABEL for label in labels):
        raise HostError("it is too long")
    return host


def _check(label: str, *, is_bidi: bool) -> None:
    """Raise ValueError for an invalid label in Unicode (UTS 46, section 4.1)."""
    check_initial_combiner(label)
    if is_bidi:
        check_bidi(label, check_ltr=True)
    if not all(valid_contextj(label, at) for at, one in enumerate(label) if one in _JOINERS):
        raise ValueError(label)


def _encoded(label: str) -> str:
    return _PUNYCODE + label.encode("punycode").decode()


def _decoded(label: str) -> str:
    """Return a label in Unicode. Raise HostError for Punycode that nothing is encoded to."""
    if not label.startswith(_PUNYCODE):
        return label
    try:
        decoded = label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
        is_valid = not decoded.isascii() and uts46_remap(decoded, std3_rules=False) == decoded
    except ValueError:
        is_valid = False
    if not is_valid or _encoded(decoded) != label:
        raise HostError("“{label}” is not an international name", label=label)
    return decoded
