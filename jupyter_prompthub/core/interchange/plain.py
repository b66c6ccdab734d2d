"""Plain text: a template as it stands, or characters."""

from __future__ import annotations

from ..promptfile import Document, check
from ..records import ImportItem, ImportVersion
from .base import Losses, Parts, Turn, Wanted, bounded, name_for, version_of
from .out import turns
from .pieces import joined, simple
from .settings import unsaid

__all__ = ["read", "write"]


def read(path: str, text: str, losses: Losses) -> list[ImportItem]:
    """One prompt: the text as it is where it is a template, else with its braces as characters."""
    bounded(text)
    version = ImportVersion(text=text, commit_message=f"Import {path}"[:2000])
    document, problems = check(text)
    if document is None and "{{" in text:
        first = next(problem for problem in problems if problem.severity == "error")
        escaped = version_of(
            Parts(turns=[Turn("user", joined(simple(text)).strip())]), version.commit_message
        )
        if check(escaped.text)[0] is not None:
            losses.add(
                f"line {first.line}",
                f"{first.message}: braces are characters of the text, but for {{{{name}}}}",
            )
            version = escaped
    return [ImportItem(name=name_for(path), versions=(version,))]


def write(wanted: Wanted, document: Document, losses: Losses) -> str:
    """The text of the messages, with a blank line between them."""
    found = turns(wanted, document, "simple", losses)
    roles = [turn.role for turn in found]
    if roles not in ([], ["user"]):
        losses.add("messages", f"the roles {', '.join(roles)} are left out")
    content = document.content
    members = {
        "model": content.model,
        "config": content.parameters,
        "tools": content.tools,
        "output": content.output,
    }
    losses.left_out("", (name for name, value in members.items() if value))
    unsaid(document, losses)
    return "\n\n".join(turn.source for turn in found) + "\n"
