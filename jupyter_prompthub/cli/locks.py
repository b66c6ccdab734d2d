"""``prompthub lock``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ..client import Client
from ..core.errors import InvalidInput, NotFound
from ..core.names import parse_reference
from ..core.records import Drift, DriftItem, DriftState
from ..finding import files_in, references_in
from ..lock import Lock, full_reference
from .output import Exit, Output, table

__all__ = ["lock"]


def lock(client: Client, options: Namespace, out: Output) -> Exit:
    """Write down which versions the references of notebooks and programs mean; ``--check``: has that changed?"""
    path = Path(options.file)
    made = Lock.read(path) if path.exists() else Lock(path)
    explicit, found = _asked(options.what)
    wanted = explicit if found is None else explicit | found
    if options.check:
        return _check(client, made, wanted, out, whole=found is not None)
    upgraded = {full_reference(one) if "@" in one else one for one in options.upgrade}
    if unknown := {one for one in upgraded if not any(_named(one, each) for each in made.prompts)}:
        raise InvalidInput(
            f"--upgrade {min(unknown)}: {path} has no such prompt; it has {', '.join(sorted(made.prompts)) or 'none'}"
        )
    gone = made.keep(wanted) if found is not None else []
    lines = [f"- {reference}" for reference in gone]
    for reference in sorted(wanted | made.prompts.keys()):
        before = made.prompts.get(reference)
        if before and not options.upgrade_all and not any(_named(one, reference) for one in upgraded):
            continue
        now = client.version(reference)
        if before is None:
            lines.append(f"+ {reference} {now.short}")
        elif before.version_sha != now.sha:
            lines.append(f"~ {reference} {before.version_sha[:12]} → {now.short}")
        made.add(reference, now)
    made.write()
    what = "1 reference" if len(made.prompts) == 1 else f"{len(made.prompts)} references"
    said = {
        "path": str(path),
        "prompts": {name: one.model_dump() for name, one in sorted(made.prompts.items())},
    }
    out.show({**said, "changes": lines}, [*lines, f"{what} in {path}"])
    return Exit.PASSED


def _asked(arguments: list[str]) -> tuple[set[str], set[str] | None]:
    """What is named outright, and what files use (None: no file was named, nor meant)."""
    explicit: set[str] = set()
    paths: list[Path] = []
    for argument in arguments:
        if Path(argument).exists() or argument.endswith((".ipynb", ".py")):
            paths.append(Path(argument))
        else:
            explicit.add(full_reference(argument))
    if not arguments:
        paths = [Path()]
    if not paths:
        return explicit, None
    return explicit, {one for path in paths for file in files_in(path) for one in references_in(file)}


def _named(wanted: str, reference: str) -> bool:
    return wanted in (reference, parse_reference(reference).name)


def _check(client: Client, made: Lock, wanted: set[str], out: Output, *, whole: bool) -> Exit:
    if not made.prompts and not made.path.exists():
        raise NotFound(f"there is no {made.path} to check: make it with `prompthub lock`")
    missing = sorted(wanted - made.prompts.keys())
    extra = sorted(made.prompts.keys() - wanted) if whole else []
    references = sorted(made.prompts)
    items = [
        DriftItem(
            prompt=one.rpartition("@")[0],
            ref=parse_reference(one).ref,
            version_sha=made.prompts[one].version_sha,
        )
        for one in references
    ]
    drifts = dict(zip(references, client.drift(items), strict=True))
    moved = {reference: drift for reference, drift in drifts.items() if drift.changed}
    rows = [(reference, *_told(drift)) for reference, drift in moved.items()]
    rows += [(reference, "used, but not locked", "") for reference in missing]
    rows += [(reference, "locked, but not used", "") for reference in extra]
    said = {
        "moved": {reference: drift.model_dump(mode="json") for reference, drift in moved.items()},
        "missing": missing,
        "unused": extra,
    }
    lines = list(table(rows, ("reference", "state", "what changed"))) or [f"{made.path} is up to date"]
    out.show(said, lines)
    return Exit.FAILED if rows else Exit.PASSED


def _told(drift: Drift) -> tuple[str, str]:
    if drift.state is DriftState.GONE or drift.current_sha is None:
        return "gone", drift.reason
    what = "; ".join(drift.changes) or drift.reason
    return f"{drift.version_sha[:12]} → {drift.current_sha[:12]}", what
