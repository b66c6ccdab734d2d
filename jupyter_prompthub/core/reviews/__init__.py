"""Reviews: what approvals are bound to (``docs/formats/review.md``), when a branch may move (``docs/protections.md``)."""

from .anchors import Follower, follow, quote
from .deciding import merge_blocks, push_blocks, standing
from .digest import dependent_digest, evidence_digest, review_digest, snippet_part
from .facts import Approval, CheckFact, Held, Including, Landing, Person, Push
from .included import resolved
from .naming import misnamed, people
from .owners import Included, fits, touched_units

__all__ = [
    "Approval",
    "CheckFact",
    "Follower",
    "Held",
    "Included",
    "Including",
    "Landing",
    "Person",
    "Push",
    "dependent_digest",
    "evidence_digest",
    "fits",
    "follow",
    "merge_blocks",
    "misnamed",
    "people",
    "push_blocks",
    "quote",
    "resolved",
    "review_digest",
    "snippet_part",
    "standing",
    "touched_units",
]
