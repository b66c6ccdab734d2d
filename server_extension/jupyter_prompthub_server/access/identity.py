"""From what a server knows of a request to the :class:`Caller`: on a laptop, at the door, with accounts.

An *identity provider* (Jupyter's interface) finds the user of a request without asking the store; an
*identity* says who that is in the store. One runtime may serve several doors with different ones.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_server.auth.identity import IdentityProvider, User

from jupyter_prompthub.core.errors import NotFound, PromptHubError, Unauthenticated

from ..operations import Caller
from .permissions import Permission
from .ratelimit import FailureLimit
from .tokens import AccessToken, check_api_key, sha256_of

if TYPE_CHECKING:
    from ..runtime import Runtime
    from .passwords import Passwords
    from .signing import AccessTokens

__all__ = [
    "AccountIdentity",
    "AccountIdentityProvider",
    "AccountUser",
    "DoorIdentityProvider",
    "Identity",
    "LocalIdentity",
    "bearer",
]

_USED_EVERY = timedelta(minutes=5)


class Identity(Protocol):
    """Says who a user is in the store."""

    async def caller(self, user: Any, workspace: str | None = None) -> Caller:
        """The caller, in the named workspace (name or id) or its own.

        Raises:
            Unauthenticated: the credential is not valid (any more).
            NotFound: no such workspace, or not a member.
        """
        ...


class LocalIdentity:
    """Everybody that the Jupyter server lets in is the one local admin."""

    def __init__(self, runtime: Runtime, via: str) -> None:
        self._runtime, self._via = runtime, via

    async def caller(self, user: Any, workspace: str | None = None) -> Caller:
        local = await self._runtime.local_caller()
        if workspace not in (None, local.workspace_id, "local"):
            raise NotFound(f"there is no workspace {str(workspace)[:100]!r}, or you are not a member of it")
        return replace(local, via=self._via)


@dataclass
class AccountUser(User):
    """Who a request says it is: a valid signature or a well-formed key; not looked up yet."""

    access_token: AccessToken | None = None
    key_hash: str | None = field(default=None, repr=False)


class AccountIdentity:
    """Accounts of our own: access tokens and API keys."""

    def __init__(self, runtime: Runtime, tokens: AccessTokens, passwords: Passwords) -> None:
        from .directory import CallerCache

        self._runtime = runtime
        self.tokens, self.passwords = tokens, passwords
        self.sign_ins = FailureLimit()
        self._cache = CallerCache()

    async def caller(self, user: Any, workspace: str | None = None) -> Caller:
        from .directory import caller_of_api_key, caller_of_session

        if not isinstance(user, AccountUser):
            raise Unauthenticated("sign in first")
        credential = user.access_token.jti if user.access_token else str(user.key_hash)
        known = self._cache.get(credential, workspace)
        if known is not None:
            return known
        generation = self._cache.generation
        if user.access_token is not None:
            caller = await self._runtime.read(caller_of_session, user.access_token, workspace)
        else:
            use = await self._runtime.read(caller_of_api_key, str(user.key_hash), workspace)
            caller = use.caller
            await self._note_use(caller, use.last_used_at)
        self._cache.put(credential, workspace, caller, generation)
        return caller

    def forget(self) -> None:
        """Look everybody up again: people, roles or sessions have changed."""
        self._cache.forget()

    def close(self) -> None:
        """Let the hashing threads go."""
        self.passwords.close()

    async def _note_use(self, caller: Caller, last: Any) -> None:
        from ..services import api_keys
        from ..store.clock import now

        if last is None or now() - last > _USED_EVERY:
            itself = Caller(
                caller.actor_id,
                caller.workspace_id,
                caller.role,
                frozenset({Permission.SELF}),
                caller.credential_id,
                caller.via,
            )
            await self._runtime.dispatcher.call(api_keys.note_use, itself)


class AccountIdentityProvider(IdentityProvider):
    """Finds access tokens and API keys in requests. There are no cookies, so nothing to forge by a link."""

    def __init__(self, tokens: AccessTokens) -> None:
        super().__init__()
        self._tokens = tokens

    def get_user(self, handler: Any) -> User | None:
        text = bearer(handler, ("bearer", "token"))
        if text is None:
            return None
        try:
            return self._user(text)
        except PromptHubError as error:
            # an anonymous route (login with an old token still set) must work all the same
            handler.credential_refusal = error
            return None

    def _user(self, text: str) -> AccountUser:
        if text.startswith("ph_"):
            if not check_api_key(text):
                raise Unauthenticated(
                    "this is not an API key of PromptHub: its checksum is wrong (mistyped?)"
                )
            return AccountUser("api-key", key_hash=sha256_of(text))
        token = self._tokens.read(text)
        return AccountUser(token.actor_id, access_token=token)

    def is_token_authenticated(self, handler: Any) -> bool:
        return True

    def should_check_origin(self, handler: Any) -> bool:
        return False


class DoorIdentityProvider(IdentityProvider):
    """The owner's door for this OS account's other processes: one random token, from the owner record."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._secret = token

    def get_user(self, handler: Any) -> User | None:
        text = bearer(handler, ("token", "bearer"))
        if text is None or not hmac.compare_digest(text.encode(), self._secret.encode()):
            return None
        return User("local")

    def is_token_authenticated(self, handler: Any) -> bool:
        return True

    def should_check_origin(self, handler: Any) -> bool:
        return False


def bearer(handler: Any, schemes: tuple[str, ...]) -> str | None:
    """The credential of a request: the Authorization header; for a websocket also ``?token=``, as a browser
    cannot set headers there (elsewhere it would end in logs)."""
    request = handler.request
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in schemes and text.strip():
        return str(text.strip())
    if request.headers.get("Upgrade", "").lower() == "websocket":
        given = request.query_arguments.get("token")
        if given:
            return str(given[-1].decode("utf-8", "replace"))
    return None
