"""Reviews: what approvals are bound to (``docs/formats/review.md``), when a branch may move (``docs/protections.md``)."""

from .anchors import Follower, follow, quote
from .deciding import merge_blocks, push_blocks, standing
from .digest import evidence_digest, review_digest
from .facts import Approval, CheckFact, Held, Landing, Person, Push
from .owners import fits, touched_units

__all__ = [
    "Approval",
    "CheckFact",
    "Follower",
    "Held",
    "Landing",
    "Person",
    "Push",
    "evidence_digest",
    "fits",
    "follow",
    "merge_blocks",
    "push_blocks",
    "quote",
    "review_digest",
    "standing",
    "touched_units",
]
