"""Sets of inputs with a name, kept with a prompt."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Input, JsonValue, Record
from .people import ActorRef

MOST_SAMPLES = 100
"""samples of one prompt"""

SampleName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$"),
]


class NewSample(Input):
    """``inputs`` need not fit the variables of any version: those change, and Run says what is missing."""

    name: SampleName
    inputs: dict[str, JsonValue] = Field(default_factory=dict)


class SamplePatch(Input):
    """Another name, other inputs, or both."""

    name: SampleName | None = None
    inputs: dict[str, JsonValue] | None = None


class Sample(Record):
    """Inputs that anybody in the workspace may run the prompt with."""

    id: str
    prompt_id: str
    name: str
    inputs: dict[str, JsonValue]
    created_by: ActorRef
    updated_by: ActorRef
    updated_at: str


class SampleList(Record):
    """By name."""

    items: tuple[Sample, ...] = ()
