"""pytest's plugin: runs `async def` tests where no other plugin does."""

from __future__ import annotations

import asyncio
import inspect

import pytest

_OTHERS = ("asyncio", "anyio", "trio", "tornasync", "twisted")  # marks of other plugins


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine with asyncio, unless another plugin was asked to."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    plugins = pyfuncitem.config.pluginmanager
    if plugins.hasplugin("asyncio") or any(map(pyfuncitem.get_closest_marker, _OTHERS)):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
