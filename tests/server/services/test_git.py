"""Git repositories come into a store, on both databases: whole or not at all, once, and nothing hostile."""

from __future__ import annotations

import base64
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyter_prompthub_server.services import git_bringing, git_import, prompts
from jupyter_prompthub_server.services.git_history import histories, history
from jupyter_prompthub_server.store.tables import git_commit, prompt, version
from sqlalchemy import func, select

from jupyter_prompthub.core.errors import Forbidden, InvalidInput, PromptHubError, TooLarge
from jupyter_prompthub.core.records import GitHistory, GitImport, GitQuery
from jupyter_prompthub.git.objects import Objects
from jupyter_prompthub.git.packs import PackLimits, bundle_of, check_pack, read_bundle
from jupyter_prompthub.git.reading import Limits
from jupyter_prompthub.git.reading import scan as scan_
from jupyter_prompthub.git.writing import write
from tests.client.test_git_properties import prompts as prompts_
from tests.client.test_git_properties import without_trailers, written
from tests.server.services.bringing import Bring
from tests.server.services.conftest import Library
from tests.support.databases import opened
from tests.support.gitobjects import Made, nested

ROOT = Path(__file__).parents[3]


def counts(library: Library) -> tuple[int, ...]:
    with library.store.database.reading() as conn:
        return tuple(
            conn.execute(select(func.count()).select_from(one)).scalar_one()
            for one in (prompt, version, git_commit)
        )


def simple(*texts: str, name: str = "p") -> Made:
    made, before = Made(), []
    for at, text in enumerate(texts):
        before = [
            made.commit(
                nested(f"{name}.prompt", text.encode()), *before, message=f"Number {at}", branch="main"
            )
        ]
    return made


# ------------------------------------------------------------------ what comes in


def test_a_history_comes_in_once_and_goes_out_as_the_same_commits(library: Library, bring: Bring) -> None:
    made = simple("One\n", "Two\r\n", "One\n", "Three 語\n")
    done = bring(made)
    assert (done.created, done.versions, set(done.branches)) == (("p",), 4, {"p@main"})
    assert library.texts(library.resolve("p").prompt_id) == ["One\n", "Two\r\n", "One\n", "Three 語\n"]
    before = counts(library)
    again = bring(made)
    assert (again, counts(library)) == (GitImport(), before)
    found: GitHistory = library.run(history, new=GitQuery(names="p"), by=library.people.viewer)
    store = Made().store
    written = write(store, {}, found.items)
    assert {ref: new for ref, (_, new) in written.refs.items()} == made.refs


def test_the_log_says_what_came_in(library: Library, bring: Bring) -> None:
    bring(simple("One\n", "Two\n"))
    tag, target = library.entries()[-1]
    assert (tag, target["prompts"], target["versions"], target["form"]) == (
        "workspace.import",
        "1",
        "2",
        "git",
    )
    assert len(target["root"]) == 64
    before = len(library.entries())
    bring(simple("One\n", "Two\n"))
    assert len(library.entries()) == before


def test_a_message_keeps_what_is_no_trailer_of_ours_and_has_an_end(library: Library, bring: Bring) -> None:
    made = Made()
    first = made.commit(
        nested("p.prompt", b"One\n"), message="Subject\n\nBody\n\nPromptHub-Version: 12\nSigned-off-by: A\n"
    )
    made.commit(nested("p.prompt", b"Two\n"), first, message="x" * 5_000, branch="main")
    bring(made)
    head = library.resolve("p").version
    assert (len(head.commit_message), head.commit_message[-1]) == (2_000, "…")
    assert (
        library.resolve(f"p@{head.parents[0]}").version.commit_message
        == "Subject\n\nBody\n\n\nSigned-off-by: A"
    )


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_ten_thousand_commits_come_in_once(library: Library, bring: Bring) -> None:
    made = simple(*(f"Text {at}\n" for at in range(10_000)))
    assert bring(made).versions == 10_000
    assert bring(made) == GitImport()
    assert library.resolve("p").version.number == 10_000
    found: GitHistory = library.run(history, new=GitQuery(names="p"), by=library.people.viewer)
    written_ = write(Made().store, {}, found.items)
    assert {ref: new for ref, (_, new) in written_.refs.items()} == made.refs


def test_two_commits_that_are_the_same_but_for_their_dates_are_two_versions(
    library: Library, bring: Bring
) -> None:
    made = Made()
    first = made.commit(nested("p.prompt", b"One\n"), branch="main")
    for branch in ("a1", "b1"):
        made.commit(nested("p.prompt", b"Two\n"), first, message="Same", branch=branch)
    assert bring(made).versions == 3
    assert library.resolve("p@a1").version.sha != library.resolve("p@b1").version.sha


def test_two_who_import_at_once_bring_it_once(library: Library, bring: Bring) -> None:
    made = simple(*(f"{at}\n" for at in range(40)))
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: bring(made).versions, range(4)))
    assert sorted(found) == [0, 0, 0, 40]
    assert counts(library) == (1, 40, 40)


def test_after_kill_9_in_the_middle_nothing_has_come_in_and_again_all_of_it(
    database: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "bundle").write_bytes(simple(*(f"{at}\n" for at in range(60))).bundle())

    def command(folder: str, stop: int) -> list[str]:
        module = [sys.executable, "-m", "tests.support.killed_import"]
        return [*module, database, str(home), str(tmp_path / "bundle"), str(tmp_path / folder), str(stop)]

    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    for stop in (1, 30, 60):
        with subprocess.Popen(command(f"o{stop}", stop), **pipes) as importer:
            assert importer.stdout.readline() == "in it\n"
            importer.kill()
        with opened(database, home) as store, store.database.reading() as conn:
            assert conn.execute(select(func.count()).select_from(version)).scalar_one() == 0
            assert conn.execute(select(func.count()).select_from(prompt)).scalar_one() == 0
    for folder, expected in (("a", "done 60\n"), ("b", "done 0\n")):
        assert subprocess.run(command(folder, 0), **{**pipes, "stdin": None}, check=True).stdout == expected


def test_several_new_prompts_are_the_workspace_s_business(library: Library, bring: Bring) -> None:
    made = Made()
    made.commit({b"a.prompt": b"A\n", b"b.prompt": b"B\n"}, branch="main")
    with pytest.raises(Forbidden, match="workspace:write"):
        bring(made)
    assert counts(library) == (0, 0, 0)
    assert bring(made, by=library.people.admin).created == ("a", "b")
    with pytest.raises(Forbidden):
        bring(made, by=library.people.viewer)


def test_another_workspace_s_prompts_are_not_touched(library: Library, bring: Bring) -> None:
    bring(simple("One\n"))
    done = bring(simple("One\n", "Two\n"), by=library.people.stranger)
    assert (done.created, done.versions) == (("p",), 2)
    assert library.texts(library.resolve("p").prompt_id) == ["One\n"]


def test_an_archived_prompt_and_one_that_is_only_beside_main_are_left(library: Library, bring: Bring) -> None:
    made = simple("One\n")
    head = made.refs[b"refs/heads/main"]
    made.commit({b"p.prompt": b"One\n", b"q.prompt": b"Q\n"}, head, branch="side")
    assert set(bring(made).left) == {"q.prompt"}
    library.run(prompts.archive, {"prompt_id": library.resolve("p").prompt_id}, by=library.people.team_lead)
    assert "archived" in bring(simple("One\n", "Two\n")).left["p.prompt"]


def test_a_new_prompt_with_nothing_but_a_broken_text_is_a_draft(library: Library, bring: Bring) -> None:
    done = bring(simple("{{#if}}\n"))
    assert (done.created, done.versions, done.drafts) == (("p",), 0, ("p@main",))
    again = bring(simple("{{#if}}\n"))
    assert (again.created, again.drafts) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        b"---\nmodel: &a [*a]\n---\nX\n",
        b"---\na: !!python/object:os.system x\n---\nX\n",
        b"---\n" + b"[" * 5_000 + b"\n---\nX\n",
        b"---\n" + b"a: b\n" * 20_000 + b"---\nX\n",
        b"---\nmodel: a\n%YAML 1.1\n---\nX\n{{#each}}",
        b"\xff\xfe",
        b"X" * 300_000,
        b"Y" * 2_000_000,
        b"nul \0 inside",
    ],
    ids=lambda text: str(text[:12]),
)
def test_a_hostile_text_is_passed_over_and_named(library: Library, bring: Bring, text: bytes) -> None:
    made = Made()
    first = made.commit(nested("p.prompt", b"One\n"))
    second = made.commit(nested("p.prompt", text), first)
    made.commit(nested("p.prompt", b"Two\n"), second, branch="main")
    done = bring(made)
    assert (done.versions, list(done.problems)) == (2, [f"p.prompt at {second.decode()[:12]}"])
    assert library.texts(library.resolve("p").prompt_id) == ["One\n", "Two\n"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_history_of_anybody_s_comes_in_once_and_goes_out_as_the_very_same_commits(
    library: Library, bring: Bring, data: st.DataObject
) -> None:
    name = f"p{counts(library)[0]}"
    theirs = data.draw(prompts_(name, st.text(alphabet="ab ä語🙂\r\n", max_size=20)))
    store, refs, _ = written(theirs)
    store, refs = without_trailers(store, refs)
    bundle = bundle_of(refs, [store.get_raw(oid) for oid in store])
    done = bring(bundle)
    assert (done.versions, done.left, done.problems) == (len(theirs.versions), {}, {})
    assert {one.partition("@")[2] for one in done.branches} == set(theirs.branches)
    assert bring(bundle) == GitImport()
    found: GitHistory = library.run(history, new=GitQuery(names=name), by=library.people.viewer)
    out = write(Made().store, {}, found.items)
    assert {ref: new for ref, (_, new) in out.refs.items()} == refs


# ------------------------------------------------------------------ what does not


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (b"..", ".."),
        (b".", "."),
        (b".git", ".git"),
        (b".GIT", ".GIT"),
        (b"git~1", "git~1"),
        (".g\u200cit".encode(), ".g"),
        (b"a\xff.prompt", "a"),
        (b"a\\b.prompt", "a"),
        (b"C:x.prompt", "C:x"),
        (b"x/y.prompt", "x/y.prompt"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("folder", [False, True])
def test_a_path_that_leads_elsewhere_refuses_all_and_is_named(
    library: Library, bring: Bring, path: bytes, shown: str, folder: bool
) -> None:
    made = Made()
    entry = {path: b"X\n"} if not folder or path.endswith(b".prompt") else {path: {b"x.prompt": b"X\n"}}
    made.commit({b"p.prompt": b"One\n", b"in": entry}, branch="main")
    with pytest.raises(InvalidInput, match=f"in/{shown}" if path != b"." else "in/"):
        bring(made)
    assert counts(library) == (0, 0, 0)


@pytest.mark.parametrize("mode", [0o120000, 0o160000])
def test_a_link_or_a_submodule_is_no_prompt(library: Library, bring: Bring, mode: int) -> None:
    made = Made()
    target = made.add(3, b"../../etc/passwd")
    made.commit({b"p.prompt": b"One\n", b"q.prompt": (mode, target)}, branch="main")
    with pytest.raises(InvalidInput, match=r"q\.prompt"):
        bring(made)
    assert counts(library) == (0, 0, 0)


def test_what_is_harmless_is_passed_over_with_a_line(library: Library, bring: Bring) -> None:
    made = Made()
    link = made.add(3, b"../../etc/passwd")
    made.commit(
        {
            b"p.prompt": b"One\n",
            b"P.prompt": b"One\n",
            b"README.md": b"Hello\n",
            b"caf\xe9": b"latin\n",
            b"link": (0o120000, link),
            b"sub": (0o160000, b"1" * 40),
            b"latest.prompt": b"reserved\n",
            **nested("/".join("abcdefghijkl") + "/deep.prompt", b"x\n"),
        },
        branch="main",
    )
    made.refs[b"refs/heads/latest"] = made.refs[b"refs/heads/main"]
    made.refs[b"refs/pull/1/head"] = made.refs[b"refs/heads/main"]
    done = bring(made)
    assert (done.created, done.versions) == (("p",), 1)
    assert set(done.left) == {
        "P.prompt",
        "caf\\xe9",
        "latest.prompt",
        "a/b/c/d/e/f/g/h/i",
        "refs/heads/latest",
    }


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_a_repository_that_is_not_whole_is_refused(library: Library, bring: Bring, kind: int) -> None:
    made = simple("One\n", "Two\n", "Three\n")
    gone = next(oid for oid, (one, _) in made.objects.items() if one == kind)
    with pytest.raises(InvalidInput, match="not whole"):
        bring(made.bundle([gone]))
    assert counts(library) == (0, 0, 0)


def test_a_limit_that_is_passed_halfway_leaves_nothing(
    library: Library, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_bringing, "_MOST_TEXT", 100)
    with pytest.raises(TooLarge, match="more than 100 characters"):
        bring(simple(*(f"{at} some text\n" for at in range(20))))
    assert counts(library) == (0, 0, 0)


def test_each_limit_of_a_repository_holds() -> None:
    made = simple("One\n", "Two\n", "Three\n")
    for limits in (Limits(commits=2), Limits(changes=2), Limits(entries=2), Limits(refs=0)):
        with pytest.raises(TooLarge, match="more than"):
            scan_(Objects(made.store), made.refs, limits)
    assert len(scan_(Objects(made.store), made.refs, Limits(3, 3, 3, 1)).commits) == 3


def pack(*objects: tuple[int, int, bytes, bytes]) -> bytes:
    """A pack of (kind, the size that it says, what comes before its data, its data)."""
    out = b"PACK" + struct.pack(">II", 2, len(objects))
    for kind, size, before, data in objects:
        first, rest = kind << 4 | size & 15, size >> 4
        while rest:
            out += bytes([first | 0x80])
            first, rest = rest & 0x7F, rest >> 7
        out += bytes([first]) + before + zlib.compress(data)
    return out + sha1(out).digest()


def test_a_pack_that_unpacks_to_more_than_it_says_or_may_is_refused() -> None:
    limits = PackLimits(object_bytes=1_000_000, total_bytes=2_000_000)
    with pytest.raises(TooLarge, match="in one object"):
        check_pack(pack((3, 1_000_001, b"", b"")), limits)
    with pytest.raises(InvalidInput, match="says that it has 10 bytes"):
        check_pack(pack((3, 10, b"", b"\0" * 50_000_000)), limits)
    with pytest.raises(TooLarge, match="when it is unpacked"):
        check_pack(pack(*[(3, 1_000_000, b"", b"\0" * 1_000_000)] * 3), limits)
    with pytest.raises(TooLarge, match="objects"):
        check_pack(b"PACK" + struct.pack(">II", 2, 2**32 - 1) + b"\0" * 40, limits)
    copies = b"\x80\x80\x04" + b"\xff\xff\xff\xff\xff\xff\xff\xff" * 1
    bomb = b"\x0a" + b"\xff\xff\xff\x7f" + copies
    with pytest.raises(PromptHubError):
        check_pack(pack((7, len(bomb), b"\0" * 20, bomb)), limits)
    liar = b"\x0a\x05" + b"\xb0\xff\xff" * 1_000
    with pytest.raises(InvalidInput, match="says that it makes 5 bytes"):
        check_pack(pack((7, len(liar), b"\0" * 20, liar)), limits)
    check_pack(pack((3, 5, b"", b"hello"), (7, 4, b"\0" * 20, b"\x05\x05\x90\x05")), limits)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_broken_bundle_gets_further_than_an_answer(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(simple("One\n", "Two, with words in it\n", "Three\n").bundle())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        act = data.draw(st.sampled_from(["flip", "cut", "double"]))
        if act == "flip":
            whole[at] ^= 1 << data.draw(st.integers(0, 7))
        elif act == "cut":
            del whole[at : at + data.draw(st.integers(1, 40))]
        else:
            whole[at:at] = whole[at : at + 20]
    try:
        refs, rest = read_bundle(bytes(whole))
        git_import.scanned(refs, rest, tmp_path_factory.mktemp("broken")).objects.close()
    except (InvalidInput, TooLarge):
        pass


def test_a_bundle_that_stands_on_others_is_refused() -> None:
    whole = simple("One\n").bundle()
    with pytest.raises(InvalidInput, match="not in it"):
        read_bundle(whole.replace(b"bundle\n", b"bundle\n-" + b"1" * 40 + b" x\n", 1))
    with pytest.raises(InvalidInput, match="expected a git bundle"):
        read_bundle(b"PK\x03\x04")
    with pytest.raises(InvalidInput, match="ends inside"):
        read_bundle(bundle_of({}, [])[:16])
    assert base64.b64encode(whole)


def test_what_is_read_of_many_prompts_grows_with_none_of_them(library: Library, bring: Bring) -> None:
    for name in ("a", "b", "c"):
        bring(simple("One\n", "Two\n", name=name))

    def statements(*names: str) -> int:
        with library.counted() as seen:
            library.run(history, new=GitQuery(names=",".join(names)), by=library.people.viewer)
        return len(seen)

    assert statements("a") == statements("a", "b", "c")
    assert callable(histories)
