from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.home import home
from jupyter_prompthub.sources.base import NotReachable, error_from


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, jupyter_prompthub;"
        "heavy = {'litellm', 'scipy', 'sqlalchemy', 'IPython', 'tornado', 'pydantic', 'httpx'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_the_home_is_named_by_the_environment_or_lies_in_jupyters_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert home({"PROMPTHUB_HOME": "/x/y"}) == Path("/x/y")
    monkeypatch.setenv("JUPYTER_DATA_DIR", "/data")
    assert home({}) == Path("/data/prompthub")


def test_a_named_server_that_does_not_answer_is_said_to_be_so() -> None:
    with pytest.raises(NotReachable, match=r"127\.0\.0\.1:9"):
        Client("http://127.0.0.1:9/").me()


def test_stale_records_of_servers_that_are_gone_are_passed_over(tmp_path: Path) -> None:
    runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    runtime.mkdir(parents=True, exist_ok=True)
    (runtime / "jpserver-1.json").write_text(
        json.dumps({"url": "http://127.0.0.1:9/", "token": "x", "pid": 1})
    )
    (runtime / "jpserver-2.json").write_text("{not json")
    folder = Path(os.environ["PROMPTHUB_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "owner.json").write_text(json.dumps({"address": "http://127.0.0.1:9/", "token": "x"}))
    with Client() as client:
        assert "opened by this process" in client.source.label


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"error": {"code": "stale_head", "message": "moved", "details": {"head": "a"}}}, 409, "stale_head"),
        ({"message": "Forbidden"}, 403, "unauthenticated"),
        (None, 500, "internal_error"),
        ({"error": {"code": "of the future", "message": "hm"}}, 418, "internal_error"),
    ],
)
def test_an_error_answer_becomes_the_exception_it_stands_for(body: object, status: int, code: str) -> None:
    error = error_from(body, status)
    assert isinstance(error, PromptHubError)
    assert error.code == code
    assert error.message
