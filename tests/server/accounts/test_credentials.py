"""The parts: access tokens, the failure limit, the signing key."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import OctKey
from jupyter_prompthub_server.access import passwords as passwords_module
from jupyter_prompthub_server.access.passwords import Passwords
from jupyter_prompthub_server.access.ratelimit import FailureLimit
from jupyter_prompthub_server.access.signing import AccessTokens, signing_key

from jupyter_prompthub.core.errors import RateLimited, Unauthenticated

SECRET = "a secret of enough length, for tests only"
GOOD = {
    "iss": "prompthub",
    "aud": "prompthub-api",
    "typ": "access",
    "sub": "actor",
    "wsp": "workspace",
    "fam": "family",
    "jti": "id",
    "iat": 1_000,
    "exp": 2_000,
}


def forged(claims: dict[str, Any], *, secret: str = SECRET, alg: str = "HS256") -> str:
    return jwt.encode({"alg": alg}, claims, OctKey.import_key(secret), algorithms=[alg])


def tokens() -> AccessTokens:
    return AccessTokens(SECRET, 1_800, clock=lambda: 1_500.0)


def test_a_token_says_what_was_signed() -> None:
    text, made = tokens().sign("actor", "workspace", "family")
    assert tokens().read(text) == made
    assert made.expires_at == 3_300
    assert tokens().sign("actor", "workspace", "family")[1].jti != made.jti
    assert tokens().read(forged(GOOD)).actor_id == "actor"


@pytest.mark.parametrize(
    "claims",
    [
        {**GOOD, "exp": 1_500},
        {**GOOD, "typ": "refresh"},
        {**GOOD, "aud": "something-else"},
        {**GOOD, "iss": "somebody"},
        {**GOOD, "sub": ""},
        {**GOOD, "exp": "2000"},
        {**GOOD, "exp": None},
        {key: value for key, value in GOOD.items() if key != "jti"},
        {key: value for key, value in GOOD.items() if key != "exp"},
    ],
)
def test_a_token_with_other_claims_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        tokens().read(forged(claims))


def test_a_token_of_another_key_or_algorithm_or_none_is_refused() -> None:
    unsigned = "eyJhbGciOiJub25lIn0." + forged(GOOD).split(".")[1] + "."
    for text in (
        forged(GOOD, secret=SECRET + "x"),
        forged(GOOD, alg="HS512"),
        unsigned,
        "",
        "a.b.c",
        "x" * 5000,
    ):
        with pytest.raises(Unauthenticated):
            tokens().read(text)


def test_failures_are_counted_per_key_and_forgotten_after_the_window() -> None:
    at = [0.0]
    limit = FailureLimit(2, 60.0, clock=lambda: at[0])
    for _ in range(2):
        limit.check("a")
        limit.failed("a", "shared")
    with pytest.raises(RateLimited) as refused:
        limit.check("a")
    assert refused.value.details["retry_after_s"] == 60
    limit.check("b")
    with pytest.raises(RateLimited):
        limit.check("b", "shared")
    at[0] = 60.0
    limit.check("a", "shared")


def test_a_success_forgets_the_failures_of_its_key() -> None:
    limit = FailureLimit(1)
    limit.failed("a", "b")
    limit.passed("a")
    limit.check("a")
    with pytest.raises(RateLimited):
        limit.check("b")


def test_the_limit_remembers_a_bounded_number_of_keys() -> None:
    limit = FailureLimit(1, keys=3)
    for name in "abcd":
        limit.failed(name)
    limit.check("a")
    with pytest.raises(RateLimited):
        limit.check("d")


def test_a_password_is_verified_and_nobody_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords_module, "PasswordHasher", PasswordHasher)  # not the tests' quick one

    async def scene() -> None:
        passwords = Passwords()
        stored = await passwords.hash("one")
        # what RFC 9106 recommends where memory is scarce
        assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert await passwords.verify(stored, "one")
        assert not await passwords.verify(stored, "two")
        assert not await passwords.verify(None, "nobody has this password")
        assert not await passwords.verify("not a hash", "one")
        passwords.close()

    asyncio.run(scene())


def test_the_signing_key_is_made_once_and_kept_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "jwt.key"
    made = signing_key(None, path)
    assert signing_key(None, path) == made
    assert signing_key("given", path) == "given"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(made) == 64
