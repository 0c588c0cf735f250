"""A failure says who holds an object that should be released."""

from __future__ import annotations

import asyncio
from weakref import ref

import pytest

from tests.support import waiting
from tests.support.holders import released


class _Held:
    """An object."""


class _Holder:
    """Holds another object."""

    def __init__(self, held: _Held) -> None:
        self.held = held


async def test_who_holds_an_object_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting.eventually, "__kwdefaults__", {"within": 0.05})
    holder = _Holder(_Held())
    with pytest.raises(AssertionError) as caught:
        await released(ref(holder.held))
    assert "_Holder <- _Held" in str(caught.value)


async def test_what_is_released_later_is_waited_for() -> None:
    holder = _Holder(_Held())
    is_held = ref(holder.held)
    asyncio.get_running_loop().call_later(0.05, delattr, holder, "held")
    await released(is_held)
