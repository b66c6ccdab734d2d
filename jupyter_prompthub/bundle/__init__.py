"""Bundles: prompts in one signed file, for use without a server (``docs/formats/bundle.md``)."""

from __future__ import annotations

from .contents import Bundle, BundledPrompt, BundledVersion, Index, assemble, open_bundle
from .keys import SigningKey, parse_key
from .trust import Trust, load_bundle

__all__ = [
    "Bundle",
    "BundledPrompt",
    "BundledVersion",
    "Index",
    "SigningKey",
    "Trust",
    "assemble",
    "load_bundle",
    "open_bundle",
    "parse_key",
]
