"""What is in a bundle: written, and checked on the way in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from ..core.canonical import canonical, content_hash, loads_strict, text_hash, version_sha
from ..core.errors import InvalidInput, PromptHubError
from ..core.promptfile import parse
from ..core.records import ActorRef, Record, Sha, Version
from .container import pack, unpack
from .keys import SigningKey, signed_bytes, verifies

__all__ = ["FORMAT", "Bundle", "BundledPrompt", "BundledVersion", "Index", "assemble", "open_bundle"]

FORMAT = "prompthub bundle v1"
_FAMILY = re.compile(r"prompthub bundle v\d+")
_NAME = re.compile(r"index\.json|versions/[0-9a-f]{64}\.json")
_OUTSIDE = ("manifest.json", "signature.json")
_M = TypeVar("_M", bound=Record)


class _Strict(Record):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BundledPrompt(_Strict):
    """A prompt with the refs that the bundle has of it; none for one that is only a snippet."""

    id: str
    name: str
    former: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    refs: dict[str, Sha] = Field(default_factory=dict)


class Index(_Strict):
    """``index.json``."""

    environments: tuple[str, ...] = ()
    prompts: tuple[BundledPrompt, ...] = ()


class BundledVersion(_Strict):
    """``versions/<sha>.json``: all that a version's SHA is made of, and its text."""

    sha: Sha
    prompt_id: str
    number: int
    text: str
    content_hash: Sha
    text_hash: Sha
    lock: dict[str, Sha]
    parents: tuple[Sha, ...]
    author: ActorRef
    created_at: str
    commit_message: str

    @classmethod
    def of(cls, version: Version) -> BundledVersion:
        """What a bundle keeps of a version."""
        fields = {name: getattr(version, name) for name in cls.model_fields}
        return cls(**fields)


class _File(_Strict):
    sha256: Sha
    size: int


class _Workspace(_Strict):
    id: str
    name: str


class _Manifest(_Strict):
    format: Literal["prompthub bundle v1"]
    workspace: _Workspace
    files: dict[str, _File]


class _Signature(_Strict):
    algorithm: Literal["ed25519"]
    key: str
    signature: str


class Bundle(Record):
    """A bundle that was checked from end to end."""

    workspace_id: str
    workspace: str
    key: str | None
    """the public key that it was verified with; None: unsigned, and that was allowed"""
    index: Index
    versions: dict[str, Version]
    """by SHA"""


def assemble(
    workspace_id: str,
    workspace: str,
    index: Index,
    versions: Iterable[BundledVersion],
    key: SigningKey | None,
) -> bytes:
    """The bytes of a bundle: the same for the same contents and key."""
    files = {"index.json": canonical(_sorted(index).model_dump(mode="json"))}
    for version in versions:
        files[f"versions/{version.sha}.json"] = canonical(version.model_dump(mode="json"))
    manifest = canonical(
        {
            "format": FORMAT,
            "workspace": {"id": workspace_id, "name": workspace},
            "files": {name: _facts(data) for name, data in files.items()},
        }
    )
    files["manifest.json"] = manifest
    if key is not None:
        signature = key.sign(signed_bytes(manifest))
        said = {"algorithm": "ed25519", "key": key.public, "signature": signature}
        files["signature.json"] = canonical(said)
    return pack(files)


def _sorted(index: Index) -> Index:
    prompts = tuple(sorted(index.prompts, key=lambda one: one.id))
    return Index(environments=tuple(sorted(index.environments)), prompts=prompts)


def _facts(data: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def open_bundle(data: bytes, key_of: Callable[[str, str | None], str | None]) -> Bundle:
    """Check a bundle from end to end.

    Args:
        data: the whole file.
        key_of: given the workspace's id and the key that the bundle names (None: it is unsigned), the public key
            that is trusted; None to take an unsigned one. It raises where there is nothing to trust.

    Raises:
        InvalidInput: the file is not what it should be; the message says what is wrong.
    """
    files = unpack(data)
    manifest = _manifest(files)
    signature = _signature(files)
    key = key_of(manifest.workspace.id, signature.key if signature else None)
    if key is not None:
        if signature is None:
            raise InvalidInput("the bundle is not signed, and a signature was expected: it is not used")
        if not verifies(key, signature.signature, signed_bytes(files["manifest.json"])):
            raise InvalidInput(
                f"the signature does not fit the key {key} (the bundle names {signature.key[:80]!r}): it comes from "
                "somebody else or was tampered with, and is not used"
            )
    _check_files(files, manifest)
    if pack(files) != data:
        raise InvalidInput(
            "the bundle has bytes that no part of it accounts for: it was tampered with, and is not used"
        )
    index = _read(Index, files, "index.json")
    versions = {name[9:73]: _version(files, name) for name in files if name.startswith("versions/")}
    _check_links(index, versions)
    return Bundle(
        workspace_id=manifest.workspace.id,
        workspace=manifest.workspace.name,
        key=key,
        index=index,
        versions=versions,
    )


def _manifest(files: dict[str, bytes]) -> _Manifest:
    if "manifest.json" not in files:
        raise InvalidInput("there is no manifest.json in it: this is not a bundle of PromptHub")
    said = loads_strict(files["manifest.json"])
    known = said.get("format") if isinstance(said, dict) else None
    if known != FORMAT and isinstance(known, str) and _FAMILY.fullmatch(known):
        raise InvalidInput(
            f"the bundle is of the format {known!r}; this PromptHub reads {FORMAT!r}: upgrade it"
        )
    return _read(_Manifest, files, "manifest.json")


def _signature(files: dict[str, bytes]) -> _Signature | None:
    return _read(_Signature, files, "signature.json") if "signature.json" in files else None


def _read(kind: type[_M], files: dict[str, bytes], name: str) -> _M:
    try:
        return kind.model_validate(loads_strict(files[name]))
    except KeyError:
        raise InvalidInput(f"{name} is missing from the bundle: it is not used") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part)[:80] for part in first["loc"])
        raise InvalidInput(f"{name} is not what a bundle has there: {where}: {first['msg']}") from error


def _check_files(files: dict[str, bytes], manifest: _Manifest) -> None:
    for name in manifest.files:
        if not _NAME.fullmatch(name):
            raise InvalidInput(f"a bundle has no entry {name[:80]!r}: it is not used")
    missing, extra = manifest.files.keys() - files.keys(), files.keys() - manifest.files.keys() - {*_OUTSIDE}
    if missing or extra:
        what = f"{min(missing)!r} is missing" if missing else f"{min(extra)[:80]!r} is not in its manifest"
        raise InvalidInput(f"{what}: the bundle was tampered with, and is not used")
    for name, expected in manifest.files.items():
        if _facts(files[name]) != expected.model_dump():
            raise InvalidInput(
                f"{name} is not what the manifest says: the bundle was tampered with, and is not used"
            )


def _version(files: dict[str, bytes], name: str) -> Version:
    one = _read(BundledVersion, files, name)
    try:
        content = parse(one.text).content
        made = datetime.fromisoformat(one.created_at)
        found = {
            "text_hash": text_hash(one.text),
            "content_hash": content_hash(content),
            "sha": version_sha(
                prompt_id=one.prompt_id,
                content_hash=one.content_hash,
                text_hash=one.text_hash,
                lock=one.lock,
                parents=one.parents,
                actor_id=one.author.id,
                created_at=made,
                commit_message=one.commit_message,
            ),
        }
    except (PromptHubError, ValueError) as error:
        raise InvalidInput(f"{name} holds no version: {error}") from error
    for field, value in found.items():
        if value != getattr(one, field):
            raise InvalidInput(
                f"the {field} of {name} is {value[:12]}… when computed again, not what it says"
            )
    if name != f"versions/{one.sha}.json":
        raise InvalidInput(f"{name} holds the version {one.sha[:12]}: it is not used")
    return Version(**one.model_dump(), short=one.sha[:12], content=content)


def _check_links(index: Index, versions: dict[str, Version]) -> None:
    prompts = {one.id: one for one in index.prompts}
    if len(prompts) != len(index.prompts):
        raise InvalidInput("two prompts of the bundle have the same id: it is not used")
    links = [(one.id, sha, f"{one.name}@{ref}") for one in index.prompts for ref, sha in one.refs.items()]
    links += [(pid, sha, f"the lock of {v.short}") for v in versions.values() for pid, sha in v.lock.items()]
    links += [(version.prompt_id, sha, version.short) for sha, version in versions.items()]
    for prompt_id, sha, what in links:
        if prompt_id not in prompts or sha not in versions or versions[sha].prompt_id != prompt_id:
            raise InvalidInput(f"{what} leads to nothing in the bundle: it is not used")
    held = {version.prompt_id for version in versions.values()}
    for one in index.prompts:
        if one.id not in held:
            raise InvalidInput(f"the bundle has no version of {one.name}: it is not used")
    names = [name for one in index.prompts for name in (one.name, *one.former)]
    if len(names) != len(set(names)):
        raise InvalidInput("two prompts of the bundle have the same name: it is not used")
