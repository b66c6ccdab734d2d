"""Which server (or store) a client talks to, and how it says so."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import PromptHubError
from ..home import home
from .base import NotReachable, Source
from .found import FoundSource
from .http import HttpSource

__all__ = ["discover"]


def discover(
    url: str | None = None,
    token: str | None = None,
    *,
    workspace: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Source:
    """Find a source, in this order: what the caller names; ``PROMPTHUB_URL``; the JupyterHub server or the
    JupyterLab that this kernel belongs to; the process that owns this person's store; any running Jupyter
    server with PromptHub; at last the store itself, opened in this process.

    Raises:
        NotReachable: a named server does not answer, or nothing could be found or opened.
    """
    named = url or environ.get("PROMPTHUB_URL")
    if named:
        return HttpSource(named, token or environ.get("PROMPTHUB_TOKEN"), workspace=workspace)

    def find() -> HttpSource | None:
        for label, address, secret in _candidates(environ):
            source = HttpSource(address, secret, workspace=workspace, label=label)
            if _answers(source):
                return source
            source.close()
        return None

    first = find()
    return FoundSource(first, find) if first is not None else _embedded(environ)


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str | None]]:
    """(label, base URL, token) of every server that may be there, the likeliest first."""
    if (address := environ.get("JUPYTERHUB_SERVICE_URL")) and environ.get("JUPYTERHUB_API_TOKEN"):
        yield f"this JupyterHub server ({address})", address, environ["JUPYTERHUB_API_TOKEN"]
    servers = list(_running_servers(environ))
    parent = environ.get("JPY_PARENT_PID")
    for server in servers:
        if parent and str(server.get("pid")) == parent:
            yield f"this notebook's JupyterLab at {server['url']}", server["url"], server.get("token")
    if owner := _owner(home(environ)):
        yield f"the owner of {home(environ)} at {owner['address']}", owner["address"], owner.get("token")
    if environ.get("PROMPTHUB_HOME"):
        return  # a named store means that store, not some other server
    for server in servers:
        if str(server.get("pid")) != parent:
            yield f"JupyterLab at {server['url']}", server["url"], server.get("token")


def _owner(folder: Path) -> dict[str, Any] | None:
    try:
        record = json.loads((folder / "owner.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("address") else None


def _running_servers(environ: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    from jupyter_core.paths import jupyter_runtime_dir

    files = sorted(
        Path(jupyter_runtime_dir()).glob("jpserver-*.json"),
        key=lambda file: file.stat().st_mtime,
        reverse=True,
    )
    for file in files:
        try:
            record = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and record.get("url"):
            yield record


def _answers(source: HttpSource) -> bool:
    try:
        source.request("GET", "me")
    except PromptHubError:
        return False
    return True


def _embedded(environ: Mapping[str, str]) -> Source:
    try:
        from .embedded import EmbeddedSource
    except ImportError as error:
        raise NotReachable(
            "no PromptHub server was found, and the local store needs the server package "
            f"({error}); start JupyterLab, or set PROMPTHUB_URL and PROMPTHUB_TOKEN"
        ) from error
    return EmbeddedSource(home(environ))
