"""Commands about bundles: make, key, verify."""

from __future__ import annotations

import base64
from argparse import Namespace
from pathlib import Path

from ..client import Client
from ..core.errors import InvalidInput
from .output import Exit, Output, table

__all__ = ["key", "make", "verify"]


def make(client: Client, options: Namespace, out: Output) -> Exit:
    """Write prompts into one signed file."""
    made = client.make_bundle(options.names, tags=options.tag, environment=options.env)
    path = Path(options.output)
    try:
        path.write_bytes(base64.b64decode(made.data))
    except OSError as error:
        raise InvalidInput(f"cannot write {path}: {error.strerror}") from error
    said = {"path": str(path), **made.model_dump(exclude={"data"})}
    out.show(
        said, [f"{made.versions} versions of {made.prompts} prompts in {path}, signed with {made.public_key}"]
    )
    return Exit.PASSED


def key(client: Client, options: Namespace, out: Output) -> Exit:
    """The public key that bundles of this server are verified with."""
    public = client.bundle_key()
    out.show({"public_key": public}, [public])
    return Exit.PASSED


def verify(options: Namespace, out: Output) -> Exit:
    """Check a bundle from end to end, and say what it holds."""
    from ..bundle import Trust, load_bundle

    trust = Trust(options.key, pin=options.pin, allow_unsigned=options.allow_unsigned)
    bundle = load_bundle(options.file, trust)
    held = [one for one in bundle.index.prompts if one.refs]
    rows = [
        (one.name, ref, sha[:12])
        for one in sorted(held, key=lambda p: p.name)
        for ref, sha in one.refs.items()
    ]
    signed = f"signed with {bundle.key}" if bundle.key else "not signed"
    head = f"{options.file}: {len(bundle.versions)} versions of the workspace {bundle.workspace}, {signed}"
    said = {"workspace": bundle.workspace, "key": bundle.key, "prompts": {one.name: one.refs for one in held}}
    out.show(said, [head, *table(rows, ("prompt", "ref", "version"))])
    return Exit.PASSED
