"""Edits of YAML text that leave every other byte as it was: comments, quotes, order, layout.

Each function returns edits of the whole text for one step; the caller applies them before the next step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .changes import TextEdit
from .errors import InvalidInput
from .yamltree import Entry, Node
from .yamlwrite import block, flow, item_text, key, scalar

__all__ = ["YamlText"]

_LINE_END = re.compile(r"\r\n|\r|\n")


def _same(a: Any, b: Any) -> bool:
    """Equal as JSON values (``True`` is not 1, ``1.0`` is not written ``1``)."""
    return type(a) is type(b) and repr(a) == repr(b)


@dataclass(frozen=True, slots=True)
class YamlText:
    """YAML inside ``text``, from ``start`` to ``end``. ``root``'s offsets count from ``start``."""

    text: str
    start: int
    end: int
    root: Node | None

    # ------------------------------------------------------------ mappings

    def set(self, path: Sequence[str], value: Any) -> list[TextEdit]:
        """Set the value at ``path``, making the mappings on the way."""
        if self.root is None:
            return [self._edit(self.end, self.end, block(_nested(path, value), 0, self._newline))]
        node, parent_flow = self.root, self.root.flow
        entry: Entry | None = None
        for depth, name in enumerate(path):
            entry = node.get(name)
            if entry is None:
                return self._insert(node, _nested(path[depth:], value))
            parent, parent_flow, node = node, node.flow, entry.value
            rest = path[depth + 1 :]
            if rest and node.kind != "map":
                if node.value is not None:
                    raise InvalidInput(f"{'.'.join(path[: depth + 1])} is no mapping; edit the text instead")
                return self._fill(entry, parent, _nested(rest, value))
        assert entry is not None  # a path has at least one name
        return self._replace(entry, parent, parent_flow, value)

    def remove(self, path: Sequence[str]) -> list[TextEdit]:
        """Remove the key at ``path``, and what mappings around it that leaves empty. Missing: nothing."""
        chain: list[tuple[Node, Entry]] = []
        node = self.root
        for name in path:
            entry = node.get(name) if node is not None else None
            if node is None or entry is None:
                return []
            chain.append((node, entry))
            node = entry.value
        while len(chain) > 1 and len(chain[-1][0].entries) == 1:
            chain.pop()
        parent, entry = chain[-1]
        spans = [(each.key.start, _end(each)) for each in parent.entries]
        return self._cut(parent, spans, parent.entries.index(entry), entry.key.start)

    def rename(self, path: Sequence[str], name: str) -> list[TextEdit]:
        """Give the key at ``path`` another name."""
        node = self.root.at(*path[:-1]) if self.root is not None else None
        entry = node.get(path[-1]) if node is not None else None
        if node is None or entry is None:
            raise InvalidInput(f"{'.'.join(path)} does not stand in the front matter")
        at = self.start
        return [self._edit(at + entry.key.start, at + entry.key.end, key(name, in_flow=node.flow))]

    # ------------------------------------------------------------ lists

    def put_item(self, path: Sequence[str], index: int | None, value: Any) -> list[TextEdit]:
        """Replace item ``index`` of the list at ``path``, or append (None)."""
        node = self.root.at(*path) if self.root is not None else None
        if node is None or node.kind != "seq" or not node.items:
            return self.set(path, [value])
        if index is not None:
            item = node.items[index]
            if _same(item.value, value):
                return []
            shown = flow(value) if node.flow else item_text(value)
            return [self._edit(self.start + item.start, self._own_end(item), shown)]
        return self._append(node, [value])

    def remove_item(self, path: Sequence[str], index: int) -> list[TextEdit]:
        """Remove item ``index`` of the list at ``path``; the key goes with the last item."""
        node = self.root.at(*path) if self.root is not None else None
        if node is None or len(node.items) == 1:
            return self.remove(path)
        return self._cut_items(node, index, index + 1)

    def set_list(self, path: Sequence[str], values: Sequence[Any]) -> list[TextEdit]:
        """Give the list at ``path`` these values (at least one), making it where it is not there.

        What stands at its two ends and stays is not touched; what is gone goes with its line and its comment.
        """
        node = self.root.at(*path) if self.root is not None else None
        if node is None or node.kind != "seq" or not node.items:
            return self.set(path, list(values))
        gone = len(node.items) - len(values)
        if gone <= 0:
            edits = [one for i in range(len(node.items)) for one in self.put_item(path, i, values[i])]
            return [*edits, *self._append(node, values[len(node.items) :])]
        first = 0
        while first < len(values) and _same(node.items[first].value, values[first]):
            first += 1
        edits = [one for i in range(first, len(values)) for one in self.put_item(path, i + gone, values[i])]
        return [*self._cut_items(node, first, first + gone), *edits]

    def _append(self, node: Node, values: Sequence[Any]) -> list[TextEdit]:
        at = self.start + node.items[-1].end
        if node.flow:
            return [self._edit(at, at, "".join(", " + flow(value) for value in values))]
        at, lead = self._line_after(at), " " * node.column + "- "
        return [self._edit(at, at, "".join(lead + item_text(value) + self._newline for value in values))]

    def _cut_items(self, node: Node, first: int, after: int) -> list[TextEdit]:
        """Take the items from ``first`` to before ``after`` out of ``node``; others stay."""
        items = node.items
        spans = [(item.start, item.end) for item in items]
        spans[first:after] = [(items[first].start, items[after - 1].end)]
        return self._cut(node, spans, first, items[first].start)

    # ------------------------------------------------------------ how

    @property
    def _newline(self) -> str:
        match = _LINE_END.search(self.text)
        return match[0] if match else "\n"

    def _edit(self, start: int, end: int, text: str) -> TextEdit:
        return TextEdit(start=start, end=end, text=text)

    def _line_after(self, at: int) -> int:
        """Where the line after the one that ``at`` ends starts."""
        if at > self.start and self.text[at - 1] in "\r\n":
            return at
        match = _LINE_END.search(self.text, at, self.end)
        return match.end() if match else self.end

    def _own_end(self, node: Node) -> int:
        """The end of a value without the line end of a block scalar in its last place."""
        at = self.start + node.end
        while at > self.start + node.start and self.text[at - 1] in "\r\n":
            at -= 1
        return at

    def _insert(self, node: Node, value: dict[str, Any]) -> list[TextEdit]:
        if node.flow:
            inner = flow(value)[1:-1]
            if not node.entries:
                at = self.start + node.start + 1
                return [self._edit(at, at, inner)]
            at = self.start + _end(node.entries[-1])
            return [self._edit(at, at, ", " + inner)]
        at = self._line_after(self.start + _end(node.entries[-1]))
        return [self._edit(at, at, block(value, node.column, self._newline))]

    def _fill(self, entry: Entry, parent: Node, value: dict[str, Any]) -> list[TextEdit]:
        """Give an empty field a mapping."""
        node = entry.value
        if parent.flow or node.start != node.end:
            return self._replace(entry, parent, parent.flow, value)
        at = self._line_after(self._after_colon(entry))
        return [self._edit(at, at, block(value, parent.column + 2, self._newline))]

    def _after_colon(self, entry: Entry) -> int:
        return self.text.index(":", self.start + entry.key.end) + 1

    def _replace(self, entry: Entry, parent: Node, in_flow: bool, value: Any) -> list[TextEdit]:
        node = entry.value
        if _same(node.value, value):
            return []
        nested = isinstance(value, dict | list | tuple)
        new = flow(value) if nested else scalar(value, in_flow=in_flow)
        if node.start == node.end:
            if parent.flow and ":" not in self.text[self.start + entry.key.end : self.start + parent.end]:
                raise InvalidInput(
                    f"{entry.name} is written in a way that cannot be edited; edit the text instead"
                )
            at = self._after_colon(entry)
            return [self._edit(at, at, " " + new)]
        begin = self.start + node.start
        if node.kind != "scalar" and not node.flow and node.column <= parent.column:
            begin, new = self._after_colon(entry), " " + new
        return [self._edit(begin, self._own_end(node), new)]

    def _cut(self, node: Node, spans: list[tuple[int, int]], index: int, first: int) -> list[TextEdit]:
        """Take entry or item ``index`` out of ``node``: its lines, or in flow style it and a comma."""
        start, end = spans[index]
        if node.flow:
            if index > 0:
                start = spans[index - 1][1]
            elif len(spans) > 1:
                end = spans[1][0]
            return [self._edit(self.start + start, self.start + end, "")]
        line = (
            max(self.text.rfind("\n", 0, self.start + first), self.text.rfind("\r", 0, self.start + first))
            + 1
        )
        lead = self.text[max(line, self.start) : self.start + first]
        if node.kind == "map" and index == 0 and len(spans) > 1 and lead.strip() == "-":
            # the first key of a list's item: the next one takes its place behind the dash
            start, end = self.start + start, self.start + spans[1][0]
            if "#" not in self.text[self._line_after(self.start + spans[0][1]) : end]:
                return [self._edit(start, end, "")]
        allowed = " -" if node.kind == "seq" else " "
        if lead.strip(allowed) or lead.count("-") > 1:
            raise InvalidInput("this field is written in a way that cannot be edited; edit the text instead")
        return [self._edit(max(line, self.start), self._line_after(self.start + end), "")]


def _end(entry: Entry) -> int:
    return max(entry.key.end, entry.value.end)


def _nested(path: Sequence[str], value: Any) -> dict[str, Any]:
    made = value
    for name in reversed(path):
        made = {name: made}
    return dict(made)
