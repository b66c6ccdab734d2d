"""Files in the formats of other tools, read into what an import takes and written from a version.

Pure: nothing is fetched, opened or run. ``docs/interchange.md`` has the tables of what becomes what.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from ..errors import InvalidInput, PromptHubError
from ..fielderrors import sentence
from ..promptfile import Document, parse
from ..records import FileFormat, FileRead, ImportItem, ImportVersion, WrittenFile
from . import langfuse, openai, plain, promptfoo, prompthub, prompty
from .base import MAX_FILE, Losses, Wanted, bounded, json_of, name_for

__all__ = ["MAX_FILE", "Wanted", "detect", "read", "write"]

_Reader = Callable[[str, str, Losses], list[ImportItem]]
_Writer = Callable[[Wanted, Document, Losses], str]


def _dotprompt(path: str, text: str, losses: Losses) -> list[ImportItem]:
    bounded(text)
    return [
        ImportItem(
            name=name_for(path), versions=(ImportVersion(text=text, commit_message=f"Import {path}"[:2000]),)
        )
    ]


_READERS: Final[dict[FileFormat, _Reader]] = {
    FileFormat.DOTPROMPT: _dotprompt,
    FileFormat.PROMPTHUB: prompthub.read,
    FileFormat.PROMPTY: prompty.read,
    FileFormat.PROMPTFOO: promptfoo.read,
    FileFormat.LANGFUSE: langfuse.read,
    FileFormat.OPENAI: openai.read,
    FileFormat.PLAIN: plain.read,
}
_WRITERS: Final[dict[FileFormat, tuple[_Writer, str]]] = {
    FileFormat.DOTPROMPT: (lambda wanted, document, losses: wanted.text, ".prompt"),
    FileFormat.PROMPTY: (prompty.write, ".prompty"),
    FileFormat.PROMPTFOO: (promptfoo.write, ".yaml"),
    FileFormat.LANGFUSE: (langfuse.write, ".langfuse.json"),
    FileFormat.OPENAI: (openai.write, ".openai.json"),
    FileFormat.PLAIN: (plain.write, ".txt"),
}
_ENDINGS: Final = {
    "prompt": FileFormat.DOTPROMPT,
    "prompty": FileFormat.PROMPTY,
    "yaml": FileFormat.PROMPTFOO,
    "yml": FileFormat.PROMPTFOO,
}


def detect(path: str, text: str) -> FileFormat:
    """The format of a file, by its ending, and of JSON by its members. What has no ending is JSON if it reads as such.

    Raises:
        InvalidInput: JSON of no shape that is known.
    """
    _, dot, ending = path.rpartition("/")[2].lower().rpartition(".")
    if dot and ending in _ENDINGS:
        return _ENDINGS[ending]
    if ending != "json" if dot else not _is_json(text):
        return FileFormat.PLAIN
    data = json_of(text)
    first = data[0] if isinstance(data, list) and data else data
    if isinstance(first, dict):
        if isinstance(data, dict):
            for member, found in (
                ("items", FileFormat.PROMPTHUB),
                ("messages", FileFormat.OPENAI),
                ("prompts", FileFormat.PROMPTFOO),
            ):
                if member in data:
                    return found
        if "prompt" in first:
            return FileFormat.LANGFUSE
        if "role" in first:
            return FileFormat.OPENAI
    raise InvalidInput(
        "JSON of no known shape: expected items (PromptHub), messages or a list of them (OpenAI), prompt (Langfuse) or "
        "prompts (promptfoo). Say the format, or correct the file."
    )


def _is_json(text: str) -> bool:
    """Whether it is a whole object or list."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json_of(text)
    except InvalidInput:
        return False
    return True


def read(path: str, text: str, format: FileFormat = FileFormat.AUTO) -> FileRead:
    """What is in a file; never raises for a bad one: ``refused`` says why, and then nothing of it comes in.

    Args:
        path: for the name, and to tell the format.
    """
    losses, chosen = Losses(), format
    try:
        if not text.lstrip("\ufeff").strip():
            raise InvalidInput("it is empty: expected a prompt")
        if chosen is FileFormat.AUTO:
            chosen = detect(path, text)
        items = _READERS[chosen](path, text, losses)
    except PromptHubError as error:
        return FileRead(path=path, format=chosen, refused=error.message)
    except ValidationError as error:
        return FileRead(path=path, format=chosen, refused=sentence(error))
    except RecursionError:
        return FileRead(path=path, format=chosen, refused="it is nested too deep; flatten it")
    return FileRead(
        path=path,
        format=chosen,
        items=tuple(items),
        losses=tuple(losses.items),
        bad=tuple(losses.bad),
    )


def write(wanted: Wanted, format: FileFormat) -> WrittenFile:
    """A version in a format.

    Raises:
        InvalidInput: a format that is only read.
        PromptSyntaxError: the text does not parse.
    """
    if format not in _WRITERS:
        known = ", ".join(sorted(_WRITERS))
        raise InvalidInput(
            f"format {json.dumps(format)}: expected one of {known}", details={"format": format}
        )
    writer, ending = _WRITERS[format]
    losses = Losses("the format")
    text = writer(wanted, parse(wanted.text), losses)
    name = wanted.name.rpartition("/")[2] + ending
    return WrittenFile(name=name, format=format, text=text, losses=tuple(losses.items))
