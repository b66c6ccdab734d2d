"""A client on a store of its own, with a connection to a provider that really speaks HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from jupyter_prompthub.cli import main
from jupyter_prompthub.client import Client
from jupyter_prompthub.core.records import NewConnection
from tests.support.fake_provider import FakeProvider

TEXT = """---
model: fake/parrot
config: {temperature: 0.5}
input:
  schema:
    user_message: string, what the customer wrote
    count?: integer
---
{{role "system"}}
You are a support assistant.
{{role "user"}}
{{user_message}}
"""


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as server:
        yield server


def connection(provider: FakeProvider) -> NewConnection:
    return NewConnection(
        name="fake",
        provider="openai_compatible",
        base_url=provider.url,
        models=("parrot",),
        allow_private_address=True,
    )


@pytest.fixture
def hub(provider: FakeProvider) -> Iterator[Client]:
    """The client of a person without any server: it opens the store in this process."""
    with Client() as client:
        client.connect(connection(provider))
        yield client


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command, as the shell would."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def cli_with_model(cli: Cli, provider: FakeProvider) -> Cli:
    with Client() as client:
        client.connect(connection(provider))
    return cli
