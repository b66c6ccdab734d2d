"""Generated requests, fitting and not, to every operation of the OpenAPI description: no 500, nothing that
is not described.

``PROMPTHUB_SCHEMATHESIS_CASES`` is the number of cases in all (2,000; in ``make test-long`` 10,000);
``PROMPTHUB_SEED`` the seed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from jupyter_prompthub_server.openapi import description
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contracts.world import Place, World, settle
from tests.support.counts import LONG, SEED
from tests.support.serving import API, headless

CASES = int(os.environ.get("PROMPTHUB_SCHEMATHESIS_CASES") or (10_000 if LONG else 2_000))
SCHEMA = schemathesis.openapi.from_dict(description())
OPERATIONS = sorted((path, method) for path, verbs in description()["paths"].items() for method in verbs)
EACH = max(2, -(-CASES * 5 // (4 * len(OPERATIONS))))  # some operations have fewer different cases
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FAULTS_OF_OTHERS = {502, 503, 504, 507}


@dataclass
class Live:
    world: World
    headers: dict[str, str]
    answers: Counter[int]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    home = tmp_path_factory.mktemp("generated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROMPTHUB_REPLAY_FILE", str(home / "empty.jsonl"))
        (home / "empty.jsonl").write_text("")
        with headless(home) as server:
            world = settle(server)
            # a key, not a session: generated requests may sign out
            key = world.here.admin.post("auth/api-keys", {"name": "generated"}).json()["key"]
            made = Live(world, {"Authorization": f"Bearer {key}"}, Counter())
            yield made
            print(f"\n{sum(made.answers.values())} cases, seed {SEED}: {dict(sorted(made.answers.items()))}")


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda value: value)
def test_an_operation_keeps_its_description(live: Live, path: str, method: str) -> None:
    operation = SCHEMA[path][method.upper()]
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    ids = _ids(live.world.here)
    real = st.booleans()

    @seed(SEED)
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(fitting, fitting, wrong) if _can_be_wrong(operation) else fitting, real)
    def run(case: Any, with_real_ids: bool) -> None:
        if with_real_ids:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = ids.get(name, case.path_parameters[name])
            if path == "/execute" and isinstance(case.body, dict) and "prompt_id" in case.body:
                case.body = {**case.body, "prompt_id": ids["prompt_id"]}
        if path == "/execute" and isinstance(case.body, dict):
            case.body = {**case.body, "connection": "replay", "timeout_s": 5, "stream": False}
        # (a request that does not fit may have lost its credential: then nothing but 401 would be tested)
        case.headers = {**(case.headers or {}), **live.headers}
        answer = case.call(base_url=live.world.server.url + API.rstrip("/"))
        live.answers[answer.status_code] += 1
        assert answer.status_code < 500 or answer.status_code in FAULTS_OF_OTHERS, answer.text
        case.validate_response(answer, checks=CHECKS)

    run()


def _ids(place: Place) -> dict[str, str]:
    return {**place.ids, "prompt_id": place.new_prompt(), "branch": "side", "ref": "latest"}


def _can_be_wrong(operation: Any) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def test_the_description_is_a_valid_openapi_document() -> None:
    assert SCHEMA.specification.version.startswith("3.1")
    SCHEMA.validate()
