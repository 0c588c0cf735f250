"""Takes pictures of every screen in every style: `make screenshots`.

They are written to build/screenshots; those of the documentation are copied to docs/screenshots
if all were taken.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.screenshots.styles import STYLES

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build/screenshots"
DOCUMENTED = {  # names in docs/screenshots
    "connect": "light/start-recent",
    "saved": "light/saved-conversation",
    "conversation": "light/conversation",
    "conversation-dark": "dark/conversation",
    "find": "light/filter",
    "narrow": "light-narrow/conversation",
    "chat": "light/chat",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("screens", nargs="*", metavar="SCREEN", help="all without any")
    parser.add_argument("--style", action="append", choices=[one.name for one in STYLES])
    chosen = parser.parse_args()
    failed = False
    for style in STYLES:
        if chosen.style is None or style.name in chosen.style:
            folder = PICTURES / style.name
            folder.mkdir(parents=True, exist_ok=True)
            # The style of a process cannot be changed.
            command = [sys.executable, "-m", "tests.screenshots.take", style.name, str(folder)]
            process = subprocess.run(
                [*command, *chosen.screens], env=os.environ | style.environment, check=False
            )
            failed = failed or process.returncode != 0
    if not (failed or chosen.screens or chosen.style):
        for name, picture in DOCUMENTED.items():
            shutil.copyfile(PICTURES / f"{picture}.png", ROOT / "docs/screenshots" / f"{name}.png")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
