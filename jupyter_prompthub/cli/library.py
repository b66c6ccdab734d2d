"""``prompthub tag | archive | restore``."""

from __future__ import annotations

from argparse import Namespace

from ..client import Client
from ..core.errors import InvalidInput
from ..core.names import DEFAULT_BRANCH, parse_reference
from .output import Exit, Output

__all__ = ["archive", "restore", "tag"]


def tag(client: Client, options: Namespace, out: Output) -> Exit:
    """Give a version a name of its own, for good."""
    named = client.tag(options.reference, options.tag)
    out.show(named, [f"{named.short} is {parse_reference(options.reference).name}@{options.tag}"])
    return Exit.PASSED


def archive(client: Client, options: Namespace, out: Output) -> Exit:
    """Take a prompt out of the library."""
    gone = client.archive(options.name)
    out.show(gone, [f"{gone.name} is archived; `prompthub restore {gone.name}` brings it back"])
    return Exit.PASSED


def restore(client: Client, options: Namespace, out: Output) -> Exit:
    """Bring an archived prompt back; or, of a version, its text: into a draft, or (with a message) as a new version."""
    parsed = parse_reference(options.reference)
    if "@" not in options.reference:
        if options.branch is not None or options.message is not None:
            raise InvalidInput(
                f"--branch and -m are for the text of a version: say which, {parsed.name}@REF, or leave them out"
            )
        back = client.restore(parsed.name)
        out.show(back, [f"{back.name} is in the library"])
        return Exit.PASSED
    branch = options.branch or DEFAULT_BRANCH
    version = client.version(options.reference)
    if options.message is not None:
        saved = client.save(parsed.name, version.text, options.message, branch=branch)
        note = "" if saved.created else " (nothing new: this is the head)"
        out.show(saved, [f"{parsed.name}@{saved.short}{note}"])
        return Exit.PASSED
    draft = client.restore_version(f"{parsed.name}@{version.sha}", branch)
    out.show(draft, [f"the draft of {parsed.name}@{branch} has the text of {version.short}"])
    return Exit.PASSED
