"""How the parts of a running PromptHub are."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.records import ComponentHealth, Health

if TYPE_CHECKING:
    from .runtime import Runtime

__all__ = ["examine"]

_LOW_DISK = 500 * 1024 * 1024
_FULL_DISK = 20 * 1024 * 1024
_ORDER = ("ok", "degraded", "down")

Status = Literal["ok", "degraded", "down"]


async def examine(runtime: Runtime) -> Health:
    """Ask every part. The whole is as bad as the database, at least degraded when any part is."""
    parts = {
        "database": await _database(runtime),
        "providers": await _providers(runtime),
        "disk": await asyncio.to_thread(_disk, runtime.settings.home),
        "memory": _memory(),
    }
    worst: Status = max((part.status for part in parts.values()), key=_ORDER.index)
    if worst == "down" and parts["database"].status != "down":
        worst = "degraded"
    return Health(status=worst, version=runtime.version, components=parts)


async def _database(runtime: Runtime) -> ComponentHealth:
    try:
        await runtime.ping()
    except PromptHubError as error:
        return ComponentHealth(status="down", detail=error.message)
    return ComponentHealth(status="ok", detail=runtime.store.database.dialect)


async def _providers(runtime: Runtime) -> ComponentHealth:
    """Whether any model can be asked; no provider is called."""
    from .services import connections

    try:
        listed = await runtime.dispatcher.call(connections.list, await runtime.local_caller())
    except PromptHubError as error:
        return ComponentHealth(status="down", detail=error.message)
    count = len(listed.items)
    if not count:
        return ComponentHealth(
            status="degraded", detail="no connection: `prompthub connection add` or `prompthub model install`"
        )
    return ComponentHealth(status="ok", detail=f"{count} connection{'s' if count > 1 else ''}")


def _disk(home: Path) -> ComponentHealth:
    place = home
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    status: Status = "down" if free < _FULL_DISK else "degraded" if free < _LOW_DISK else "ok"
    return ComponentHealth(status=status, detail=f"{free // (1024 * 1024)} MiB free")


def _memory() -> ComponentHealth:
    """This process's resident memory (Linux; elsewhere its peak)."""
    try:
        with open("/proc/self/statm") as file:
            used = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return ComponentHealth(status="ok", detail=f"{used // (1024 * 1024)} MiB resident")
