"""Values that are made when they are needed: `$uuid`, `$timestamp`, `$randomInt 1 10`, `$env NAME`.

The names are those of `.http` files; those of Postman, Insomnia and Bruno for the same are
understood.
"""

from __future__ import annotations

import os
import random
import re
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from spacebeam.protocol.secrets import is_secret_name

# What is offered while a person types, with its parameters as they are written.
NAMES = ("$uuid", "$timestamp", "$isoTime", "$randomInt 1 10", "$seq", "$env NAME")

_OTHER_NAMES = {
    "guid": "uuid",
    "randomuuid": "uuid",
    "random.uuid": "uuid",
    "isotimestamp": "isotime",
    "random.integer": "randomint",
    "processenv": "env",
    "dotenv": "env",
}
_CALL = re.compile(r"\$([A-Za-z.]+)(?:\s+(.*)|\((.*)\))?\s*", re.DOTALL)
_PROCESS_ENV = re.compile(r"process\.env\.([A-Za-z_]\w*)")
_NUMBER = re.compile(r"[+-]?\d{1,18}")


class MadeValues:
    """Makes values. `$seq` counts from 1, for as long as this object lives."""

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.time,
        random_numbers: random.Random | None = None,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._now = now
        self._random = random_numbers or random.SystemRandom()
        self._count = 0

    def apart(self) -> MadeValues:
        """Return another one for a trial, which does not count here."""
        return MadeValues(self._environ, self._now, self._random)

    def value(self, expression: str) -> str | None:
        """Return the value of an expression such as `$randomInt 1 10`, None if it is unknown."""
        if found := _PROCESS_ENV.fullmatch(expression):
            return self._environ.get(found[1])
        call = _CALL.fullmatch(expression)
        if call is None:
            return None
        name = call[1].lower()
        words = re.split(r"[\s,]+", (call[2] or call[3] or "").strip())
        return self._made(_OTHER_NAMES.get(name, name), [word for word in words if word])

    def is_secret(self, expression: str) -> bool:
        """Whether an expression stands for a variable of the environment that is a secret."""
        call = _PROCESS_ENV.fullmatch(expression) or _CALL.fullmatch(expression)
        if call is None:
            return False
        if call.re is _PROCESS_ENV:
            return is_secret_name(call[1])
        name = call[1].lower()
        is_env = _OTHER_NAMES.get(name, name) == "env"
        return is_env and is_secret_name((call[2] or call[3] or "").strip())

    def _made(self, name: str, words: list[str]) -> str | None:
        if name == "randomint":
            return self._integer(words)
        if name == "env":
            return self._environ.get(words[0]) if len(words) == 1 else None
        if words:
            return None
        if name == "uuid":
            return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        if name == "timestamp":
            return str(int(self._now()))
        if name == "isotime":
            moment = datetime.fromtimestamp(self._now(), UTC)
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if name == "seq":
            self._count += 1
            return str(self._count)
        return None

    def _integer(self, words: list[str]) -> str | None:
        """Return a number from the first to the second word, both included; from 0 to 1000."""
        if not words:
            return str(self._random.randint(0, 1000))
        if len(words) != 2 or not all(_NUMBER.fullmatch(word) for word in words):
            return None
        first, last = int(words[0]), int(words[1])
        return str(self._random.randint(first, last)) if first <= last else None
