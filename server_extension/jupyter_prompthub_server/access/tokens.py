"""Credentials that we make: access tokens (JWT), refresh tokens, invitations and API keys.

Only hashes are stored. Formats:

- access token: JWT, HS256, claims ``iss aud sub jti typ=access iat exp wsp`` (``wsp``: default workspace id);
- API key: ``ph_`` + 32 characters of base 62 + 6 characters of checksum (CRC-32 of the rest, base 62), so
  that a secret scanner, and we, can tell a mistyped key without asking the store;
- refresh token and invitation: ``phr_`` and ``phi_`` + 43 characters of URL-safe base 64 (256 bits).
"""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from jupyter_prompthub.core.errors import Unauthenticated

__all__ = [
    "AccessToken",
    "AccessTokens",
    "check_api_key",
    "new_api_key",
    "new_secret",
    "sha256_of",
    "signing_key",
]

ISSUER = "prompthub"
AUDIENCE = "prompthub-api"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ALGORITHMS = ["HS256"]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The claims of a valid access token."""

    actor_id: str
    workspace_id: str
    jti: str
    family_id: str
    expires_at: int
    """seconds since the epoch"""


class AccessTokens:
    """Signs and checks access tokens."""

    def __init__(self, secret: str, lifetime_s: int, *, clock: Callable[[], float] = time.time) -> None:
        self.lifetime_s = lifetime_s
        self._key = OctKey.import_key(secret)
        self._clock = clock

    def sign(self, actor_id: str, workspace_id: str, family_id: str) -> tuple[str, AccessToken]:
        """A new token for one sign-in (``family_id``), and its claims."""
        now = int(self._clock())
        token = AccessToken(actor_id, workspace_id, uuid.uuid4().hex, family_id, now + self.lifetime_s)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "typ": "access",
            "sub": token.actor_id,
            "wsp": token.workspace_id,
            "fam": token.family_id,
            "jti": token.jti,
            "iat": now,
            "exp": token.expires_at,
        }
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, self._key, algorithms=_ALGORITHMS), token

    def read(self, text: str) -> AccessToken:
        """The claims of ``text``.

        Raises:
            Unauthenticated: forged, expired, or not an access token of ours.
        """
        try:
            claims = jwt.decode(text, self._key, algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError, TypeError):
            raise Unauthenticated("the access token is not valid; sign in again") from None
        wanted = {"iss": ISSUER, "aud": AUDIENCE, "typ": "access"}
        strings = [claims.get(name) for name in ("sub", "wsp", "jti", "fam")]
        expires = claims.get("exp")
        if (
            any(claims.get(name) != value for name, value in wanted.items())
            or not all(isinstance(item, str) and item for item in strings)
            or not isinstance(expires, int)
        ):
            raise Unauthenticated("this is not an access token of PromptHub; sign in again")
        if expires <= self._clock():
            raise Unauthenticated("the access token has expired; refresh it, or sign in again")
        actor_id, workspace_id, jti, family_id = (str(item) for item in strings)
        return AccessToken(actor_id, workspace_id, jti, family_id, expires)


def signing_key(given: str | None, path: Path) -> str:
    """The signing secret: the given one, else that of ``path``, made there once (mode 0600)."""
    if given:
        return given
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with open(path, "x", opener=_private) as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    import os

    return os.open(path, flags, 0o600)


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
