"""The model of the list follows the folder and keeps the items of unchanged recordings."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.recordings import in_order
from spacebeam.ui.recordings.recording_store import RecordingItem, RecordingStore
from tests.support.loop import run
from tests.support.waiting import eventually
from tests.ui.doing import Heard


def kept(*names: object) -> list[RecordingInfo]:
    """Return recordings with these names, in the order of a list."""
    infos = (RecordingInfo(Path(f"{name}.beam"), RecordingState.COMPLETE) for name in names)
    return in_order(infos)


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
    showing = asyncio.ensure_future(store.show(kept(*range(2000))))
    await eventually(lambda: store.every)
    assert len(store.every) < 2000
    await showing
    assert store.every == kept(*range(2000))


async def test_a_recording_can_be_removed_while_others_are_added() -> None:
    store = RecordingStore()
    showing = asyncio.ensure_future(store.show(kept(*range(2000))))
    await eventually(lambda: store.every)
    assert not showing.done()
    store.remove(store.every[0].path)
    await showing
    assert len(names(store)) == 1999


async def test_a_changed_recording_moves_to_its_place_and_a_missing_one_goes() -> None:
    store = RecordingStore()
    every = kept("c", "b", "a")
    await store.show(every)
    store.update(every[2].path, replace(every[2], began=9.0))
    assert names(store) == ["a", "c", "b"]
    store.update(every[1].path, None)
    store.update(Path("d.beam"), *kept("d"))
    assert names(store) == ["a", "d", "c"]


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
    assert names(store) == [one.path.stem for one in kept(*after)]
    assert store.every == [item.info for item in store.model]


def test_an_item_notifies_of_changes_only() -> None:
    item = RecordingItem(RecordingInfo(Path("one.beam"), RecordingState.COMPLETE))
    changes = Heard(item, "notify::info")
    item.update(RecordingInfo(Path("one.beam"), RecordingState.COMPLETE))
    assert not changes
    item.update(RecordingInfo(Path("one.beam"), RecordingState.ENDED_ABRUPTLY))
    assert len(changes) == 1
    assert item.info.state is RecordingState.ENDED_ABRUPTLY
