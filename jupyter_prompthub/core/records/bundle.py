"""Prompts to take along."""

from __future__ import annotations

from pydantic import Field

from .base import Input, Record


class BundleQuery(Input):
    """``names``: comma-separated names or ids; ``tags``: all must match; neither: all prompts. ``environment``: only what it
    serves."""

    names: str = Field(default="", max_length=5_000, pattern=r"^[ -~]*$")
    tags: str = Field(default="", max_length=1_000)
    environment: str | None = Field(default=None, max_length=200)


class BundleKey(Record):
    """The public key of this server's bundles."""

    public_key: str
    """``ed25519:`` and 32 bytes in base64"""


class BundleFile(BundleKey):
    """A bundle (``docs/formats/bundle.md``), signed with the private part of ``public_key``."""

    data: str
    """the file, in base64"""
    sha256: str
    prompts: int
    versions: int
