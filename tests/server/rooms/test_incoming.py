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
    assert told["merges"] is False


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
    assert (told["mine"], told["merges"]) == (None, False)
    assert len(told["theirs"]["changes"]) == 1
    assert told["both"] == []


async def test_there_is_nothing_to_see_for_strangers(served: Served) -> None:
    prompt_id = await served.new_prompt(START)
    await served.api("stranger", "GET", f"prompts/{prompt_id}/drafts/main/incoming", status=404)


async def test_edits_of_other_units_are_merged_with_the_head_and_can_be_had_back(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(a.text.to_py().index("one"), "mine, ")  # type: ignore[union-attr]
    await a.stored()
    mine = str(a)
    theirs = START.replace("two", "three")
    body = {"text": theirs, "commit_message": "Theirs"}
    head = (await served.api("colleague", "PUT", f"prompts/{prompt_id}", body))["sha"]
    path = f"prompts/{prompt_id}/drafts/main"
    told = await served.api("viewer", "GET", f"{path}/incoming")
    assert (told["both"], told["merges"]) == ([], True)

    both = theirs.replace("one", "mine, one")
    merged = await served.api("engineer", "POST", f"{path}/update", {"merge": True})
    assert (merged["text"], merged["dirty"], merged["behind"]) == (both, True, 0)
    assert merged["base_sha"] == head
    await a.sees(both)
    saved = await served.api("engineer", "POST", f"{path}/save", {})
    assert (saved["text"], saved["parents"]) == (both, [head])

    back = await served.api("engineer", "POST", f"{path}/undo")
    assert back["text"] == mine


async def test_a_merge_takes_what_is_typed_until_it_happens(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(a.text.to_py().index("one"), "mine, ")  # type: ignore[union-attr]
    await a.stored()
    theirs = START.replace("two", "three")
    await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "Theirs"})
    path = f"prompts/{prompt_id}/drafts/main"
    assert (await served.api("engineer", "GET", f"{path}/incoming"))["merges"] is True
    a.type(0, "\n")
    await a.stored()
    merged = await served.api("engineer", "POST", f"{path}/update", {"merge": True})
    assert merged["text"] == "\n" + theirs.replace("one", "mine, one")


async def test_what_does_not_go_together_is_not_merged_and_said(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(a.text.to_py().index("one"), "mine, ")  # type: ignore[union-attr]
    await a.stored()
    mine = str(a)
    theirs = START.replace("one", "theirs, one")
    await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "Theirs"})
    path = f"prompts/{prompt_id}/drafts/main/update"
    refused = await served.ask("engineer", "POST", f"api/v1/{path}", {"merge": True})
    assert (refused.status, refused.body["error"]["details"]) == (
        409,
        {"dirty": True, "conflicts": ["segment/0/system"]},
    )
    assert "system message" in refused.body["error"]["message"]
    both = await served.ask("engineer", "POST", f"api/v1/{path}", {"merge": True, "force": True})
    assert both.status == 400
    assert "expected force or merge, got both" in both.body["error"]["message"]
    a.type(0, "{{#if")
    await a.stored()
    broken = await served.ask("engineer", "POST", f"api/v1/{path}", {"merge": True})
    assert broken.status == 422
    assert str(a) == "{{#if" + mine
