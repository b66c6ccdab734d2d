"""Ed25519 keys that sign bundles, and how a public one is written: ``ed25519:<base64>``."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..core.errors import InvalidInput, StoreUnavailable

__all__ = ["SigningKey", "parse_key", "signed_bytes", "verifies"]

_PREFIX = "ed25519:"


def signed_bytes(manifest: bytes) -> bytes:
    """What a signature is made over."""
    return b"prompthub bundle v1\0" + hashlib.sha256(manifest).digest()


def parse_key(text: str) -> str:
    """A public key as it is written; ``text`` is that, or without its prefix.

    Raises:
        InvalidInput: not 32 bytes in base64.
    """
    bare = text.strip().removeprefix(_PREFIX)
    try:
        key = base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise InvalidInput(
            f"{text.strip()[:60]!r} is no public key; expected what `prompthub bundle key` prints: {_PREFIX} and 32 bytes "
            "in base64"
        )
    return _PREFIX + base64.b64encode(key).decode()


def verifies(key: str, signature: str, data: bytes) -> bool:
    """Whether ``signature`` (base64) over ``data`` was made with the private part of ``key``."""
    raw = base64.b64decode(parse_key(key).removeprefix(_PREFIX))
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


class SigningKey:
    """A private key."""

    def __init__(self, private: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(private)

    @property
    def public(self) -> str:
        """The public part, as it is written."""
        return _PREFIX + base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign(self, data: bytes) -> str:
        """A signature, in base64."""
        return base64.b64encode(self._private.sign(data)).decode()

    @classmethod
    def load(cls, path: Path) -> SigningKey:
        """From a file of mode 0600; made there, once, where there is none.

        Raises:
            StoreUnavailable: the file is something else, or cannot be read or written.
        """
        try:
            if not path.exists():
                _make(path)
            return cls(base64.b64decode(path.read_text("ascii").strip(), validate=True))
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                f"{path} cannot be used as the key that signs bundles ({error}); put it back, or move it away to get a new "
                "one"
            ) from error


def _make(path: Path) -> None:
    """Put a new key there, whole or not at all; where somebody else was faster, theirs stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.") as file:  # of mode 0600
        file.write(base64.b64encode(os.urandom(32)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
