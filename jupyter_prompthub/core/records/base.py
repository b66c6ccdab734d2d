"""What all records share: the two base models and the constrained texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

JsonValue = Any
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
ParameterName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Tag = Annotated[str, StringConstraints(pattern=r"^[\w][\w.:/-]{0,63}$")]
MOST_TAGS = 50
"""tags that one prompt may have"""
Tags = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)]


class Record(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Input(BaseModel):
    """A request body or query: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def place(cls, path: Sequence[int | str], data: Any) -> str:
        """How an error calls the place of a field.

        Args:
            path: names and indices that lead there.
            data: what came, before it was checked.
        """
        return ".".join(str(part) for part in path)
