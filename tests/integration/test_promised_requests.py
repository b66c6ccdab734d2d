"""The requests that were promised to users, word for word, to a Jupyter server and to ``prompthub serve``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.fake_provider import FakeProvider
from tests.support.processes import Process, jupyter, serve

PASSWORD = "SecurePassword123!"
REGISTER = {
    "email": "user@example.com",
    "password": PASSWORD,
    "full_name": "John Doe",
    "organization": "ACME Corp",
}
PROMPT = {
    "title": "Customer Support Response",
    "content": "You are a helpful support agent.\nContext: {{context}}\nCustomer: {{user_message}}\n",
    "parameters": {"temperature": 0.7, "max_tokens": 500, "model": "gpt-4"},
    "tags": ["support", "customer-service"],
}


class Desk:
    """A server, and how to ask it."""

    def __init__(self, process: Process, provider: FakeProvider) -> None:
        self.process, self.provider = process, provider
        self.prompt: dict[str, Any] = {}
        self.client = httpx.Client(
            base_url=process.url + "prompthub/api/v1/", timeout=60, trust_env=False, headers={}
        )

    def ask(self, method: str, path: str, json: Any = None, status: int = 200, **kwargs: Any) -> Any:
        answer = self.client.request(method, path, json=json, **kwargs)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@pytest.fixture(scope="module", params=["laptop", "serve"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home: Path = tmp_path_factory.mktemp("promised")
    start = jupyter if request.param == "laptop" else serve
    with FakeProvider() as provider, start(home) as process:
        desk = Desk(process, provider)
        with desk.client:
            if request.param == "laptop":
                desk.client.headers["Authorization"] = f"token {process.token}"
            else:
                made = desk.ask("POST", "auth/register", REGISTER, 201)
                assert made["user"]["full_name"] == "John Doe"
                login = desk.ask("POST", "auth/login", {"email": "user@example.com", "password": PASSWORD})
                desk.client.headers["Authorization"] = f"Bearer {login['access_token']}"
            desk.ask(
                "POST",
                "connections",
                {
                    "name": "openai",
                    "provider": "openai_compatible",
                    "base_url": provider.url,
                    "secret": "sk-promised",
                    "allow_private_address": True,
                },
                201,
            )
            desk.prompt = desk.ask("POST", "prompts", PROMPT, 201)
            yield desk


def test_signing_in_refreshing_and_signing_out(desk: Desk) -> None:
    if desk.process.token:
        refused = desk.ask("POST", "auth/login", {"email": "user@example.com", "password": PASSWORD}, 404)
        assert "Jupyter" in refused["error"]["message"]
        return
    answer = desk.ask("POST", "auth/login", {"email": "user@example.com", "password": PASSWORD})
    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 1800
    assert set(answer["user"]) >= {"id", "email", "full_name", "role"}
    assert (answer["user"]["email"], answer["user"]["full_name"]) == ("user@example.com", "John Doe")
    again = desk.ask("POST", "auth/refresh", {"refresh_token": answer["refresh_token"]})
    headers = {"Authorization": f"Bearer {again['access_token']}"}
    desk.ask("POST", "auth/logout", status=204, headers=headers)
    desk.ask("GET", "me", status=401, headers=headers)


def test_a_prompt_is_made_read_listed_changed_and_archived(desk: Desk) -> None:
    made = desk.ask("POST", "prompts", {**PROMPT, "title": "Another Response"}, 201)
    assert made["title"] == "Another Response"
    assert sorted(made["tags"]) == ["customer-service", "support"]
    got = desk.ask("GET", f"prompts/{made['id']}")
    assert got["content"].strip() == str(PROMPT["content"]).strip()
    assert got["parameters"]["temperature"] == 0.7
    assert got["parameters"]["max_tokens"] == 500
    assert got["parameters"]["model"] == "gpt-4"
    change = {"content": "Be brief. {{context}} {{user_message}}\n", "commit_message": "Shorter answers"}
    version = desk.ask("PUT", f"prompts/{made['id']}", change)
    assert version["commit_message"] == "Shorter answers"
    assert version["sha"] != got["head"]["sha"]
    page = desk.ask("GET", "prompts?page=1&limit=20&search=customer&tags=support")
    assert made["id"] in [item["id"] for item in page["items"]]
    assert page["limit"] == 20
    assert desk.ask("DELETE", f"prompts/{made['id']}")["archived"] is True


def test_versions_branches_and_comparison(desk: Desk) -> None:
    base = f"prompts/{desk.prompt['id']}"
    desk.ask("PUT", base, {"content": "Now: {{context}} {{user_message}}\n", "commit_message": "Now"})
    versions = desk.ask("GET", f"{base}/versions")["items"]
    new, old = versions[0]["sha"], versions[-1]["sha"]
    branch = desk.ask("POST", f"{base}/branches", {"name": "feature/tone", "base_version": old[:9]}, 201)
    assert branch["head"] == old
    compared = desk.ask("GET", f"{base}/compare/{old[:9]}...{new[:9]}")
    assert (compared["base"]["sha"], compared["head"]["sha"]) == (old, new)
    assert compared["diff"]["changes"]


def test_executing(desk: Desk) -> None:
    body = {
        "prompt_id": desk.prompt["id"],
        "version": "latest",
        "inputs": {"user_message": "Where is my order?", "context": "Order 12345"},
        "provider": "openai",
        "model": "gpt-4",
    }
    answer = desk.ask("POST", "execute", body)
    assert answer["result"]["completion"]
    assert set(answer["result"]["metadata"]) >= {"tokens_used", "latency_ms", "cost_usd", "provider", "model"}
    assert answer["result"]["metadata"]["model"]
    assert answer["execution_id"]
    assert answer["timestamp"].endswith("Z")
    assert desk.ask("GET", f"executions/{answer['execution_id']}")["state"] == "succeeded"


def test_executing_as_a_stream(desk: Desk) -> None:
    body = {"prompt_id": desk.prompt["id"], "inputs": {"user_message": "Hi", "context": "None"}}
    body |= {"provider": "openai", "model": "gpt-4"}
    with desk.client.stream("POST", "execute", json=body, headers={"Accept": "text/event-stream"}) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        names = [line[7:] for line in answer.iter_lines() if line.startswith("event: ")]
    assert names[0] == "start"
    assert names[-1] == "result"
    assert set(names[1:-1]) == {"delta"}


def test_promoting_and_rolling_back(desk: Desk) -> None:
    base = f"prompts/{desk.prompt['id']}"
    first = desk.ask("GET", f"{base}/versions")["items"][-1]["sha"]
    desk.ask("POST", f"{base}/promote", {"environment": "production", "version": first}, 201)
    desk.ask("PUT", base, {"content": "Then: {{context}} {{user_message}}\n", "commit_message": "Then"})
    served = desk.ask("POST", f"{base}/promote", {"environment": "production"}, 201)
    assert served["version_sha"] != first
    back = desk.ask("POST", f"{base}/rollback", {"environment": "production", "reason": "worse"}, 201)
    assert (back["version_sha"], back["action"]) == (first, "rollback")


def test_health_and_metrics(desk: Desk) -> None:
    health = desk.ask("GET", "health")
    assert set(health["components"]) >= {"database", "providers", "disk", "memory"}
    assert health["version"]
    assert desk.ask("GET", "health/live")["status"] == "ok"
    assert desk.ask("GET", "health/ready")["status"] == "ok"
    assert "prompthub_http_requests_total" in desk.client.get("metrics").text
    if not desk.process.token:
        for path in ("health", "health/live", "health/ready", "metrics"):
            assert httpx.get(desk.process.url + path, trust_env=False).status_code == 200
