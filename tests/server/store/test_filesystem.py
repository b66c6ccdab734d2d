"""Network file systems are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from jupyter_prompthub_server.store.filesystem import filesystem_of, refuse_network
from jupyter_prompthub_server.store.store import open_store

from jupyter_prompthub.core.errors import StoreUnavailable

_MOUNTS = r"""22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:40 / /home rw,relatime shared:5 - nfs4 server:/export/home rw,vers=4.2
31 30 0:41 / /home/local\040disk rw,relatime - xfs /dev/sdb1 rw
32 22 0:42 / /mnt/share rw,relatime master:1 propagate_from:2 - cifs //server/share rw
33 22 0:43 / /mnt/ssh rw - fuse.sshfs me@host: rw
34 22 0:44 / /twice rw - nfs server:/a rw
35 22 0:45 / /twice rw - ext4 /dev/sdc1 rw
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A table of mounts as Linux gives it."""
    path = tmp_path / "mountinfo"
    path.write_text(_MOUNTS)
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/x", "ext4"),
        ("/home/anna/.local/share/jupyter/prompthub/prompthub.db", "nfs4"),
        ("/home/local disk/x.db", "xfs"),
        ("/homework/x.db", "ext4"),
        ("/mnt/share/deep/x.db", "cifs"),
        ("/twice/x.db", "ext4"),
    ],
)
def test_the_file_system_of_a_path_is_the_innermost_mounts(mounts: Path, path: str, kind: str) -> None:
    assert filesystem_of(Path(path), mounts) == kind


@pytest.mark.parametrize("path", ["/home/anna/x.db", "/mnt/share/x.db", "/mnt/ssh/x.db"])
def test_a_network_file_system_is_refused_with_advice(mounts: Path, path: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"PROMPTHUB_HOME.*DATABASE_URL"):
        refuse_network(Path(path), mounts)


def test_local_disks_and_unknown_systems_are_accepted(mounts: Path, tmp_path: Path) -> None:
    refuse_network(Path("/var/x.db"), mounts)
    refuse_network(Path("/var/x.db"), tmp_path / "no-proc-here")


def test_this_machines_own_table_is_understood(tmp_path: Path) -> None:
    if Path("/proc/self/mountinfo").exists():
        assert filesystem_of(tmp_path)


def test_a_store_on_a_network_file_system_is_not_even_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"22 1 0:1 / / rw - ext4 /dev/a rw\n23 22 0:2 / {tmp_path}/net rw - nfs s:/x rw\n")
    monkeypatch.setattr(refuse_network, "__defaults__", (table,))
    with pytest.raises(StoreUnavailable, match="network file system"):
        open_store(home=tmp_path / "net")
    assert not (tmp_path / "net").exists()
