"""The messages of a room."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_prompthub_server.rooms.protocol import (
    AwarenessEntry,
    AwarenessMessage,
    CloseCode,
    Closing,
    ProtocolError,
    QueryAwareness,
    SaveRequest,
    SyncStep1,
    SyncUpdate,
    awareness_message,
    parse,
    step1_message,
    step2_message,
    text_message,
    update_message,
)
from pycrdt import Decoder, Doc, Text, create_sync_message, create_update_message


def test_messages_of_a_yjs_client_are_understood() -> None:
    doc = Doc()
    doc.get("source", type=Text).insert(0, "hé")
    assert parse(create_sync_message(doc)) == SyncStep1(doc.get_state())
    assert parse(create_update_message(doc.get_update())) == SyncUpdate(doc.get_update(), step2=False)
    assert parse(b"\x03") == QueryAwareness()
    assert parse(b"\x02\x04save\x07") == SaveRequest(7)


def test_what_is_written_is_read_back() -> None:
    long = bytes(range(256)) * 3
    assert parse(step1_message(long)) == SyncStep1(long)
    assert parse(step2_message(long)) == SyncUpdate(long, step2=True)
    assert parse(update_message(long)) == SyncUpdate(long, step2=False)


def test_awareness_counts_bytes_so_that_names_may_have_umlauts() -> None:
    entries = (AwarenessEntry(3, 1, '{"user": "Jürgen 𝄞"}'), AwarenessEntry(2**53 - 1, 300, "null"))
    assert parse(awareness_message(entries)) == AwarenessMessage(entries)


def test_docprovider_reads_text_messages() -> None:
    decoder = Decoder(text_message({"type": "save", "responseTo": 1, "status": "success"}))
    assert decoder.read_var_uint() == 2
    assert json.loads(decoder.read_var_string()) == {"type": "save", "responseTo": 1, "status": "success"}


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x00",
        b"\x00\x03\x00",
        b"\x00\x00\x05ab",
        b"\x01\x03\x01\x01",
        b"\x01\x04\x01\x01\x01\xff",
        b"\x02\x04quit",
        b"\x02\x04save",
        b"\x04",
        b"\xff" * 12,
    ],
)
def test_other_bytes_are_refused(message: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse(message)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(message: bytes) -> None:
    with suppress(ProtocolError):
        parse(message)


@given(st.text(max_size=300))
def test_a_reason_always_fits_into_a_close_frame(text: str) -> None:
    assert len(Closing(CloseCode.FULL, text).reason.encode(errors="replace")) <= 123
