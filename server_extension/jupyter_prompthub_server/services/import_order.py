"""The order of an import: what others include comes before them."""

from __future__ import annotations

from collections.abc import Iterator

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.records import ImportItem

__all__ = ["snippets_first"]


def snippets_first(items: tuple[ImportItem, ...]) -> Iterator[ImportItem]:
    """The items, each after those that it includes; the order is kept otherwise, and cycles are left to the lock."""
    by_name = {item.name: item for item in items}
    uses: dict[str, set[str]] = {}
    for item in items:
        wanted: set[str] = set()
        for one in item.versions:
            # a text without a snippet's marker need not be parsed twice
            document = promptfile.check(one.text)[0] if "{{>" in one.text or "{{~>" in one.text else None
            if document is not None:
                wanted |= document.content.snippets.keys() & by_name.keys()
        uses[item.name] = wanted - {item.name}
    done: set[str] = set()
    for item in items:
        waiting = [(item.name, iter(sorted(uses[item.name])))]
        begun = {item.name}
        while waiting:
            name, inside = waiting[-1]
            deeper = next((one for one in inside if one not in done and one not in begun), None)
            if deeper is not None:
                begun.add(deeper)
                waiting.append((deeper, iter(sorted(uses[deeper]))))
                continue
            waiting.pop()
            if name not in done:
                done.add(name)
                yield by_name[name]
