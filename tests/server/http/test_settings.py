"""Settings: promised names, with a prefix that wins; wrong values are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from jupyter_prompthub_server.settings import Settings, setting

from jupyter_prompthub.core.errors import InvalidInput

SECRET = "0123456789abcdef0123456789abcdef"


def test_the_prefixed_name_wins() -> None:
    env = {"DATABASE_URL": "sqlite:///a.db", "PROMPTHUB_DATABASE_URL": "sqlite:///b.db"}
    assert Settings.from_env(env).database_url == "sqlite:///b.db"
    assert setting("OPENAI_API_KEY", {"OPENAI_API_KEY": "k"}) == "k"
    assert setting("OPENAI_API_KEY", {"OPENAI_API_KEY": "k", "PROMPTHUB_OPENAI_API_KEY": "p"}) == "p"
    assert setting("OPENAI_API_KEY", {"OPENAI_API_KEY": ""}) is None


def test_an_override_wins_over_the_environment() -> None:
    made = Settings.from_env({"PROMPTHUB_PORT": "1234", "PROMPTHUB_HOST": "0.0.0.0"}, port=0, host=None)
    assert (made.host, made.port) == ("0.0.0.0", 0)


def test_the_home_is_named_or_in_jupyters_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.from_env({"PROMPTHUB_HOME": str(tmp_path)}).home == tmp_path
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    assert Settings.from_env({}).home == tmp_path / "prompthub"


@pytest.mark.parametrize(
    "env",
    [
        {"JWT_SECRET_KEY": "short"},
        {"JWT_ACCESS_TOKEN_EXPIRE_MINUTES": "soon"},
        {"JWT_ACCESS_TOKEN_EXPIRE_MINUTES": "-1"},
        {"JWT_REFRESH_TOKEN_EXPIRE_DAYS": "0"},
        {"PROMPTHUB_PORT": "70000"},
        {"TRUST_PROXY": "perhaps"},
    ],
)
def test_a_wrong_value_is_named(env: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(env)).removeprefix("PROMPTHUB_")):
        Settings.from_env(env)


def test_an_unknown_override_is_a_mistake() -> None:
    with pytest.raises(InvalidInput, match="colour"):
        Settings.from_env({}, colour="blue")


def test_secrets_are_not_in_the_representation() -> None:
    made = Settings.from_env(
        {
            "JWT_SECRET_KEY": SECRET,
            "ENCRYPTION_KEY": SECRET,
            "METRICS_TOKEN": SECRET,
            "DATABASE_URL": f"postgresql://u:{SECRET}@h/d",
        }
    )
    assert SECRET not in repr(made)
