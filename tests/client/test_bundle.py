"""A bundle: made by a server, trusted by its key, refused for any byte that is not as it was; used without a server."""

from __future__ import annotations

import base64
import io
import json
import os
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_prompthub.bundle import SigningKey, Trust, assemble, open_bundle
from jupyter_prompthub.bundle.container import pack, unpack
from jupyter_prompthub.bundle.keys import signed_bytes
from jupyter_prompthub.client import Client
from jupyter_prompthub.core.canonical import canonical
from jupyter_prompthub.core.errors import InvalidInput, NotFound, PromptHubError, TooLarge
from jupyter_prompthub.sources.bundle import ReadOnly
from tests.client.conftest import TEXT, Cli, connection
from tests.support.fake_provider import FakeProvider

STYLED = "---\nmodel: fake/parrot\n---\n{{> style/brief}} Answer {{q}}\n"


@pytest.fixture
def library(hub: Client) -> Client:
    hub.create("style/brief", text="Be brief.\n", tags=("style",))
    hub.create("support/refund", text=TEXT, commit_message="First", tags=("support",))
    hub.promote("support/refund", "production")
    hub.save("support/refund", TEXT.replace("assistant", "agent"), "Second")
    hub.create("support/styled", text=STYLED, tags=("support",))
    hub.promote("support/styled", "production")
    hub.save("style/brief", "Be verbose.\n")
    hub.update("style/brief", name="style/length")
    return hub


@pytest.fixture
def data(library: Client) -> bytes:
    return base64.b64decode(library.make_bundle().data)


@pytest.fixture
def key(library: Client) -> str:
    return library.bundle_key()


def written(folder: Path, data: bytes) -> Path:
    path = folder / "prompts.zip"
    path.write_bytes(data)
    return path


def verified(data: bytes, key: str) -> None:
    open_bundle(data, Trust(key).key_of)


def test_a_bundle_serves_every_ref_as_it_was_when_it_was_made(
    library: Client, data: bytes, key: str, tmp_path: Path
) -> None:
    kept = {ref: library.version(f"support/refund@{ref}") for ref in ("latest", "production", "main")}
    library.save("support/refund", TEXT + "Later.\n", "Third")
    with Client.from_bundle(written(tmp_path, data), public_key=key) as client:
        for ref, version in kept.items():
            got = client.get(f"support/refund@{ref}")
            assert (got.sha, got.text, got.content, got.lock) == (
                version.sha,
                version.text,
                version.content,
                version.lock,
            )
        assert client.version(f"support/refund@{kept['latest'].short}").sha == kept["latest"].sha
        assert [one.name for one in client.list()] == ["style/length", "support/refund", "support/styled"]
        assert [one.name for one in client.list("refund", tags=["support"])] == ["support/refund"]
        assert client.prompt("support/refund").text == kept["latest"].text
        labels = [
            change.label for change in client.diff("support/refund", "production", "latest").diff.changes
        ]
        assert labels == ["system message: text changed"]
        assert client.resolve("support/refund@production").environment == "production"
        assert client.me().permissions == ("prompt:read", "prompt:execute")
        with pytest.raises(NotFound, match="it has latest, main, production"):
            client.get("support/refund@staging")
        with pytest.raises(NotFound, match="it holds style/length"):
            client.get("nobody")


def test_a_bundle_holds_the_refs_that_were_named_and_no_others(library: Client, tmp_path: Path) -> None:
    first = library.version("support/refund@production")
    library.branch("support/refund", "tone")
    library.save("support/refund", TEXT + "Kindly.\n", "Third", branch="tone")
    made = library.make_bundle(["support/refund@production", "support/refund@tone", "support/styled"])
    path = written(tmp_path, base64.b64decode(made.data))
    with Client.from_bundle(path, public_key=made.public_key) as client:
        assert client.version("support/refund@production").sha == first.sha
        assert client.version("support/refund@tone").text.endswith("Kindly.\n")
        assert client.version("support/styled@main").sha == library.version("support/styled").sha
        with pytest.raises(NotFound, match="it has production, tone"):
            client.get("support/refund")
    made = library.make_bundle([f"support/refund@{first.short}"])
    path = written(tmp_path, base64.b64decode(made.data))
    with Client.from_bundle(path, public_key=made.public_key) as client:
        assert client.version(f"support/refund@{first.short}").sha == first.sha
        assert [one.name for one in client.list()] == ["support/refund"]
        with pytest.raises(NotFound, match=f"it has {first.sha}"):
            client.get("support/refund@production")
    both = library.make_bundle(["support/refund", f"support/refund@{first.short}"], environment=None)
    assert (both.prompts, both.versions) == (1, 3)
    same = library.make_bundle(["support/refund@production"], environment="production")
    assert same.data == library.make_bundle(["support/refund"], environment="production").data


@pytest.mark.parametrize(
    ("name", "environment", "error", "said"),
    [
        ("support/refund@nowhere", None, NotFound, "support/refund has no version 'nowhere'"),
        ("support/refund@staging", None, NotFound, "staging serves no version of support/refund"),
        ("support/refund@0000", None, NotFound, "support/refund has no version '0000'"),
        ("nobody@main", None, NotFound, "no prompt 'nobody@main'"),
        ("support/refund@main", "production", InvalidInput, "names a ref, and environment=production"),
        ("style/length", "production", NotFound, "style/length cannot go into a bundle: production serves"),
    ],
)
def test_a_ref_that_cannot_go_into_a_bundle_is_named(
    library: Client, name: str, environment: str | None, error: type[PromptHubError], said: str
) -> None:
    with pytest.raises(error, match=said):
        library.make_bundle(["support/styled", name], environment=environment)


def test_rendering_uses_the_locks_snippets_under_their_old_names(library: Client, tmp_path: Path) -> None:
    made = library.make_bundle(["support/styled"], environment="production")
    assert (made.prompts, made.versions) == (2, 2)
    path = written(tmp_path, base64.b64decode(made.data))
    with Client.from_bundle(path, public_key=made.public_key) as client:
        rendered = client.render("support/styled@production", q="me")
        assert rendered == library.render("support/styled@production", q="me")
        assert "Be brief." in str(rendered.messages[0].content[0])
        assert [one.name for one in client.list()] == ["support/styled"]
        with pytest.raises(NotFound, match="it has production"):
            client.get("support/styled")


def test_a_bundle_runs_on_a_model_of_this_process(
    library: Client, data: bytes, key: str, provider: FakeProvider, tmp_path: Path
) -> None:
    path = written(tmp_path, data)
    with Client.from_bundle(path, public_key=key, connections=[connection(provider)]) as client:
        answer = client.run("support/refund@production", user_message="Where is it?")
        assert str(answer) == provider.answer
        assert answer.metadata.version_sha == library.version("support/refund@production").sha
        *pieces, last = client.stream("support/styled", {"q": "me"})
        assert "".join(map(str, pieces)) == str(last) == provider.answer
        assert "Be brief." in provider.requests[-1].body["messages"][-1]["content"]
        with pytest.raises(PromptHubError, match="user_message"):
            client.run("support/refund")
        for reference in (None, "support/refund"):  # an edited text is not what the bundle vouches for
            with pytest.raises(ReadOnly, match="to run a text connect to a server"):
                client.execute(reference, {}, text="Hello")
        assert any(model.ref == "fake/parrot" for model in client.models().items)


def test_nothing_can_be_changed_in_it_and_that_is_said(data: bytes, key: str, tmp_path: Path) -> None:
    with Client.from_bundle(written(tmp_path, data), public_key=key) as client:
        for change in (
            lambda: client.save("support/refund", TEXT),
            lambda: client.create("new/one", text=TEXT),
            lambda: client.promote("support/refund", "production"),
            lambda: client.archive("support/refund"),
            lambda: client.export(),
        ):
            with pytest.raises(ReadOnly, match=r"read-only.*connect to a server"):
                change()


def test_the_same_prompts_give_the_same_bytes_and_another_state_other_ones(
    library: Client, data: bytes
) -> None:
    assert base64.b64decode(library.make_bundle().data) == data
    library.promote("support/refund", "production")
    assert base64.b64decode(library.make_bundle().data) != data


def test_it_is_an_ordinary_zip_file_for_everybody_else(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {"manifest.json", "signature.json", "index.json"} < set(archive.namelist())
        assert unpack(data) == {name: archive.read(name) for name in archive.namelist()}


def test_any_changed_byte_is_refused(library: Client, key: str) -> None:
    data = base64.b64decode(library.make_bundle(["style/length"]).data)
    verified(data, key)
    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 0x01
        with pytest.raises(InvalidInput):
            verified(bytes(broken), key)
    for cut in range(0, len(data), 97):
        with pytest.raises(InvalidInput):
            verified(data[:cut], key)
    for more in (data + b"\0", b"\0" + data):
        with pytest.raises(InvalidInput):
            verified(more, key)


def resigned(files: dict[str, bytes], signing: SigningKey) -> bytes:
    """A bundle by somebody who has the key: only its inner checks are left."""
    import hashlib

    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in files.items()
        if name not in ("manifest.json", "signature.json")
    }
    files["manifest.json"] = canonical(manifest)
    signature = signing.sign(signed_bytes(files["manifest.json"]))
    said = {"algorithm": "ed25519", "key": signing.public, "signature": signature}
    files["signature.json"] = canonical(said)
    return pack(files)


def edit(files: dict[str, bytes], name: str, change: Callable[[dict[str, object]], object]) -> None:
    value = json.loads(files[name])
    change(value)
    files[name] = canonical(value)


def version_of(files: dict[str, bytes]) -> str:
    return next(name for name in files if name.startswith("versions/"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: edit(f, version_of(f), lambda v: v.update(text=v["text"] + "x")), "the text_hash of"),
        (lambda f: edit(f, version_of(f), lambda v: v.update(content_hash="0" * 64)), "the content_hash of"),
        (lambda f: edit(f, version_of(f), lambda v: v.update(commit_message="mine")), "the sha of"),
        (lambda f: edit(f, version_of(f), lambda v: v.update(text="{{#if")), "holds no version"),
        (lambda f: edit(f, version_of(f), lambda v: v.update(extra=1)), "extra"),
        (lambda f: f.update({"versions/" + "0" * 64 + ".json": f[version_of(f)]}), "holds the version"),
        (lambda f: f.pop(version_of(f)), "leads to nothing"),
        (lambda f: edit(f, "index.json", lambda i: i["prompts"].pop()), "leads to nothing"),
        (lambda f: edit(f, "index.json", lambda i: i["prompts"].append(i["prompts"][0])), "same id"),
        (lambda f: f.update({"../../etc/passwd": b"x"}), "no entry '../../etc/passwd'"),
        (lambda f: f.update({"versions/../x.json": b"x"}), "no entry"),
    ],
)
def test_even_a_signed_bundle_must_be_sound(
    library: Client, data: bytes, change: Callable[[dict[str, bytes]], object], said: str
) -> None:
    signing = SigningKey.load(Path(os.environ["PROMPTHUB_HOME"]) / "keys" / "bundle.key")
    files = unpack(data)
    change(files)
    with pytest.raises(InvalidInput, match=said):
        verified(resigned(files, signing), signing.public)


def test_an_entry_more_or_less_than_the_manifest_has_is_refused(data: bytes, key: str) -> None:
    files = unpack(data)
    with pytest.raises(InvalidInput, match="is not in its manifest"):
        verified(pack({**files, "run-me.sh": b"x"}), key)
    name = version_of(files)
    with pytest.raises(InvalidInput, match="is missing"):
        verified(pack({key_: value for key_, value in files.items() if key_ != name}), key)
    with pytest.raises(InvalidInput, match=r"no manifest\.json"):
        verified(pack({"index.json": b"{}"}), key)


def test_a_newer_format_is_named_as_such(data: bytes, key: str) -> None:
    files = unpack(data)
    edit(files, "manifest.json", lambda manifest: manifest.update(format="prompthub bundle v2"))
    with pytest.raises(InvalidInput, match=r"v2.*upgrade"):
        verified(pack(files), key)


def test_a_bomb_is_not_opened(key: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"\0" * 50_000_000)
    with pytest.raises(InvalidInput, match="compressed or encrypted"):
        verified(out.getvalue(), key)
    single = io.BytesIO()
    with zipfile.ZipFile(single, "w") as archive:
        archive.writestr("manifest.json", b"x")
    lying = bytearray(single.getvalue())
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 20 : at + 28] = b"\xf0\xff\xff\x7f" * 2
    with pytest.raises(TooLarge):
        verified(bytes(lying), key)
    for junk in (b"", b"PK", b"not a zip", os.urandom(1000)):
        with pytest.raises(InvalidInput):
            verified(junk, key)


def test_another_key_is_refused_and_no_key_is_never_assumed(data: bytes, key: str, tmp_path: Path) -> None:
    path = written(tmp_path, data)
    other = SigningKey(os.urandom(32)).public
    with pytest.raises(InvalidInput, match="does not fit the key"):
        Client.from_bundle(path, public_key=other)
    with pytest.raises(InvalidInput, match="which key signs your bundles"):
        Client.from_bundle(path)
    with pytest.raises(InvalidInput, match="is no public key"):
        Client.from_bundle(path, public_key="ed25519:short")
    with pytest.raises(InvalidInput, match="cannot be read"):
        Client.from_bundle(tmp_path / "nothing.zip", public_key=key)


def test_the_key_may_be_a_file_or_stand_in_the_environment(
    data: bytes, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, data)
    (tmp_path / "key.txt").write_text(key + "\n")
    Client.from_bundle(path, public_key=tmp_path / "key.txt").close()
    monkeypatch.setenv("PROMPTHUB_BUNDLE_KEY", str(tmp_path / "key.txt"))
    Client.from_bundle(path).close()
    monkeypatch.setenv("PROMPTHUB_BUNDLE_KEY", key)
    Client.from_bundle(path).close()
    monkeypatch.setenv("PROMPTHUB_BUNDLE_KEY", SigningKey(os.urandom(32)).public)
    with pytest.raises(InvalidInput, match="does not fit"):
        Client.from_bundle(path)


def test_a_pinned_key_is_the_first_one_and_stays_it(data: bytes, tmp_path: Path) -> None:
    path, pins = written(tmp_path, data), tmp_path / "pins" / "keys.json"
    files = unpack(data)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(pack({**files, "index.json": b"{}"}))
    with pytest.raises(InvalidInput):
        Client.from_bundle(broken, pin=pins)
    assert not pins.exists()  # what is not sound pins nothing
    Client.from_bundle(path, pin=pins).close()
    Client.from_bundle(path, pin=pins).close()
    (tmp_path / "forged.zip").write_bytes(resigned(files, SigningKey(os.urandom(32))))
    with pytest.raises(InvalidInput, match="does not fit the key"):
        Client.from_bundle(tmp_path / "forged.zip", pin=pins)


def test_an_unsigned_one_is_refused_unless_that_is_allowed(data: bytes, key: str, tmp_path: Path) -> None:
    bundle = open_bundle(data, Trust(key).key_of)
    from jupyter_prompthub.bundle import BundledVersion

    versions = [BundledVersion.of(version) for version in bundle.versions.values()]
    unsigned = assemble(bundle.workspace_id, bundle.workspace, bundle.index, versions, None)
    path = written(tmp_path, unsigned)
    with pytest.raises(InvalidInput, match="not signed"):
        Client.from_bundle(path)
    with pytest.raises(InvalidInput, match="not signed"):
        Client.from_bundle(path, public_key=key, allow_unsigned=True)
    with Client.from_bundle(path, allow_unsigned=True) as client:
        assert client.get("support/refund").text


def test_what_cannot_go_into_a_bundle_is_said(library: Client) -> None:
    with pytest.raises(NotFound, match="production serves no version"):
        library.make_bundle(["style/length"], environment="production")
    with pytest.raises(InvalidInput, match="no environment 'moon'"):
        library.make_bundle(environment="moon")
    with pytest.raises(NotFound):
        library.make_bundle(["nobody"])
    assert library.make_bundle(tags=["support", "style"]).prompts == 0


def test_the_command_makes_and_verifies(library: Client, cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    made = cli("bundle", "make", str(out), "--tag", "support", "--env", "production", "--json")
    assert made.json["prompts"] == 3
    key = cli("bundle", "key").out.strip()
    checked = cli("bundle", "verify", str(out), "--key", key)
    assert checked.code == 0
    assert "support/refund  production" in checked.out
    out.write_bytes(out.read_bytes()[:-1])
    refused = cli("bundle", "verify", str(out), "--key", key)
    assert refused.code == 2
    assert "damaged" in refused.err


def test_a_bundle_is_audited_as_an_export_is(library: Client) -> None:
    library.make_bundle(["support/refund"])
    entries = library.source.request("GET", "audit")["items"]
    assert entries[0]["tag"] == "workspace.export"
    assert entries[0]["target"]["names"] == "support/refund"


def test_the_private_key_is_for_its_owner_only_and_a_bad_one_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "bundle.key"
    made = SigningKey.load(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load(path).public == made.public
    path.write_text("nonsense")
    with pytest.raises(PromptHubError, match="cannot be used as the key"):
        SigningKey.load(path)


def test_many_that_need_the_key_for_the_first_time_get_the_same_one(tmp_path: Path) -> None:
    for number in range(40):
        path, ready = tmp_path / str(number) / "bundle.key", threading.Barrier(4)

        def load(path: Path = path, ready: threading.Barrier = ready) -> str:
            ready.wait(10)
            return SigningKey.load(path).public

        with ThreadPoolExecutor(4) as threads:
            found = {each.result() for each in [threads.submit(load) for _ in range(4)]}
        assert len(found) == 1
        assert [each.name for each in path.parent.iterdir()] == ["bundle.key"]
