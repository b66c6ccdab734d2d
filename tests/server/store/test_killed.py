"""kill -9 in the middle of saves: everything that was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_prompthub_server.audit.entry import leaf_hash
from jupyter_prompthub_server.store import tables as t
from jupyter_prompthub_server.store.store import Store
from sqlalchemy import select

from tests.support.databases import opened

ROOT = Path(__file__).parents[3]


def _rounds(database: str, home: Path, rounds: int, seed: int) -> list[tuple[str, str, str]]:
    """Kill a writer so many times; what was acknowledged, as (name, entry id, leaf hash)."""
    draw = random.Random(seed)
    acknowledged: list[tuple[str, str, str]] = []
    command = [sys.executable, "-m", "tests.support.killed_writer", database, str(home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, **pipes) as writer:  # type: ignore[call-overload]
        for _ in range(rounds):
            writer.stdin.write("go\n")
            writer.stdin.flush()
            wanted, seen = draw.randint(1, 25), 0
            pid = int(writer.stdout.readline().split()[1])
            while (line := writer.stdout.readline().split()) != ["dead"]:
                acknowledged.append((line[1], line[2], line[3]))
                seen += 1
                if seen == wanted:
                    os.kill(pid, signal.SIGKILL)
            assert seen >= wanted
        writer.stdin.close()
    return acknowledged


def _check(store: Store, acknowledged: list[tuple[str, str, str]], most: int) -> None:
    with store.database.reading() as conn:
        prompts = {row.id: row.name for row in conn.execute(select(t.prompt))}
        entries = conn.execute(select(t.audit_entry).where(t.audit_entry.c.tag == "prompt.create")).all()
        salts = set(conn.execute(select(t.audit_salt.c.entry_id)).scalars())
        events = conn.execute(select(t.outbox).order_by(t.outbox.c.seq)).all()
        if store.database.is_sqlite:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    assert {name for name, _, _ in acknowledged} <= set(prompts.values())
    leaves = {row.id: row.leaf_hash for row in entries}
    assert all(leaves[entry] == leaf for _, entry, leaf in acknowledged)
    assert all(row.leaf_hash == leaf_hash(row.bytes) for row in entries)
    # a change, its entry, its salts and its event are there together or not at all
    assert {row.target["prompt"] for row in entries} == set(prompts) == {row.ids["prompt"] for row in events}
    assert {row.id for row in entries} == salts
    assert [row.seq for row in events] == list(range(1, len(events) + 1))
    assert len(acknowledged) <= len(prompts) <= len(acknowledged) + most  # at most one unheard per kill


def test_after_kill_9_every_acknowledged_change_is_there_and_the_log_agrees(
    database: str, home: Path
) -> None:
    acknowledged = _rounds(database, home, rounds=20, seed=20)
    with opened(database, home) as store:
        _check(store, acknowledged, most=20)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", range(5))
def test_after_a_thousand_kills_every_acknowledged_change_is_there(
    database: str, home: Path, seed: int
) -> None:
    acknowledged = _rounds(database, home, rounds=200, seed=seed)
    with opened(database, home) as store:
        _check(store, acknowledged, most=200)
