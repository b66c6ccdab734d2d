"""The front door: a ``.prompt`` text, compiled once, rendered as often as wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .canonical import rendered_hash
from .contract import check_inputs, variables_of
from .errors import PromptSyntaxError, SnippetError
from .promptfile import Document, parse
from .records import Content, Message, Problem, Rendered, Variable
from .render import Limits, render_result
from .template import Template

__all__ = ["Compiled", "compile"]

MAX_SNIPPET_DEPTH = 16


@dataclass(frozen=True)
class Compiled:
    """A prompt that is ready to render: it parses, its snippets are there, its contract is sound."""

    document: Document
    variables: tuple[Variable, ...]
    """its own, and those that snippets bring in"""
    problems: tuple[Problem, ...] = ()
    """warnings"""
    templates: Mapping[str, Template] = field(default_factory=dict)

    @property
    def content(self) -> Content:
        return self.document.content

    def render(
        self,
        inputs: Mapping[str, Any] | None = None,
        history: Sequence[Message] = (),
        *,
        limits: Limits | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> Rendered:
        """The messages for ``inputs``.

        Args:
            inputs: values by variable.
            history: the conversation so far.
            limits: other bounds than the usual ones.
            variables: what ``@name`` stands for.

        Raises:
            ContractError: a required input is missing, or one has another type; before anything is rendered.
            LimitExceeded: a bound was reached.
            InvalidInput: a value that is not JSON.
        """
        given = dict(inputs or {})
        everything = [self.document.template, *self.templates.values()]
        also = given if any(template.uses_all for template in everything) else ()
        complete, warnings = check_inputs(self.variables, given, also=also)
        result = render_result(
            self.document.template,
            complete,
            snippets=self.templates,
            history=history,
            limits=limits,
            variables=variables,
        )
        if result.turn:
            _, warnings = check_inputs(self.variables, given, also=[*also, *result.turn])
        return Rendered(
            messages=tuple(result.messages),
            warnings=warnings,
            rendered_hash=rendered_hash(result.messages),
        )


def _documents(document: Document, texts: Mapping[str, str]) -> dict[str, Document]:
    """Every snippet that the prompt includes, transitively, parsed; the chain is checked on the way."""
    made: dict[str, Document] = {}

    def load(name: str, path: tuple[str, ...]) -> Document:
        if name in made:
            return made[name]
        if name not in texts:
            message = f"there is no snippet {name!r}; make a prompt of that name, or correct the name"
            raise SnippetError(message, details={"path": list(path)})
        try:
            made[name] = parse(texts[name])
        except PromptSyntaxError as error:
            message = f"the snippet {name!r} cannot be parsed: {error.message}"
            raise SnippetError(message, details={**error.details, "path": list(path)}) from error
        return made[name]

    # (document, chain, outside of all blocks); each inclusion once per way of being included
    waiting: list[tuple[Document, tuple[str, ...], bool]] = [(document, (), True)]
    deepest: dict[tuple[str, bool], int] = {}
    while waiting:
        current, chain, top = waiting.pop()
        for use in current.template.snippets():
            path, outside = (*chain, use.name), top and use.top_level
            if use.name in chain:
                raise SnippetError(
                    f"snippets include each other: {' > '.join(path)}", details={"path": list(path)}
                )
            if len(path) > MAX_SNIPPET_DEPTH:
                message = f"snippets include each other more than {MAX_SNIPPET_DEPTH} deep: "
                raise SnippetError(message + " > ".join(path), details={"path": list(path)})
            inner = load(use.name, path)
            if inner.template.has_markers and not outside:
                message = (
                    f"the snippet {use.name!r} holds a role marker or history, so it may only be included "
                )
                raise SnippetError(message + "outside of all blocks", details={"path": list(path)})
            if deepest.get((use.name, outside), -1) < len(path):
                deepest[use.name, outside] = len(path)
                waiting.append((inner, path, outside))
    return made


def compile(text: str, *, snippets: Mapping[str, str] | None = None) -> Compiled:
    """Parse a ``.prompt`` text and all it includes.

    Args:
        text: the whole text.
        snippets: the texts of all snippets, transitively, by the name they are included under.

    Raises:
        PromptSyntaxError: the text does not parse; ``details["problems"]`` has the places.
        SnippetError: a snippet is missing, cyclic, too deep, does not parse, or has markers inside a block.
        ContractError: a snippet declares another type for a variable.
        LimitExceeded: a bound was reached.
    """
    document = parse(text)
    documents = _documents(document, snippets or {})
    return Compiled(
        document=document,
        variables=variables_of(document, documents),
        problems=document.problems,
        templates={name: inner.template for name, inner in documents.items()},
    )
