"""A text checked for an editor: its problems with their places, its variables, its messages. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from jupyter_prompthub.core import prompt as engine
from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import (
    ContractError,
    InvalidInput,
    LimitExceeded,
    PromptHubError,
    SnippetError,
)
from jupyter_prompthub.core.fixes import with_fixes
from jupyter_prompthub.core.lines import LineIndex
from jupyter_prompthub.core.linting import lint
from jupyter_prompthub.core.places import outline, places
from jupyter_prompthub.core.prompt import Compiled
from jupyter_prompthub.core.promptfile import Document
from jupyter_prompthub.core.records import Checked, CheckText, JsonValue, Problem, Rendered
from jupyter_prompthub.core.toolspec import read_tool

from ..access.permissions import Permission
from ..operations import operation
from ..targets import by_prompt
from ..transaction import Tx
from .completing import snippet_names
from .including import includes
from .snippets import lock

__all__ = ["check"]

_REFUSALS = (ContractError, SnippetError, LimitExceeded, InvalidInput)
"""what a text or its inputs can be refused for after it has been parsed"""


@operation(Permission.PROMPT_READ, no_audit="read")
def check(tx: Tx, new: CheckText) -> Checked:
    """Check a text: problems with line and column, variables and, with inputs, the rendered messages."""
    own = by_prompt(tx, new.prompt_id) if new.prompt_id is not None else None
    document, problems = promptfile.check(new.text)
    digest = text_hash(new.text)
    known = places(new.text, document)
    outlined: dict[str, Any] = {"text_hash": digest, "outline": outline(new.text), "places": known}
    names = partial(snippet_names, tx)
    if document is None:
        return Checked(
            **outlined,
            problems=with_fixes(new.text, None, problems, names),
            includes=includes(tx, known, {}, None),
        )
    refs = document.content.snippets
    tools = tuple(read_tool(each) for each in document.content.tools)
    try:
        locked = lock(tx, refs, own.id if own is not None else None, own.name if own is not None else "")
        compiled = engine.compile(new.text, snippets=locked.texts(tx))
    except _REFUSALS as error:
        return Checked(
            **outlined,
            content=document.content,
            problems=with_fixes(new.text, document, _sorted([*problems, _problem(document, error)]), names),
            variables=document.content.variables,
            tools=tools,
            includes=includes(tx, known, refs, None),
        )
    rendered, more = _rendered(document, compiled, new.inputs)
    found = _sorted([*compiled.problems, *lint(document, compiled.templates), *more])
    return Checked(
        **outlined,
        content=document.content,
        problems=with_fixes(new.text, document, found, names),
        variables=compiled.variables,
        tools=tools,
        rendered=rendered,
        includes=includes(tx, known, refs, locked),
    )


def _rendered(
    document: Document, compiled: Compiled, inputs: dict[str, JsonValue] | None
) -> tuple[Rendered | None, Sequence[Problem]]:
    if inputs is None:
        return None, ()
    try:
        return compiled.render(inputs), ()
    except _REFUSALS as error:
        return None, [_problem(document, error)]


def _problem(document: Document, error: PromptHubError) -> Problem:
    """A refusal as a problem, at the place in the text that it is about."""
    start, end = _place(document, error.details)
    lines = LineIndex(document.text)
    (line, column), (end_line, end_column) = lines.place(start), lines.place(end)
    return Problem(
        code=error.code,
        message=error.message,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        start=start,
        end=end,
    )


def _place(document: Document, details: dict[str, Any]) -> tuple[int, int]:
    path = [str(part) for part in details.get("path", ())]
    for use in document.template.snippets():
        if use.name in path:
            return use.start, use.end
    names = {row.get("name") for row in details.get("variables", ())}
    for variable in document.template.variables():
        if variable.name in names:
            return variable.start, variable.end
    return document.split.template.start, document.split.template.start


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.start, problem.end)))
