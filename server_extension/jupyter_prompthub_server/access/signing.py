"""Access tokens, signed and checked. Only a server with accounts imports this: a laptop does without joserfc's 3 MB."""

from __future__ import annotations

import os
import secrets
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from jupyter_prompthub.core.errors import Unauthenticated

from .tokens import AccessToken

__all__ = ["AccessTokens", "signing_key"]

ISSUER = "prompthub"
AUDIENCE = "prompthub-api"
_ALGORITHMS = ["HS256"]


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
    return os.open(path, flags, 0o600)
