"""Git repositories elsewhere: pushed to and pulled from, over connections of the provider ``git`` (``docs/git.md``)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_prompthub.core.errors import NotFound
from jupyter_prompthub.core.gateway import Endpoint
from jupyter_prompthub.core.records import GitExport, GitImport, GitPrompt, GitPull, GitPush

from ..access.permissions import AuditTag, Permission
from ..endpoints import Context, endpoint
from ..operations import operation
from ..transaction import Tx
from .connections import GIT, everyone
from .git_history import chosen, histories
from .git_import import Incoming, bring, scanned, unpacked

if TYPE_CHECKING:
    from ..egress.door import Egress
    from ..egress.git import GitRemote

__all__ = ["pull", "push", "pushing", "remote"]

T = TypeVar("T")

_IDLE_S = 30.0


@dataclass(frozen=True, slots=True)
class Pushing:
    """What is to be pushed, and where. Never leaves the process."""

    endpoint: Endpoint
    items: tuple[GitPrompt, ...]


@operation(Permission.PROMPT_WRITE, no_audit="read")
def remote(tx: Tx, asked: GitPull) -> Endpoint:
    """The address and key of a remote: for the door, never for an answer."""
    return _endpoint(tx, asked.remote)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.GIT_PUSH, snapshot=True)
def pushing(tx: Tx, asked: GitPush) -> Pushing:
    """What a push sends, on the record before any of it leaves."""
    found = _endpoint(tx, asked.remote)
    rows = chosen(tx, asked.names)
    tx.audit(
        remote=asked.remote,
        prompts=str(len(rows)),
        names=",".join(row.name for row in rows) if asked.names else "*",
    )
    return Pushing(found, histories(tx, rows))


@endpoint(Permission.PROMPT_WRITE, audited="git_import.bring")
async def pull(context: Context, asked: GitPull) -> GitImport:
    """Bring in what a remote repository has and the prompts lack."""
    dispatcher = context.runtime.dispatcher
    found: Endpoint = await dispatcher.call(remote, context.caller, {}, asked)
    async with _door(found) as (there, run):
        with unpacked(Path(dispatcher.store.home)) as folder:

            def fetched() -> Any:
                refs, pack = there.fetch()
                return scanned(refs, pack or _NO_PACK, folder)

            scan = await run(fetched)
            try:
                incoming = Incoming(scan=scan, names=asked.names, dry_run=asked.dry_run, remote=asked.remote)
                made: GitImport = await dispatcher.call(bring, context.caller, {}, incoming)
            finally:
                scan.objects.close()
    return made


@endpoint(Permission.PROMPT_WRITE, audited="git_remotes.pushing")
async def push(context: Context, asked: GitPush) -> GitExport:
    """Write prompts into a remote repository: a commit for each version that it lacks; branches only move forward."""
    dispatcher = context.runtime.dispatcher
    sending: Pushing = await dispatcher.call(pushing, context.caller, {}, asked)
    async with _door(sending.endpoint) as (there, run):
        with unpacked(Path(dispatcher.store.home)) as folder:
            done: GitExport = await run(lambda: _pushed(there, sending.items, folder))
            return done


def _pushed(there: GitRemote, items: tuple[GitPrompt, ...], folder: Path) -> GitExport:
    from dulwich.object_store import DiskObjectStore

    from jupyter_prompthub.git.packs import store_in
    from jupyter_prompthub.git.writing import write

    refs, pack = there.fetch()
    store = store_in(folder, pack) if pack else DiskObjectStore.init(str(folder))
    try:
        written = write(store, refs, items)
        ends = there.push(store, written.refs) if written.refs else {}
    finally:
        store.close()
    left = dict(written.left)
    left.update({ref.decode(): why for ref, why in ends.items() if why is not None})
    moved = {ref.decode(): new.decode() for ref, (_, new) in written.refs.items() if ends.get(ref) is None}
    return GitExport(commits=written.commits, refs=moved, left=left)


_NO_PACK = bytes.fromhex("5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e")
"""the pack of an empty repository"""


def _endpoint(tx: Tx, name: str) -> Endpoint:
    found = next(
        (one for one in everyone(tx) if one.record.name == name and one.record.provider == GIT), None
    )
    if found is None:
        raise NotFound(
            f"There is no remote {name!r} here: add it with prompthub connection add {name} git --base-url URL.",
            details={"remote": name},
        )
    return found.endpoint(_IDLE_S)


@asynccontextmanager
async def _door(where: Endpoint) -> AsyncIterator[tuple[GitRemote, Callable[[Callable[[], T]], Any]]]:
    """A way to a remote, and what runs something blocking beside the loop."""
    egress_of, remote_of = await asyncio.to_thread(_ways)
    egress = egress_of()
    try:
        yield remote_of(where, egress, asyncio.get_running_loop()), asyncio.to_thread
    finally:
        await egress.close()


def _ways() -> tuple[type[Egress], type[GitRemote]]:
    """aiohttp and dulwich: imported in a thread, when the first remote is asked."""
    from ..egress.door import Egress
    from ..egress.git import GitRemote

    return Egress, GitRemote
