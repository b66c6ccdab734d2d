"""Branches: made, moved, deleted, brought together; and version tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ..core import records as r
from ..core.errors import InvalidInput
from ..core.names import parse_reference
from .managing import in_path
from .samples import Samples

__all__ = ["Merging", "Picks", "resolutions_of"]

Picks = Mapping[str, str] | Iterable[r.ConflictResolution]
"""what was decided: ``{"value:parameter/temperature": "theirs"}``, or resolutions"""


class Merging(Samples):
    """What a client does with the names of versions: branches and version tags."""

    def branches(self, name: str) -> Sequence[r.Branch]:
        """The branches of a prompt."""
        return self._call(r.BranchList, "GET", f"prompts/{self.prompt_id(name)}/branches").items

    def branch(self, name: str, branch: str, base: str = "latest") -> r.Branch:
        """Make a branch at any ref."""
        new = r.NewBranch(name=branch, base_version=base)
        return self._call(r.Branch, "POST", f"prompts/{self.prompt_id(name)}/branches", new)

    def move_branch(
        self, name: str, branch: str, version: str, *, expected_head: str | None = None
    ) -> r.Branch:
        """Point a branch at another version of the prompt (any ref).

        Raises:
            StaleHead: the branch is not at ``expected_head`` any more.
        """
        to = r.BranchMove(version=version, expected_head=expected_head)
        return self._call(r.Branch, "PUT", self._branch(name, branch), to)

    def delete_branch(self, name: str, branch: str) -> None:
        """Delete a branch; its versions stay, named by their SHA."""
        self._send("DELETE", self._branch(name, branch))

    def _branch(self, name: str, branch: str) -> str:
        return f"prompts/{self.prompt_id(name)}/branches/{in_path(branch)}"

    def tag(self, reference: str, tag: str) -> r.VersionSummary:
        """Give the version that ``name[@ref]`` names a name of its own, for good: a version tag."""
        new = r.NewVersionTag(name=tag, version=parse_reference(reference).ref)
        return self._call(r.VersionSummary, "POST", f"prompts/{self.prompt_id(reference)}/version-tags", new)

    def preview_merge(self, name: str, source: str, target: str = "main", resolutions: Picks = ()) -> r.Merge:
        """What a merge would come to. Nothing is written."""
        asked = r.MergeQuery(source=source, target=target, resolutions=resolutions_of(resolutions))
        return self._call(r.Merge, "POST", f"prompts/{self.prompt_id(name)}/merge/preview", asked)

    def merge(
        self,
        name: str,
        source: str,
        target: str = "main",
        *,
        mode: Literal["auto", "merge", "squash", "fast_forward"] = "auto",
        message: str = "",
        resolutions: Picks = (),
        expected_head: str | None = None,
    ) -> r.Merge:
        """Merge a branch, or any version, into a branch.

        Returns:
            ``state`` is ``merged``, ``fast_forward`` or ``up_to_date``; or ``conflicts``: nothing was written, and
            ``conflicts`` says what is to be decided. Decide, and call it again with ``resolutions``.

        Raises:
            StaleHead: the target is not at ``expected_head`` any more.
        """
        new = r.NewMerge(
            source=source,
            target=target,
            mode=mode,
            commit_message=message,
            resolutions=resolutions_of(resolutions),
            expected_head=expected_head,
        )
        return self._call(r.Merge, "POST", f"prompts/{self.prompt_id(name)}/merge", new)

    def cherry_pick(self, name: str, version: str, target: str = "main", **options: Any) -> r.Merge:
        """Make the change that one version made on ``target`` as well. Options: ``resolutions``, ``message``, ``mainline``
        (against which parent of a merge, from 1), ``expected_head``."""
        return self._again("cherry-pick", name, version, target, **options)

    def revert(self, name: str, version: str, target: str = "main", **options: Any) -> r.Merge:
        """Take the change that one version made back on ``target``; options as in :meth:`cherry_pick`."""
        return self._again("revert", name, version, target, **options)

    def _again(
        self,
        verb: str,
        name: str,
        version: str,
        target: str,
        *,
        resolutions: Picks = (),
        message: str = "",
        mainline: int | None = None,
        expected_head: str | None = None,
    ) -> r.Merge:
        new = r.NewPick(
            version=version,
            target=target,
            mainline=mainline,
            commit_message=message,
            resolutions=resolutions_of(resolutions),
            expected_head=expected_head,
        )
        return self._call(r.Merge, "POST", f"prompts/{self.prompt_id(name)}/{verb}", new)


def resolutions_of(picks: Picks) -> tuple[r.ConflictResolution, ...]:
    """What was decided, as records."""
    if not isinstance(picks, Mapping):
        return tuple(picks)
    sides = ("base", "ours", "theirs", "keep")
    for conflict, side in picks.items():
        if side not in sides:
            raise InvalidInput(f"{conflict}: expected one of {', '.join(sides)}, got {side!r}")
    return tuple(
        r.ConflictResolution.model_validate({"id": one, "pick": side}) for one, side in picks.items()
    )
