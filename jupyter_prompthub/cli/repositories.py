"""Commands for git repositories (``docs/git.md``)."""

from __future__ import annotations

from argparse import Namespace

from ..client import Client
from ..core import records as r
from .output import Exit, Output

__all__ = ["export", "import_", "pull", "push", "status"]


def export(client: Client, options: Namespace, out: Output) -> Exit:
    """Write prompts into a repository in a folder."""
    return _wrote(client.git_export(options.folder, options.names), options.folder, out)


def push(client: Client, options: Namespace, out: Output) -> Exit:
    """Write prompts into a repository elsewhere."""
    return _wrote(client.git_push(options.remote, options.names), options.remote, out)


def pull(client: Client, options: Namespace, out: Output) -> Exit:
    """Bring in a repository from elsewhere."""
    done = client.git_pull(options.remote, options.names, dry_run=options.dry_run)
    return _brought(done, out, "would come in" if options.dry_run else "came in")


def _wrote(done: r.GitExport, where: str, out: Output) -> Exit:
    lines = [f"{done.commits} new commits in {where}"]
    lines += [f"  {ref} -> {commit[:12]}" for ref, commit in done.refs.items()]
    for what, why in done.left.items():
        out.note(f"{what}: {why}")
    out.show(done, lines)
    return Exit.FAILED if done.left else Exit.PASSED


def import_(client: Client, options: Namespace, out: Output) -> Exit:
    """Bring in a repository in a folder."""
    done = client.git_import(options.folder, options.names, dry_run=options.dry_run)
    return _brought(done, out, "would come in" if options.dry_run else "came in")


def status(client: Client, options: Namespace, out: Output) -> Exit:
    """Say what an export and an import would do; exit with 1 when that is something."""
    going, coming = client.git_status(options.folder, options.names)
    lines = [f"to export: {going.commits} commits", *(f"  {ref}" for ref in going.refs)]
    lines += [f"  {what}: {why}" for what, why in going.left.items()]
    lines += [f"to import: {coming.versions} versions", *(f"  {name}" for name in coming.branches)]
    lines += [f"  {place}: {found[0].message}" for place, found in coming.problems.items()]
    lines += [f"  {what}: {why}" for what, why in coming.left.items()]
    out.show({"export": going.model_dump(mode="json"), "import": coming.model_dump(mode="json")}, lines)
    same = not (going.commits or going.refs or coming.versions or coming.branches)
    return Exit.PASSED if same else Exit.FAILED


def _brought(done: r.GitImport, out: Output, verb: str) -> Exit:
    lines = [f"{done.versions} versions {verb}"]
    lines += [f"  new: {name}" for name in done.created]
    lines += [f"  {name} -> {sha[:12]}" for name, sha in {**done.branches, **done.tags}.items()]
    lines += [f"  review {one.prompt}#{one.number}: {one.source} into {one.target}" for one in done.reviews]
    lines += [f"  draft: {name}" for name in done.drafts]
    for place, found in done.problems.items():
        out.note(f"{place}: {found[0].message}")
    for what, why in done.left.items():
        out.note(f"{what}: {why}")
    out.show(done, lines)
    return Exit.FAILED if done.problems or done.drafts or done.reviews else Exit.PASSED
