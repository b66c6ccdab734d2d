"""The system's own git, as a person runs it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = ["PlainGit", "clone"]

_WHO = {
    "GIT_AUTHOR_NAME": "Ada Löwe",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada Löwe",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


class PlainGit:
    """A folder with a repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, input: bytes | None = None, **env: str) -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.folder,
            input=input,
            env={**os.environ, **_WHO, **env},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.decode()}"
        return done.stdout.decode().rstrip("\n")

    def write(self, path: str, text: str) -> None:
        """A file with these very bytes."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def commit(self, message: str, files: dict[str, str], **env: str) -> str:
        """Commit files; the commit's id."""
        for path, text in files.items():
            self.write(path, text)
            self("add", "--", path)
        self("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message, **env)
        return self("rev-parse", "HEAD")

    def parents(self, *refs: str) -> dict[str, list[str]]:
        """Commits that refs lead to (none: all), and their parents."""
        rows = self("log", "--format=%H %P", *(refs or ["--all"])).splitlines()
        return {row.split()[0]: row.split()[1:] for row in rows}


def clone(source: Path, target: Path) -> PlainGit:
    """A clone with files."""
    PlainGit(source)("clone", "-q", str(source), str(target))
    return PlainGit(target)
