"""The list of reviews that wait for somebody, beside ``/api/status`` of the same Jupyter server."""

from __future__ import annotations

import statistics
from dataclasses import replace
from functools import partial
from pathlib import Path

from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.identities import local_caller
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import branches, prompts, review_decisions, reviews, versions
from jupyter_prompthub_server.store.bootstrap import ensure_actor, ensure_member
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.store import Store

from jupyter_prompthub.core.records import NewBranch, NewDecision, NewPrompt, NewReview, NewVersion
from tests.support.databases import opened
from tests.support.processes import jupyter

from .measuring import Line, by_turns, ms, percentile
from .servers import API, TOKEN_HEADER, long_prompt
from .wire import Wire

__all__ = ["run"]

_EACH = 10
"""reviews of one prompt"""


def _colleague(store: Store, me: Caller) -> Caller:
    with store.database.writing("") as conn:
        actor_id, _ = ensure_actor(
            conn,
            subject="bench:colleague",
            display_name="Colleague",
            kind="person",
            default_workspace_id=me.workspace_id,
            at=now(),
        )
        ensure_member(conn, workspace_id=me.workspace_id, actor_id=actor_id, role="engineer", at=now())
        conn.commit()
    return replace(me, actor_id=actor_id, role="engineer")


def _fill(home: Path, count: int) -> None:
    """Open reviews by a colleague that ask us. We approved half of them; of these, every second one has moved since."""
    with opened(None, home) as store:
        dispatcher = Dispatcher(store)
        me = local_caller(dispatcher)
        run, by = partial(dispatcher.run), _colleague(store, me)
        text = long_prompt()
        for at in range(count):
            if at % _EACH == 0:
                new = NewPrompt(name=f"team/prompt-{at}", text=text, commit_message="1")
                path = {"prompt_id": run(prompts.create, by, {}, new).id}
            branch = f"tone-{at}"
            run(branches.create, by, path, NewBranch(name=branch, base_version="main"))

            def save(said: str, path: dict[str, str] = path, branch: str = branch) -> None:
                edited = text.replace("Rule 20:", f"Rule 20, {said}:")
                run(versions.save, by, path, NewVersion(text=edited, commit_message=said, branch=branch))

            save("first")
            asked = NewReview(source=branch, reviewers=(me.actor_id,))
            review = run(reviews.open_, by, path, asked)
            if at % 2 == 0:
                word = NewDecision(decision="approve", digest=review.digest)
                run(review_decisions.decide, me, {**path, "number": str(review.number)}, word)
            if at % 4 == 0:
                save("then")


def run(folder: Path, *, quick: bool) -> list[Line]:
    """One client by turns."""
    count = 100 if quick else 1_000
    _fill(folder, count)
    with jupyter(folder) as server, Wire(server.url, TOKEN_HEADER) as wire:
        page = partial(wire.ask, "GET", f"{API}reviews?inbox=to_review&limit=50")
        taken = by_turns({"ours": page, "floor": lambda: wire.ask("GET", "api/status")}, 20 if quick else 100)
    floor, p95 = statistics.median(taken["floor"]), percentile(taken["ours"], 0.95)
    return [
        Line(
            "inbox",
            f"50 of {count * 3 // 4:,} reviews that wait, of {count:,} open ones, p95 (p50)",
            f"{ms(p95)} ({ms(taken['ours'])})",
            f"/api/status {ms(floor)}",
            statistics.median(taken["ours"]) / floor,
            "p95 ≤ 200 ms",
            p95 <= 0.2,
        )
    ]
