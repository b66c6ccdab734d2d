"""A team with the demo prompts, for pictures in which several people take part: a review that they are in the middle of."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.lab import Lab
from tests.e2e.team import Account, running_team

__all__ = ["team_lab"]

_ABOUT = """Customers say that we sound **cold**. This answers more warmly, and thanks them first.

- the temperature goes up a little
- nothing else of the contract changes
"""


@contextmanager
def team_lab(seeded: Lab) -> Iterator[Lab]:
    """The Lab of a team lead, whose server has what ``seeded`` has, and reviews of support/refund and, with conflicts, of
    text/summarize."""
    roles = {"Lea": "team_lead"}
    with (
        tempfile.TemporaryDirectory() as home,
        running_team(Path(home), roles, {}, seat=lambda _: None) as team,
    ):
        admin = team.admin
        admin.call(
            "POST", "import", {"items": [_item(each) for each in seeded.call("GET", "export")["items"]]}
        )
        ben, rob = admin.invited("Ben", "engineer"), admin.invited("Rob", "team_lead")
        ids = team.ids
        _set_up(admin, ben, team.accounts["Lea"], rob, asked=[ids["Lea"], ids["Rob"]])
        _dispute(ben, rob)
        _more(admin, ben, rob, ids)
        yield team.labs["Lea"]


def _more(admin: Account, ben: Account, rob: Account, ids: dict[str, str]) -> None:
    """Reviews of other prompts, and a second protection."""
    for by, name, branch, title, more in (
        (ben, "code/review", "shorter", "One sentence is enough", {"reviewers": [ids["Lea"]]}),
        (rob, "text/translate", "keep-names", "Keep names as they are", {"reviewers": [ids["Ben"]]}),
        (ben, "text/sentiment", "mixed", "A third answer: mixed", {"draft": True}),
    ):
        (prompt,) = [
            each for each in by.call("GET", f"prompts?search={name}")["items"] if each["name"] == name
        ]
        at = f"prompts/{prompt['id']}"
        by.call("POST", f"{at}/branches", {"name": branch})
        text = by.call("GET", f"{at}/versions/{branch}")["text"].rstrip("\n")
        by.call("PUT", at, {"text": f"{text} Be brief.\n", "branch": branch, "commit_message": title})
        by.call("POST", f"{at}/reviews", {"source": branch, "title": title, **more})
    owners = [{"name": "legal", "owners": [ids["Rob"]], "units": ["section:disclaimer", "segment:system"]}]
    rules = {
        "owners": owners,
        "linear_history": True,
        "may_merge": ["role:team_lead"],
        "admins_included": False,
    }
    admin.call("POST", "protections", {"prompts": "contracts/*", "branch": "release/*", "rules": rules})


def _item(exported: dict[str, Any]) -> dict[str, Any]:
    """As an import takes it: without who and when."""
    asked = ("text", "commit_message", "branch", "base")
    versions = [{key: each[key] for key in asked if key in each} for each in exported["versions"]]
    kept = ("name", "title", "description", "tags", "branches", "deployments")
    return {**{key: exported[key] for key in kept if key in exported}, "versions": versions}


def _set_up(admin: Account, ben: Account, lea: Account, rob: Account, *, asked: list[str]) -> None:
    (prompt,) = admin.call("GET", "prompts?search=support/refund")["items"]
    at = f"prompts/{prompt['id']}"
    rules = {"approvals": 2, "conversations_resolved": True, "checks": [{"name": "support-suite"}]}
    admin.call("POST", "protections", {"prompts": "support/*", "rules": rules})
    head = ben.call("GET", f"{at}/versions/warmer-tone")["text"]
    text = head.replace("temperature: 0.6", "temperature: 0.4").replace(
        "Ask for a photo", "Ask kindly for a photo"
    )
    message = "Ask kindly, a little less freely"
    ben.call("PUT", at, {"text": text, "branch": "warmer-tone", "commit_message": message})
    review = ben.call(
        "POST",
        f"{at}/reviews",
        {
            "source": "warmer-tone",
            "title": "A warmer tone for refunds",
            "description": _ABOUT,
            "reviewers": asked,
        },
    )
    at += f"/reviews/{review['number']}"
    seen = {"digest": review["digest"]}
    check = {"name": "support-suite", "verdict": "passed", "url": "https://example.org/runs/41", **seen}
    check |= {"summary": "24 of 24 cases", "evidence": {"suite": "support"}}
    ben.call("POST", f"{at}/checks", check)
    (change,) = [each for each in review["diff"]["changes"] if "patient" in (each["after"] or "")]
    words = "warm and patient"
    start = change["after"].index(words)
    place = {"path": change["path"], "start": start, "end": start + len(words), **seen}
    said = "Patient sounds as if they were a burden to us."
    thread = lea.call("POST", f"{at}/threads", {"body": said, "suggestion": "warm and attentive", **place})
    ben.call("POST", f"{at}/threads/{thread['id']}/comments", {"body": "Good point, I take that."})
    rob.call("POST", f"{at}/decisions", {"decision": "approve", "body": "Reads well now.", **seen})


def _dispute(ben: Account, rob: Account) -> None:
    """Both decide conflicts; one of what they decided says something else since."""
    (prompt,) = ben.call("GET", "prompts?search=text/summarize")["items"]
    at = f"prompts/{prompt['id']}"

    def save(by: Account, branch: str, message: str, *changes: tuple[str, str]) -> None:
        text = by.call("GET", f"{at}/versions/{branch}")["text"]
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        by.call("PUT", at, {"text": text, "branch": branch, "commit_message": message})

    def decide(by: Account, path: str, pick: str) -> None:
        conflicts = by.call("GET", f"{at}/reviews/1")["conflicts"]
        (one,) = [each["id"] for each in conflicts if each["path"] == path]
        by.call("PUT", f"{at}/reviews/1/resolutions", {"resolutions": [{"id": one, "pick": pick}]})

    ben.call("POST", f"{at}/branches", {"name": "plain"})
    readers, asked = "for busy readers.", "Summarize in {{sentences}} sentence(s):"
    plain = (readers, "for readers in a hurry, in plain words."), (asked, "Say in {{sentences}} sentence(s):")
    save(ben, "plain", "Plain words", ("temperature: 0,", "temperature: 0.4,"), *plain)
    paper = (readers, "for busy readers of a newspaper."), (asked, "Sum up in {{sentences}} sentence(s):")
    save(rob, "main", "For the newspaper", ("temperature: 0,", "temperature: 0.2,"), *paper)
    ben.call("POST", f"{at}/reviews", {"source": "plain", "title": "Summaries in plain words"})
    decide(rob, "parameter/temperature", "theirs")
    decide(ben, "segment/1/user", "theirs")
    save(
        ben,
        "plain",
        "Shorter",
        ("Say in {{sentences}} sentence(s):", "Say in {{sentences}} short sentence(s):"),
    )
