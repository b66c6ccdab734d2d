"""The template language: a Handlebars subset with dotprompt's helpers (``docs/formats/engine.md``)."""

from .helpers import BLOCKS, ROLES
from .parser import MAX_DEPTH, MAX_SOURCE, parse
from .scopes import SnippetUse, VariableUse
from .tree import SegmentNode, Template

__all__ = [
    "BLOCKS",
    "MAX_DEPTH",
    "MAX_SOURCE",
    "ROLES",
    "SegmentNode",
    "SnippetUse",
    "Template",
    "VariableUse",
    "parse",
]
