"""Files of other programs that are not part of this project, for lack of a licence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parents[2]


def sample(*parts: str) -> Path:
    """Return the path of a sample; skip the test where the samples are not at hand.

    They are looked for in $SPACEBEAM_SAMPLES, and in `shared/samples` beside the project.
    """
    beside = [folder / "shared" / "samples" for folder in _PROJECT.parents]
    chosen = os.environ.get("SPACEBEAM_SAMPLES")
    for folder in [Path(chosen)] if chosen else beside:
        if (path := folder.joinpath(*parts)).exists():
            return path
    pytest.skip(f"The sample {'/'.join(parts)} is not on this computer.")
