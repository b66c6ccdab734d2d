"""``%prompthub`` and ``%%prompthub``.

::

    %load_ext jupyter_prompthub
    %prompthub use support/refund@production
    %prompthub run --var user_message="Where is my order?"
    %prompthub list | history NAME | diff NAME A...B | status | help
    %%prompthub support/refund --branch tone          # the cell is the text; run it, or --save "message"

A cell's text ends with a newline, like the file that it stands for: IPython sees to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .commands import PromptHubMagics

__all__ = ["PromptHubMagics", "load", "register"]


def __getattr__(name: str) -> Any:
    if name == "PromptHubMagics":  # not before it is needed: what reads notebooks needs the parsers alone
        from .commands import PromptHubMagics

        return PromptHubMagics
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load(ipython: Any) -> None:
    """Register the magics in a shell, and their completion; again, it replaces what was there."""
    from .commands import PromptHubMagics

    register(ipython, PromptHubMagics(ipython))


def register(ipython: Any, magics: PromptHubMagics) -> None:
    """Put ready magics into a shell."""
    from .completion import matcher

    ipython.register_magics(magics)
    matchers = getattr(ipython.Completer, "custom_matchers", None)
    if matchers is not None:
        others = [one for one in matchers if getattr(one, "matcher_identifier", "") != "prompthub"]
        matchers[:] = [*others, matcher(lambda: magics.hub, lambda: ipython.user_ns)]
