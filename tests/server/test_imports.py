"""What a server that runs no model and speaks to no remote does not pay for."""

from __future__ import annotations

import subprocess
import sys

_LATE = ("aiohttp", "dulwich", "joserfc", "litellm", "psycopg")


def test_what_few_need_is_imported_when_it_is_needed() -> None:
    served = "import sys, jupyter_prompthub_server.route_table, jupyter_prompthub_server.handlers.table"
    told = f"print(*sorted({{*{_LATE!r}}} & sys.modules.keys()))"
    ran = subprocess.run(
        [sys.executable, "-c", f"{served}; {told}"], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.split() == []
