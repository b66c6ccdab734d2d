"""``prompts.lock``: what is locked stays, what is not in it is refused, what has moved is shown."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.finding import references_in
from jupyter_prompthub.lock import Lock, NotLocked
from tests.client.conftest import TEXT, Cli
from tests.support.fake_provider import FakeProvider

SECOND = TEXT.replace("assistant", "agent")


def notebook(path: Path, *cells: str) -> Path:
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)  # type: ignore[no-untyped-call]
    return path


@pytest.fixture
def project(hub: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    hub.create("support/refund", text=TEXT, commit_message="First")
    hub.promote("support/refund", "production")
    hub.create("text/tone", text="Be kind.\n")
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    notebook(folder / "a.ipynb", "%prompthub run support/refund@production --var user_message=Hi")
    return folder


def test_references_are_found_as_far_as_they_are_written_out(tmp_path: Path) -> None:
    path = notebook(
        tmp_path / "a.ipynb",
        "%load_ext jupyter_prompthub\nfrom jupyter_prompthub import Client\nimport jupyter_prompthub as ph",
        "%prompthub use a/used@production",
        "answer = %prompthub run a/run --var x='two words' --into y\n!ls\nobject?",
        "if True:\n    %prompthub run a/nested@tone",
        "%%prompthub a/cell --branch tone\n{{role 'user'}} %prompthub use not/this",
        "%%prompthub a/main --save 'x'\ntext",
        "hub = Client()\nother: object = ph.Client('http://x')",
        "hub.run('a/client@v1', q=1)\nother.render('a/other')\nhub.diff('not/this', 'a', 'b')",
        "with Client() as inner:\n    inner.get('a/with')\nClient.from_bundle('x.zip').stream('a/bundle@production', {})",
        "hub.get(f'not/{this}')\nhub.get(name)\nsomething.get('not/this')\n{}.get('not/this')",
        "%prompthub run $name\n%prompthub dance\n%prompthub list not/this\n%prompthub run 'bad",
        "this is no python",
        "%%bash\nprompthub run not/this",
    )
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    book.cells.append(new_markdown_cell("%prompthub use not/this"))  # type: ignore[no-untyped-call]
    nbformat.write(book, path)  # type: ignore[no-untyped-call]
    assert sorted(references_in(path)) == [
        "a/bundle@production",
        "a/cell@tone",
        "a/client@v1",
        "a/main@main",
        "a/nested@tone",
        "a/other@latest",
        "a/run@latest",
        "a/used@production",
        "a/with@latest",
    ]
    program = tmp_path / "job.py"
    program.write_text(
        "from jupyter_prompthub import Client\nhub = Client()\nprint(hub.run('a/b@production'))\n"
    )
    assert references_in(program) == {"a/b@production"}


def test_a_lock_is_made_from_what_a_project_uses_and_is_the_same_again(
    project: Path, hub: Client, cli: Cli
) -> None:
    made = cli("lock")
    assert made.code == 0, made.err
    assert "+ support/refund@production" in made.out
    text = (project / "prompts.lock").read_text()
    version = hub.version("support/refund")
    assert json.loads(text) == {
        "format": "prompthub lock v1",
        "prompts": {
            "support/refund@production": {
                "content_hash": version.content_hash,
                "prompt_id": version.prompt_id,
                "version_sha": version.sha,
            }
        },
    }
    hub.save("support/refund", SECOND)
    hub.promote("support/refund", "production")
    again = cli("lock")
    assert again.out == "1 reference in prompts.lock\n"
    assert (project / "prompts.lock").read_text() == text


def test_a_check_shows_what_has_moved_and_an_upgrade_takes_it(project: Path, hub: Client, cli: Cli) -> None:
    assert cli("lock", ".", "text/tone").code == 0
    assert cli("lock", "--check", ".", "text/tone").out == "prompts.lock is up to date\n"
    hub.save("support/refund", SECOND)
    hub.promote("support/refund", "production")
    hub.save("text/tone", "Be very kind.\n")
    moved = cli("lock", "--check", ".", "text/tone")
    assert moved.code == 1
    assert "system message: text changed" in moved.out
    assert hub.version("support/refund").short in moved.out
    upgraded = cli("lock", "--upgrade", "text/tone", ".", "text/tone")
    assert upgraded.out.startswith("~ text/tone@latest")
    left = cli("lock", "--check", ".", "text/tone", "--json")
    assert list(left.json["moved"]) == ["support/refund@production"]
    assert cli("lock", "--upgrade-all", ".", "text/tone").code == 0
    assert cli("lock", "--check", ".", "text/tone").code == 0
    unknown = cli("lock", "--upgrade", "nobody", ".")
    assert (unknown.code, "no such prompt" in unknown.err) == (2, True)


def test_what_is_used_but_not_locked_and_the_other_way_round_fails_the_check(
    project: Path, hub: Client, cli: Cli
) -> None:
    missing = cli("lock", "--check")
    assert (missing.code, "make it with `prompthub lock`" in missing.err) == (1, True)
    cli("lock")
    notebook(project / "a.ipynb", "%prompthub use text/tone")
    checked = cli("lock", "--check")
    assert checked.code == 1
    assert "used, but not locked" in checked.out
    assert "locked, but not used" in checked.out
    assert cli("lock").out.splitlines()[:2] == [
        "- support/refund@production",
        f"+ text/tone@latest {hub.version('text/tone').short}",
    ]
    assert cli("lock", "support/refund").out.startswith("+ support/refund@latest")  # named outright: added
    assert sorted(Lock.read("prompts.lock").prompts) == ["support/refund@latest", "text/tone@latest"]


def test_a_locked_client_reads_renders_and_runs_what_was_locked(
    project: Path, hub: Client, cli: Cli, provider: FakeProvider
) -> None:
    first = hub.version("support/refund")
    cli("lock")
    hub.save("support/refund", SECOND)
    hub.promote("support/refund", "production")
    with Client(lock="prompts.lock") as client:
        assert client.get("support/refund@production").sha == first.sha
        assert client.version("support/refund@production").sha == first.sha
        assert "assistant" in str(client.render("support/refund@production", user_message="x").messages[0])
        answer = client.run("support/refund@production", user_message="Hi")
        assert answer.metadata.version_sha == first.sha
        assert "assistant" in provider.requests[-1].body["messages"][0]["content"]
        for refused in ("support/refund", "support/refund@staging", "text/tone"):
            with pytest.raises(NotLocked, match="refuses to drift"):
                client.get(refused)
        with pytest.raises(NotLocked, match=r"prompthub lock support/refund@latest"):
            client.run("support/refund", user_message="Hi")
        assert client.get(f"support/refund@{first.sha}").sha == first.sha


def test_the_environment_turns_the_lock_on_and_an_argument_off(
    project: Path, hub: Client, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMPTHUB_LOCKED", "1")
    with pytest.raises(InvalidInput, match="make one with `prompthub lock`"):
        Client()
    assert cli("lock").code == 0  # makes it all the same
    below = project / "deep" / "er"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    with Client() as client, pytest.raises(NotLocked):
        client.get("text/tone")
    with Client(locked=False) as client:
        assert client.get("text/tone").text == "Be kind.\n"
    refused = cli("run", "text/tone")
    assert (refused.code, "refuses to drift" in refused.err) == (1, True)


def test_a_version_that_is_not_what_the_lock_has_is_refused(project: Path, hub: Client, cli: Cli) -> None:
    cli("lock")
    path = project / "prompts.lock"
    path.write_text(path.read_text().replace(hub.version("support/refund").content_hash, "0" * 64))
    with Client(lock=path) as client, pytest.raises(NotLocked, match="content hash"):
        client.get("support/refund@production")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}x",
        '{"format": "prompthub lock v2", "prompts": {}}',
        '{"format": "prompthub lock v1", "prompts": {"a": {}}}',
        '{"format": "prompthub lock v1", "prompts": {"a": {"prompt_id": "x", "version_sha": "y", "content_hash": "z"}}}',
        '{"format": "prompthub lock v1", "prompts": {}, "prompts": {}}',
    ],
)
def test_a_broken_lock_is_refused_in_one_sentence(project: Path, cli: Cli, text: str) -> None:
    (project / "prompts.lock").write_text(text)
    with pytest.raises(InvalidInput, match="is not a lock of this PromptHub"):
        Lock.read(project / "prompts.lock")
    assert cli("lock").code == 2


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("nothing.ipynb", "there is no nothing.ipynb"),
        ("broken.ipynb", "cannot be read as a notebook"),
        ("notes.txt", "expected a notebook"),
        ("Bad Name", "prompt name"),
        ("nobody/here", "nobody/here"),
    ],
)
def test_what_cannot_be_locked_is_said(project: Path, cli: Cli, what: str, said: str) -> None:
    (project / "broken.ipynb").write_text("{not json")
    (project / "notes.txt").write_text("hello")
    refused = cli("lock", what)
    assert refused.code in (1, 2)
    assert said in refused.err
    assert "Traceback" not in refused.err
    assert not (project / "prompts.lock").exists()
