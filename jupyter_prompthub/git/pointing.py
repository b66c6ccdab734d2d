"""Where a folder's repository really lies.

A ``.git`` that leads out of the folder is believed only if what it leads to names the folder too: a folder that came from
somebody else must not stand for another repository of whoever imports it.
"""

from __future__ import annotations

from pathlib import Path

from dulwich.config import ConfigFile

from ..core.errors import InvalidInput

__all__ = ["check"]

_PARTS = ("objects", "refs", "packed-refs", "HEAD", "config")
_MOST = 64 * 1024
"""bytes of a file that points somewhere"""


def check(folder: Path) -> None:
    """Refuse a folder that stands for a repository elsewhere, which does not know of it. Linked worktrees and submodules are
    known; a link, and ``git init --separate-git-dir``, are not: their repository can be named itself.

    Raises:
        InvalidInput: with the place that it leads to.
        OSError: it cannot be read.
    """
    inside = folder.resolve()
    pointer = inside / ".git"
    home = inside
    if pointer.is_file():
        home = _home(pointer)
        if not home.is_dir():
            raise InvalidInput(f"{pointer} leads to {home}: expected a git repository there")
    elif pointer.exists():
        home = pointer.resolve()
    shared = _named(home, "commondir") or home
    known = [inside]
    if not home.is_relative_to(inside):
        if _is_worktree(home, shared, pointer):
            known.append(shared)
        elif shared == home and _is_submodule(home, inside):
            known.append(home)
        else:
            raise _elsewhere(pointer, home)
    for part in (shared, *(shared / name for name in _PARTS)):
        if not any(part.resolve().is_relative_to(one) for one in known):
            raise _elsewhere(part if part != shared else home / "commondir", part.resolve())


def _home(pointer: Path) -> Path:
    """What a ``.git`` that is a file points to."""
    said = _text(pointer)
    if not said.startswith("gitdir: "):
        raise InvalidInput(f"{pointer}: expected a folder, or a file that begins with 'gitdir: '")
    return (pointer.parent / said.removeprefix("gitdir: ")).resolve()


def _is_worktree(home: Path, shared: Path, pointer: Path) -> bool:
    """Whether a repository has this as one of its linked worktrees."""
    if home.parent.name != "worktrees" or home.parent.parent != shared:
        return False
    back = _named(home, "gitdir")
    return back is not None and back == pointer.resolve()


def _is_submodule(home: Path, inside: Path) -> bool:
    """Whether a repository says that its files are in this folder."""
    try:
        with (home / "config").open("rb") as file:
            worktree = ConfigFile.from_file(file).get((b"core",), b"worktree")
    except (FileNotFoundError, NotADirectoryError, KeyError, ValueError):
        return False
    return bool((home / worktree.decode("utf-8", "surrogateescape")).resolve() == inside)


def _named(home: Path, name: str) -> Path | None:
    """The path in a file of a repository; None: no such file."""
    file = home / name
    return (home / _text(file)).resolve() if file.is_file() else None


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        said = opened.read(_MOST).decode("utf-8", "surrogateescape").rstrip("\r\n")
    if "\0" in said:
        raise InvalidInput(f"{file}: expected a path, got a NUL character")
    return said


def _elsewhere(pointer: Path, home: Path) -> InvalidInput:
    return InvalidInput(
        f"{pointer} leads to {home}, which does not name this folder as one of its own. Nothing was read; name the "
        "repository itself if you mean it.",
        details={"path": str(home)},
    )
