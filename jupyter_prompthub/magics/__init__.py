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

from IPython.core.interactiveshell import InteractiveShell

from .commands import PromptHubMagics

__all__ = ["PromptHubMagics", "load"]


def load(ipython: InteractiveShell) -> None:
    """Register the magics in a shell."""
    ipython.register_magics(PromptHubMagics(ipython))
