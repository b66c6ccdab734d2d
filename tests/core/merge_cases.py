"""Pairs of edits that a line merge gets wrong, silently or by conflicts without need: the table of ``docs/merge-cases.md``.

Each case is a base and two edits of it; the test merges it both ways, by git and by us. ``python -m tests.core.merge_cases``
writes the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["BASE", "CASES", "Case", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "merge-cases.md"

BASE = """\
---
model: openai/gpt-4o-mini
config:
  temperature: 0.7
  max_tokens: 150
input:
  schema:
    question: string, what the customer wrote
    order?: string
    items(array): string
  default:
    order: none
tools: [lookup_order, refund]
output:
  format: json
  schema:
    reply: string
    sentiment: string
---
{{role "system"}}
You are a support assistant of an online shop.
Answer in two sentences.
Be polite.
Never promise a date.
{{> house-style}}
{{role "user"}}
The customer writes:
{{question}}
{{#if order}}
It is about order {{order}}.
{{/if}}
{{#each items}}
- {{this}}
{{/each}}
Once more: {{question}}
"""

Edits = tuple[tuple[str, str], ...]
_SWAP: Edits = (("", ""),)
"""the two messages change places"""


def edited(edits: Edits) -> str:
    """The base with an edit made."""
    text = BASE
    if edits == _SWAP:
        front, rest = text.split('{{role "system"}}')
        system, user = rest.split('{{role "user"}}')
        return f'{front}{{{{role "user"}}}}{user}{{{{role "system"}}}}{system}'
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Case:
    """``git``: what a line merge does (``silent``: clean and wrong; ``needless``: a conflict that is none)."""

    what: str
    git: str
    ours: Edits
    theirs: Edits
    found: str = ""
    """the conflict that we report; empty: we merge it"""


def _one(old: str, new: str) -> Edits:
    return ((old, new),)


_NEVER = "Never promise a date.\n"
_POLITE = "Be polite.\n"
_RENAME = (("question: string", "user_message: string"), ("{{question}}", "{{user_message}}"))
_RENAME_ORDER = (
    ("order?: string", "order_id?: string"),
    ("order: none", "order_id: none"),
    ("{{#if order}}\nIt is about order {{order}}.", "{{#if order_id}}\nIt is about order {{order_id}}."),
)
_NO_SYSTEM_DATE = _one(_NEVER, "")

CASES = (
    Case(
        "a variable is renamed; a line far away uses its old name",
        "silent",
        _RENAME,
        _one(_POLITE, "Be polite. Repeat {{question}} first.\n"),
        "undeclared",
    ),
    Case(
        "a variable is renamed; a new message uses its old name",
        "silent",
        _RENAME,
        _one('{{role "system"}}\n', '{{role "system"}}\nAbout: {{question}}\n'),
        "undeclared",
    ),
    Case(
        "a variable is renamed; two messages use its old name",
        "silent",
        _RENAME,
        (
            *_one(_POLITE, "Be polite. Repeat {{question}} first.\n"),
            ("{{#each items}}\n", "{{#each items}}\n{{../question}}\n"),
        ),
        "undeclared",
    ),
    Case(
        "an optional variable is renamed; a condition on its old name is added",
        "silent",
        _RENAME_ORDER,
        _one(_POLITE, "Be polite.{{#if order}} Name the order.{{/if}}\n"),
        "undeclared",
    ),
    Case(
        "a variable and its uses are removed; a new line uses it",
        "silent",
        (
            ("    order?: string\n", ""),
            ("  default:\n    order: none\n", ""),
            ("{{#if order}}\nIt is about order {{order}}.\n{{/if}}\n", ""),
        ),
        _one(_POLITE, "Be polite. The order is {{order}}.\n"),
        "undeclared",
    ),
    Case(
        "a tool is removed; a new line tells the model to call it",
        "silent",
        _one("[lookup_order, refund]", "[lookup_order]"),
        _one(_POLITE, "Be polite. Call refund when it is broken.\n"),
        "tool_removed",
    ),
    Case(
        "the other tool is removed; a new message names it",
        "silent",
        _one("[lookup_order, refund]", "[refund]"),
        _one("The customer writes:", "Use lookup_order first. The customer writes:"),
        "tool_removed",
    ),
    Case(
        "a tool is removed; both messages tell the model to call it",
        "silent",
        _one("[lookup_order, refund]", "[lookup_order]"),
        (
            *_one(_POLITE, "Be polite. Call refund when it is broken.\n"),
            ("The customer writes:", "Use refund for this:"),
        ),
        "tool_removed",
    ),
    Case(
        "a property of the answer is removed; a new example shows it",
        "silent",
        _one("    sentiment: string\n", ""),
        _one(_POLITE, 'Such as {"reply": "Yes.", "sentiment": "good"}.\n'),
        "property_removed",
    ),
    Case(
        "two parameters on neighbouring lines are changed",
        "needless",
        _one("temperature: 0.7", "temperature: 0.2"),
        _one("max_tokens: 150", "max_tokens: 80"),
    ),
    Case(
        "two variables on neighbouring lines are changed",
        "needless",
        _one("question: string, what the customer wrote", "question: string, the customer's words"),
        _one("order?: string", "order?: string, its number"),
    ),
    Case(
        "both add a parameter at the same place",
        "needless",
        _one("  max_tokens: 150\n", "  max_tokens: 150\n  top_p: 0.9\n"),
        _one("  max_tokens: 150\n", "  max_tokens: 150\n  seed: 7\n"),
    ),
    Case(
        "both add a variable at the same place",
        "needless",
        _one("    order?: string\n", "    order?: string\n    tone?: string\n"),
        _one("    order?: string\n", "    order?: string\n    language?: string\n"),
    ),
    Case(
        "both add a property of the answer at the same place",
        "needless",
        _one("    sentiment: string\n", "    sentiment: string\n    urgent: boolean\n"),
        _one("    sentiment: string\n", "    sentiment: string\n    language: string\n"),
    ),
    Case(
        "both add a tool to the list",
        "needless",
        _one("[lookup_order, refund]", "[lookup_order, refund, send_mail]"),
        _one("[lookup_order, refund]", "[lookup_order, refund, open_ticket]"),
    ),
    Case(
        "one side adds a tool, the other removes one, in one line",
        "needless",
        _one("[lookup_order, refund]", "[lookup_order, refund, send_mail]"),
        _one("[lookup_order, refund]", "[refund]"),
    ),
    Case(
        "one variable is described; the next one and a default are changed",
        "needless",
        _one("order?: string", "order?: string, its number"),
        _one("order: none", "order: unknown")
        + _one("    items(array): string\n", "    items(array): string, what was bought\n"),
    ),
    Case(
        "a variable is renamed by one side, and described by the other",
        "needless",
        _RENAME_ORDER,
        _one("order?: string", "order?: string, its number"),
    ),
    Case(
        "the ref of a snippet is set by one side; a tool by the other, on the next line",
        "needless",
        _one(
            "tools: [lookup_order, refund]\n",
            'snippets: {house-style: "@production"}\ntools: [lookup_order, refund]\n',
        ),
        _one("tools: [lookup_order, refund]", "tools: [refund]"),
    ),
    Case(
        "a type is changed by one side; the other sets a default that it does not take",
        "silent",
        _one("question: string, what the customer wrote", "question: integer, the number of the question"),
        _one("    order: none\n", "    order: none\n    question: Where is my parcel?\n"),
        "narrowed",
    ),
    Case(
        "each side takes away one of two uses of a required variable",
        "silent",
        _one("The customer writes:\n{{question}}\n", "A customer wants help.\n"),
        _one("Once more: {{question}}\n", "Thank you.\n"),
        "vanished",
    ),
    Case(
        "two conditions are put around lines so that they cross",
        "silent",
        _one(
            "The customer writes:\n{{question}}\n",
            "{{#if items}}\nThe customer writes:\n{{question}}\n{{/if}}\n",
        ),
        _one(
            "{{question}}\n{{#if order}}\nIt is about order {{order}}.\n{{/if}}\n",
            "{{#unless items}}\n{{question}}\n{{#if order}}\nIt is about order {{order}}.\n{{/if}}\n{{/unless}}\n",
        ),
        "unparsable",
    ),
    Case(
        "a tool is renamed; a new line names it as it was",
        "silent",
        _one("[lookup_order, refund]", "[lookup_order, pay_back]"),
        _one(_NEVER, "Never promise a date. Ask before you call refund.\n"),
        "tool_removed",
    ),
    Case(
        "a property is renamed; a new example shows it as it was",
        "silent",
        _one("    reply: string\n", "    answer: string\n"),
        _one("Once more: {{question}}\n", 'Once more: {{question}}\nAnswer like {"reply": "Yes."}\n'),
        "property_removed",
    ),
    Case(
        "both set one parameter alike, and one side the next one too",
        "needless",
        _one("  temperature: 0.7\n  max_tokens: 150\n", "  temperature: 0.2\n  max_tokens: 80\n"),
        _one("temperature: 0.7", "temperature: 0.2"),
    ),
    Case(
        "a variable is added below one that the other side describes",
        "needless",
        _one("    order?: string\n", "    order?: string\n    tone?: string\n"),
        _one("order?: string", "order?: string, its number"),
    ),
    Case(
        "a property of the answer is described; the next one is removed",
        "needless",
        _one("    reply: string\n", "    reply: string, two sentences\n"),
        _one("    sentiment: string\n", ""),
    ),
    Case(
        "the settings are written on one line by one side; the other changes one",
        "needless",
        _one(
            "config:\n  temperature: 0.7\n  max_tokens: 150\n",
            "config: {temperature: 0.7, max_tokens: 150}\n",
        ),
        _one("temperature: 0.7", "temperature: 0.2"),
    ),
    Case(
        "a parameter is removed by one side; the other changes the one below",
        "needless",
        _one("  temperature: 0.7\n", ""),
        _one("max_tokens: 150", "max_tokens: 80"),
    ),
    Case(
        "the user message is moved before the system message; the other side changes a line of it",
        "needless",
        _SWAP,
        _one("Be polite.", "Be brief."),
    ),
)

_FOUND = {
    "undeclared": "conflict: the name that is used is no longer declared",
    "tool_removed": "conflict: the tool that the text names is gone",
    "property_removed": "conflict: the property that the text shows is gone",
    "narrowed": "conflict: the default does not fit the type",
    "vanished": "conflict: still required, and no longer used",
    "unparsable": "conflict: the text does not parse",
}


def page() -> str:
    """The text of ``docs/merge-cases.md``."""

    def rows(kind: str) -> str:
        return "".join(
            f"| {case.what} | {_FOUND[case.found] if case.found else 'merged'} |\n"
            for case in CASES
            if case.git == kind
        )

    return f"""# What a line merge gets wrong

Made by `python -m tests.core.merge_cases`; a test merges each pair with `git merge-file` and with [ours](formats/merge.md), on the prompt below.

## git merges without a conflict, and the prompt is broken
| the two edits | PromptHub |
|---|---|
{rows("silent")}
Every one of these names both causes, and can be resolved by taking either side.

## git reports a conflict, and there is none
| the two edits | PromptHub |
|---|---|
{rows("needless")}
## The prompt
```
{BASE}```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
