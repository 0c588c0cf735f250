"""Small disks, full disks and disks that nothing can be written on: real ones, where allowed."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import binary


class Disk:
    """A file system of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mount(self, *options: str) -> None:
        _run("mount", "-t", "tmpfs", "-o", ",".join(options), "spacebeam", str(self.folder))

    def change(self, *options: str) -> None:
        """Give it another size (`size=…`), or say whether it can be written (`ro`, `rw`)."""
        chosen = ",".join(("remount", *options))
        _run("mount", "-o", chosen, str(self.folder))


def _run(*command: str) -> None:
    done = subprocess.run([binary(command[0]), *command[1:]], capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())


@contextlib.contextmanager
def disk(folder: Path, size: str) -> Iterator[Disk]:
    """A disk of this size; skips the test for whoever may not mount one."""
    found = Disk(folder)
    folder.mkdir()
    try:
        found.mount(f"size={size}")
    except OSError as error:
        pytest.skip(f"a disk cannot be mounted here: {error}")
    try:
        yield found
    finally:
        _run("umount", "--lazy", str(folder))


@contextlib.contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """While the block runs, nothing can be written in `folder`; by root neither."""
    if os.geteuid():
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    try:
        _run("mount", "--bind", str(folder), str(folder))
    except OSError as error:
        pytest.skip(f"root can write everywhere here: {error}")
    try:
        _run("mount", "-o", "remount,bind,ro", str(folder))
        yield
    finally:
        _run("umount", "--lazy", str(folder))


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """While the block runs, this process cannot make a file longer than this, in bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
