"""``.prompt`` text to document: content, template, and the place of everything in it.

The text is YAML front matter between ``---`` lines, then a template; see
``docs/formats/content-and-hashes.md`` for which field becomes what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import template as engine
from .content import lf
from .errors import InvalidInput, LimitExceeded, PromptHubError, PromptSyntaxError
from .frontmatter import Fields, Split, key_spans, read_fields, split
from .lines import LineIndex, Span
from .names import LATEST
from .picoschema import to_json_schema
from .records import Content, Problem, Segment, SegmentKind
from .variables import variables
from .yamledit import YamlText
from .yamltree import Node, YamlProblem, parse_yaml
from .yamlwrite import block

__all__ = ["MAX_TEXT", "Document", "brings_front_matter", "check", "from_parts", "parse", "with_body"]

MAX_TEXT = 256 * 1024
"""code points of a whole text"""


@dataclass(frozen=True, slots=True)
class Document:
    """A ``.prompt`` text that parses. Offsets are code points into ``text``."""

    text: str
    content: Content
    template: engine.Template
    problems: tuple[Problem, ...]
    """warnings and notes; errors do not make a document"""
    split: Split
    yaml: Node | None
    """the front matter's tree; its offsets count from ``split.yaml.start``"""
    keys: Mapping[tuple[str, ...], Span]
    """where every key of the front matter stands, by its path (list indexes as text)"""
    input_schema: dict[str, Any] | None
    """the JSON Schema of the inputs as declared"""
    defaults: Mapping[str, Any]
    examples: Mapping[str, Sequence[Any]]
    """those of ``input.examples``, by variable"""

    @property
    def front(self) -> YamlText:
        """The front matter, to be edited.

        Raises:
            InvalidInput: there is none.
        """
        span = self.split.yaml
        if span is None:
            raise InvalidInput("the text has no front matter")
        return YamlText(self.text, span.start, span.end, self.yaml)

    @property
    def body(self) -> str:
        """All that follows the front matter, byte for byte."""
        return self.text[self.split.body.start : self.split.body.end]


class _Problems:
    def __init__(self, text: str) -> None:
        self._lines = LineIndex(text)
        self.items: list[Problem] = []

    def add(self, code: str, message: str, start: int, end: int, severity: str = "error") -> None:
        line, column = self._lines.place(start)
        end_line, end_column = self._lines.place(max(start, end))
        self.items.append(
            Problem.model_validate(
                {
                    "severity": severity,
                    "code": code,
                    "message": message,
                    "line": line,
                    "column": column,
                    "end_line": end_line,
                    "end_column": end_column,
                    "start": start,
                    "end": max(start, end),
                }
            )
        )

    def of_error(self, error: PromptHubError, place: Span) -> None:
        """The problems that an error lists, or the error itself at ``place``."""
        listed = error.details.get("problems")
        for item in listed or ():
            problem = item if isinstance(item, Problem) else Problem.model_validate(item)
            if problem.end > 0 or problem.start > 0 or problem.line > 1:
                self.add(problem.code, problem.message, problem.start, problem.end, problem.severity)
            else:
                self.add(problem.code, problem.message, place.start, place.end, problem.severity)
        if not listed:
            self.add(error.code, error.message, place.start, place.end)

    @property
    def failed(self) -> bool:
        return any(problem.severity == "error" for problem in self.items)


def _bad_characters(text: str, problems: _Problems) -> None:
    if (at := text.find("\0")) >= 0:
        problems.add("nul", "a NUL character (U+0000); remove it", at, at + 1)
    at = next((i for i, c in enumerate(text) if "\ud800" <= c <= "\udfff"), -1) if not text.isascii() else -1
    if at >= 0:
        problems.add("surrogate", "half a character (a lone surrogate); remove it", at, at + 1)


def _front_matter(text: str, cut: Split, problems: _Problems) -> tuple[Node | None, Fields]:
    if cut.unclosed is not None:
        message = "this --- starts front matter that is never closed; add a line --- after it"
        problems.add("front_matter_unclosed", message, cut.unclosed.start, cut.unclosed.end)
    if cut.yaml is None:
        return None, Fields()
    offset = cut.yaml.start
    try:
        root = parse_yaml(text[cut.yaml.start : cut.yaml.end])
    except YamlProblem as error:
        start = min(offset + error.start, cut.yaml.end)
        problems.add(error.code, error.message, start, offset + error.end)
        return None, Fields()
    fields = read_fields(root) if root is not None else Fields()
    for finding in fields.findings:
        start, end = offset + finding.start, offset + finding.end
        problems.add(finding.code, finding.message, start, end, finding.severity)
    return root, fields


def _json_schema(
    written: Any, side: str, root: Node | None, cut: Split, problems: _Problems
) -> dict[str, Any] | None:
    if written is None:
        return None
    try:
        return to_json_schema(written)
    except (PromptSyntaxError, LimitExceeded) as error:
        path = (side, "schema", *error.details.get("path", ()))
        place = _schema_place(root, path, cut, in_value=bool(error.details.get("in_value")))
        for item in error.details.get("problems") or [{"code": "schema", "message": error.message}]:
            found = item if isinstance(item, dict) else item.model_dump()
            problems.add(str(found["code"]), str(found["message"]), place.start, place.end)
        return None


def _schema_place(root: Node | None, path: tuple[str, ...], cut: Split, *, in_value: bool) -> Span:
    """The property of a schema: its key, or its value."""
    node, offset = root, cut.yaml.start if cut.yaml is not None else 0
    place = Span(0, 0)
    for name in path:
        entry = node.get(name) if node is not None else None
        if entry is None:
            break
        node = entry.value
        chosen = node if in_value and node.end > node.start else entry.key
        place = Span(offset + chosen.start, offset + chosen.end)
    return place


def _segments(template: engine.Template) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            kind=SegmentKind(node.kind),
            role=node.role if node.kind == SegmentKind.MESSAGE else "",
            source=lf(node.source),
        )
        for node in template.segments()
    )


def _snippet_refs(
    template: engine.Template, fields: Fields, keys: Mapping[tuple[str, ...], Span], problems: _Problems
) -> dict[str, str]:
    used = {use.name for use in template.snippets()}
    for name in fields.snippets:
        if name not in used:
            place = keys[("snippets", name)]
            message = f"the template does not include the snippet {name!r}"
            problems.add("snippet_unused", message, place.start, place.end, "warning")
    return {name: fields.snippets.get(name, LATEST) for name in sorted(used)}


def _read(text: str) -> tuple[Document | None, tuple[Problem, ...]]:
    problems = _Problems(text)
    if len(text) > MAX_TEXT:
        message = f"the text has {len(text)} characters; at most {MAX_TEXT} are allowed"
        problems.add("too_large", message, MAX_TEXT, len(text))
        return None, tuple(problems.items)
    _bad_characters(text, problems)
    if problems.failed:
        return None, tuple(problems.items)
    cut = split(text)
    root, fields = _front_matter(text, cut, problems)
    keys = dict(key_spans(root, cut.yaml.start)) if root is not None and cut.yaml is not None else {}
    input_schema = _json_schema(fields.input_schema, "input", root, cut, problems)
    output_schema = _json_schema(fields.output_schema, "output", root, cut, problems)
    line, _ = LineIndex(text).place(cut.template.start)
    try:
        source = text[cut.template.start : cut.template.end]
        template = engine.parse(source, offset=cut.template.start, line=line)
    except (PromptSyntaxError, LimitExceeded) as error:
        problems.of_error(error, Span(cut.template.start, cut.template.end))
        return None, tuple(problems.items)
    refs = _snippet_refs(template, fields, keys, problems)
    if problems.failed:
        return None, tuple(problems.items)
    content = Content(
        segments=_segments(template),
        variables=variables(
            input_schema,
            fields.defaults,
            fields.examples,
            ((use.name, use.text) for use in template.variables()),
        ),
        model=fields.model,
        parameters=fields.parameters,
        tools=tuple(fields.tools),
        output=fields.output(output_schema),
        snippets=refs,
        metadata=fields.metadata,
    )
    return (
        Document(
            text=text,
            content=content,
            template=template,
            problems=tuple(problems.items),
            split=cut,
            yaml=root,
            keys=keys,
            input_schema=input_schema,
            defaults=fields.defaults,
            examples=fields.examples,
        ),
        tuple(problems.items),
    )


def check(text: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document and all problems; None for it when any problem is an error. Never raises for bad text."""
    return _read(text)


def parse(text: str) -> Document:
    """Parse a ``.prompt`` text.

    Raises:
        PromptSyntaxError: the text has errors; ``details["problems"]`` lists all problems, with places.
    """
    document, problems = _read(text)
    if document is None:
        first = next(problem for problem in problems if problem.severity == "error")
        raise PromptSyntaxError(
            f"line {first.line}, column {first.column}: {first.message}",
            details={"problems": [problem.model_dump() for problem in problems]},
        )
    return document


def from_parts(
    template: str,
    *,
    model: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    snippets: Mapping[str, str] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> str:
    """The text of a prompt given in parts; its variables are inferred from the template.

    Args:
        template: the template's source; it is the text's body as it is.
        model: the model to ask.
        parameters: model settings; a ``model`` among them is the model, unless ``model`` says it.
        snippets: refs by snippet name.
        metadata: further front-matter fields.

    Raises:
        InvalidInput: a setting that YAML or JSON cannot hold.
    """
    settings = dict(parameters or {})
    within = settings.pop("model", None)
    front: dict[str, Any] = {}
    if chosen := model or within:
        front["model"] = chosen
    if settings:
        front["config"] = settings
    if snippets:
        front["snippets"] = {name: "@" + ref.removeprefix("@") for name, ref in snippets.items()}
    front.update(metadata or {})
    cut = split(template)
    if not front and cut.yaml is None and cut.unclosed is None:
        return template
    return f"---\n{block(front)}---\n{template}"


def brings_front_matter(cell: str) -> bool:
    """Whether a notebook cell's text is a whole prompt; else it is a template, for :func:`with_body`."""
    return cell.lstrip().startswith("---")


def with_body(text: str, body: str) -> str:
    """``text`` with ``body`` as its template; its front matter stays as it is."""
    cut = split(text)
    front = text[: cut.body.start]
    inner = split(body)
    if cut.yaml is None and (inner.yaml is not None or inner.unclosed is not None):
        front += "---\n---\n"  # else the body's own first lines would be read as front matter
    return front + body
