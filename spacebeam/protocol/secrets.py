"""Recognise secrets by name or by form, and remove them from addresses and headers.

Recordings, settings and logs are passed on to others and must not contain credentials.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, unquote

from spacebeam.protocol.known_secrets import masked


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MASK = "•••"  # replaces a secret; never sent
_FORMER_MASK = "=not-kept"  # replaced a parameter's value in earlier recordings
_ENCODED_MASK = re.compile(re.escape(quote(MASK)), re.IGNORECASE)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")  # of camelCase, kebab-case or snake_case
_SECRET_WORDS = _words("""
    assertion auth authentication authorization bearer cookie credential credentials csrf hmac
    hotp jwt nonce oauth otp passcode passphrase password passwd psk pw pwd samlresponse secret
    sess session sid sig signature ticket token totp verifier xauth xsrf
""")
_KEYS = (
    "access|account|admin|api|app|application|auth|client|consumer|encryption|license|listen|master"
    "|private|secret|service|session|shared|signing|subscription"
)
_SECRET_KEY = re.compile(rf"\b(?:{_KEYS}) key\b(?! id)")
# A word in lower case that ends so is a compound: `accesstoken`, `PHPSESSID`.
_SECRET_ENDING = re.compile(
    rf"(?:token|secret|passw(?:or)?d|jwt|signature|credentials?|sess(?:ion)?id|(?:{_KEYS})key)$"
)
_LAST_WORDS = frozenset(("key", "pass"))  # of a name that is a credential
# The last word of a name that describes a secret and has none: `token_type`, `sessionTimeout`.
_DESCRIPTIVE = _words("""
    alg algorithm at count date endpoint expiration expires expiry format hint in kind length
    limit lifetime method mode name policy required scheme size status time timeout timestamp
    ttl type uri url version
""")
_PUBLIC_KEYS = _words("""
    cache column foreign group idempotency order partition primary public routing row sort
""")
# Words before `code` with which it is a credential; `country_code` is none.
_CODE_WORDS = _words("""
    access auth authorization backup device invite login mfa oauth otp pass pin recovery
    security sms user verification
""")
_SECRET_NAMES = frozenset(("code", "pin"))  # secret as a whole name only

_SCHEME = re.compile(r"(?:basic|bearer|digest|token)\s", re.IGNORECASE)
# A JSON Web Token (RFC 7519), and tokens with a known prefix.
_TOKEN = re.compile(
    r"(?<![\w-])(?:eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){0,3}"
    r"|(?:gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|[rs]k_(?:live|test)_|sk-)[\w-]{16,})",
    re.ASCII,
)
_MIN_RANDOM = 16  # letters and digits
_MAX_MEAN_RUN = 3  # letters of one case or digits in a row, on average, in random text
_MIN_UNBROKEN = 32  # letters and digits; no name is written so
# In an address or in text around it. An apostrophe or a second `?` may be part of a value.
_PARAMETER = re.compile(r'[?&#;/]([^=&?#;/\s"<>]+)=')
_VALUE = re.compile(r'[^&#\s"<>]*')
_SEGMENT = re.compile(r'/([^/?#&\s"<>]+)')  # of a path
_KEY = re.compile(r"(?=\D*\d)[A-Za-z0-9]{41,}")  # longer than the hash of a commit
_USERINFO = re.compile(r'//([^/?#\s"<>]*)@')


def is_secret_name(name: str) -> bool:
    """Whether a header or parameter of this name is a credential.

    The name is read word by word: `authToken` and `x-api-key` are credentials, `keyboard` is none.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    while words and (words[-1].isdigit() or words[-1] == "v"):  # a version
        words.pop()
    if not words or words[-1] in _DESCRIPTIVE:
        return False
    if words[-1] in _LAST_WORDS:
        return len(words) == 1 or words[-2] not in _PUBLIC_KEYS
    if words[-1] == "code" and len(words) > 1:
        return words[-2] in _CODE_WORDS
    if "".join(words) in _SECRET_NAMES or _SECRET_KEY.search(" ".join(words)):
        return True
    return any(word in _SECRET_WORDS or _SECRET_ENDING.search(word) for word in words)


def scheme_of(value: str) -> str:
    """Return the scheme of an Authorization value (`Bearer`); empty for other values."""
    match = _SCHEME.match(value)
    return "" if match is None else match.group().strip()


def is_random(text: str) -> bool:
    """Whether a text looks like a key or token, not like words that a person would write."""
    runs = _WORD.findall(text)
    length = sum(map(len, runs))
    if length < _MIN_RANDOM:
        return False
    longest = max(map(len, re.findall(r"[A-Za-z0-9]+", text)))
    return length < _MAX_MEAN_RUN * len(runs) or longest >= _MIN_UNBROKEN


def without_secrets(text: str, names: Collection[str] = ()) -> str:
    """Return an address, or a text with addresses, without its credentials.

    User and password are removed. MASK replaces tokens, and the values of parameters that
    `is_secret_name` recognises or that are in `names`, in lower case.
    """
    return _masked(_USERINFO.sub("//", text), names)


def saved_address(address: str) -> str:
    """Return an address as it is saved and listed: with MASK in place of every secret.

    The user stays if there is a password, so that it is known what to ask for.
    """
    return _masked(_USERINFO.sub(_saved_userinfo, address), ())


def blank_address(address: str) -> str:
    """Return a saved address with nothing in place of its secrets, for a person to fill in."""
    blank = _ENCODED_MASK.sub("", address).replace(MASK, "")
    return f"{blank}&".replace(f"{_FORMER_MASK}&", "=&")[:-1]


def has_mask(text: str) -> bool:
    """Whether MASK is in place of a secret, so that the text cannot be used to connect."""
    return MASK in unquote(text) or f"{_FORMER_MASK}&" in f"{text}&"


def _masked(text: str, names: Collection[str]) -> str:
    text = masked(_TOKEN.sub(MASK, _ENCODED_MASK.sub(MASK, text)), MASK)
    pieces, done = [], 0
    for match in _PARAMETER.finditer(text):
        if match.start() >= done and _is_secret(unquote(match.group(1)), names):
            pieces += [text[done : match.end()], MASK]
            value = _VALUE.match(text, match.end())
            done = match.end() if value is None else value.end()
    return _without_secret_segments("".join((*pieces, text[done:])))


def _is_secret(name: str, names: Collection[str]) -> bool:
    return is_secret_name(name) or name.lower() in names


def _without_secret_segments(text: str) -> str:
    """Replace segments of paths: a key after its name, as in `/token/…`, or a very long one."""
    name: re.Match[str] | None = None

    def shown(segment: re.Match[str]) -> str:
        nonlocal name
        before, name = name, segment
        if not is_random(segment.group(1)):
            return segment.group()
        is_named = (
            before is not None
            and before.end() == segment.start()
            and "." not in before.group(1)  # a host
            and is_secret_name(before.group(1))
        )
        return f"/{MASK}" if is_named or _KEY.fullmatch(segment.group(1)) else segment.group()

    return _SEGMENT.sub(shown, text)


def _saved_userinfo(match: re.Match[str]) -> str:
    user, _colon, password = match.group(1).partition(":")
    if not user and not password:
        return match.group()
    is_user = password and not _TOKEN.search(user) and not is_random(user)
    return f"//{user}:{MASK}@" if is_user else f"//{MASK}@"
