"""The nodes of a parsed template: frozen, each with its place in the whole text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "Block",
    "Branch",
    "Expression",
    "Hash",
    "History",
    "Json",
    "Literal",
    "Media",
    "Node",
    "Output",
    "Path",
    "Place",
    "Role",
    "Section",
    "Snippet",
    "Text",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the whole text: code-point offsets, and the line and column of ``start`` (from 1)."""

    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Path(Place):
    """A path such as ``order.id``, ``../name``, ``this``, ``@index``."""

    parts: tuple[str, ...] = ()
    up: int = 0
    """how many ``../`` it starts with"""
    data: bool = False
    """an ``@`` variable"""
    scoped: bool = False
    """starts with ``this``, ``.`` or ``..``: block parameters do not shadow it"""


@dataclass(frozen=True, slots=True)
class Literal(Place):
    """A string, number, ``true``, ``false``, ``null`` or ``undefined`` (None)."""

    value: str | int | float | bool | None = None


Expression: TypeAlias = Path | Literal
Hash: TypeAlias = tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Text(Place):
    """Literal text. ``value`` is what is written out: after escapes and whitespace control."""

    value: str = ""


@dataclass(frozen=True, slots=True)
class Output(Place):
    """``{{path}}``: a value as text."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Json(Place):
    """``{{json value indent=2}}``."""

    value: Expression
    indent: Expression | None = None


@dataclass(frozen=True, slots=True)
class Role(Place):
    """``{{role "user"}}``: from here on, text belongs to a message of this role."""

    role: str


@dataclass(frozen=True, slots=True)
class History(Place):
    """``{{history}}``: the conversation so far."""


@dataclass(frozen=True, slots=True)
class Media(Place):
    """``{{media url=url contentType=type}}``."""

    url: Expression
    content_type: Expression | None = None


@dataclass(frozen=True, slots=True)
class Section(Place):
    """``{{section "name"}}``: a place that is filled in later."""

    name: Expression


@dataclass(frozen=True, slots=True)
class Snippet(Place):
    """``{{> name context key=value}}``. ``indent`` goes before every line where it stands alone on one."""

    name: str
    context: Expression | None = None
    args: Hash = ()
    indent: str = ""


@dataclass(frozen=True, slots=True)
class Branch(Place):
    """One arm of a block. ``helper`` is None for the plain ``else``; its place is its tag's."""

    helper: str | None
    params: tuple[Expression, ...]
    args: Hash
    names: tuple[str, ...]
    """block parameters: ``as |item index|``"""
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Block(Place):
    """A block with its arms, the first being the opening tag's."""

    branches: tuple[Branch, ...]


Node: TypeAlias = Text | Output | Json | Role | History | Media | Section | Snippet | Block
