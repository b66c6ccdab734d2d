"""Any number of changes as a form makes them: the text parses, and what no change names is there byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import changes as c
from jupyter_prompthub.core.changes import apply_edits
from jupyter_prompthub.core.edit import edit
from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.picowrite import base_name
from jupyter_prompthub.core.promptfile import Document, parse
from jupyter_prompthub.core.yamltree import Node
from tests.support.counts import tried

PICO = """\
# the file
---
model:   acme/one     # model
# of config
config: {temperature: 0.7,  stop: [a, 'b']}   # config
input:
  schema:
    # of order
    order:   string, its number  # order
    tone?(enum, how it sounds):   [kind, "brief"]  # tone
    lines(array):
      sku: string   # inside

      count?:   integer
    amount?: number
  default:
    tone: 'kind'   # tone
    amount:   1.50   # amount
  examples:
    order:   # order
      - A-17   # order
      # of order
      - |
        two
        lines
    amount: [ 1,  2.5 ]   # amount
output:
  format:  json   # format
  schema: {reply: string, ok?:  boolean}   # answer
tools:   # tools
  - lookup    # lookup
  - name: refund   # refund
    # of refund
    description:   gives money back   # refund
    fee: 1.50
  - {name: close,  description: 'ends it'}
snippets: {style:  "@production",  tone: "@main"}   # snippets
owner:   "team a"   # owner
---

{{role "system"}}
Be {{tone}}. {{> style}} {{> tone}}
{{role "user"}}
{{order}}, {{amount}}: {{#each lines}}{{sku}}{{/each}}  # no comment
"""
JSON_SCHEMA = """\
---
input:
    schema:   # schema
        type: object
        required: [ order,  lines ]   # required
        properties:
            order: {type:  string, examples: [ A-17,  "B" ]}   # order
            # of lines
            lines:   # lines
                type:   array
                items: {type: string}
            amount:
                type: number   # amount
                minimum:   0
    default: {amount:  1.50}
tools:   # tools
  - name: lookup   # lookup
    parameters:
      type: object
      # of lookup
      properties:
        fresh: {type: string,  maxLength: 9}   # lookup
        order:   # lookup
          type:   string   # lookup
      required: [ order ]   # lookup
  - name: refund
    input_schema:   # refund
      order:   string, its number   # refund
      lines?(array):   integer
owner:  me   # owner
---
{{order}} {{amount}} {{#each lines}}{{this}}{{/each}}
"""
ONE_LINE = "---\n{input: {schema: {order:  string, amount?: number}}, tools: [lookup,  refund], owner:  me}\n---\n{{order}} {{> style}}"
BARE = "Be {{tone}}: {{order}} {{> style}}\n"
BASES = st.sampled_from([PICO, PICO.replace("\n", "\r\n"), JSON_SCHEMA, ONE_LINE, BARE])

NAMES = st.sampled_from(["order", "tone", "lines", "amount", "fresh", "type", "properties", "stop"])
WORDS = st.text(st.sampled_from("ab ,:#'\"{}[]|>-?&*!%@`\\é😀\n"), max_size=6)
VALUES = (
    WORDS
    | st.integers(-9, 9)
    | st.sampled_from([1.5, True, None, [], ["a:", "- b"], {"x": [1]}, "A-17", 2.5, "B"])
)
SCHEMAS = st.sampled_from(
    [
        {"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"enum": ["kind", "a, b"]}, {},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    ]
)  # fmt: skip
FLAG = st.none() | st.booleans()
TOOLS = st.sampled_from(["lookup", "refund", "close", "fresh"])
CHANGES = st.one_of(
    st.builds(c.PutVariable, name=NAMES, schema=st.none() | SCHEMAS, required=FLAG, fitting=st.booleans()),
    st.builds(c.PutVariable, name=NAMES, description=WORDS.map(str.strip)),
    st.builds(c.PutVariable, name=NAMES, has_default=st.booleans(), default=VALUES),
    st.builds(c.PutVariable, name=NAMES, examples=st.lists(VALUES, max_size=3)),
    st.builds(c.AddExample, name=NAMES, value=VALUES),
    st.builds(c.ReplaceExample, name=NAMES, value=VALUES, to=VALUES),
    st.builds(c.RemoveExample, name=NAMES, value=VALUES),
    st.builds(c.RemoveVariable, name=NAMES),
    st.builds(c.RenameVariable, name=NAMES, to=NAMES),
    st.builds(c.SetOutputFormat, format=st.sampled_from([None, "json", "text"])),
    st.builds(
        c.PutOutputProperty, name=st.sampled_from(["reply", "ok", "fresh"]), schema=st.none() | SCHEMAS,
        required=FLAG, description=st.none() | WORDS.map(str.strip),
    ),
    st.builds(
        c.RenameOutputProperty, name=st.sampled_from(["reply", "ok"]), to=st.sampled_from(["ok", "reply", "fresh"])
    ),
    st.builds(c.RemoveOutputProperty, name=st.sampled_from(["reply", "ok", "fresh"])),
    st.builds(c.SetSnippetRef, name=st.sampled_from(["style", "tone"]), ref=st.sampled_from([None, "@v1", "main", "a b"])),
    st.builds(c.SetModel, model=st.sampled_from([None, "acme/two", "acme/one"])),
    st.builds(c.SetParameter, name=st.sampled_from(["temperature", "stop", "seed"]), value=VALUES),
    st.builds(c.RemoveParameter, name=st.sampled_from(["temperature", "stop", "seed"])),
    st.builds(c.PutTool, tool=TOOLS),
    st.builds(c.PutTool, tool=TOOLS.map(lambda name: {"name": name, "fee": 2})),
    st.builds(c.DescribeTool, name=TOOLS, description=WORDS),
    st.builds(
        c.PutToolParameter, tool=TOOLS, name=NAMES, schema=st.none() | SCHEMAS, required=FLAG,
        description=st.none() | WORDS.map(str.strip),
    ),
    st.builds(c.RenameToolParameter, tool=TOOLS, name=NAMES, to=NAMES),
    st.builds(c.RemoveToolParameter, tool=TOOLS, name=NAMES),
    st.builds(c.RemoveTool, name=TOOLS),
)  # fmt: skip


def touched(change: Any) -> frozenset[tuple[str, ...]]:
    """The units that a change names: the beginnings of their paths in :func:`written`."""
    match change:
        case c.SetModel():
            return frozenset({("model",)})
        case c.SetParameter() | c.RemoveParameter():
            return frozenset({("config", change.name)})
        case c.SetSnippetRef():
            return frozenset({("snippets", change.name)})
        case c.SetOutputFormat():
            return frozenset({("output", "format")})
        case c.PutOutputProperty() | c.RemoveOutputProperty():
            return frozenset({("output", change.name), ("output", "required")})
        case c.RenameOutputProperty():
            return frozenset({("output", change.name), ("output", change.to), ("output", "required")})
        case c.PutTool():
            return frozenset(
                {("tools", change.tool["name"] if isinstance(change.tool, dict) else str(change.tool))}
            )
        case c.PutToolParameter() | c.RenameToolParameter() | c.RemoveToolParameter():
            return frozenset({("tools", change.tool)})
        case c.RemoveTool() | c.DescribeTool():
            return frozenset({("tools", change.name)})
        case c.RenameVariable():
            return frozenset({("input", change.name), ("input", change.to), ("input", "required")})
    return frozenset({("input", change.name), ("input", "required")})


def written(document: Document) -> dict[tuple[str, ...], str]:
    """Every value of the front matter as it is written, by where it belongs: a variable's are under its name, whether
    they are of its schema, its default or its examples."""
    offset = document.split.yaml.start if document.split.yaml is not None else 0
    found: dict[tuple[str, ...], str] = {}

    def walk(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
        if node.kind == "scalar" or not (node.entries or node.items):
            yield path, document.text[offset + node.start : offset + node.end].rstrip()
        for entry in node.entries:
            yield from walk(entry.value, (*path, entry.name))
        for index, item in enumerate(node.items):
            named = item.get("name")
            # a tool is called by its name, wherever in the list it stands
            tool = (named.value.text if named else item.text) if path == ("tools",) else str(index)
            yield from walk(item, (*path, tool))

    for path, text in walk(document.yaml, ()) if document.yaml is not None else ():
        if path[:2] in (("input", "schema"), ("output", "schema")):
            rest = path[3:] if path[2:3] == ("properties",) and len(path) > 3 else path[2:]
            path = (path[0], base_name(rest[0]), "schema", *rest)
        elif path[0] == "input" and len(path) > 2:
            path = ("input", path[2], path[1], *path[3:])
        found[path] = text
    return found


def untouched(document: Document, units: frozenset[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """What must stay: all but what is written of these units."""
    return {
        path: text
        for path, text in written(document).items()
        if path[:2] not in units and path[:1] not in units
    }


def comments(document: Document, units: frozenset[tuple[str, ...]]) -> list[str]:
    """The comments of the front matter that are not of these units, nor of all around them."""
    span = document.split.yaml
    names = {unit[-1] for unit in units} | {unit[0] for unit in units}
    front = document.text[span.start : span.end] if span is not None else ""
    found: list[str] = re.findall(r"(?:(?<=\s)|^)# (?:of )?(\w+)[ \r]*$", front, re.MULTILINE)
    around = {"config": {"config"}, "output": {"answer", "format"}, "input": {"schema"}, "tools": {"tools"}}
    return [
        one for one in found if one not in names and not any(one in around.get(name, ()) for name in names)
    ]


@tried(40)
@given(base=BASES, wanted=st.lists(CHANGES, min_size=1, max_size=8))
def test_what_no_change_of_a_form_names_stays_byte_for_byte(base: str, wanted: list[Any]) -> None:
    text = base
    for change in wanted:
        before = parse(text)
        try:
            made = edit(text, [change])
        except PromptHubError as refused:
            assert refused.message
            continue
        text = apply_edits(text, made)
        after, units = parse(text), touched(change)
        assert untouched(after, units) == untouched(before, units), (change, text)
        assert [one for one in comments(before, units) if one != "inside"] == [
            one for one in comments(after, units) if one != "inside"
        ], (change, text)
        if not isinstance(change, c.RenameVariable):
            assert after.body == before.body
        # made twice, it changes nothing more
        if not isinstance(
            change,
            c.RenameVariable
            | c.RemoveVariable
            | c.RemoveExample
            | c.ReplaceExample
            | c.RemoveTool
            | c.RemoveOutputProperty
            | c.RenameOutputProperty
            | c.RenameToolParameter
            | c.RemoveToolParameter,
        ):
            assert edit(text, [change]) == [], (change, text)
    newlines = {"\r\n"} if "\r\n" in base else {"\n"}
    assert set(re.findall(r"\r\n|\r|\n", text)) <= newlines


@tried(20)
@given(base=BASES, wanted=st.lists(CHANGES, min_size=1, max_size=6))
def test_changes_of_a_form_made_at_once_are_those_made_one_by_one(base: str, wanted: list[Any]) -> None:
    text, taken = base, []
    for change in wanted:
        try:
            text = apply_edits(text, edit(text, [change]))
        except PromptHubError:
            continue
        taken.append(change)
    assert apply_edits(base, edit(base, taken)) == text
