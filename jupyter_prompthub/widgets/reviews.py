"""A review as HTML for a notebook. What people and prompts say is text: it is escaped, never interpreted."""

from __future__ import annotations

from html import escape

from ..core.records import Review, ReviewDependent
from .show import breaks_html, changes_html, table_html

__all__ = ["review_html"]

_MUTED = "color: var(--jp-ui-font-color2, #666)"
_STATES = {
    "open": "var(--jp-success-color1, #2a7)",
    "merged": "var(--jp-brand-color1, #06c)",
    "closed": "var(--jp-error-color1, #c00)",
    "draft": "var(--jp-ui-font-color2, #666)",
}


def review_html(review: Review) -> str:
    """What it brings, who said what, what is missing."""
    state = review.state.value
    title = f"{review.prompt_name}#{review.number} {review.title}"
    branches = f"{review.source} into {review.target}, by {review.author.display_name}"
    parts = [
        f'<div><span style="border: 1px solid; color: {_STATES[state]}; border-radius: 8px; padding: 0 6px">{state}</span> '
        f"<b>{escape(title)}</b></div>",
        f'<div style="{_MUTED}">{escape(branches)}</div>',
    ]
    if review.description:
        parts.append(f'<div style="white-space: pre-wrap; margin: 6px 0">{escape(review.description)}</div>')
    if review.digest:
        parts.append(f'<div style="{_MUTED}">digest <code>{review.digest}</code></div>')
    if review.decisions:
        rows = [
            (
                said.by.display_name,
                said.decision.value,
                said.standing.value if said.standing else "",
                said.body,
            )
            for said in review.decisions
        ]
        parts.append(table_html(("who", "said", "standing", ""), rows))
    if review.checks:
        checks = [
            (one.name, one.verdict.value, "another text" if one.stale else "", one.summary)
            for one in review.checks
        ]
        parts.append(table_html(("check", "verdict", "made for", ""), checks))
    if review.dependents:
        around = [
            (one.name, ", ".join([*one.branches, *one.environments]), _checks(one))
            for one in review.dependents
        ]
        parts.append(table_html(("included by", "at", "checks for it"), around))
    if review.conflicts:
        parts.append(table_html(("conflict", ""), [(one.id, one.label) for one in review.conflicts]))
    if review.diff:
        parts += changes_html(review.diff.changes)
    if review.compatibility:
        parts.append(breaks_html(review.compatibility))
    if review.problem:
        said = escape(f"cannot be a version: {review.problem}")
        parts.append(f'<div style="color: var(--jp-error-color1, #c00)">{said}</div>')
    if review.missing:
        items = "".join(f"<li>{escape(block.message)}</li>" for block in review.missing)
        parts.append(
            f'<div style="color: var(--jp-warn-color1, #a60)">missing<ul style="margin: 0">{items}</ul></div>'
        )
    return "".join(parts)


def _checks(one: ReviewDependent) -> str:
    if one.digest is None:
        return "not changed by it"
    posted = {each.name: each for each in one.checks}
    said = []
    for name in sorted({*one.required, *posted}):
        check = posted.get(name)
        state = "missing" if check is None else "for another text" if check.stale else check.verdict.value
        said.append(f"{name}: {state}")
    return ", ".join(said)
