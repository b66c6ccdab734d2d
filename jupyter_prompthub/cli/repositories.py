"""Commands for git repositories (``docs/git.md``)."""

from __future__ import annotations

from argparse import Namespace

from ..client import Client
from .output import Exit, Output

__all__ = ["export"]


def export(client: Client, options: Namespace, out: Output) -> Exit:
    """Write prompts into a repository in a folder."""
    done = client.git_export(options.folder, options.names)
    lines = [f"{done.commits} new commits in {options.folder}"]
    lines += [f"  {ref} -> {commit[:12]}" for ref, commit in done.refs.items()]
    for what, why in done.left.items():
        out.note(f"{what}: {why}")
    out.show(done, lines)
    return Exit.FAILED if done.left else Exit.PASSED
