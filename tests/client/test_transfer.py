"""Files that come in and go out by the command line."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from jupyter_prompthub.client import Client
from tests.client.conftest import Cli, Ran


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


def test_a_pipe_of_the_shell_has_no_name_as_standard_input_has_none(cli: Cli) -> None:
    for more, said in (((), "pipe has no name"), (("--name", "x"), "pipe: taken as plain text")):
        reading, writing = os.pipe()
        os.write(writing, b"Hi {{name}}\n")
        os.close(writing)
        assert said in cli("import", f"/dev/fd/{reading}", *more).err
        os.close(reading)
    assert names(cli) == ["x"]


def test_a_path_that_no_file_can_have_is_said_so(cli: Cli) -> None:
    ran = cli("import", "x" * 5000)
    assert (ran.code, "cannot read xxx" in ran.err) == (2, True)


def test_standard_input_that_is_closed_is_said_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    ran = cli("import", "-")
    assert (ran.code, "standard input is closed; name a file" in ran.err) == (2, True)


def test_standard_input_is_text_as_a_file_is(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, "Grüße\r\n".encode())
    assert cli("save", "x", "-", "--create").code == 0
    assert cli("show", "x", "--json").json["text"] == "Grüße\r\n"
    pipe(monkeypatch, b"abc\xff\n")
    ran = cli("save", "x", "-")
    assert (ran.code, "standard input is not UTF-8 text (byte 3)" in ran.err) == (2, True)


def test_what_is_no_text_is_said_with_the_name_of_its_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "null.txt"
    file.write_bytes(b"a\nb\0\n")
    for command in (("import", str(file)), ("new", "x", "--file", str(file)), ("save", "x", str(file))):
        ran = cli(*command)
        assert (ran.code, f"{file} has a NUL character (U+0000) in line 2" in ran.err) == (2, True)
    file.write_text("x" * (4 * 1024 * 1024 + 1))
    assert cli("import", str(file)).err.endswith("can be read. Split it. Nothing was imported.\n")


def test_json_from_a_pipe_is_told_by_its_members_and_text_needs_a_name(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def piped(data: bytes, *more: str) -> Ran:
        pipe(monkeypatch, data)
        return cli("import", "-", *more)

    assert piped(b'{"name":"zz","prompt":"hello"}').out == "created zz\n"
    assert cli("show", "zz").out == "hello\n"
    chat = b'{"messages": [{"role": "user", "content": "Hi"}]}'
    for data in (chat, b"Just {{words}}\n", b'{"prompt": "no name"}', b"prompts: [a, b]"):
        ran = piped(data)
        assert (ran.code, "standard input has no name" in ran.err, "--name" in ran.err) == (2, True, True)
    assert names(cli) == ["zz"]
    assert piped(chat, "--name", "chat").out == "created chat\n"
    ran = piped(b"Just {{words}}\n", "--name", "words")
    assert (ran.out, "standard input: taken as plain text; --format" in ran.err) == ("created words\n", True)
    assert piped(b"---\nname: x\n---\nuser:\nHi\n", "--name", "y", "--format", "prompty").err == ""
    assert "standard input: JSON of no known shape" in piped(b'{"x": 1}').err


# ------------------------------------------------------------------ what an import would do


def test_a_dry_run_says_what_the_import_does(cli: Cli, tmp_path: Path) -> None:
    texts = {
        "same.prompt": "Same\n",
        "other.prompt": "Other\n",
        "fresh.txt": "Fresh\n",
        "tag.prompt": "---\nconfig: !!python/object x\n---\nHi\n",
        "huge.txt": "x" * 300_000,
    }
    files = {}
    for name, text in texts.items():
        files[name] = str(tmp_path / name)
        (tmp_path / name).write_text(text)
    assert cli("import", files["same.prompt"], files["other.prompt"], "--dry-run").code == 0
    assert names(cli) == []
    assert cli("import", files["same.prompt"], files["other.prompt"]).code == 0
    (tmp_path / "other.prompt").write_text("Another\n")
    told = cli("import", *files.values(), "--dry-run")
    assert told.code == cli("import", *files.values()).code == 1
    assert told.out.splitlines() == [
        "same same (same.prompt, dotprompt): there already; say --on-conflict skip or new_version",
        "changed other (other.prompt, dotprompt): there already; say --on-conflict skip or new_version",
        "new fresh (fresh.txt, plain)",
        "new tag (tag.prompt, dotprompt): it would be a draft",
        "tag:2:9: tags (!name) are not allowed; write a plain value",
        "new huge (huge.txt, plain): it would be a draft",
        "huge:1:262145: the text has 300000 characters; at most 262144 are allowed",
    ]
    some = [files[name] for name in ("same.prompt", "other.prompt", "fresh.txt")]
    for how, states in (("skip", "skipped skipped new"), ("new_version", "same changed new")):
        told = cli("import", *some, "--dry-run", "--on-conflict", how)
        assert (told.code, " ".join(line.split()[0] for line in told.out.splitlines())) == (0, states)
    said = cli("import", *some, "--dry-run", "--json").json
    assert [one["state"] for one in said["items"]] == ["same", "changed", "new"]
    assert [one["format"] for one in said["files"]] == ["dotprompt", "dotprompt", "plain"]
    twice = cli("import", some[2], some[2], "--dry-run")
    assert (twice.code, "refused fresh (fresh.txt, plain): the import names 'fresh' twice" in twice.out) == (
        1,
        True,
    )
    assert names(cli) == ["other", "same"]


def test_a_dry_run_foretells_what_snippets_names_and_protections_refuse(
    cli: Cli, hub: Client, tmp_path: Path
) -> None:
    hub.create("kept/one", text="One\n")
    hub.protect("kept/*", approvals=1)
    hub.create("old", text="One\n")
    hub.update("old", name="newer")
    folder = tmp_path / "in"
    for name, text in {
        "kept/one": "Two\n",
        "old": "Two\n",
        "a": "{{>nowhere}}\n",
        "b": "{{>c}}\n",
        "c": "C\n",
    }.items():
        file = folder / f"{name}.prompt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    more = ("--on-conflict", "new_version")
    told = cli("import", str(folder), "--dry-run", *more)
    assert told.code == 1
    said = dict(line.split(" (", 1) for line in told.out.splitlines() if ".prompt, dotprompt)" in line)
    assert sorted(said) == ["new a", "new b", "new c", "refused kept/one", "refused old"]
    assert said["new a"].endswith("it would be a draft")
    assert "changes by merging a review only" in said["refused kept/one"]
    assert "former name of the prompt 'newer'" in said["refused old"]
    for name in ("kept/one", "old"):
        ran = cli("import", str(folder), *more)
        assert (ran.code != 0, "Nothing" in ran.err or "nothing" in ran.err) == (True, True)
        assert any(
            line.rpartition("): ")[2].rstrip(".") in ran.err for line in said.values() if "): " in line
        )
        (folder / f"{name}.prompt").unlink()
    assert cli("import", str(folder), *more).out.splitlines()[:4] == [
        "created a",
        "created b",
        "created c",
        "drafts a",
    ]


# ------------------------------------------------------------------ what is written


def test_two_references_that_would_be_one_file_are_refused_before_anything_is_written(
    cli: Cli, hub: Client, tmp_path: Path
) -> None:
    hub.create("t/a", text="Main\n")
    hub.branch("t/a", "tone")
    hub.save("t/a", "Tone\n", branch="tone")
    out = tmp_path / "out"
    ran = cli("export", "t/a", "t/a@tone", "--dir", str(out))
    said = f"t/a and t/a@tone would both be {out / 't' / 'a.prompt'}"
    assert (ran.code, said in ran.err, out.exists()) == (2, True, False)
    assert cli("export", "t/a", "t/a", "--dir", str(out)).out == f"{out / 't' / 'a.prompt'}\n"


def test_a_file_that_says_something_else_is_written_over_only_by_force(
    cli: Cli, hub: Client, tmp_path: Path
) -> None:
    hub.create("a", text="A\n")
    hub.create("b", text="B\n")
    assert cli("export", "--dir", str(tmp_path)).code == 0
    (tmp_path / "a.prompt").unlink()
    (tmp_path / "b.prompt").write_text("Mine\n")
    ran = cli("export", "--dir", str(tmp_path))
    assert (ran.code, f"{tmp_path / 'b.prompt'}; say --force" in ran.err) == (2, True)
    assert not (tmp_path / "a.prompt").exists()
    assert cli("export", "--dir", str(tmp_path), "--force").code == 0
    assert (tmp_path / "b.prompt").read_text() == "B\n"
    assert cli("export", "--dir", str(tmp_path)).code == 0


def test_nothing_is_written_through_a_link_out_of_the_folder(cli: Cli, hub: Client, tmp_path: Path) -> None:
    hub.create("a/b", text="A\n")
    folder, elsewhere = tmp_path / "cloned", tmp_path / "elsewhere"
    (folder / "a").mkdir(parents=True)
    elsewhere.mkdir()
    (folder / "a" / "b.prompt").symlink_to(elsewhere / "b.prompt")
    for _ in range(2):
        ran = cli("export", "--dir", str(folder), "--force")
        assert (ran.code, "by a link" in ran.err, [*elsewhere.iterdir()]) == (2, True, [])
        (folder / "a" / "b.prompt").unlink(missing_ok=True)
        if (folder / "a").is_dir() and not (folder / "a").is_symlink():
            (folder / "a").rmdir()
            (folder / "a").symlink_to(elsewhere)
