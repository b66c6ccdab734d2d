"""Before the call: what is run (in a read transaction), and what it says (off every event loop)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import rendered_hash
from jupyter_prompthub.core.errors import Conflict, InvalidInput, LimitExceeded, NotFound, SnippetError
from jupyter_prompthub.core.names import LATEST, parse_reference
from jupyter_prompthub.core.records import ExecuteRequest, JsonValue, Message, OutputSpec, Problem
from jupyter_prompthub.gateways.parameters import checked

from ..access.permissions import Permission
from ..operations import operation
from ..services import connections
from ..services.refs import prompt_named, resolve
from ..store.tables import environment, version, version_snippet
from ..targets import by_prompt
from ..transaction import Tx
from .sources import ResolvedConnection

__all__ = ["Prepared", "Rendering", "prepare", "render"]

_MAX_SNIPPETS = 1_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a request names. ``snippets`` holds the text of every snippet, transitively, by name."""

    prompt_id: str
    text: str
    snippets: dict[str, str]
    version_sha: str | None
    lock_hash: str | None
    environment: str | None
    deployment_id: str | None
    connections: tuple[ResolvedConnection, ...]


@dataclass(frozen=True, slots=True)
class Rendering:
    """What goes to the model, whichever it will be."""

    messages: tuple[Message, ...]
    rendered_hash: str
    model: str | None
    parameters: dict[str, JsonValue]
    tools: tuple[JsonValue, ...]
    output: OutputSpec | None
    warnings: tuple[Problem, ...]


@operation(Permission.PROMPT_EXECUTE, no_audit="read", target=by_prompt)
def prepare(tx: Tx, target: Row[Any], request: ExecuteRequest) -> Prepared:
    """Look up what is to be run, and through which connections it may go."""
    if target.archived_at is not None:
        raise Conflict(f"{target.name} is archived: restore it before you run it")
    usable = connections.usable(tx)
    if request.text is not None:
        place = None if request.environment is None else _environment(tx, request.environment)
        snippets = _snippets_of_text(tx, request.text)
        return Prepared(target.id, request.text, snippets, None, None, place, None, usable)
    ref = request.version
    if request.environment is not None:
        _environment(tx, request.environment)
        if ref not in (LATEST, request.environment):
            raise InvalidInput(
                f"expected version or environment, got version {ref!r} and environment "
                f"{request.environment!r}"
            )
        ref = request.environment
    found = resolve(tx, target, ref)
    row = _version(tx, target.id, found.sha)
    snippets = {}
    _add_snippets(tx, target.id, found.sha, snippets)
    text = tx.codec.open(version.c.text, found.sha, row.text)
    return Prepared(
        target.id, text, snippets, found.sha, row.lock_hash, found.environment, found.deployment_id, usable
    )


def render(prepared: Prepared, request: ExecuteRequest) -> Rendering:
    """Parse, check the inputs, render. Pure, bounded, and too slow for an event loop.

    Raises:
        PromptSyntaxError, ContractError, SnippetError, LimitExceeded, InvalidInput: nothing is called then.
    """
    from jupyter_prompthub.core import prompt as engine

    compiled = engine.compile(prepared.text, snippets=prepared.snippets)
    rendered = compiled.render(request.inputs, history=request.history)
    content = compiled.content
    warnings = list(rendered.warnings)
    for tool in content.tools:
        if isinstance(tool, str):
            message = f"the tool {tool!r} is named but not defined, so the model was not told of it"
            warnings.append(Problem(severity="warning", code="tool_not_defined", message=message))
    return Rendering(
        messages=rendered.messages,
        rendered_hash=rendered.rendered_hash or rendered_hash(rendered.messages),
        model=content.model,
        parameters=checked({**content.parameters, **(request.parameters or {})}),
        tools=content.tools,
        output=content.output,
        warnings=tuple(warnings),
    )


def _environment(tx: Tx, name: str) -> str:
    names = tx.conn.scalars(
        select(environment.c.name)
        .where(environment.c.workspace_id == tx.workspace_id)
        .order_by(environment.c.position)
    ).all()
    if name not in names:
        raise NotFound(f"there is no environment {name!r}; there are {', '.join(names)}")
    return name


def _version(tx: Tx, prompt_id: str, sha: str) -> Any:
    return tx.conn.execute(
        select(version.c.text, version.c.lock_hash).where(
            version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt_id, version.c.sha == sha
        )
    ).one()


def _add_snippets(tx: Tx, prompt_id: str, sha: str, into: dict[str, str]) -> None:
    """Add the texts of a version's snippets as its lock has them, and of theirs."""
    rows = tx.conn.execute(
        select(
            version_snippet.c.name, version_snippet.c.snippet_prompt_id, version_snippet.c.snippet_sha
        ).where(
            version_snippet.c.workspace_id == tx.workspace_id,
            version_snippet.c.prompt_id == prompt_id,
            version_snippet.c.sha == sha,
            version_snippet.c.name.is_not(None),
        )
    ).all()
    for row in rows:
        if row.name in into:
            continue
        if len(into) >= _MAX_SNIPPETS:
            raise LimitExceeded(f"more than {_MAX_SNIPPETS} snippets")
        stored = _version(tx, row.snippet_prompt_id, row.snippet_sha)
        into[row.name] = tx.codec.open(version.c.text, row.snippet_sha, stored.text)
        _add_snippets(tx, row.snippet_prompt_id, row.snippet_sha, into)


def _snippets_of_text(tx: Tx, text: str) -> dict[str, str]:
    """The snippets of a text that is no version yet, at the refs that it names."""
    into: dict[str, str] = {}
    for name, ref in promptfile.parse(text).content.snippets.items():
        try:
            row = prompt_named(tx, parse_reference(name))
            found = resolve(tx, row, ref.removeprefix("@"))
        except NotFound as error:
            raise SnippetError(f"the snippet {name!r}: {error.message}", details={"path": [name]}) from error
        stored = _version(tx, row.id, found.sha)
        into[name] = tx.codec.open(version.c.text, found.sha, stored.text)
        _add_snippets(tx, row.id, found.sha, into)
    return into
