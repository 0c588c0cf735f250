"""Waits until an object is released; if it is not, the failure says who holds it."""

from __future__ import annotations

import gc
import sys
import types
from collections.abc import Callable, Iterator

from tests.support.waiting import eventually

_DEPTH = 6
_MAX_HOLDERS = 12  # of one object that are looked at


async def released(target: Callable[[], object]) -> None:
    """Run the loop until a weak reference gives None: nothing holds its object."""
    try:
        await eventually(lambda: target() is None)
    except AssertionError:
        raise AssertionError("it is held:\n" + "\n".join(_chains(target()))) from None


def _chains(target: object) -> Iterator[str]:
    """Yield who holds an object, who holds these, and so on."""
    gc.collect()
    seen = {id(target)}
    level: list[tuple[object, str]] = [(target, type(target).__name__)]
    for _depth in range(_DEPTH):
        following: list[tuple[object, str]] = []
        for one, path in level:
            yield f"{path} ({sys.getrefcount(one)} references)"
            holders = [who for who in gc.get_referrers(one) if _is_told(who, level, following)]
            for who in holders[:_MAX_HOLDERS]:
                if id(who) not in seen:
                    seen.add(id(who))
                    following.append((who, f"{_words(who, one)} <- {path}"))
            del holders  # it holds them too
        level = following


def _is_told(who: object, *own: object) -> bool:
    """Return whether a holder is none of this module's own."""
    if isinstance(who, types.FrameType):
        return who.f_globals.get("__name__") != __name__
    is_entry = isinstance(who, tuple) and len(who) == 2 and isinstance(who[1], str)
    return not is_entry and all(who is not one for one in own)


def _words(who: object, held: object) -> str:
    match who:
        case dict():
            return f"dict[{', '.join(repr(key)[:40] for key, one in who.items() if one is held)}]"
        case types.FrameType():
            return f"frame of {who.f_code.co_qualname}, line {who.f_lineno}"
        case types.FunctionType() | types.MethodType():
            return f"{type(who).__name__} {who.__qualname__}"
        case types.CellType():
            return "cell"
    return f"{type(who).__module__}.{type(who).__qualname__}"
