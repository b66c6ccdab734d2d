"""Prompts as git repositories, both ways."""

from __future__ import annotations

import base64
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

    def git_import(
        self, folder: str | Path, names: Iterable[str] = (), *, dry_run: bool = False
    ) -> r.GitImport:
        """Bring in what the git repository in a folder of this machine has, and the prompts lack: all or nothing.

        Only commits, folders and ``.prompt`` files are sent.

        Args:
            names: prompts; none: all that the repository holds.
            dry_run: change nothing, and say what would be.
        """
        from ..git.folder import opened, refs_of
        from ..git.sending import needed

        with opened(Path(folder)) as repo:
            bundle = needed(repo.object_store, refs_of(repo))
        new = r.NewGitImport(bundle=base64.b64encode(bundle).decode(), names=tuple(names), dry_run=dry_run)
        return self._call(r.GitImport, "POST", "git/import", new)

    def git_status(self, folder: str | Path, names: Iterable[str] = ()) -> tuple[r.GitExport, r.GitImport]:
        """What an export to the repository in a folder would write now, and what an import would bring."""
        from ..git.folder import opened, refs_of
        from ..git.writing import planned

        names = tuple(names)
        with opened(Path(folder)) as repo:
            is_empty = not refs_of(repo)
        coming = r.GitImport() if is_empty else self.git_import(folder, names, dry_run=True)
        history = self.git_history(names)
        with opened(Path(folder)) as repo:
            going = planned(repo.object_store, refs_of(repo), history.items)
        refs = {ref.decode(): new.decode() for ref, (_, new) in going.refs.items()}
        return r.GitExport(commits=going.commits, refs=refs, left=going.left), coming

    def git_push(self, remote: str, names: Iterable[str] = ()) -> r.GitExport:
        """Write prompts into a repository elsewhere: a commit for each version that it lacks.

        Args:
            remote: the name of a connection of the provider ``git``.
            names: prompts; none: all.
        """
        return self._call(r.GitExport, "POST", "git/push", r.GitPush(remote=remote, names=tuple(names)))

    def git_pull(self, remote: str, names: Iterable[str] = (), *, dry_run: bool = False) -> r.GitImport:
        """Bring in what a repository elsewhere has, and the prompts lack: all or nothing. As :meth:`git_import`."""
        asked = r.GitPull(remote=remote, names=tuple(names), dry_run=dry_run)
        return self._call(r.GitImport, "POST", "git/pull", asked)
