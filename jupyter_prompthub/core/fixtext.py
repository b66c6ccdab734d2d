"""A text as fixes see it: its parts, read leniently, and edits that keep its lines tidy."""

from __future__ import annotations

import re
from functools import cached_property

from .changes import apply_edits
from .frontmatter import Split, split
from .promptfile import Document
from .records import Fix, TextEdit
from .template.loose import Loose, read
from .yamledit import YamlText
from .yamltree import Node, YamlProblem, parse_yaml

__all__ = ["FixText"]

_LINE_END = re.compile(r"\r\n|\r|\n|\Z")


class FixText:
    """A text that is to be mended."""

    def __init__(self, text: str, document: Document | None) -> None:
        self.text = text
        self.document = document

    @cached_property
    def split(self) -> Split:
        return self.document.split if self.document is not None else split(self.text)

    @cached_property
    def root(self) -> Node | None:
        """The front matter, if it is YAML."""
        if self.document is not None:
            return self.document.yaml
        span = self.split.yaml
        try:
            return parse_yaml(self.text[span.start : span.end]) if span is not None else None
        except YamlProblem:
            return None

    @property
    def yaml(self) -> YamlText | None:
        """The front matter, to be edited."""
        span = self.split.yaml
        return (
            YamlText(self.text, span.start, span.end, self.root) if span is not None and self.root else None
        )

    @cached_property
    def loose(self) -> Loose:
        """The template, also where it does not parse."""
        span = self.split.template
        return read(self.text[span.start : span.end], span.start)

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def line(self, at: int) -> tuple[int, int]:
        """Start and end of the line that ``at`` is in, without its line end."""
        start = max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1
        end = _LINE_END.search(self.text, at)
        return start, end.start() if end else len(self.text)

    def alone(self, start: int, end: int) -> bool:
        """Whether nothing else stands on the line (or lines) of ``start``..``end``."""
        return (
            not self.text[self.line(start)[0] : start].strip()
            and not self.text[end : self.line(end)[1]].strip()
        )

    def replace(self, start: int, end: int, text: str) -> tuple[TextEdit, ...]:
        return (TextEdit(start=start, end=end, text=text),)

    def cut(self, start: int, end: int) -> tuple[TextEdit, ...]:
        """Remove ``start``..``end``, and its line where nothing else stands on it."""
        if self.alone(start, end):
            start, line_end = self.line(start)[0], self.line(end)[1]
            after = _LINE_END.match(self.text, line_end)
            end = after.end() if after else line_end
        return self.replace(start, end, "")

    def applied(self, fix: Fix) -> str:
        return apply_edits(self.text, fix.edits)

    def moved(self, fix: Fix, at: int) -> int:
        """Where ``at`` is after a fix."""
        return at + sum(len(one.text) - (one.end - one.start) for one in fix.edits if one.end <= at)

    def renamed_ref(self, name: str, other: str) -> list[TextEdit]:
        """The key of a snippet's ref under another name."""
        here = self.yaml
        if here is None or here.root is None or here.root.at("snippets", name) is None:
            return []
        return [] if here.root.at("snippets", other) is not None else here.rename(("snippets", name), other)
