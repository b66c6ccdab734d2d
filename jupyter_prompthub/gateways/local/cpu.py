"""Whether this machine's processor can run the local model: asked before anything is started, because a
missing instruction would end the process without a word."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Final

__all__ = ["NEEDED", "missing_flags", "problem"]

NEEDED: Final = ("avx", "avx2", "fma", "f16c", "bmi2")
"""what the runtime's x86-64 wheels are built with"""


def missing_flags(cpuinfo: str) -> tuple[str, ...]:
    """The flags of :data:`NEEDED` that the first processor in ``cpuinfo`` (as in ``/proc/cpuinfo``) lacks."""
    for line in cpuinfo.splitlines():
        name, colon, flags = line.partition(":")
        if colon and name.strip() == "flags":
            return tuple(flag for flag in NEEDED if flag not in flags.split())
    return ()  # not told: let it try


def problem(cpuinfo: Path = Path("/proc/cpuinfo"), machine: str | None = None) -> str | None:
    """A sentence saying why the local model cannot run here; None when it can."""
    machine = machine or platform.machine()
    if machine.lower() not in ("x86_64", "amd64") or not cpuinfo.exists():
        return None
    if missing := missing_flags(cpuinfo.read_text(encoding="utf-8", errors="replace")):
        return (
            f"the local model needs a processor with {', '.join(NEEDED).upper()}; this one lacks "
            f"{', '.join(missing).upper()}. Use another model: `prompthub connection add openai`"
        )
    return None
