"""The endpoints ``auth/*``: the slow part (Argon2id) off all loops and writers, then one transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from jupyter_prompthub.core.errors import Conflict, Forbidden, Unauthenticated
from jupyter_prompthub.core.records import Account, Login, Refresh, Register, TokenResponse

from ..access.permissions import Permission
from ..access.tokens import new_secret, sha256_of
from ..endpoints import Context, endpoint
from ..operations import Caller
from ..store.clock import new_id
from ..store.tables import account, actor
from . import accounts

__all__ = ["login", "logout", "refresh", "register"]


@endpoint(Permission.SELF, audited="accounts.open_account, accounts.open_session")
async def register(context: Context, new: Register) -> TokenResponse:
    """Register a person and sign it in."""
    identity = context.runtime.accounts()
    if new.invitation is None and not context.runtime.settings.open_registration:
        raise Forbidden("registration is by invitation here; ask an admin for one")
    key = f"register {context.remote_address}"
    identity.sign_ins.check(key)
    identity.sign_ins.failed(key)  # counted whatever comes of it: each one costs a hash
    made: Account = await context.runtime.dispatcher.call(
        accounts.open_account,
        context.caller,
        input=accounts.NewAccount(
            email=new.email,
            password_hash=await identity.passwords.hash(new.password),
            full_name=new.full_name,
            organization=new.organization,
            invitation_hash=sha256_of(new.invitation) if new.invitation else None,
        ),
    )
    return await _begin(context, made.id)


@endpoint(Permission.SELF, audited="accounts.open_session, accounts.refuse_session")
async def login(context: Context, given: Login) -> TokenResponse:
    """Sign in with e-mail address and password."""
    identity = context.runtime.accounts()
    email = given.email.strip().lower()
    keys = (f"account {email} {context.remote_address}", f"address {context.remote_address}")
    identity.sign_ins.check(keys[0])
    found = await context.runtime.read(_stored_password, email)
    actor_id, stored = found if found else ("", None)
    if not await identity.passwords.verify(stored, given.password):
        identity.sign_ins.failed(*keys)
        nobody = Caller(
            actor_id or "anonymous", "", "", frozenset({Permission.SELF}), credential_id=None, via="local"
        )
        await context.runtime.dispatcher.call(accounts.refuse_session, nobody)
        raise Unauthenticated("e-mail address or password are wrong")
    identity.sign_ins.passed(keys[0])
    return await _begin(context, actor_id)


@endpoint(Permission.SELF, audited="accounts.renew_session")
async def refresh(context: Context, given: Refresh) -> TokenResponse:
    """Trade a refresh token for a new access token and the next refresh token."""
    context.runtime.accounts()
    old, new = sha256_of(given.refresh_token), new_secret("phr")
    found = await context.runtime.read(_family_of, old)
    family, actor_id = found if found else ("", "anonymous")
    who = Caller(actor_id, "", "", frozenset({Permission.SELF}), credential_id=family or None, via="local")
    try:
        user: Account = await context.runtime.dispatcher.call(
            accounts.renew_session,
            who,
            input=accounts.NextSession(
                refresh_hash=old, next_hash=sha256_of(new), expires_at=_refresh_end(context)
            ),
        )
    finally:
        context.runtime.people_changed()  # a reuse has ended the family's access tokens too
    return _tokens(context, user, family, new)


@endpoint(Permission.SELF, audited="accounts.close_session")
async def logout(context: Context) -> None:
    """Sign out: the access token and its refresh tokens end at once."""
    context.runtime.accounts()
    token = context.access_token
    if token is None:
        raise Conflict("only a session can be signed out; an API key is revoked at auth/api-keys")
    await context.runtime.dispatcher.call(
        accounts.close_session,
        context.caller,
        input=accounts.SessionEnd(
            jti=token.jti,
            family=token.family_id,
            expires_at=datetime.fromtimestamp(token.expires_at, UTC),
        ),
    )
    context.runtime.people_changed()


async def _begin(context: Context, actor_id: str) -> TokenResponse:
    family, secret = new_id(), new_secret("phr")
    who = Caller(actor_id, "", "", frozenset({Permission.SELF}), credential_id=family, via="local")
    user: Account = await context.runtime.dispatcher.call(
        accounts.open_session,
        who,
        input=accounts.NewSession(
            actor_id=actor_id,
            family=family,
            refresh_hash=sha256_of(secret),
            expires_at=_refresh_end(context),
        ),
    )
    return _tokens(context, user, family, secret)


def _tokens(context: Context, user: Account, family: str, refresh_token: str) -> TokenResponse:
    signer = context.runtime.accounts().tokens
    workspace_id = user.workspace.id if user.workspace else ""
    access, _ = signer.sign(user.id, workspace_id, family)
    return TokenResponse(
        access_token=access, expires_in=signer.lifetime_s, refresh_token=refresh_token, user=user
    )


def _refresh_end(context: Context) -> datetime:
    return datetime.now(UTC) + timedelta(days=context.runtime.settings.jwt_refresh_token_expire_days)


def _stored_password(conn: Connection, email: str) -> tuple[str, str] | None:
    row = conn.execute(
        select(account.c.actor_id, account.c.password_hash)
        .join(actor, actor.c.id == account.c.actor_id)
        .where(account.c.email == email)
    ).one_or_none()
    return (row.actor_id, row.password_hash) if row else None


def _family_of(conn: Connection, token_hash: str) -> tuple[str, str] | None:
    from ..store.tables import refresh_token

    row = conn.execute(
        select(refresh_token.c.family, refresh_token.c.actor_id).where(
            refresh_token.c.token_hash == token_hash
        )
    ).one_or_none()
    return (row.family, row.actor_id) if row else None
