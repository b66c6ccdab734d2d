"""Prompts are pushed to a git repository and pulled from it in Lab: a look first, then a report."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.lab import Lab
from tests.support.githttp import git_server
from tests.support.plaingit import PlainGit, clone

TEXT = "---\nmodel: a/b\n---\nOne.\n"


def test_a_prompt_goes_out_is_changed_elsewhere_and_comes_back(
    person: People, lab: Lab, new_prompt: NewPrompt, tmp_path: Path
) -> None:
    (tmp_path / "served").mkdir()
    PlainGit(tmp_path / "served")("init", "-q", "--bare", "-b", "main", "prompts.git")
    bare = PlainGit(tmp_path / "served" / "prompts.git")
    bare("config", "http.receivepack", "true")
    name = "a-rather-long-folder-name/with-another-one-inside/that-goes-to-git"
    prompt_id = new_prompt(name, TEXT)
    with git_server(bare.folder.parent) as server:
        desk = person()
        page, dialog = desk.page, desk.page.locator(".jp-Dialog")

        # nothing to push to yet: it says how there could be
        desk.command("prompthub:git-push")
        expect(dialog).to_contain_text("Add a connection with the provider git")
        desk.press(dialog, "Enter")
        expect(page.locator(".jp-PromptHub-connections")).to_be_visible()
        connection = {"name": "origin", "provider": "git", "base_url": f"{server.url}/prompts.git"}
        lab.call("POST", "connections", {**connection, "allow_private_address": True})

        desk.command("prompthub:git-push", promptId=prompt_id)
        expect(dialog.locator("select[name=what]")).to_have_value(name)
        desk.accept(remote="origin")
        expect(dialog).to_contain_text("1 new commit")
        expect(dialog).to_contain_text("refs/heads/main → ")
        desk.press(dialog, "Escape")
        expect(dialog).to_have_count(0)

        # changed elsewhere, and here as well
        git = clone(bare.folder, tmp_path / "clone")
        git.commit("Theirs", {f"{name}.prompt": TEXT + "Theirs.\n"})
        git.commit("Broken", {f"{name}.prompt": "{{#if}}\n"})
        git.commit("Mended", {f"{name}.prompt": TEXT + "Theirs!\n"})
        git("push", "-q")
        lab.call(
            "PUT",
            f"prompts/{prompt_id}",
            {"text": "Ours.\n" + TEXT.replace("---\n", ""), "commit_message": "Ours"},
        )
        desk.command("prompthub:git-pull")
        desk.accept(remote="origin")
        report = page.locator(".jp-PromptHub-gitReport")
        expect(report).to_contain_text("2 new versions")
        expect(report).to_contain_text(f"Review {name}#1: git/main into main")
        expect(report).to_contain_text(f"{name}.prompt at ")
        assert lab.call("GET", f"reviews?prompt_id={prompt_id}")["items"] == []
        desk.press(dialog, "Enter")
        expect(dialog).to_contain_text("Pulled from origin")
        desk.press(dialog, "Enter")
        expect(dialog).to_have_count(0)
        (review,) = lab.call("GET", f"reviews?prompt_id={prompt_id}")["items"]
        assert (review["source"], review["target"]) == ("git/main", "main")

        # the history says who wrote them there
        desk.command("prompthub:open-history", promptId=prompt_id)
        history = desk.page.locator(".jp-PromptHub-history").last
        theirs = history.locator(".jp-PromptHub-version", has_text="Mended")
        expect(theirs.get_by_text("Ada Löwe")).to_have_attribute(
            "title", re.compile("not verified; brought in by")
        )

        # there is nothing new
        desk.command("prompthub:git-pull")
        desk.accept(remote="origin")
        desk.toast("Nothing new in origin")
    # the server is gone: the dialog stays, and says why
    person.allow("503")
    desk.command("prompthub:git-push")
    desk.dialog.locator("button.jp-mod-accept").click()
    expect(desk.dialog).to_contain_text("cannot be reached")
    desk.press(desk.dialog, "Escape")
    lab.call("DELETE", "connections/origin")
