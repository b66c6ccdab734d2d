"""Reviews and protections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal
from urllib.parse import quote

from ..core import records as r
from .managing import items_of
from .merging import Merging, Picks, resolutions_of

__all__ = ["MOST_REVIEWS", "Reviewing"]

MOST_REVIEWS = 200
"""that are listed at once"""


class Reviewing(Merging):
    """What a client does with reviews (``docs/reviews.md``). ``name`` is a prompt's, ``number`` a review's of it."""

    def reviews(
        self,
        name: str | None = None,
        *,
        state: Literal["live", "draft", "open", "merged", "closed", "all"] = "live",
        inbox: Literal["to_review", "mine", "mentioned"] | None = None,
    ) -> tuple[r.ReviewSummary, ...]:
        """Reviews, newest change first, at most 200 (``MOST_REVIEWS``): of a prompt, or of all."""
        prompt_id = self.prompt_id(name) if name else None
        found = self._call(
            r.ReviewPage, "GET", "reviews", prompt_id=prompt_id, state=state, inbox=inbox, limit=MOST_REVIEWS
        )
        return found.items

    def open_review(
        self,
        name: str,
        source: str,
        target: str = "main",
        *,
        title: str | None = None,
        description: str = "",
        draft: bool = False,
        reviewers: Iterable[str] = (),
    ) -> r.Review:
        """Ask to merge a branch into another one."""
        new = r.NewReview(
            source=source,
            target=target,
            title=title,
            description=description,
            draft=draft,
            reviewers=tuple(reviewers),
        )
        return self._call(r.Review, "POST", f"prompts/{self.prompt_id(name)}/reviews", new)

    def review(self, name: str, number: int) -> r.Review:
        """What a review would bring as its branches are now, and why it may not be merged (``blocks``)."""
        return self._call(r.Review, "GET", self._at(name, number))

    def change_review(self, name: str, number: int, **changes: Any) -> r.Review:
        """Change ``title``, ``description``, ``state`` (``draft``, ``open``, ``closed``) or ``reviewers``."""
        return self._call(r.Review, "PATCH", self._at(name, number), r.ReviewPatch(**changes))

    def approve(self, name: str, number: int, digest: str, body: str = "") -> r.Review:
        """Approve what has this review digest: ``review(...).digest`` of what was looked at.

        Raises:
            StaleHead: something else would be merged now.
        """
        said = r.NewDecision(decision=r.Decision.APPROVE, digest=digest, body=body)
        return self._call(r.Review, "POST", self._at(name, number, "decisions"), said)

    def request_changes(self, name: str, number: int, body: str) -> r.Review:
        """Hold a review up until this is met."""
        said = r.NewDecision(decision=r.Decision.REQUEST_CHANGES, body=body)
        return self._call(r.Review, "POST", self._at(name, number, "decisions"), said)

    def comment(self, name: str, number: int, body: str, **place: Any) -> r.Thread:
        """Begin a conversation; ``path``, ``start``, ``end``, ``version`` and ``suggestion`` say about which words."""
        new = r.NewThread(body=body, **place)
        return self._call(r.Thread, "POST", self._at(name, number, "threads"), new)

    def threads(self, name: str, number: int) -> Iterator[r.Thread]:
        """The conversations of a review, oldest first."""
        path = self._at(name, number, "threads")
        yield from items_of(lambda cursor: self._call(r.ThreadList, "GET", path, cursor=cursor))

    def reply(
        self, name: str, number: int, thread_id: str, body: str, *, suggestion: str | None = None
    ) -> r.Thread:
        """Go on with a conversation; ``suggestion`` are other words for its place."""
        new = r.NewComment(body=body, suggestion=suggestion)
        return self._call(r.Thread, "POST", self._at(name, number, f"threads/{thread_id}/comments"), new)

    def edit_comment(self, name: str, number: int, thread_id: str, comment_id: str, body: str) -> r.Thread:
        """Put one's own comment into other words."""
        path = self._at(name, number, f"threads/{thread_id}/comments/{comment_id}")
        return self._call(r.Thread, "PATCH", path, r.CommentPatch(body=body))

    def resolve_thread(self, name: str, number: int, thread_id: str, *, resolved: bool = True) -> r.Thread:
        """Resolve a conversation, or open it again."""
        patch = r.ThreadPatch(resolved=resolved)
        return self._call(r.Thread, "PATCH", self._at(name, number, f"threads/{thread_id}"), patch)

    def apply_suggestion(
        self, name: str, number: int, thread_id: str, comment_id: str, **options: Any
    ) -> r.Thread:
        """Save what a comment suggests as a version of the source. Options: ``commit_message``, ``expected_head``."""
        path = self._at(name, number, f"threads/{thread_id}/comments/{comment_id}/apply")
        return self._call(r.Thread, "POST", path, r.ApplySuggestion(**options))

    def dismiss_requests(self, name: str, number: int, reason: str) -> r.Review:
        """Take back all requests for changes that stand."""
        return self._call(r.Review, "POST", self._at(name, number, "dismiss"), r.Dismissal(reason=reason))

    def review_dependents(self, name: str, number: int) -> Iterator[r.ReviewDependent]:
        """The prompts that include the snippet under review: their templates before and after, and the checks they ask
        for (:meth:`post_check` with ``dependent``)."""
        path = self._at(name, number, "dependents")
        yield from items_of(lambda cursor: self._call(r.ReviewDependentPage, "GET", path, cursor=cursor))

    def post_check(
        self, name: str, number: int, check: str, verdict: str, digest: str, **more: Any
    ) -> r.Review:
        """Post a verdict (``passed``, ``failed``, ``inconclusive``) on what has this review digest; more:
        ``evidence``, ``url``, ``summary``; ``dependent``, the id of a prompt that includes the snippet: ``digest`` is then
        that one's."""
        new = r.NewCheck.model_validate({"name": check, "verdict": verdict, "digest": digest, **more})
        return self._call(r.Review, "POST", self._at(name, number, "checks"), new)

    def resolve_conflicts(
        self, name: str, number: int, resolutions: Picks = (), *, remove: Iterable[str] = ()
    ) -> r.Review:
        """Decide conflicts; it is kept with the review. ``remove`` are those that are to be open again."""
        new = r.ReviewResolutions(resolutions=resolutions_of(resolutions), remove=tuple(remove))
        return self._call(r.Review, "PUT", self._at(name, number, "resolutions"), new)

    def merge_review(self, name: str, number: int, **options: Any) -> r.Review:
        """Merge it. Options: ``mode``, ``commit_message``, ``digest`` and ``expected_head`` (what was looked at).

        Raises:
            Protected: ``details["blocks"]`` lists what is missing.
            StaleHead: a head moved; nothing was changed.
        """
        return self._call(r.Review, "POST", self._at(name, number, "merge"), r.MergeReview(**options))

    def update_review(self, name: str, number: int, resolutions: Picks = ()) -> r.Review:
        """Bring the source up to date with the target."""
        new = r.UpdateReview(resolutions=resolutions_of(resolutions))
        return self._call(r.Review, "POST", self._at(name, number, "update"), new)

    def revert_review(
        self, name: str, number: int, *, branch: str | None = None, resolutions: Picks = ()
    ) -> r.Review:
        """Take a merged review back by a new one."""
        new = r.RevertReview(branch=branch, resolutions=resolutions_of(resolutions))
        return self._call(r.Review, "POST", self._at(name, number, "revert"), new)

    def delete_source(self, name: str, number: int) -> r.Review:
        """Delete the source branch of a merged review.

        Raises:
            Conflict: something needs it still; the message says what.
            Protected: it may not be deleted.
        """
        return self._call(r.Review, "DELETE", self._at(name, number, "source"))

    def restore_source(self, name: str, number: int) -> r.Review:
        """Make the source branch of a merged review again, where it was when it was merged."""
        return self._call(r.Review, "POST", self._at(name, number, "source"))

    def protections(self) -> tuple[r.Protection, ...]:
        """All protections of the workspace."""
        return self._call(r.ProtectionList, "GET", "protections").items

    def protect(self, prompts: str = "*", branch: str = "main", **rules: Any) -> r.Protection:
        """Protect the branches that fit: ``protect("support/*", approvals=1)``; rules as in ``docs/protections.md``."""
        new = r.NewProtection(prompts=prompts, branch=branch, rules=r.Rules.model_validate(rules))
        return self._call(r.Protection, "POST", "protections", new)

    def change_protection(self, protection_id: str, patch: r.ProtectionPatch) -> r.Protection:
        """Other patterns, other rules (as a whole), or both."""
        return self._call(r.Protection, "PATCH", f"protections/{quote(protection_id, safe='')}", patch)

    def unprotect(self, protection_id: str) -> None:
        """Take a protection away."""
        self.source.request("DELETE", f"protections/{quote(protection_id, safe='')}")

    def _at(self, name: str, number: int, more: str = "") -> str:
        return f"prompts/{self.prompt_id(name)}/reviews/{number}" + (f"/{more}" if more else "")
