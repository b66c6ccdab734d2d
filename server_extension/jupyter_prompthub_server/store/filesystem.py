"""Refuses to put SQLite on a network file system, where its locks and shared memory do not hold."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_prompthub.core.errors import StoreUnavailable

__all__ = ["filesystem_of", "refuse_network"]

_NETWORK = frozenset(
    {
        *("afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs"),
        *("nfs", "nfs4", "ocfs2", "smb3", "smbfs", "fuse.ceph", "fuse.davfs", "fuse.gcsfuse"),
        *("fuse.glusterfs", "fuse.juicefs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
    }
)
_MOUNTS = Path("/proc/self/mountinfo")


def filesystem_of(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """The type of the file system that holds ``path`` (which need not exist yet), as the kernel names it;
    None where it cannot be known (no ``/proc``)."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    real = os.path.realpath(path)
    best, kind = -1, None
    for line in lines:
        left, _, right = line.partition(" - ")
        point = left.split(" ")[4].encode("utf-8", "surrogateescape").decode("unicode_escape")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:  # of two mounts at one point the later one is seen
            best, kind = len(point), right.split(" ")[0]
    return kind


def refuse_network(path: Path, mounts: Path = _MOUNTS) -> None:
    """Refuse a SQLite file on a network file system.

    Raises:
        StoreUnavailable: with advice; ``details["filesystem"]`` has the type.
    """
    kind = filesystem_of(path, mounts)
    if kind in _NETWORK:
        raise StoreUnavailable(
            f"{path} lies on a network file system ({kind}), where SQLite loses data. Set PROMPTHUB_HOME to "
            "a folder on a local disk, or DATABASE_URL to a PostgreSQL database.",
            details={"filesystem": kind},
        )
