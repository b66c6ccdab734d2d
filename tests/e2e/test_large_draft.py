"""A draft of 200 KB that five others write in, in a browser."""

from __future__ import annotations

import asyncio
import threading
import time

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import until
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


def test_a_draft_of_200_kb_with_five_writers_stays_fluent_and_loses_nothing(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("huge", TEXT)
    desk = person()
    prompt = desk.open("huge")
    prompt.line("line 00003").click()
    desk.page.keyboard.press("End")
    desk.page.evaluate(
        """() => {
          window.tasks = [];
          new PerformanceObserver(list => {
            window.tasks.push(...list.getEntries().map(entry => entry.duration));
          }).observe({ entryTypes: ['longtask'] });
        }"""
    )
    writing = threading.Thread(target=lambda: asyncio.run(write(lab.url, prompt_id)))
    writing.start()
    latencies = []
    typed = ""
    while writing.is_alive():
        key = "0123456789"[len(typed) % 10]
        typed += key
        began = time.perf_counter()
        desk.page.keyboard.type(key)
        expect(prompt.line("line 00003")).to_have_text(f"line 00003 of a rather long prompt{typed}")
        latencies.append(time.perf_counter() - began)
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
    tasks = sorted(desk.page.evaluate("window.tasks"))
    latencies.sort()
    print(f"keys: {len(latencies)}, median {latencies[len(latencies) // 2] * 1000:.0f} ms")
    print(f"long tasks: {len(tasks)}, longest {tasks[-1] if tasks else 0:.0f} ms, sum {sum(tasks):.0f} ms")
    # a key is shown at once: nothing that follows from it (check, marks, preview, presence) is waited for
    assert latencies[len(latencies) // 2] < 0.5
