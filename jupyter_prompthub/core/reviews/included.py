"""A prompt's template with its snippets written where they are included, for people to read."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import PromptHubError
from ..promptfile import Document, parse
from ..template.nodes import Snippet
from ..template.tree import walk

__all__ = ["resolved"]


def resolved(text: str, snippets: Mapping[str, str], limit: int = 100_000) -> tuple[str, bool]:
    """The template of ``text`` with each snippet in its place, at any depth, and whether it was cut.

    What binds a snippet's variables is left out, as it is no text. A snippet that is not given, or includes itself, stays a
    tag.

    Args:
        snippets: texts by name.
        limit: characters at most.
    """
    parts: list[str] = []
    documents: dict[str, Document | None] = {}
    left = limit

    def document(name: str) -> Document | None:
        if name not in documents:
            try:
                documents[name] = parse(snippets[name])
            except (KeyError, PromptHubError):
                documents[name] = None
        return documents[name]

    def put(piece: str) -> None:
        nonlocal left
        parts.append(piece[: max(left, 0)])
        left -= len(piece)

    def write(one: Document, path: tuple[str, ...]) -> None:
        at = one.template.offset
        for node in walk(one.template.body):
            if left < 0:
                return
            if not isinstance(node, Snippet) or node.name in path:
                continue
            inner = document(node.name)
            if inner is not None:
                put(one.text[at : node.start])
                write(inner, (*path, node.name))
                # the tag's line ends once, by the snippet's last line
                at = node.end + (inner.text.endswith("\n") and one.text.startswith("\n", node.end))
        put(one.text[at:])

    write(parse(text), ())
    return "".join(parts), left < 0
