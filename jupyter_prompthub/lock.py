"""``prompts.lock``: which version each reference of a project means (``docs/formats/prompts-lock.md``)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict, Field, ValidationError

from .core.canonical import loads_strict
from .core.errors import InvalidInput, PromptHubError
from .core.names import Reference, is_sha_prefix, parse_reference
from .core.records import Record, Sha, Version

__all__ = ["NAME", "Lock", "LockedPrompt", "NotLocked", "asked_for", "full_reference"]

NAME = "prompts.lock"


class NotLocked(PromptHubError):
    """A reference that the lock does not have, or a version that is not the one it has."""

    code: ClassVar[str] = "not_locked"
    status: ClassVar[int] = 409


class LockedPrompt(Record):
    """One entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt_id: str
    version_sha: Sha
    content_hash: Sha


class _File(Record):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["prompthub lock v1"] = "prompthub lock v1"
    prompts: dict[str, LockedPrompt] = Field(default_factory=dict)


def asked_for(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether ``PROMPTHUB_LOCKED`` says that the lock is on."""
    return environ.get("PROMPTHUB_LOCKED", "").lower() in ("1", "true", "yes", "on")


def full_reference(reference: str | Reference) -> str:
    """A reference as a lock writes it: with its ref."""
    parsed = parse_reference(reference) if isinstance(reference, str) else reference
    prefix = f"{parsed.workspace}:" if parsed.workspace else ""
    return f"{prefix}{parsed.name}@{parsed.ref}"


class Lock:
    """A lock file, in memory.

    Attributes:
        path: where it is.
        prompts: entries by full reference.
    """

    def __init__(self, path: Path, prompts: Mapping[str, LockedPrompt] | None = None) -> None:
        self.path = path
        self.prompts: dict[str, LockedPrompt] = dict(prompts or {})
        self._pinned: dict[str, str] = {}

    @classmethod
    def read(cls, path: str | Path) -> Lock:
        """From a file.

        Raises:
            InvalidInput: it cannot be read, or is no lock file.
        """
        try:
            said = loads_strict(Path(path).read_bytes())
            prompts = _File.model_validate(said).prompts
            for reference in prompts:
                if full_reference(reference) != reference:
                    raise InvalidInput(f"{reference!r} is no full reference")
        except OSError as error:
            raise InvalidInput(
                f"the lock cannot be read: {path}: {error.strerror}; make one with `prompthub lock`"
            ) from error
        except (InvalidInput, ValidationError) as error:
            why = error.message if isinstance(error, InvalidInput) else error.errors()[0]["msg"]
            raise InvalidInput(
                f"{path} is not a lock of this PromptHub: {why}; make it again with `prompthub lock`"
            ) from error
        return cls(Path(path), prompts)

    @classmethod
    def find(cls, start: Path | None = None) -> Lock:
        """The nearest ``prompts.lock``, in this folder or above.

        Raises:
            InvalidInput: there is none.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / NAME).is_file():
                return cls.read(folder / NAME)
        raise InvalidInput(f"there is no {NAME} in {here} or above: make one with `prompthub lock`")

    def text(self) -> str:
        """What the file holds: the same for the same entries."""
        said = _File(prompts=self.prompts).model_dump(mode="json")
        return json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def write(self) -> bool:
        """Write the file, whole or not at all; whether anything changed."""
        text = self.text()
        try:
            if self.path.exists() and self.path.read_text("utf-8") == text:
                return False
            new = self.path.with_name(self.path.name + ".new")
            new.write_text(text, "utf-8")
            os.replace(new, self.path)
        except OSError as error:
            raise InvalidInput(f"cannot write {self.path}: {error.strerror}") from error
        return True

    def pinned(self, reference: str) -> str:
        """``reference`` with the SHA that it is locked to.

        Raises:
            NotLocked: the lock does not have it.
        """
        known = self._pinned.get(reference)
        if known is not None:
            return known
        parsed = parse_reference(reference)
        entry = self.prompts.get(full_reference(parsed))
        if entry is not None:
            prefix = f"{parsed.workspace}:" if parsed.workspace else ""
            known = f"{prefix}{parsed.name}@{entry.version_sha}"
        elif is_sha_prefix(parsed.ref):
            known = reference
        else:
            full = full_reference(parsed)
            raise NotLocked(
                f"{full} is not in {self.path}, and what is locked refuses to drift. Add it with `prompthub lock {full}`, "
                "or turn the lock off",
                details={"reference": full},
            )
        self._pinned[reference] = known
        return known

    def check(self, version: Version) -> None:
        """Refuse a version that is not what the lock has under its SHA.

        Raises:
            NotLocked: its content hash is another one.
        """
        for reference, entry in self.prompts.items():
            if entry.version_sha == version.sha and entry.content_hash != version.content_hash:
                raise NotLocked(
                    f"{reference}: the version {version.short} has the content hash {version.content_hash[:12]}…, and "
                    f"{self.path} has {entry.content_hash[:12]}…: it is not used",
                    details={"reference": reference},
                )

    def add(self, reference: str, version: Version) -> None:
        """Lock a reference to a version."""
        self.prompts[full_reference(reference)] = LockedPrompt(
            prompt_id=version.prompt_id, version_sha=version.sha, content_hash=version.content_hash
        )
        self._pinned.clear()

    def keep(self, references: Iterable[str]) -> list[str]:
        """Drop all others; which."""
        wanted = {full_reference(reference) for reference in references}
        gone = sorted(self.prompts.keys() - wanted)
        for reference in gone:
            del self.prompts[reference]
        self._pinned.clear()
        return gone
