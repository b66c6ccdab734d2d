"""pytest-jupyter's fixtures and hooks, for the tests in this folder.

As a plugin of the whole run it would run everybody's coroutines on a loop of its own, beside the loop that their
fixtures serve on: they would wait for each other.
"""

from pytest_jupyter.jupyter_server import *  # noqa: F403
