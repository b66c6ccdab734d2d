"""Any history goes into a repository and comes out of it as it was."""

from __future__ import annotations

from collections.abc import Mapping

from dulwich.object_store import MemoryObjectStore
from dulwich.objects import ShaFile
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.records import ActorRef, GitPrompt, GitVersion
from jupyter_prompthub.git.layout import without
from jupyter_prompthub.git.mapping import Graph, Known, map_prompt
from jupyter_prompthub.git.objects import Objects
from jupyter_prompthub.git.reading import Commit, Scan, scan
from jupyter_prompthub.git.writing import Written, write
from tests.support.counts import LONG

MANY = 2_000 if LONG else 60
TEXTS = st.text(alphabet="ab{}äß語🙂\r\n\t #:-", max_size=20)
MESSAGES = st.text(alphabet="ab ä\n:#-<>\t🙂", max_size=20)
NAMES = ("main", "side", "a/b", "x.y")


@st.composite
def prompts(draw: st.DrawFn, name: str = "p", texts: st.SearchStrategy[str] = TEXTS) -> GitPrompt:
    """A prompt as its people could have made it: commits, branches, merges, the same text again."""
    versions: list[GitVersion] = []
    heads: dict[str, int] = {}

    def save(parents: list[int], text: str) -> int:
        at = len(versions)
        versions.append(
            GitVersion(
                sha=text_hash(f"{name} {at}"),
                number=at + 1,
                text=text,
                text_hash=text_hash(text),
                lock={},
                parents=tuple(versions[one].sha for one in parents),
                author=ActorRef(id="act_1", display_name=draw(MESSAGES)),
                created_at=f"2026-01-01T00:{at // 60:02d}:{at % 60:02d}.{draw(st.integers(0, 999)):03d}Z",
                commit_message=draw(MESSAGES),
            )
        )
        return at

    def leads(old: int, new: int) -> bool:
        stack = [new]
        while stack:
            if (one := stack.pop()) == old:
                return True
            stack += [int(versions_at[sha]) for sha in versions[one].parents]
        return False

    versions_at: dict[str, int] = {}
    for _ in range(draw(st.integers(1, 14))):
        branch = draw(st.sampled_from([*heads] or ["main"]))
        act = draw(st.sampled_from(["save", "branch", "merge"]))
        if not heads or act == "save":
            text = draw(texts)
            before = [heads[branch]] if heads else []
            if not before or versions[before[0]].text != text:
                heads[branch] = save(before, text)
                versions_at[versions[-1].sha] = len(versions) - 1
        elif act == "branch":
            free = [one for one in NAMES if one not in heads]
            if free:
                heads[draw(st.sampled_from(free))] = heads[branch]
        else:
            other = heads[draw(st.sampled_from([*heads]))]
            if not leads(other, heads[branch]) and not leads(heads[branch], other):
                heads[branch] = save([heads[branch], other], draw(texts))
                versions_at[versions[-1].sha] = len(versions) - 1
    kept = [one for at, one in enumerate(versions) if any(leads(at, head) for head in heads.values())]
    return GitPrompt(
        id=f"id-{name}",
        name=name,
        versions=tuple(kept),
        branches={branch: versions[at].sha for branch, at in heads.items()},
        tags={"v1": draw(st.sampled_from(kept)).sha},
    )


def written(*some: GitPrompt) -> tuple[MemoryObjectStore, dict[bytes, bytes], Written]:
    store = MemoryObjectStore()
    done = write(store, {}, some)
    return store, {ref: new for ref, (_, new) in done.refs.items()}, done


def refuse(commit: Commit, parents: tuple[str, ...], blob: bytes) -> str:
    raise AssertionError(f"{commit.id!r} is none of the versions")


def read(found: Scan, prompt: GitPrompt) -> Mapping[str, str]:
    """The versions that the branches of a repository lead to."""
    graph = Graph({one.sha: Known(one.number, one.parents, one.text_hash) for one in prompt.versions})
    made = map_prompt(found, [f"{prompt.name}.prompt"], graph, {}, refuse, range(len(found.commits)))
    there = {branch: made.versions[at] for branch, at in found.branches.items()}
    return {branch: sha for branch, sha in there.items() if sha is not None}


@settings(max_examples=MANY, deadline=None)
@given(prompts())
def test_every_commit_of_a_prompt_is_its_version_and_nothing_is_written_twice(prompt: GitPrompt) -> None:
    store, refs, done = written(prompt)
    assert (done.commits, done.left) == (len(prompt.versions), {})
    assert read(scan(Objects(store), refs), prompt) == prompt.branches
    again = write(store, refs, [prompt])
    assert (again.commits, again.refs, again.left) == (0, {}, {})


@settings(max_examples=MANY, deadline=None)
@given(st.tuples(prompts("house"), prompts("support/refund"), prompts("a")))
def test_every_prompt_of_a_workspace_has_its_own_graph_in_one_repository(some: tuple[GitPrompt, ...]) -> None:
    store, refs, done = written(*some)
    assert done.left == {}
    found = scan(Objects(store), refs)
    for prompt in some:
        assert read(found, prompt) == prompt.branches
    again = write(store, refs, some)
    assert (again.commits, again.refs, again.left) == (0, {}, {})


@settings(max_examples=MANY, deadline=None)
@given(prompts(), st.data())
def test_a_later_export_adds_what_an_export_of_all_would_have_written(
    prompt: GitPrompt, data: st.DataObject
) -> None:
    until = data.draw(st.integers(1, len(prompt.versions)))
    early = {one.sha for one in prompt.versions[:until]}
    branches = {branch: sha for branch, sha in prompt.branches.items() if sha in early}
    if not branches:
        return
    reached = {
        one.sha
        for one in prompt.versions[:until]
        if any(_leads(prompt, one.sha, head) for head in branches.values())
    }
    first = prompt.model_copy(
        update={
            "versions": tuple(one for one in prompt.versions if one.sha in reached),
            "branches": branches,
            "tags": {},
        }
    )
    store, refs, _ = written(first)
    done = write(store, refs, [prompt])
    assert done.commits == len(prompt.versions) - len(reached)
    assert refs | {ref: new for ref, (_, new) in done.refs.items()} == written(prompt)[1]


def _leads(prompt: GitPrompt, old: str, new: str) -> bool:
    parents = {one.sha: one.parents for one in prompt.versions}
    stack = [new]
    while stack:
        if (one := stack.pop()) == old:
            return True
        stack += parents[one]
    return False


@settings(max_examples=MANY, deadline=None)
@given(prompts())
def test_a_repository_of_nobody_s_becomes_the_very_graph_that_git_has(prompt: GitPrompt) -> None:
    store, refs, _ = written(prompt)
    bare, moved = without_trailers(store, refs)
    found = scan(Objects(bare), moved)
    graph, texts = Graph({}), {}

    def make(commit: Commit, parents: tuple[str, ...], blob: bytes) -> str:
        texts[commit.id.decode()] = found.objects.raw(blob, 3).decode()
        assert parents == tuple(found.commits[one].id.decode() for one in commit.parents)
        return commit.id.decode()

    made = map_prompt(found, ["p.prompt"], graph, {}, make, range(len(found.commits)))
    assert made.versions == [one.id.decode() for one in found.commits]
    assert sorted(texts.values()) == sorted(one.text for one in prompt.versions)


def without_trailers(
    store: MemoryObjectStore, refs: dict[bytes, bytes]
) -> tuple[MemoryObjectStore, dict[bytes, bytes]]:
    """The same repository as if somebody else had made it; equal commits are told apart by their messages."""
    target, places = MemoryObjectStore(), {}
    for count, commit in enumerate(scan(Objects(store), refs).commits):
        head, _, message = store.get_raw(commit.id)[1].partition(b"\n\n")
        lines = [
            b"parent " + places[line[7:]] if line.startswith(b"parent ") else line
            for line in head.split(b"\n")
        ]
        said = f"{count} {without(message.decode())}".encode()
        made = ShaFile.from_raw_string(1, b"\n".join(lines) + b"\n\n" + said)
        target.add_object(made)
        places[commit.id] = bytes(made.id)
    for oid in store:
        kind, raw = store.get_raw(oid)
        if kind != 1:
            target.add_object(ShaFile.from_raw_string(kind, raw))
    return target, {ref: places[oid] for ref, oid in refs.items()}
