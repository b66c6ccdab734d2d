"""The page of a review of 100 versions into a branch of 10,000, beside ``/api/status`` of the same Jupyter server."""

from __future__ import annotations

import statistics
from functools import partial
from pathlib import Path

from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.identities import local_caller
from jupyter_prompthub_server.services import branches, prompts, protections, reviews, versions
from jupyter_prompthub_server.store.tables import branch, prompt
from sqlalchemy import update

from jupyter_prompthub.core.records import (
    NewBranch,
    NewPrompt,
    NewProtection,
    NewReview,
    NewVersion,
    Rules,
)
from tests.support.databases import opened
from tests.support.processes import jupyter

from .history import fill, sha_of
from .measuring import Line, by_turns, ms
from .servers import API, TOKEN_HEADER, long_prompt
from .wire import Wire

__all__ = ["run"]

_TARGET = 10_000
_SOURCE = 100


def _review(home: Path, name: str, *, since: bool) -> str:
    """A prompt of 200 lines with a branch of 100 versions under review; its target has 10,000, before they parted or
    ``since``.

    Returns:
        The path of the review.
    """
    salt = int(since) + 1
    with opened(None, home) as store:
        dispatcher = Dispatcher(store)
        by = local_caller(dispatcher)
        run = partial(dispatcher.run)
        text = long_prompt()
        made = run(prompts.create, by, {}, NewPrompt(name=name, text=text, commit_message="1"))
        path = {"prompt_id": made.id}
        with store.database.writing(by.workspace_id) as conn:
            fill(
                conn,
                by.workspace_id,
                made.id,
                {1: (), **{at: (at - 1,) for at in range(2, _TARGET + 1)}},
                salt,
            )
            last = sha_of(_TARGET, salt)
            conn.execute(update(branch).where(branch.c.prompt_id == made.id).values(head=last))
            conn.execute(update(prompt).where(prompt.c.id == made.id).values(versions=_TARGET))
            conn.commit()
        if not since:
            run(versions.save, by, path, NewVersion(text=text + "\n", commit_message="base"))
        base = made.head.sha if since else "latest"
        run(branches.create, by, path, NewBranch(name="tone", base_version=base))
        for at in range(_SOURCE):
            edited = text.replace("Rule 20:", f"Rule 20, {at}:")
            run(versions.save, by, path, NewVersion(text=edited, commit_message=str(at), branch="tone"))
        edited = text.replace("Rule 150:", "Rule 150, too:")
        run(versions.save, by, path, NewVersion(text=edited, commit_message="ours"))
        number = run(reviews.open_, by, path, NewReview(source="tone")).number
        return f"{API}prompts/{made.id}/reviews/{number}"


def run(folder: Path, *, quick: bool) -> list[Line]:
    """One client by turns."""
    pages = {
        f"{_TARGET:,} on the target before they part": _review(folder, "before", since=False),
        f"{_TARGET:,} on the target since they parted": _review(folder, "since", since=True),
    }
    with opened(None, folder) as store:
        dispatcher = Dispatcher(store)
        new = NewProtection(rules=Rules(approvals=1))
        dispatcher.run(protections.create, local_caller(dispatcher), {}, new)
    with jupyter(folder) as server, Wire(server.url, TOKEN_HEADER) as wire:
        actions = {what: partial(wire.ask, "GET", path) for what, path in pages.items()}
        taken = by_turns({**actions, "floor": lambda: wire.ask("GET", "api/status")}, 10 if quick else 40)
    floor = statistics.median(taken["floor"])
    return [
        Line(
            "review",
            f"the page of a review of {_SOURCE} versions, {what}, p50",
            ms(taken[what]),
            f"/api/status {ms(floor)}",
            statistics.median(taken[what]) / floor,
            "≤ 200 ms",
            statistics.median(taken[what]) <= 0.2,
        )
        for what in pages
    ]
