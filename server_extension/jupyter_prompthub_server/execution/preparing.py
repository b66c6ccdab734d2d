"""Before the call: what is run (in a read transaction), and what it says (off every event loop)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from jupyter_prompthub.core import prompt as engine
from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import rendered_hash, text_hash
from jupyter_prompthub.core.errors import Conflict, InvalidInput, NotFound
from jupyter_prompthub.core.gateway import ModelRequest
from jupyter_prompthub.core.names import LATEST
from jupyter_prompthub.core.records import ExecuteRequest, JsonValue, Message, OutputSpec, Problem
from jupyter_prompthub.gateways.parameters import checked

from ..access.permissions import Permission
from ..operations import operation
from ..services import connections
from ..services.refs import resolve
from ..services.snippets import lock, texts_of_version
from ..settings import setting
from ..store.tables import environment, version
from ..store.types import AnyRow
from ..targets import by_prompt_or_text
from ..transaction import Tx
from .choice import Choice, choose
from .sources import ResolvedConnection

__all__ = ["Prepared", "Rendering", "choice_of", "model_request", "prepare", "render"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a request names. ``snippets`` holds the text of every snippet, transitively, by name."""

    prompt_id: str | None
    """None: a text that is no prompt of the library"""
    text: str
    snippets: dict[str, str]
    version_sha: str | None
    text_hash: str | None
    """of a text that is no version"""
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


@operation(Permission.PROMPT_EXECUTE, no_audit="read", target=by_prompt_or_text)
def prepare(tx: Tx, target: AnyRow | None, request: ExecuteRequest) -> Prepared:
    """Look up what is to be run, and through which connections it may go."""
    if target is not None and target.archived_at is not None:
        raise Conflict(f"{target.name} is archived: restore it before you run it")
    usable = connections.usable(tx)
    if request.text is not None:
        place = None if request.environment is None else _environment(tx, request.environment)
        refs = promptfile.parse(request.text).content.snippets
        own_id, own_name = (None, "") if target is None else (target.id, target.name)
        snippets = lock(tx, refs, own_id, own_name).texts(tx)
        digest = text_hash(request.text)
        return Prepared(own_id, request.text, snippets, None, digest, None, place, None, usable)
    if target is None:
        raise InvalidInput("expected prompt_id, or the text to run")
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
    row = tx.conn.execute(
        select(version.c.text, version.c.lock, version.c.lock_hash).where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == target.id,
            version.c.sha == found.sha,
        )
    ).one()
    snippets = texts_of_version(tx, target.id, found.sha, row.lock)
    text = tx.codec.open(version.c.text, found.sha, row.text)
    return Prepared(
        target.id,
        text,
        snippets,
        found.sha,
        None,
        row.lock_hash,
        found.environment,
        found.deployment_id,
        usable,
    )


def render(prepared: Prepared, request: ExecuteRequest) -> Rendering:
    """Parse, check the inputs, render. Pure, bounded, and too slow for an event loop.

    Raises:
        PromptSyntaxError, ContractError, SnippetError, LimitExceeded, InvalidInput: nothing is called then.
    """
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


def choice_of(prepared: Prepared, rendering: Rendering, request: ExecuteRequest) -> Choice:
    """Which connection answers, and as what model.

    Raises:
        ModelUnknown: nothing serves it.
    """
    return choose(
        prepared.connections,
        prompt_model=rendering.model,
        model=request.model,
        provider=request.provider,
        connection=request.connection,
        default=setting("DEFAULT_MODEL"),
    )


def model_request(choice: Choice, rendering: Rendering) -> ModelRequest:
    """What the chosen model is asked."""
    return ModelRequest(
        provider=choice.provider,
        model=choice.model,
        messages=rendering.messages,
        parameters=rendering.parameters,
        tools=rendering.tools,
        output=rendering.output,
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
