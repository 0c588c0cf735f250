"""`python -m fuzz.one TARGET …`: fuzz one target with Atheris; libFuzzer's own arguments follow."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["spacebeam"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until a limit in the arguments is reached or an input fails."""
    name, *arguments = sys.argv[1:]
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name].check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
