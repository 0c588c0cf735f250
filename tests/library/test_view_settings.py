"""How the window is arranged, as it is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.settings import Settings, load, save
from spacebeam.library.view_settings import ViewSettings, from_json


def test_they_are_saved_and_loaded(tmp_path: Path) -> None:
    view = ViewSettings(share_beside=0.7, share_below=0.25, json_tree=False)
    save(Settings(view=view), tmp_path / "settings.json")
    assert load(tmp_path / "settings.json").view == view


@pytest.mark.parametrize(
    "values",
    [None, [], "x", {"share_beside": "wide"}, {"share_below": 7}, {"share_beside": True},
     {"json_tree": 1}, {"share_beside": float("nan")}, {"of a newer version": 1}],
)  # fmt: skip
def test_what_is_invalid_is_the_default(values: object) -> None:
    assert from_json(values) == ViewSettings()
