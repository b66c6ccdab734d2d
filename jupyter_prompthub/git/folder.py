"""A repository in a folder of one's own file system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dulwich.errors import NotGitRepository
from dulwich.repo import Repo

from ..core.errors import Conflict, InvalidInput
from .pointing import check

__all__ = ["OURS", "move", "opened", "refs_of"]

OURS = b"refs/remotes/prompthub/"
"""where branches go in a repository with files: what is checked out is never touched"""


@contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator[Repo]:
    """The repository in a folder.

    Args:
        create: make a bare one where there is none, or the folder is empty.

    Raises:
        InvalidInput: there is none, it cannot be read, or it lies elsewhere (:mod:`pointing`).
    """
    try:
        if create and (not path.exists() or (path.is_dir() and not any(path.iterdir()))):
            path.parent.mkdir(parents=True, exist_ok=True)
            repo = Repo.init_bare(str(path), mkdir=not path.exists(), default_branch=b"main")
        else:
            check(path)
            repo = Repo(str(path))
    except NotGitRepository as error:
        expected = "a git repository, an empty folder, or none" if create else "a git repository"
        raise InvalidInput(f"{path}: expected {expected}") from error
    except OSError as error:
        raise InvalidInput(f"cannot open {path}: {error.strerror}") from error
    try:
        if repo.object_format.name != "sha1":
            raise InvalidInput(f"{path}: expected a repository with SHA-1 ids, got {repo.object_format.name}")
        yield repo
    finally:
        repo.close()


def refs_of(repo: Repo) -> dict[bytes, bytes]:
    """Branches and tags, and what they point to."""
    return {
        bytes(ref): bytes(oid)
        for ref, oid in repo.refs.as_dict().items()
        if ref.startswith((b"refs/heads/", b"refs/tags/"))
    }


def move(repo: Repo, refs: Mapping[bytes, tuple[bytes | None, bytes]]) -> dict[str, str]:
    """Move refs, each if it is still where it was; in a repository with files, branches below :data:`OURS`.

    Returns:
        Where they are now, by ref.

    Raises:
        Conflict: one was moved meanwhile; the others before it are where they should be.
    """
    moved: dict[str, str] = {}
    container: Any = repo.refs
    for ref, (old, new) in refs.items():
        if not repo.bare and ref.startswith(b"refs/heads/"):
            ref = OURS + ref.removeprefix(b"refs/heads/")
            old = container.as_dict().get(ref)
            if old == new:
                continue
        done = container.add_if_new(ref, new) if old is None else container.set_if_equals(ref, old, new)
        if not done:
            raise Conflict(f"{ref.decode()} was moved by somebody else meanwhile: run this again.")
        moved[ref.decode()] = new.decode()
    return moved
