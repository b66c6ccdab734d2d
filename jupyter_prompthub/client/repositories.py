"""Prompts as git repositories, both ways."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..core import records as r
from .merging import Merging

__all__ = ["Repositories"]


class Repositories(Merging):
    """What a client does with git repositories (``docs/git.md``)."""

    def git_history(self, names: Iterable[str] = ()) -> r.GitHistory:
        """Prompts with all versions that branches and version tags lead to; none named: all."""
        return self._call(r.GitHistory, "GET", "git/history", names=",".join(names) or None)

    def git_export(self, folder: str | Path, names: Iterable[str] = ()) -> r.GitExport:
        """Write prompts into the git repository in a folder of this machine: a commit for each version that it lacks.

        Args:
            folder: it is made, bare, when there is none. In a repository with checked-out files, branches go to
                ``refs/remotes/prompthub/``, and nothing that is checked out is touched.
            names: prompts; none: all.
        """
        from ..git.folder import move, opened, refs_of
        from ..git.writing import write

        history = self.git_history(names)
        with opened(Path(folder), create=True) as repo:
            written = write(repo.object_store, refs_of(repo), history.items)
            moved = move(repo, written.refs)
        return r.GitExport(commits=written.commits, refs=moved, left=written.left)
