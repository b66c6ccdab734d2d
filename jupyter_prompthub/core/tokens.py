"""How many tokens a text may have, where its model's own tokenizer is not at hand.

The rule is meant to be right within a fifth for English prose and code, and simple enough to be known; other
languages differ more between tokenizers than any rule could say:

- a run of ASCII letters is one token per 7 letters begun (common words are one token);
- digits are one token per 2 begun;
- a run of other letters is one token per 2 characters begun; Chinese, Japanese, Korean and emoji one each;
- punctuation is one token per character, but a run of the same character (``----``) one per 4 begun;
- a run of line ends is one token; single blanks belong to the word after them, longer runs are one token;
- every message has 4 tokens more for its frame, every request 3.

Media are not counted: what they cost is the provider's own rule.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Final

from .records import DataPart, JsonValue, MediaPart, Message, TextPart

__all__ = ["of_message", "of_messages", "of_text"]

FRAME: Final = 4
REQUEST: Final = 3
_WIDE: Final = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U0001f000-\U0001faff"
_RUN: Final = re.compile(
    r"(?P<word>[A-Za-z]+)|(?P<digits>[0-9]+)|(?P<lines>\s*\n\s*)|(?P<blanks>\s+)"
    rf"|(?P<wide>[{_WIDE}])|(?P<other>(?:(?![A-Za-z0-9_{_WIDE}])\w)+)|(?P<sign>(?P<_char>.)(?P=_char)*)"
)


def of_text(text: str) -> int:
    """The tokens of a text, by the rule of this module."""
    count = 0
    for found in _RUN.finditer(text):
        length = found.end() - found.start()
        match found.lastgroup:
            case "word":
                count += math.ceil(length / 7)
            case "digits" | "other":
                count += math.ceil(length / 2)
            case "blanks":
                count += length > 1
            case "sign":
                count += math.ceil(length / 4)
            case _:
                count += 1
    return count


def of_message(message: Message) -> int:
    """The tokens of what a message says, without its frame."""
    count = 0
    for part in message.content:
        match part:
            case TextPart(text=text):
                count += of_text(text)
            case DataPart(data=data):
                count += of_text(json.dumps(data, ensure_ascii=False))
            case MediaPart():
                pass
    return count


def of_messages(counts: Sequence[int], more: Sequence[JsonValue] = ()) -> int:
    """The tokens of a request: its messages' ``counts`` with their frames, and what else it says as JSON."""
    said = sum(of_text(json.dumps(each, ensure_ascii=False)) for each in more)
    return sum(counts) + FRAME * len(counts) + REQUEST + said
