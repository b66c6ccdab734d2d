"""Rich output: HTML for a notebook beside plain text for everything else.

What a model or a prompt says is text: it is escaped, never interpreted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from ..amounts import dollars, duration
from ..core.records import Comparison, Compatibility, ExecuteResponse, ExecutionMetadata, UnitChange

__all__ = [
    "Rich",
    "answer_html",
    "answer_line",
    "breaks_html",
    "changes_html",
    "comparison_html",
    "table_html",
]

_BORDER = "1px solid var(--jp-border-color2, #ddd)"
_MUTED = "color: var(--jp-ui-font-color2, #666)"
_SPANS = {
    "delete": "background: var(--jp-error-color3, #fdd); text-decoration: line-through",
    "insert": "background: var(--jp-success-color3, #dfd)",
}


class Rich:
    """A value with both faces; ``metadata`` travels with the output into the notebook file."""

    def __init__(self, html: str, text: str, metadata: dict[str, Any] | None = None) -> None:
        self.html = html
        self.text = text
        self.metadata = metadata or {}

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        metadata = {"prompthub": self.metadata} if self.metadata else {}
        return {"text/html": self.html, "text/plain": self.text}, metadata

    def __repr__(self) -> str:
        return self.text


def answer_line(meta: ExecutionMetadata) -> str:
    """One line about an execution: version, model, tokens, latency, cost."""
    parts = [
        meta.version_sha[:12] if meta.version_sha else "draft",
        meta.model,
        f"{meta.tokens_used} tokens" if meta.tokens_used is not None else "",
        duration(meta.latency_ms),
        dollars(meta.cost_usd) if meta.cost_usd is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def answer_html(answer: ExecuteResponse) -> str:
    """An execution's answer, with its line underneath."""
    warnings = "".join(
        f'<div style="color: var(--jp-warn-color1, #a60)">{escape(w.message)}</div>' for w in answer.warnings
    )
    return (
        '<div class="prompthub-answer" '
        'style="border-left: 3px solid var(--jp-brand-color1, #06c); padding: 2px 12px">'
        f'<div style="white-space: pre-wrap">{escape(answer.result.completion)}</div>{warnings}'
        f'<div style="{_MUTED}; font-size: 85%; margin-top: 6px">'
        f"{escape(answer_line(answer.result.metadata))}</div>"
        "</div>"
    )


def table_html(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain table; every cell escaped."""
    head = "".join(f'<th style="text-align: left">{escape(cell)}</th>' for cell in header)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align: left">{escape(str(cell))}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def comparison_html(comparison: Comparison) -> str:
    """Two versions, unit by unit, words marked."""
    parts = [f"<div><code>{comparison.base.short}</code> … <code>{comparison.head.short}</code></div>"]
    if not comparison.diff.changes:
        parts.append("<div>layout only</div>" if comparison.diff.text_only else "<div>no difference</div>")
    parts += changes_html(comparison.diff.changes)
    return "".join([*parts, breaks_html(comparison.compatibility)])


def breaks_html(compatibility: Compatibility) -> str:
    """Why callers of the older version cannot call the newer one; "" where they can."""
    if compatibility.compatible:
        return ""
    reasons = escape("; ".join(compatibility.reasons))
    return f'<div style="color: var(--jp-error-color1, #c00)">breaks callers: {reasons}</div>'


def changes_html(changes: Iterable[UnitChange]) -> list[str]:
    """A block for each change, words marked."""
    parts = []
    for change in changes:
        if change.spans:
            body = "".join(
                f'<span style="{_SPANS[span.op]}">{escape(span.text)}</span>'
                if span.op in _SPANS
                else escape(span.text)
                for span in change.spans
            )
        else:
            style = _SPANS["delete" if change.after is None else "insert"]
            body = f'<span style="{style}">{escape(change.after or change.before or "")}</span>'
        parts.append(
            f'<div style="border: {_BORDER}; border-radius: 4px; margin: 6px 0; padding: 4px 8px">'
            f'<div style="{_MUTED}">{escape(change.label)}</div>'
            f'<pre style="white-space: pre-wrap; margin: 4px 0">{body}</pre></div>'
        )
    return parts
