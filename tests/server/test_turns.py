"""Changes take turns: in order, together where they waited, apart where they must be."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from jupyter_prompthub_server.operations import Caller, Operation
from jupyter_prompthub_server.turns import Change, More, Turns

from tests.support.operations import add

LONG = replace(add, alone=True)


def _change(op: Operation = add, workspace_id: str = "w") -> Change:
    return Change(op, Caller("ada", workspace_id, "engineer", frozenset()), {}, None, None)


class _Recorder:
    """Performs nothing, but keeps what it is given. The first waits until all have come."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(1)
        self.turns = Turns(self.threads, self._perform)
        self.go, self.begun = threading.Event(), threading.Event()
        self.together: list[list[Change]] = []

    def _perform(self, first: Change, more: More) -> None:
        self.begun.set()
        assert self.go.wait(30)
        changes = [first, *iter(more, None)]
        self.together.append(changes)
        for change in changes:
            change.end.set_result(None)

    def given(self, first: Change, *others: Change) -> list[list[Change]]:
        """What is performed together, when ``others`` come while ``first`` is performed."""
        ends = [self.turns.submit(first)]
        assert self.begun.wait(30)
        ends += [self.turns.submit(change) for change in others]
        self.go.set()
        for end in ends:
            if not end.cancelled():
                end.result(30)
        self.threads.shutdown()
        return self.together


def test_what_waits_joins_in_its_order_eight_at_most() -> None:
    changes = [_change() for _ in range(10)]
    assert _Recorder().given(*changes) == [changes[:8], changes[8:]]


def test_a_long_change_is_joined_by_none_and_joins_none() -> None:
    before, long, after, last = _change(), _change(LONG), _change(), _change()
    assert _Recorder().given(before, long, after, last) == [[before], [long], [after, last]]


def test_workspaces_share_nothing() -> None:
    here, there = _change(), _change(workspace_id="elsewhere")
    assert _Recorder().given(here, there) == [[here], [there]]


def test_a_change_that_was_given_up_while_it_waited_is_not_performed() -> None:
    first, given_up, last = _change(), _change(), _change()
    given_up.end.cancel()
    assert _Recorder().given(first, given_up, last) == [[first, last]]


def test_what_waits_when_the_threads_are_shut_down_is_still_performed() -> None:
    recorder = _Recorder()
    first, last = _change(LONG), _change()
    recorder.turns.submit(first)
    assert recorder.begun.wait(30)
    recorder.turns.submit(last)
    recorder.threads.shutdown(wait=False)
    recorder.go.set()
    last.end.result(30)
    assert recorder.together == [[first], [last]]
