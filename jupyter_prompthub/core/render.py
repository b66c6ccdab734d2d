"""A template and inputs to messages. Markers are nodes of the tree: no output is ever searched for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import LimitExceeded, SnippetError
from .messages import Event, HistoryEvent, RoleEvent, assemble, with_history
from .records import DataPart, MediaPart, Message, TextPart
from .template import Template, values
from .template import nodes as n

__all__ = ["Limits", "Result", "render", "render_result"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one rendering. ``output`` counts characters, ``steps`` the nodes visited."""

    output: int = 1024 * 1024
    iterations: int = 10_000
    depth: int = 64
    snippet_depth: int = 16
    steps: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """Messages, and which inputs went into a user's turn that the template does not have."""

    messages: list[Message]
    turn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Loop:
    data: Mapping[str, Any]
    outer: _Loop | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a name is looked up: the context, the contexts around it, block parameters, ``@`` variables."""

    context: Any
    outer: _Frame | None
    names: Mapping[str, Any]
    loop: _Loop | None


class _Renderer:
    def __init__(
        self,
        inputs: Mapping[str, Any],
        snippets: Mapping[str, Template],
        variables: Mapping[str, Any],
        limits: Limits,
    ) -> None:
        self.events: list[Event] = []
        self._inputs, self._snippets, self._variables, self._limits = inputs, snippets, variables, limits
        self._left, self._steps, self._rounds = limits.output, limits.steps, limits.iterations
        self._including: list[str] = []

    def _limit(self, what: str, most: int, advice: str) -> LimitExceeded:
        return LimitExceeded(f"rendering stopped: {what} (at most {most}); {advice}", details={"limit": what})

    def _step(self, count: int = 1) -> None:
        self._steps -= count
        if self._steps < 0:
            raise self._limit("too many steps", self._limits.steps, "shorten the loops or the inputs")

    def charge(self, size: int) -> None:
        """Count ``size`` more characters of output."""
        self._left -= size
        if self._left < 0:
            raise self._limit("too many characters", self._limits.output, "shorten the inputs")

    def write(self, text: str) -> None:
        self.charge(len(text))
        if text:
            self.events.append(text)

    def text(self, value: Any) -> str:
        if isinstance(value, dict | list | tuple):
            self._step(len(value))
        return values.text(value, limit=self._left)

    def value(self, expression: n.Expression | None, frame: _Frame) -> Any:
        if expression is None:
            return None
        if isinstance(expression, n.Literal):
            return expression.value
        parts = expression.parts
        if expression.data:
            found, parts = self._data(expression, frame), parts[1:]
        elif not expression.scoped and parts and parts[0] in frame.names:
            found, parts = frame.names[parts[0]], parts[1:]
        else:
            at: _Frame | None = frame
            for _ in range(expression.up):
                at = at.outer if at is not None else None
            found = at.context if at is not None else None
        for part in parts:
            found = values.look(found, part)
        return found

    def _data(self, path: n.Path, frame: _Frame) -> Any:
        name, loop = path.parts[0] if path.parts else "", frame.loop
        for _ in range(path.up):
            loop = loop.outer if loop is not None else None
        while loop is not None:
            if name in loop.data:
                return loop.data[name]
            loop = loop.outer
        return self._inputs if name == "root" else self._variables.get(name)

    def nodes(self, body: Sequence[n.Node], frame: _Frame, depth: int) -> None:
        """Write out ``body``. ``depth`` counts blocks and snippets around it, so recursion is bounded."""
        if depth > self._limits.depth:
            advice = "nest blocks and snippets less deeply"
            raise self._limit("too deep", self._limits.depth, advice)
        for node in body:
            self._step()
            match node:
                case n.Text():
                    self.write(node.value)
                case n.Output():
                    self.write(self.text(self.value(node.value, frame)))
                case n.Json():
                    value = self.value(node.value, frame)
                    indent = self.value(node.indent, frame)
                    self.write(values.json_text(value, indent, limit=self._left))
                case n.Role():
                    self.events.append(RoleEvent(node.role))
                case n.History():
                    self.events.append(HistoryEvent())
                case n.Media():
                    self._media(node, frame)
                case n.Section():
                    name = self.text(self.value(node.name, frame))
                    self.charge(len(name))
                    self.events.append(DataPart(data={"metadata": {"purpose": name, "pending": True}}))
                case n.Snippet():
                    self._snippet(node, frame, depth)
                case n.Block():
                    self._block(node, frame, depth)

    def _media(self, node: n.Media, frame: _Frame) -> None:
        url = self.text(self.value(node.url, frame))
        kind = self.text(self.value(node.content_type, frame))
        self.charge(len(url) + len(kind))
        if url:
            self.events.append(MediaPart(url=url, content_type=kind or None))

    def _block(self, block: n.Block, frame: _Frame, depth: int) -> None:
        for branch in block.branches:
            given = [self.value(param, frame) for param in branch.params]
            match branch.helper:
                case "each":
                    if self._each(branch, given[0], frame, depth):
                        return
                    continue
                case "with":
                    taken = not values.is_empty(given[0])
                    if taken:
                        names = {**frame.names, **dict(zip(branch.names, given, strict=False))}
                        frame = _Frame(given[0], frame, names, frame.loop)
                case "if" | "unless":
                    zero = values.truthy(self.value(dict(branch.args).get("includeZero"), frame))
                    taken = values.truthy(given[0], zero=zero) is (branch.helper == "if")
                case "ifEquals" | "unlessEquals":
                    taken = values.equal(given[0], given[1]) is (branch.helper == "ifEquals")
                case _:
                    taken = True
            if taken:
                self.nodes(branch.body, frame, depth + 1)
                return

    def _each(self, branch: n.Branch, given: Any, frame: _Frame, depth: int) -> bool:
        """Write out a loop; False when there is nothing to go through."""
        if isinstance(given, dict):
            items = list(given.items())
        elif isinstance(given, list | tuple):
            items = list(enumerate(given))
        else:
            return False
        self._step(len(items))
        last = len(items) - 1
        for index, (key, item) in enumerate(items):
            self._rounds -= 1
            if self._rounds < 0:
                raise self._limit("too many rounds of loops", self._limits.iterations, "shorten the lists")
            names = {**frame.names, **dict(zip(branch.names, (item, key), strict=False))}
            data = {"index": index, "key": key, "first": index == 0, "last": index == last}
            self.nodes(branch.body, _Frame(item, frame, names, _Loop(data, frame.loop)), depth + 1)
        return bool(items)

    def _snippet(self, node: n.Snippet, frame: _Frame, depth: int) -> None:
        template = self._snippets.get(node.name)
        path = [*self._including, node.name]
        if template is None:
            message = f"there is no snippet {node.name!r}; make a prompt of that name, or correct the name"
            raise SnippetError(message, details={"path": path})
        if node.name in self._including:
            raise SnippetError(f"snippets include each other: {' > '.join(path)}", details={"path": path})
        if len(path) > self._limits.snippet_depth:
            message = f"snippets include each other more than {self._limits.snippet_depth} deep: "
            raise SnippetError(message + " > ".join(path), details={"path": path})
        if template.has_markers and depth != len(self._including):
            message = f"the snippet {node.name!r} holds a role marker or history, so it may only be included "
            raise SnippetError(message + "outside of all blocks", details={"path": path})
        context = self.value(node.context, frame) if node.context is not None else frame.context
        if node.args:
            base = context if isinstance(context, dict) else {}
            self._step(len(base))
            context = {**base, **{key: self.value(value, frame) for key, value in node.args}}
        mark = len(self.events)
        self._including.append(node.name)
        # a snippet sees its context and the @ variables, nothing of the template around it
        self.nodes(template.body, _Frame(context, None, {}, frame.loop), depth + 1)
        self._including.pop()
        if node.indent:
            self._indent(mark, node.indent)

    def _indent(self, mark: int, indent: str) -> None:
        """Put ``indent`` before every line written since ``mark``."""
        made: list[Event] = []
        starting = True
        for event in self.events[mark:]:
            self._step()
            if isinstance(event, str):
                lines = event.split("\n")
                kept = "\n".join(
                    line
                    if (index == 0 and not starting) or (index and index == len(lines) - 1 and not line)
                    else indent + line
                    for index, line in enumerate(lines)
                )
                starting = event.endswith("\n")
                self.charge(len(kept) - len(event))
                made.append(kept)
            elif isinstance(event, RoleEvent | HistoryEvent):
                made.append(event)
            else:
                if starting:
                    self.charge(len(indent))
                    made.append(indent)
                    starting = False
                made.append(event)
        self.events[mark:] = made


def _reachable(template: Template, snippets: Mapping[str, Template]) -> list[Template]:
    found, waiting, seen = [template], [template], set[str]()
    while waiting:
        for use in waiting.pop().snippets():
            if use.name not in seen and use.name in snippets:
                seen.add(use.name)
                found.append(snippets[use.name])
                waiting.append(snippets[use.name])
    return found


def _user_turn(
    templates: Sequence[Template], messages: list[Message], inputs: Mapping[str, Any], renderer: _Renderer
) -> tuple[list[Message], frozenset[str]]:
    """The messages with the input ``user_message`` as the user's turn, where the template leaves it open."""
    used = {use.name for template in templates for use in template.variables()}
    if "user_message" not in inputs or "user_message" in used or any(t.uses_all for t in templates):
        return messages, frozenset()
    if not any(template.has_markers for template in templates):
        messages = [message.model_copy(update={"role": "system"}) for message in messages]
    elif any(message.role == "user" for message in messages if "purpose" not in message.metadata):
        return messages, frozenset()
    names = [name for name in ("context", "user_message") if name in inputs and name not in used]
    texts = [renderer.text(inputs[name]) for name in names]
    turn = "\n\n".join(text for text in texts if text.strip())
    renderer.charge(len(turn))
    if turn:
        messages = [*messages, Message(role="user", content=(TextPart(text=turn),))]
    return messages, frozenset(names)


def render_result(
    template: Template,
    inputs: Mapping[str, Any],
    *,
    snippets: Mapping[str, Template] | None = None,
    history: Sequence[Message] = (),
    limits: Limits | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Result:
    """As :func:`render`, and tells which inputs became a user's turn of their own."""
    snippets = snippets or {}
    inputs = dict(inputs)
    renderer = _Renderer(inputs, snippets, variables or {}, limits or Limits())
    renderer.nodes(template.body, _Frame(inputs, None, {}, None), 0)
    marked = any(isinstance(event, HistoryEvent) for event in renderer.events)
    messages = assemble(renderer.events, history)
    messages, turn = _user_turn(_reachable(template, snippets), messages, inputs, renderer)
    return Result(messages if marked else with_history(messages, history), turn)


def render(
    template: Template,
    inputs: Mapping[str, Any],
    *,
    snippets: Mapping[str, Template] | None = None,
    history: Sequence[Message] = (),
    limits: Limits | None = None,
    variables: Mapping[str, Any] | None = None,
) -> list[Message]:
    """Messages of a template. A value is text wherever it stands; it never becomes a message or a marker.

    Args:
        template: what to render.
        inputs: JSON values by variable; a missing one is empty here (contracts are checked before).
        snippets: all snippets, transitively, by the name they are included under.
        history: the conversation so far; goes to ``{{history}}``, else before the last user message.
        limits: other bounds than the usual ones.
        variables: what ``@name`` stands for (``@state``, ``@auth``, ...).

    Raises:
        LimitExceeded: a bound was reached.
        SnippetError: a snippet is missing, cyclic, too deep, or has markers inside a block.
        InvalidInput: a value that is not JSON.
    """
    options: dict[str, Any] = {"snippets": snippets, "history": history, "limits": limits}
    return render_result(template, inputs, variables=variables, **options).messages
