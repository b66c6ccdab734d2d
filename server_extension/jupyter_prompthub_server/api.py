"""One request of the REST table, answered: by HTTP (``handlers/api.py``) and in process alike."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from jupyter_prompthub.core.canonical import loads_strict
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.records import Input

from .access.tokens import AccessToken
from .dispatch import Idempotency
from .endpoints import Context, Endpoint
from .handlers.errors import UnsupportedMediaType, from_validation
from .operations import Caller, Operation
from .routes import Match, Route, find
from .runtime import Runtime

__all__ = ["ApiAnswer", "InProcess", "answer", "parse_body", "parse_query"]

_INLINE = 16 * 1024
"""bytes of a body that are parsed on the event loop; larger ones in a thread"""
_OURS = frozenset({"workspace", "token"})
"""query arguments that are not the operation's"""
_KEY_MAX = 200

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """A status, a record (None: no content) and headers; ``data`` is the record as it is sent, where it was kept."""

    status: int
    record: BaseModel | None
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None

    @property
    def body(self) -> bytes | None:
        """What is sent; None: no content."""
        if self.data is not None or self.record is None:
            return self.data
        return self.record.model_dump_json(by_alias=True).encode()


async def answer(
    runtime: Runtime,
    match: Match,
    caller: Caller,
    *,
    query: str = "",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    remote_address: str = "",
    access_token: AccessToken | None = None,
) -> ApiAnswer:
    """Answer one matched request.

    Args:
        runtime: where the store is.
        match: the route and what its path names.
        caller: who asks.
        query: the query string, undecoded.
        body: the raw body.
        headers: ``Content-Type``, ``If-Match``, ``Idempotency-Key`` are looked at.
        remote_address: the caller's network address.
        access_token: the caller's session, if that is its credential.

    Raises:
        PromptHubError: as any of the table's operations says.
    """
    headers = headers or {}
    route, run = match.route, match.route.run
    given = await _input(route, query, body, headers)
    if isinstance(run, Endpoint):
        if run.permission not in caller.permissions:
            await runtime.deny(caller, run.name, run.permission)
        context = Context(runtime, caller, match.path, remote_address, access_token)
        record = await (run.fn(context, given) if run.input else run.fn(context))
        return ApiAnswer(route.status if record is not None else 204, record)
    if run.kept and run.permission in caller.permissions:
        return ApiAnswer(route.status, None, data=await _kept(runtime, run, caller, match.path, given))
    key = _idempotency_key(headers) if route.method == "POST" and run.writes else None
    idempotency = Idempotency(key=key) if key else None
    outcome = await runtime.dispatcher.call_with_receipt(
        run, caller, match.path, given, idempotency=idempotency
    )
    if run.writes and run.name.startswith(_PEOPLE):
        runtime.people_changed()
    out = {}
    if outcome.receipt is not None:
        out["X-PromptHub-Receipt"] = f"{outcome.receipt.entry_id};{outcome.receipt.leaf_hash}"
    if outcome.replayed:
        out["X-PromptHub-Replayed"] = "true"
    record = outcome.result
    return ApiAnswer(route.status if record is not None else 204, record, out)


async def _kept(
    runtime: Runtime, run: Operation, caller: Caller, path: Mapping[str, str], given: BaseModel | None
) -> bytes:
    """The answer of a read, from memory where nothing changed since."""
    answers = runtime.dispatcher.answers
    about = (caller.workspace_id, path.get("prompt_id", ""))
    key = (*about, run.name, *path.values(), given)
    data = answers.get(key, *about)
    if data is None:
        stamp = answers.stamp(*about)
        record: BaseModel = await runtime.dispatcher.call(run, caller, path, given)
        data = record.model_dump_json(by_alias=True).encode()
        answers.put(key, stamp, data)
    return data


_PEOPLE = ("accounts.", "api_keys.", "members.", "actors.")
"""changes after which credentials are looked up again"""


async def _input(route: Route, query: str, body: bytes, headers: Mapping[str, str]) -> BaseModel | None:
    model = route.run.input
    if model is None:
        if route.method in ("GET", "DELETE"):
            parse_query(_Nothing, query)
        return None
    if route.method in ("GET", "DELETE"):
        return parse_query(model, query)
    parse_query(_Nothing, query)
    given = await parse_body(model, body, headers.get("Content-Type"))
    if (expected := headers.get("If-Match")) and "expected_head" in model.model_fields:
        head = expected.strip().removeprefix("W/").strip('"')
        if getattr(given, "expected_head", None) not in (None, head):
            raise InvalidInput("If-Match and expected_head name different heads; give one of them")
        given = given.model_copy(update={"expected_head": head})
    return given


class _Nothing(BaseModel, extra="forbid"):
    """The query of a route that takes none."""


def parse_query(model: type[Model], query: str) -> Model:
    """A query string as ``model``.

    The bare timestamp that JupyterLab's ``ServerConnection`` adds to a GET is ignored; so are ``workspace``
    and ``token``, which are looked at elsewhere.

    Raises:
        InvalidInput: unknown, repeated or unfitting arguments.
    """
    values: dict[str, str] = {}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise InvalidInput("the query is not UTF-8, or has more than 100 arguments") from error
    for name, value in pairs:
        if name in _OURS or (not value and name.isascii() and name.isdigit()):
            continue
        if name in values:
            raise InvalidInput(f"the query names {name[:60]!r} twice")
        if "\0" in name or "\0" in value:
            raise InvalidInput("the query holds a NUL character")
        values[name] = value
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise from_validation(error, "the query") from None


async def parse_body(model: type[Model], body: bytes, content_type: str | None) -> Model:
    """A JSON body as ``model``; an empty one is ``{}``.

    Raises:
        InvalidInput: not JSON, duplicate keys, NaN, NUL, lone surrogates, too deep, or not fitting.
        UnsupportedMediaType: the header names something else than JSON in UTF-8.
    """
    if body:
        kind, _, parameters = (content_type or "").partition(";")
        charset = parameters.partition("charset=")[2].strip().strip('"').lower()
        if kind.strip().lower() != "application/json" or charset not in ("", "utf-8"):
            raise UnsupportedMediaType(
                f"expected a body of Content-Type application/json, got {(content_type or 'none')[:100]!r}"
            )
    if len(body) <= _INLINE:
        return _parse(model, body)
    return await asyncio.to_thread(_parse, model, body)


def _parse(model: type[Model], body: bytes) -> Model:
    if not body.strip():
        body = b"{}"
    data = loads_strict(body)
    if not isinstance(data, dict):
        raise InvalidInput("the body must be a JSON object")
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        named = partial(model.place, data=data) if issubclass(model, Input) else None
        raise from_validation(error, "the body", named) from None


def _idempotency_key(headers: Mapping[str, str]) -> str | None:
    key = headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= _KEY_MAX or not key.isascii() or not key.isprintable():
        raise InvalidInput(f"an Idempotency-Key has 1 to {_KEY_MAX} printable ASCII characters")
    return key


class InProcess:
    """The REST table without HTTP, for the client that opens a store in its own process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        caller: Caller | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Answer as HTTP would: the decoded JSON, or PromptHubError raised.

        ``path`` is relative to the API's root, its parts percent-encoded. Without ``caller``, it is the
        local admin who asks.
        """
        from urllib.parse import urlencode

        match = find(method, path.lstrip("/"))
        who = caller or await self._runtime.local_identity.caller(None, (query or {}).get("workspace"))
        done = await answer(
            self._runtime,
            match,
            who,
            query=urlencode(query or {}),
            body=json.dumps(body).encode() if body is not None else b"",
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        return None if done.body is None else json.loads(done.body)
