"""``%prompthub`` and ``%%prompthub``.

::

    %load_ext jupyter_prompthub
    %prompthub use support/refund@production
    %prompthub run --var user_message="Where is my order?"
    %prompthub list | history NAME | diff NAME A...B | status
    %%prompthub support/refund --branch tone          # the cell is the text; run it, or --save "message"

A cell's text ends with a newline, like the file that it stands for: IPython sees to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .commands import PromptHubMagics

__all__ = ["PromptHubMagics", "load"]


def __getattr__(name: str) -> Any:
    if name == "PromptHubMagics":  # not before it is needed: what reads notebooks needs the parsers alone
        from .commands import PromptHubMagics

        return PromptHubMagics
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load(ipython: Any) -> None:
    """Register the magics in a shell."""
    from .commands import PromptHubMagics

    ipython.register_magics(PromptHubMagics(ipython))
