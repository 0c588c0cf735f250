"""The model of the list follows the folder and keeps the items of unchanged recordings."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.ui.recordings.recording_store import RecordingItem, RecordingStore
from tests.support.loop import run
from tests.ui.doing import Heard


def kept(*names: object) -> list[RecordingInfo]:
    return [RecordingInfo(Path(f"{name}.beam"), RecordingState.COMPLETE) for name in names]


def names(store: RecordingStore) -> list[str]:
    return [one.path.stem for one in store.every]


async def test_a_new_recording_is_inserted_and_other_items_stay() -> None:
    store = RecordingStore()
    await store.show(kept("c", "a"))
    items = list(store.model)
    await store.show(kept("d", "c", "b", "a"))
    assert names(store) == ["d", "c", "b", "a"]
    assert [store.model[1], store.model[3]] == items


async def test_a_removed_recording_goes_and_a_changed_one_keeps_its_item() -> None:
    store = RecordingStore()
    every = kept("c", "b", "a")
    await store.show(every)
    item = store.model[2]
    await store.show([every[0], replace(every[2], title="The crash")])
    assert names(store) == ["c", "a"]
    assert store.model[1] is item
    assert store.every[1].title == "The crash"


async def test_an_unchanged_list_emits_nothing() -> None:
    store = RecordingStore()
    await store.show(kept("b", "a"))
    changes = Heard(store.model, "items-changed")
    await store.show(kept("b", "a"))
    assert not changes


async def test_many_recordings_are_added_in_steps() -> None:
    store = RecordingStore()
    changes = Heard(store.model, "items-changed")
    turns = 0

    async def others() -> None:
        nonlocal turns
        while store.model.get_n_items() < 1000:
            turns += 1
            await asyncio.sleep(0)

    await asyncio.gather(store.show(kept(*range(1000))), others())
    assert names(store) == [str(number) for number in range(1000)]
    assert len(changes) == 10
    assert turns >= 9


async def test_a_recording_can_be_removed_while_others_are_added() -> None:
    store = RecordingStore()
    showing = asyncio.ensure_future(store.show(kept(*range(250))))
    await asyncio.sleep(0)
    store.remove(Path("5.beam"))
    await showing
    assert "5" not in names(store)
    assert len(names(store)) == 249


async def test_removing_an_unknown_recording_does_nothing() -> None:
    store = RecordingStore()
    store.remove(Path("a.beam"))
    assert names(store) == []


orders = st.lists(st.integers(0, 12), unique=True)


@given(orders, orders)
def test_any_list_can_be_replaced_by_any_other(before: list[int], after: list[int]) -> None:
    store = RecordingStore()
    run(store.show(kept(*before)))
    run(store.show(kept(*after)))
    assert names(store) == [str(one) for one in after]


def test_an_item_notifies_of_changes_only() -> None:
    item = RecordingItem(RecordingInfo(Path("one.beam"), RecordingState.COMPLETE))
    changes = Heard(item, "notify::info")
    item.update(RecordingInfo(Path("one.beam"), RecordingState.COMPLETE))
    assert not changes
    item.update(RecordingInfo(Path("one.beam"), RecordingState.ENDED_ABRUPTLY))
    assert len(changes) == 1
    assert item.info.state is RecordingState.ENDED_ABRUPTLY
