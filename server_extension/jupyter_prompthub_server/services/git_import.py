"""A git repository comes in: what is new of each prompt, in one transaction (``docs/formats/git.md``)."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, ConfigDict

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import canonical, tagged_sha256
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.names import DEFAULT_BRANCH, Reference
from jupyter_prompthub.core.records import GitImport, NewGitImport

from ..access.permissions import AuditTag, Permission
from ..endpoints import Context, endpoint
from ..operations import operation
from ..transaction import Tx
from . import many_refs
from .git_bringing import Bringing, Report

__all__ = ["Incoming", "bring", "import_", "scanned", "unpacked"]


class Incoming(BaseModel):
    """A repository that was read, on its way into a transaction."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    scan: Any
    """``jupyter_prompthub.git.reading.Scan``"""
    names: tuple[str, ...] = ()
    dry_run: bool = False
    remote: str = ""
    """the connection that it came over"""


@operation(Permission.PROMPT_WRITE, tag=AuditTag.WORKSPACE_IMPORT, alone=True)
def bring(tx: Tx, incoming: Incoming) -> GitImport:
    """Bring in what a repository has and the prompts lack, all or nothing (several new prompts need ``workspace:write``)."""
    report = Report()
    heads = _as_ours(incoming.scan.branches, report)
    paths = _paths(tx, incoming)
    report.left.update(incoming.scan.left)
    for name in _snippets_first(incoming.scan, heads, paths):
        row, mine = paths[name]
        Bringing(tx, incoming.scan, heads, report, alone=len(paths) == 1).run(name, row, mine)
    if len(report.created) > 1:
        tx.require(Permission.WORKSPACE_WRITE)
    if incoming.dry_run or not report.written:
        tx.unchanged()
    root = tagged_sha256("prompthub import v2", canonical(report.written))
    tx.audit(prompts=str(len(report.prompts)), versions=str(report.versions), form="git", root=root)
    if incoming.remote:
        tx.audit(remote=incoming.remote)
    tx.emit("workspace.imported")
    return report.record()


@endpoint(Permission.PROMPT_WRITE, audited="git_import.bring")
async def import_(context: Context, new: NewGitImport) -> GitImport:
    """Bring in a git repository: what the prompts lack, as versions; what went another way, as reviews."""
    with unpacked(Path(context.runtime.dispatcher.store.home)) as folder:
        scan = await asyncio.to_thread(_scan, new.bundle, folder)
        try:
            incoming = Incoming(scan=scan, names=new.names, dry_run=new.dry_run)
            made: GitImport = await context.runtime.dispatcher.call(bring, context.caller, {}, incoming)
        finally:
            scan.objects.close()
        return made


@contextmanager
def unpacked(home: Path) -> Iterator[Path]:
    """A private folder for the objects of a repository, as long as they are read."""
    (home / "git").mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(dir=home / "git") as folder:
        yield Path(folder)


def _scan(bundle: str, folder: Path) -> Any:
    from jupyter_prompthub.git.packs import read_bundle

    try:
        data = base64.b64decode(bundle, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("the bundle is not base64") from error
    refs, pack = read_bundle(data)
    return scanned(refs, pack, folder)


def scanned(refs: Mapping[bytes, bytes], pack: bytes | memoryview, folder: Path) -> Any:
    """A repository's pack, checked, unpacked into a folder, and read.

    Raises:
        InvalidInput, TooLarge: it cannot come in.
    """
    from jupyter_prompthub.git.objects import Objects
    from jupyter_prompthub.git.packs import store_in
    from jupyter_prompthub.git.reading import scan

    objects = Objects(store_in(folder, pack))
    try:
        return scan(objects, refs)
    except BaseException:
        objects.close()
        raise


def _as_ours(branches: Mapping[str, int], report: Report) -> dict[str, int]:
    """Branches by their names here: a repository without ``main`` has another first one."""
    if not branches:
        raise InvalidInput("the repository has no branches: expected at least one, such as main")
    first = DEFAULT_BRANCH
    if first not in branches:
        first = "master" if "master" in branches else next(iter(branches)) if len(branches) == 1 else first
        if first in branches:
            report.left[first] = f"it is the repository's first branch, and came in as {DEFAULT_BRANCH}"
    named = {DEFAULT_BRANCH if name == first else name: at for name, at in branches.items()}
    return dict(sorted(named.items(), key=lambda item: (item[0] != DEFAULT_BRANCH, item[0])))


def _paths(tx: Tx, incoming: Incoming) -> dict[str, tuple[Any, list[str]]]:
    """By prompt name: its row, None of a new one, and the paths of its file; the last one counts."""
    by_name: dict[str, str] = {name: path for path, name in incoming.scan.paths.items()}
    rows = many_refs.named(tx, [Reference(name) for name in by_name])
    found: dict[str, tuple[Any, list[str]]] = {}
    for name, path in sorted(by_name.items()):
        row = rows.get(Reference(name))
        called = row.name if row is not None else name
        mine = found.setdefault(called, (row, []))[1]
        mine.insert(len(mine) if name == called else 0, path)
    if incoming.names:
        if missing := sorted(set(incoming.names) - found.keys()):
            raise InvalidInput(f"the repository has no prompt {missing[0]!r}", details={"name": missing[0]})
        found = {name: one for name, one in found.items() if name in incoming.names}
    return found


def _snippets_first(
    scan: Any, heads: Mapping[str, int], paths: Mapping[str, tuple[Any, list[str]]]
) -> Iterable[str]:
    """Names, each after those that its newest text on ``main`` includes."""
    main = scan.commits[heads[DEFAULT_BRANCH]].tree if DEFAULT_BRANCH in heads else None
    uses: dict[str, list[str]] = {}
    for name, (_, mine) in paths.items():
        blob = scan.objects.find(main, mine[-1]) if main is not None else None
        text = scan.objects.text(blob) if blob is not None else None
        document = promptfile.check(text)[0] if text is not None and "{{>" in text else None
        uses[name] = sorted(document.content.snippets.keys() & paths.keys()) if document else []
    done: dict[str, None] = {}
    for name in paths:
        stack = [(name, False)]
        begun: set[str] = set()
        while stack:
            one, left = stack.pop()
            if left:
                done.setdefault(one)
            elif one not in done and one not in begun:
                begun.add(one)
                stack.append((one, True))
                stack.extend((inside, False) for inside in uses[one])
    return done
