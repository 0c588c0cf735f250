"""Async tests run on GLib's loop, and an unhandled exception in a callback fails its test."""

from __future__ import annotations

import inspect
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from spacebeam.protocol import known_secrets
from tests.support.certificates import Authority
from tests.support.keyrings import Bus, keyring_on, session_bus
from tests.support.loop import Context, run
from tests.support.recordings import close_read

settings.register_profile("spacebeam", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("spacebeam")
os.environ["LANGUAGE"] = "en"  # the tests read English, in any session

_unnoticed: list[str] = []


def _note_context(context: Context) -> None:
    _unnoticed.append(f"{context['message']}: {context.get('exception')!r}")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests on the loop that the program runs on."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    arguments: dict[str, Any] = {name: pyfuncitem.funcargs[name] for name in names}
    run(pyfuncitem.obj(**arguments), _note_context)
    return True


@pytest.fixture(autouse=True)
def _no_secret_is_known() -> Iterator[None]:
    """Forget the values that the program masks until it ends."""
    yield
    known_secrets.forget()


@pytest.fixture(autouse=True)
def _exceptions_in_callbacks_fail_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test for an exception in a signal handler, a callback or a thread."""

    def except_hook(_kind: type[BaseException], error: BaseException, _trace: object) -> None:
        _unnoticed.append(f"in a callback: {error!r}")

    def unraisable_hook(unraisable: sys.UnraisableHookArgs) -> None:
        _unnoticed.append(f"{unraisable.err_msg}: {unraisable.exc_value!r}")

    def thread_hook(arguments: threading.ExceptHookArgs) -> None:
        _unnoticed.append(f"in a thread: {arguments.exc_value!r}")

    _unnoticed.clear()
    monkeypatch.setattr(sys, "excepthook", except_hook)
    monkeypatch.setattr(sys, "unraisablehook", unraisable_hook)
    monkeypatch.setattr(threading, "excepthook", thread_hook)
    yield
    if _unnoticed:
        pytest.fail("\n".join(("unhandled exceptions:", *_unnoticed)), pytrace=False)


@pytest.fixture(autouse=True)
def _close_read_recordings() -> Iterator[None]:
    yield
    close_read()


@pytest.fixture
def unnoticed() -> list[str]:
    """Return the exceptions that would fail this test; only for tests of this behaviour."""
    return _unnoticed


@pytest.fixture(autouse=True)
def _sigint_interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGINT, whatever the parent process or another test has set."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return a certificate authority that only the tests trust."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def private_bus(tmp_path: Path) -> Iterator[Bus]:
    """Return a session bus without any service, for programs with a home of their own."""
    with session_bus(tmp_path / "home") as bus:
        yield bus


@pytest.fixture
def keyring_bus(private_bus: Bus) -> Iterator[Bus]:
    """Return such a bus with an unlocked gnome-keyring."""
    with keyring_on(private_bus):
        yield private_bus
