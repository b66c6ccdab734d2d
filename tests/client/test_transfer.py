"""Files that come in and go out by the command line."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from tests.client.conftest import Cli


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """``data`` on standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def names(cli: Cli) -> list[str]:
    return [one["name"] for one in cli("list", "--json").json]


# ------------------------------------------------------------------ what is read


def test_no_link_in_a_folder_is_followed_and_each_is_listed(cli: Cli, tmp_path: Path) -> None:
    secret, folder = tmp_path / "secret.txt", tmp_path / "cloned"
    secret.write_text("the secret\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.prompt").write_text("the secret\n")
    folder.mkdir()
    (folder / "mine.prompt").write_text("Hi\n")
    (folder / "x.prompt").symlink_to(secret)
    (folder / "gone.prompt").symlink_to(tmp_path / "nowhere")
    (folder / "same.prompt").symlink_to(folder / "mine.prompt")
    (folder / "shared").symlink_to(tmp_path / "elsewhere")
    (folder / "notes.md").symlink_to(secret)
    ran = cli("import", str(folder))
    assert (ran.code, ran.out) == (0, "created mine\n")
    listed = [line.partition(":")[0] for line in ran.err.splitlines() if "not followed" in line]
    assert listed == [str(folder / name) for name in ("gone.prompt", "same.prompt", "shared", "x.prompt")]
    assert names(cli) == ["mine"]


def test_a_folder_of_nothing_but_links_holds_no_file(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "cloned"
    folder.mkdir()
    (folder / "x.prompty").symlink_to("/etc/hostname")
    ran = cli("import", str(folder))
    assert (ran.code, "holds no .prompt or .prompty file" in ran.err) == (2, True)


def test_a_link_that_was_named_itself_is_read(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.prompt").write_text("Hi\n")
    (tmp_path / "b.prompt").symlink_to(tmp_path / "folder" / "a.prompt")
    (tmp_path / "linked").symlink_to(tmp_path / "folder")
    assert cli("import", str(tmp_path / "b.prompt"), str(tmp_path / "linked")).out == "created b\ncreated a\n"


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_a_device_is_no_file(cli: Cli, device: str) -> None:
    ran = cli("import", device)
    assert (ran.code, f"cannot read {device}: it is a device" in ran.err) == (2, True)
    assert cli("new", "x", "--file", device).code == 2
    assert names(cli) == []


def test_no_more_of_a_file_is_read_than_any_may_hold(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sparse = tmp_path / "sparse.prompt"
    with sparse.open("wb") as file:
        file.truncate(1 << 40)
    for command in (("import",), ("save", "x")):
        ran = cli(*command, str(sparse))
        assert (ran.code, f"{sparse} has more than 4194304 characters" in ran.err) == (2, True)
    with open("/dev/zero") as endless:
        monkeypatch.setattr("sys.stdin", endless)
        ran = cli("import", "-")
    assert (ran.code, "standard input has more than 4194304 characters" in ran.err) == (2, True)


def test_a_named_pipe_is_read(cli: Cli, tmp_path: Path) -> None:
    fifo = tmp_path / "made.prompt"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_text, args=("Hi {{name}}\n",))
    writer.start()
    assert cli("import", str(fifo)).out == "created made\n"
    writer.join()
    assert cli("show", "made").out == "Hi {{name}}\n"


def test_standard_input_is_text_as_a_file_is(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, "Grüße\r\n".encode())
    assert cli("save", "x", "-", "--create").code == 0
    assert cli("show", "x", "--json").json["text"] == "Grüße\r\n"
    pipe(monkeypatch, b"abc\xff\n")
    ran = cli("save", "x", "-")
    assert (ran.code, "standard input is not UTF-8 text (byte 3)" in ran.err) == (2, True)
