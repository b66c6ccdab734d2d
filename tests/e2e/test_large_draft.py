"""A draft of 200 KB that five others write in, in a browser."""

from __future__ import annotations

import asyncio
import threading

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import held, until
from tests.e2e.lab import TOKEN, Lab
from tests.support.rooms import YjsClient

TEXT = "".join(f"line {number:05} of a rather long prompt\n" for number in range(5_600))
WRITERS, KEYS = 5, 60


async def write(url: str, prompt_id: str) -> None:
    """Five writers, ten keys a second each, every one in a line of their own."""
    clients = [await YjsClient(url, TOKEN, prompt_id).connect() for _ in range(WRITERS)]

    async def work(number: int, client: YjsClient) -> None:
        line = f"line {number * 1_000:05} "
        for count in range(KEYS):
            place = str(client).index(line) + len(line)
            client.type(place + count, "abcdefghij"[count % 10])
            await asyncio.sleep(0.1)
        await client.stored()

    await asyncio.gather(*(work(number, client) for number, client in enumerate(clients)))
    for client in clients:
        await client.disconnect()


def test_a_draft_of_200_kb_with_five_writers_loses_nothing_and_no_key_waits_for_the_server(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    """How long a key takes is measured by ``benchmarks/keys.py``."""
    prompt_id = new_prompt("huge", TEXT)
    desk = person()
    prompt = desk.open("huge")
    prompt.line("line 00003").click()
    desk.page.keyboard.press("End")
    writing = threading.Thread(target=lambda: asyncio.run(write(lab.url, prompt_id)))
    typed = "0"
    # a key is shown though nothing that follows from one (problems, preview, tokens) is answered
    with held(desk.page, "**/prompthub/api/v1/*", method="POST") as waiting:
        desk.page.keyboard.type(typed)
        until(lambda: bool(waiting), page=desk.page)
        writing.start()
        while writing.is_alive():
            key = "0123456789"[len(typed) % 10]
            typed += key
            desk.page.keyboard.type(key)
            expect(prompt.line("line 00003")).to_have_text(f"line 00003 of a rather long prompt{typed}")
            desk.page.wait_for_timeout(80)
        writing.join()
        prompt.stored()
    expected = TEXT.replace(
        "line 00003 of a rather long prompt", f"line 00003 of a rather long prompt{typed}"
    )
    letters = "abcdefghij" * (KEYS // 10)
    for number in range(WRITERS):
        expected = expected.replace(f"line {number * 1_000:05} ", f"line {number * 1_000:05} {letters}")
    source = "window.jupyterapp.shell.currentWidget.context.model.sharedModel.getSource()"
    until(lambda: desk.page.evaluate(source) == expected, page=desk.page)
    assert lab.call("GET", f"prompts/{prompt_id}/drafts/main")["text"] == expected
    # and once the server answers, what follows is that of the text as it is
    expect(prompt.preview).to_contain_text(f"prompt{typed}")
