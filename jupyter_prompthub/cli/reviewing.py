"""``prompthub review``; ``%prompthub review`` is the same."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ..client import Client
from ..client.reviewing import MOST_REVIEWS
from ..core.errors import InvalidInput, NotFound
from ..core.records import (
    Conflict,
    ConflictResolution,
    Review,
    ReviewDependent,
    ReviewSummary,
    Thread,
)
from .merging import conflict_lines, note_unused, picks
from .output import Exit, Output, table
from .review_lines import check_rows, dependent_lines, review_lines, thread_lines

__all__ = ["review"]

_STATES = {"draft": "draft", "ready": "open", "reopen": "open", "close": "closed"}


def review(client: Client, options: Namespace, out: Output) -> Exit:
    """Work on reviews. ``show`` exits with 1 when the review may not be merged, ``conflicts`` and ``decide`` while
    something is open."""
    do: str = options.do
    if do == "list":
        found = client.reviews(options.name, state=options.state, inbox=options.inbox)
        out.show(found, table([_row(one) for one in found], ("review", "state", "branches", "title")))
        if len(found) == MOST_REVIEWS:
            out.note(f"the {MOST_REVIEWS} that changed last: narrow it with NAME, --state or --inbox")
        return Exit.PASSED
    if do == "open":
        made = client.open_review(
            options.name,
            options.source,
            options.into,
            title=options.message,
            description=_text(options.description or ""),
            draft=options.draft,
            reviewers=options.reviewer or (),
        )
        return _shown(client, made, out)
    name, number = _one(options.review)
    if do in _LISTS:
        return _LISTS[do](client, name, number, options, out)
    if do in _TALKS:
        thread = _TALKS[do](client, name, number, options)
        out.show(thread, thread_lines(thread, out))
        return Exit.PASSED
    made = client.review(name, number) if do == "show" else _CHANGES[do](client, name, number, options)
    if do == "merge" and made.merged_sha == made.source_sha:
        note_unused(options.message, out)
    failed = (do == "show" and made.missing) or (do == "decide" and (made.conflicts or made.problem))
    _shown(client, made, out)
    return Exit.FAILED if failed else Exit.PASSED


# ------------------------------------------------------------------ what changes a review


def _set_state(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.change_review(name, number, state=_STATES[options.do])


def _edit(client: Client, name: str, number: int, options: Namespace) -> Review:
    wanted: dict[str, Any] = {"title": options.message, "reviewers": options.reviewer}
    if options.description is not None:
        wanted["description"] = _text(options.description)
    changes = {key: value for key, value in wanted.items() if value is not None}
    if not changes:
        raise InvalidInput("review edit: expected --message (the title), --description or --reviewer")
    return client.change_review(name, number, **changes)


def _approve(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.approve(name, number, options.digest, options.message or "")


def _reject(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.request_changes(name, number, options.message)


def _dismiss(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.dismiss_requests(name, number, options.message)


def _check(client: Client, name: str, number: int, options: Namespace) -> Review:
    evidence = _object(options.evidence) if options.evidence else {}
    more: dict[str, Any] = {"evidence": {**evidence, **({"suite": options.suite} if options.suite else {})}}
    if options.link:
        more["url"] = options.link
    if options.dependent:
        more["dependent"] = client.prompt_id(options.dependent)
    said = {"summary": options.message} if options.message else {}
    return client.post_check(name, number, options.check, options.verdict, options.digest, **more, **said)


def _decide(client: Client, name: str, number: int, options: Namespace) -> Review:
    decided = [
        ConflictResolution.model_validate({"id": one, "pick": side})
        for one, side in picks(options.pick).items()
    ]
    for pair in options.text:
        conflict, equals, text = pair.partition("=")
        if not equals:
            raise InvalidInput(f"--text {pair}: expected CONFLICT=TEXT")
        decided.append(ConflictResolution(id=conflict, text=_text(text)))
    if not (decided or options.undo):
        raise InvalidInput(
            "review decide: expected --pick CONFLICT=SIDE, --text CONFLICT=TEXT or --undo CONFLICT"
        )
    return client.resolve_conflicts(name, number, decided, remove=options.undo)


def _update(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.update_review(name, number, picks(options.pick))


def _merge(client: Client, name: str, number: int, options: Namespace) -> Review:
    given = {
        "commit_message": options.message,
        "digest": options.digest,
        "expected_head": options.expected_head,
    }
    wanted = {key: value for key, value in given.items() if value}
    return client.merge_review(name, number, mode=options.mode, **wanted)


def _revert(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.revert_review(name, number, branch=options.branch, resolutions=picks(options.pick))


def _delete_source(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.delete_source(name, number)


def _restore_source(client: Client, name: str, number: int, options: Namespace) -> Review:
    return client.restore_source(name, number)


_CHANGES: dict[str, Callable[[Client, str, int, Namespace], Review]] = {
    **dict.fromkeys(_STATES, _set_state),
    "edit": _edit,
    "approve": _approve,
    "reject": _reject,
    "dismiss": _dismiss,
    "check": _check,
    "decide": _decide,
    "update": _update,
    "merge": _merge,
    "revert": _revert,
    "delete-source": _delete_source,
    "restore-source": _restore_source,
}

# ------------------------------------------------------------------ what lists parts of it


def _threads(client: Client, name: str, number: int, options: Namespace, out: Output) -> Exit:
    every = list(client.threads(name, number))
    shown = [(at, one) for at, one in enumerate(every, 1) if not (options.only_open and one.resolved_at)]
    out.show([one for _, one in shown], (line for at, one in shown for line in thread_lines(one, out, at)))
    return Exit.PASSED


def _checks(client: Client, name: str, number: int, options: Namespace, out: Output) -> Exit:
    found = client.review(name, number).checks
    out.show(found, table(check_rows(found), ("check", "verdict", "for", "by", "summary")))
    return Exit.PASSED


def _dependents(client: Client, name: str, number: int, options: Namespace, out: Output) -> Exit:
    found: list[ReviewDependent] = list(client.review_dependents(name, number))
    out.show(found, (line for one in found for line in dependent_lines(one, out)))
    return Exit.PASSED


def _conflicts(client: Client, name: str, number: int, options: Namespace, out: Output) -> Exit:
    made = client.review(name, number)

    def lines() -> Iterable[str]:
        for one in made.conflicts:
            yield from conflict_lines(one, out)
        for kept in made.resolutions:
            side = kept.resolution.pick or "a text of its own"
            yield f"{kept.resolution.id}: {side}, by {kept.by.display_name}" + (
                "" if kept.applies else " (does not apply any more)"
            )

    shown: tuple[Conflict, ...] = made.conflicts
    out.show(shown, lines())
    return Exit.FAILED if shown else Exit.PASSED


_LISTS: dict[str, Callable[[Client, str, int, Namespace, Output], Exit]] = {
    "threads": _threads,
    "checks": _checks,
    "dependents": _dependents,
    "conflicts": _conflicts,
}

# ------------------------------------------------------------------ conversations


def _comment(client: Client, name: str, number: int, options: Namespace) -> Thread:
    given = {"path": options.path, "start": options.start, "end": options.end, "suggestion": options.suggest}
    place = {key: value for key, value in given.items() if value is not None}
    if "suggestion" in place:
        place["suggestion"] = _text(options.suggest)
    return client.comment(name, number, options.message, **place)


def _reply(client: Client, name: str, number: int, options: Namespace) -> Thread:
    thread = _thread(client, name, number, options.thread)
    suggestion = _text(options.suggest) if options.suggest is not None else None
    return client.reply(name, number, thread.id, options.message, suggestion=suggestion)


def _resolve(client: Client, name: str, number: int, options: Namespace) -> Thread:
    thread = _thread(client, name, number, options.thread)
    return client.resolve_thread(name, number, thread.id, resolved=options.do == "resolve")


def _apply(client: Client, name: str, number: int, options: Namespace) -> Thread:
    thread = _thread(client, name, number, options.thread)
    comment = options.comment or next(
        (one.id for one in reversed(thread.comments) if one.suggestion is not None), None
    )
    if comment is None:
        raise NotFound("Nothing is suggested in this conversation.")
    given = {"commit_message": options.message, "expected_head": options.expected_head}
    wanted = {key: value for key, value in given.items() if value}
    return client.apply_suggestion(name, number, thread.id, comment, **wanted)


_TALKS: dict[str, Callable[[Client, str, int, Namespace], Thread]] = {
    "comment": _comment,
    "reply": _reply,
    "resolve": _resolve,
    "unresolve": _resolve,
    "apply": _apply,
}


def _thread(client: Client, name: str, number: int, given: str) -> Thread:
    """A conversation by its number in the list, or its id."""
    for at, one in enumerate(client.threads(name, number), 1):
        if given in (str(at), one.id):
            return one
    raise NotFound(
        f"{name}#{number} has no conversation {given}; `review threads {name}#{number}` lists them."
    )


# ------------------------------------------------------------------ how


def _shown(client: Client, made: Review, out: Output) -> Exit:
    out.show(made, review_lines(client, made, out))
    return Exit.PASSED


def _one(given: str) -> tuple[str, int]:
    name, _, number = given.rpartition("#")
    if not name or not (number.isascii() and number.isdecimal()):
        raise InvalidInput(f"expected a review such as support/refund#3, got {given}")
    return name, int(number)


def _text(given: str) -> str:
    """A text, or ``@FILE``: what is in that file."""
    if not given.startswith("@"):
        return given
    try:
        return Path(given[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{given[1:]} cannot be read as text: {error}") from error


def _object(file: str) -> dict[str, Any]:
    try:
        found = json.loads(_text("@" + file))
    except ValueError as error:
        raise InvalidInput(f"{file}: expected a JSON object: {error}") from error
    if not isinstance(found, dict):
        raise InvalidInput(f"{file}: expected a JSON object, got {type(found).__name__}")
    return found


def _row(one: ReviewSummary) -> tuple[str, str, str, str]:
    return f"{one.prompt_name}#{one.number}", one.state.value, f"{one.source} → {one.target}", one.title
