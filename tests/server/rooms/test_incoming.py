"""What a draft would take from its branch head, before it does."""

from __future__ import annotations

import pytest

from tests.server.rooms.conftest import Connect
from tests.support.rooms import Served

pytestmark = pytest.mark.anyio

START = '{{role "system"}}\none\n{{role "user"}}\ntwo {{name}}\n'


async def test_a_draft_that_is_up_to_date_would_take_nothing(served: Served) -> None:
    prompt_id = await served.new_prompt(START)
    told = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main/incoming")
    assert told["behind"] == 0
    assert told["theirs"]["changes"] == told["mine"]["changes"] == told["both"] == []


async def test_both_sides_are_told_with_the_units_that_both_changed(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(a.text.to_py().index("one"), "mine, ")  # type: ignore[union-attr]
    await a.stored()
    theirs = START.replace("one", "one, theirs").replace("two", "three")
    await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "Theirs"})
    told = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main/incoming")
    assert told["behind"] == 1
    assert told["base_sha"] != told["head_sha"]
    assert [change["after"] for change in told["mine"]["changes"]] == ['{{role "system"}}\nmine, one\n']
    assert [change["after"] for change in told["theirs"]["changes"]] == [
        '{{role "system"}}\none, theirs\n',
        '{{role "user"}}\nthree {{name}}\n',
    ]
    assert told["both"] == [told["mine"]["changes"][0]["path"]]


async def test_a_draft_that_does_not_parse_says_what_it_would_take_all_the_same(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "{{#if")
    await a.stored()
    theirs = START.replace("two", "three")
    await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "Theirs"})
    told = await served.api("engineer", "GET", f"prompts/{prompt_id}/drafts/main/incoming")
    assert told["mine"] is None
    assert len(told["theirs"]["changes"]) == 1
    assert told["both"] == []


async def test_there_is_nothing_to_see_for_strangers(served: Served) -> None:
    prompt_id = await served.new_prompt(START)
    await served.api("stranger", "GET", f"prompts/{prompt_id}/drafts/main/incoming", status=404)
