"""Ways to mend the problems of a text: minimal edits, each of the very text that was checked.

Every fix is offered for one problem's code; what cannot be mended safely has none.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from . import fixexamples, fixfront, fixtags
from .errors import PromptHubError
from .fixtext import FixText
from .frontmatter import EXAMPLE_LIST
from .linting import EXAMPLE_TYPE, EXAMPLE_UNUSED, UNDECLARED, UNUSED
from .promptfile import Document, check
from .records import Fix, Problem

__all__ = ["with_fixes"]

MOST = 20
"""problems that get fixes"""

_Maker = Callable[[FixText, Problem], Iterator[Fix]]
_MAKERS: dict[str, _Maker] = {
    UNDECLARED: fixfront.declare,
    UNUSED: fixfront.undeclare,
    EXAMPLE_LIST: fixexamples.as_list,
    EXAMPLE_TYPE: fixexamples.wrong_type,
    EXAMPLE_UNUSED: fixexamples.no_variable,
    "schema": fixfront.schema_type,
    "front_matter_unknown": fixfront.unknown_key,
    "front_matter_unclosed": fixfront.close_front,
    "front_matter_type": fixfront.quote,
    "snippet_unused": fixfront.unused_snippet,
    "tool_duplicate": fixfront.duplicate_tool,
    "yaml": fixfront.quote,
    "yaml_alias": fixfront.quote,
    "yaml_tag": fixfront.quote,
    "yaml_value": fixfront.quote,
    "helper_unknown": fixtags.unknown_helper,
    "helper_block": fixtags.helper_block,
    "block_unknown": fixtags.unknown_block,
    "block_unclosed": fixtags.close_block,
    "close_alone": fixtags.remove_tag,
    "close_mismatch": fixtags.close_mismatch,
    "else_alone": fixtags.remove_tag,
    "else_twice": fixtags.remove_tag,
    "tag_empty": fixtags.remove_tag,
    "tag": fixtags.close_tag,
    "tag_unclosed": fixtags.close_tag,
    "string_unclosed": fixtags.close_string,
    "comment_unclosed": fixtags.close_comment,
    "role": fixtags.role,
    "nul": fixtags.remove,
    "surrogate": fixtags.remove,
}
_UNSURE = frozenset({fixfront.quote, fixfront.close_front, fixtags.close_tag})
"""makers whose fixes are offered only where they help"""


class _Text(FixText):
    """A text with what fixes ask of it, computed when asked for."""

    def __init__(self, text: str, document: Document | None, names: Callable[[str], Sequence[str]]) -> None:
        super().__init__(text, document)
        self._names = names

    @cached_property
    def errors(self) -> frozenset[tuple[str, int]]:
        """Code and start of every error now."""
        return frozenset((p.code, p.start) for p in check(self.text)[1] if p.severity == "error")

    def near(self, name: str) -> list[str]:
        """Snippets that are called nearly like that."""
        return difflib.get_close_matches(name, self._names(name), n=2, cutoff=0.6)


def _snippet(text: _Text, problem: Problem) -> Iterator[Fix]:
    """Another snippet's name, where the one included is not there."""
    written = fixtags.snippet_name(text, problem)
    if written is None:
        return
    start, end, name = written
    for other in text.near(name):
        yield Fix(
            title=f"Change to {other}",
            edits=(*text.replace(start, end, other), *text.renamed_ref(name, other)),
        )


def with_fixes(
    text: str,
    document: Document | None,
    problems: Iterable[Problem],
    names: Callable[[str], Sequence[str]] = lambda name: (),
) -> tuple[Problem, ...]:
    """The problems of a text, each with its fixes.

    Args:
        text: what was checked.
        document: what it says, where it parses.
        problems: its problems, in order.
        names: the names of snippets that a name could stand for.
    """
    source = _Text(text, document, names)
    made: list[Problem] = []
    for index, problem in enumerate(problems):
        fixes = tuple(_fixes(source, problem)) if index < MOST else ()
        made.append(problem.model_copy(update={"fixes": fixes}) if fixes else problem)
    return tuple(made)


def _fixes(source: _Text, problem: Problem) -> Iterator[Fix]:
    maker = _MAKERS.get(problem.code)
    try:
        if problem.code == "snippet":
            yield from _snippet(source, problem)
        elif maker is not None:
            for fix in maker(source, problem):
                if maker not in _UNSURE or _helps(source, problem, fix):
                    yield fix
    except PromptHubError:
        # the text is written in a way that cannot be edited: then there is no fix
        return


def _helps(source: _Text, problem: Problem, fix: Fix) -> bool:
    """Whether the problem is gone with the fix made, and no other came in the front matter."""
    _, after = check(source.applied(fix))
    left = {(one.code, one.start) for one in after if one.severity == "error"}
    fresh = {code for code, _ in left} - {code for code, _ in source.errors}
    return (problem.code, source.moved(fix, problem.start)) not in left and not any(
        code.startswith("yaml") for code in fresh
    )
