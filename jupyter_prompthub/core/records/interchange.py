"""Files in the formats of other tools, in and out."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Input, Record
from .transfer import ImportItem


class FileFormat(StrEnum):
    """The formats that can be read and written (``docs/interchange.md``); ``auto`` and ``prompthub`` only read."""

    AUTO = "auto"
    DOTPROMPT = "dotprompt"
    PROMPTHUB = "prompthub"
    PROMPTY = "prompty"
    PROMPTFOO = "promptfoo"
    LANGFUSE = "langfuse"
    OPENAI = "openai"
    PLAIN = "plain"


class Loss(Record):
    """One thing that a format cannot say: where it stands in the source, and what became of it."""

    place: str
    message: str


class FileToRead(Input):
    """``path`` is only looked at: with the folders that are to be part of the name."""

    path: str = Field(min_length=1, max_length=1000)
    text: str


class ReadFiles(Input):
    """Files to be read into what an import takes."""

    files: tuple[FileToRead, ...] = Field(max_length=10_000)
    format: FileFormat = FileFormat.AUTO


class RefusedItem(Record):
    """A prompt of an export that does not fit, and what was expected and got."""

    name: str
    message: str


class FileRead(Record):
    """What is in one file. ``items`` is what an import takes; ``refused`` says why there is nothing, else it is empty."""

    path: str
    format: FileFormat
    items: tuple[ImportItem, ...] = ()
    losses: tuple[Loss, ...] = ()
    refused: str = ""
    bad: tuple[RefusedItem, ...] = ()
    """prompts of an export that cannot come in, beside those that can"""


class FilesRead(Record):
    """In the order of the request."""

    files: tuple[FileRead, ...]


class FileQuery(Input):
    """Which format."""

    format: FileFormat = FileFormat.DOTPROMPT


class WrittenFile(Record):
    """A version in a format: a file's name, its text, and what is not in it."""

    name: str
    format: FileFormat
    text: str
    losses: tuple[Loss, ...] = ()
