"""Small, full and read-only disks: real file systems, where mounting is permitted."""

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
    """A separate file system mounted at a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mount(self, *options: str) -> None:
        _run("mount", "-t", "tmpfs", "-o", ",".join(options), "spacebeam", str(self.folder))

    def change(self, *options: str) -> None:
        """Change its size (`size=…`) or make it read-only or writable (`ro`, `rw`)."""
        chosen = ",".join(("remount", *options))
        _run("mount", "-o", chosen, str(self.folder))


def _run(*command: str) -> None:
    done = subprocess.run([binary(command[0]), *command[1:]], capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())


@contextlib.contextmanager
def disk(folder: Path, size: str) -> Iterator[Disk]:
    """Mount a disk of this size; skip the test if mounting is not permitted."""
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
    """Make `folder` unwritable while the block runs, for root too."""
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
    """Limit the size of this process's files, in bytes, while the block runs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
