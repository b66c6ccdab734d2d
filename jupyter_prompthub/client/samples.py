"""Sample inputs of prompts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from ..core import records as r
from ..core.errors import NotFound
from .managing import Managing

__all__ = ["Samples"]


class Samples(Managing):
    """What a client does with the samples of a prompt."""

    @abstractmethod
    def prompt_id(self, name: str) -> str:
        """The id of the prompt that ``name`` names."""

    def samples(self, name: str) -> Sequence[r.Sample]:
        """The sample inputs of a prompt, by name."""
        return self._call(r.SampleList, "GET", f"prompts/{self.prompt_id(name)}/samples").items

    def sample(self, name: str, sample: str) -> r.Sample:
        """One sample by its name.

        Raises:
            NotFound: none of that name; the message says which there are.
        """
        there = self.samples(name)
        for one in there:
            if one.name == sample:
                return one
        names = ", ".join(repr(one.name) for one in there) or "none"
        raise NotFound(f"there is no sample {sample!r} of {name}; there are: {names}")

    def keep_sample(self, name: str, sample: str, inputs: Mapping[str, Any]) -> r.Sample:
        """Keep inputs under a name for everybody in the workspace, in the place of what it held before."""
        path = f"prompts/{self.prompt_id(name)}/samples"
        for one in self.samples(name):
            if one.name == sample:
                patch = r.SamplePatch(inputs=dict(inputs))
                return self._call(r.Sample, "PATCH", f"{path}/{one.id}", patch)
        return self._call(r.Sample, "POST", path, r.NewSample(name=sample, inputs=dict(inputs)))

    def delete_sample(self, name: str, sample: str) -> None:
        """Delete a sample."""
        found = self.sample(name, sample)
        self.source.request("DELETE", f"prompts/{found.prompt_id}/samples/{found.id}")
