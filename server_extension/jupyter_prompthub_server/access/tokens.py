"""Credentials that we make: access tokens (signed in ``signing.py``), refresh tokens, invitations and API keys.

Only hashes are stored. Formats:

- access token: JWT, HS256, claims ``iss aud sub jti typ=access iat exp wsp`` (``wsp``: default workspace id);
- API key: ``ph_`` + 32 characters of base 62 + 6 characters of checksum (CRC-32 of the rest, base 62), so
  that a secret scanner, and we, can tell a mistyped key without asking the store;
- refresh token and invitation: ``phr_`` and ``phi_`` + 43 characters of URL-safe base 64 (256 bits).
"""

from __future__ import annotations

import hashlib
import secrets
import zlib
from dataclasses import dataclass

__all__ = ["AccessToken", "check_api_key", "new_api_key", "new_secret", "sha256_of"]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The claims of a valid access token."""

    actor_id: str
    workspace_id: str
    jti: str
    family_id: str
    expires_at: int
    """seconds since the epoch"""


def new_secret(kind: str) -> str:
    """A refresh token (``phr``) or an invitation (``phi``)."""
    return f"{kind}_{secrets.token_urlsafe(32)}"


def new_api_key() -> str:
    """A new API key with its checksum."""
    body = "ph_" + "".join(secrets.choice(_ALPHABET) for _ in range(32))
    return body + _checksum(body)


def check_api_key(text: str) -> bool:
    """Whether ``text`` has an API key's form and checksum."""
    return len(text) == 41 and text.startswith("ph_") and _checksum(text[:-6]) == text[-6:]


def sha256_of(secret: str) -> str:
    """What the store holds of a secret: enough, as our secrets have 190 bits and more of their own."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits
