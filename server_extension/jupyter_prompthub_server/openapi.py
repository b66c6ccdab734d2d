"""OpenAPI 3.1, generated from the route table, the models, and the few handlers of their own."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from jupyter_prompthub.core.records import ErrorResponse, Health

from .endpoints import Endpoint
from .routes import Route, routes
from .version import version

__all__ = ["description", "description_json"]

_ERRORS: dict[str, str] = {
    "400": "Malformed, or it does not fit: which field, and why",
    "401": "Nobody known: sign in",
    "403": "Known, but without the permission",
    "404": "Missing, or of another workspace",
    "405": "Not with this verb",
    "409": "The state of the store does not allow it (a name is taken, the head has moved)",
    "413": "Too large",
    "415": "Not application/json",
    "422": "Understood, but not possible: prompt syntax, contract, snippets, a reused Idempotency-Key",
    "429": "Too often; Retry-After says when",
    "502": "The model's provider refused",
    "503": "The store or the provider is not available; Retry-After says when",
    "504": "The provider did not answer in time",
    "507": "No space left",
}
_REF = "#/components/schemas/{model}"


@lru_cache(maxsize=1)
def description_json() -> bytes:
    """The description as JSON."""
    return json.dumps(description()).encode()


def description() -> dict[str, Any]:
    """The whole description."""
    table = routes()
    inputs = {route.run.input for route in table if route.run.input is not None}
    outputs = {kind for route in table if (kind := _output(route)) is not None}
    outputs |= {ErrorResponse, Health}
    wanted: list[tuple[type[BaseModel], Any]] = [(kind, "validation") for kind in sorted(inputs, key=_name)]
    wanted += [(kind, "serialization") for kind in sorted(outputs, key=_name)]
    names, schemas = models_json_schema(wanted, by_alias=True, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for route in table:
        paths.setdefault("/" + route.path, {})[route.method.lower()] = _operation(route, names, schemas)
    streamed = paths["/execute"]["post"]
    streamed["description"] = (
        "With `Accept: text/event-stream` (or `stream`): events `start`, `delta`, then `result` or `error`."
    )
    streamed["responses"]["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    for path, method, made in _own_handlers(names):
        paths.setdefault(path, {})[method] = made
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PromptHub",
            "version": version(),
            "description": "Prompts as software. Below `{base_url}prompthub/api/v1`.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "."}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token, an API key (`ph_…`), or the Jupyter server's token",
                }
            },
            "responses": {
                code: {
                    "description": text,
                    "content": {"application/json": {"schema": names[ErrorResponse, "serialization"]}},
                }
                for code, text in _ERRORS.items()
            },
        },
    }


def _operation(route: Route, names: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    run = route.run
    made: dict[str, Any] = {
        "operationId": run.name,
        "summary": run.summary,
        "tags": [re.split(r"[/{]", route.path)[0]],
        "responses": _responses(_output(route), route.status, names),
        "x-permission": str(run.permission),
        "x-audit": run.audited if isinstance(run, Endpoint) else str(run.tag or run.no_audit),
    }
    if route.anonymous:
        made["security"] = []
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    if run.input is not None and route.method in ("GET", "DELETE"):
        parameters += _query(run.input, schemas)
    elif run.input is not None:
        made["requestBody"] = {
            "required": any(field.is_required() for field in run.input.model_fields.values()),
            "content": {"application/json": {"schema": names[run.input, "validation"]}},
        }
    if parameters:
        made["parameters"] = parameters
    return made


def _query(model: type[BaseModel], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    schema = schemas["$defs"][model.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": _of_query(part),
        }
        for name, part in schema["properties"].items()
    ]


def _of_query(schema: dict[str, Any]) -> dict[str, Any]:
    """A query argument cannot be null: it is left out."""
    options = [item for item in schema.get("anyOf", ()) if item.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "default") or not options}
    return {**kept, **options[0]} if len(options) == 1 else schema


def _responses(output: type[BaseModel] | None, status: int, names: Any) -> dict[str, Any]:
    made: dict[str, Any] = {code: {"$ref": f"#/components/responses/{code}"} for code in _ERRORS}
    if output is None:
        made["204"] = {"description": "Done"}
    else:
        made[str(status)] = {
            "description": "Done",
            "content": {"application/json": {"schema": names[output, "serialization"]}},
        }
    return dict(sorted(made.items()))


def _own_handlers(names: Any) -> list[tuple[str, str, dict[str, Any]]]:
    health = _responses(Health, 200, names)
    health["503"] = {
        "description": "Not ready",
        "content": {
            "application/json": {
                "schema": {"anyOf": [names[Health, "serialization"], names[ErrorResponse, "serialization"]]}
            }
        },
    }
    text = _responses(None, 200, names)
    del text["204"]
    metrics = {"description": "Metrics", "content": {"text/plain": {"schema": {"type": "string"}}}}
    anything = {"description": "This", "content": {"application/json": {"schema": {"type": "object"}}}}
    return [
        ("/health", "get", _about("health", "How the parts are", health, anonymous=False)),
        ("/health/live", "get", _about("health.live", "Whether it lives", health, anonymous=True)),
        ("/health/ready", "get", _about("health.ready", "Whether it is ready", health, anonymous=True)),
        (
            "/metrics",
            "get",
            _about("metrics", "Numbers for Prometheus", {**text, "200": metrics}, anonymous=False),
        ),
        (
            "/openapi.json",
            "get",
            _about("openapi", "This description", {**text, "200": anything}, anonymous=False),
        ),
    ]


def _about(name: str, summary: str, responses: dict[str, Any], *, anonymous: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "tags": ["operations"],
        "responses": responses,
        "x-permission": "none" if anonymous else "signed in",
        "x-audit": "read",
    }
    if anonymous:
        made["security"] = []
    return made


def _output(route: Route) -> type[BaseModel] | None:
    kind = route.run.output
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _name(kind: type[BaseModel]) -> str:
    return kind.__name__
