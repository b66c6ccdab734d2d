"""The set-up of a clone, step by step. Standard library only: nothing is installed yet.

Every step leaves a stamp in ``.make/`` with the hash of what it was made from, so that a second
run does only what changed. Paths are relative to the clone or passed as single arguments, so that a space in
them does no harm.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMPS = ROOT / ".make"
FRONT = ROOT / "labextension"
BUILT = ROOT / "jupyter_prompthub" / "labextension"
DEMO = ROOT / ".demo"
MODELS = STAMPS / "models"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOX = ("firefox-esr", "firefox")


class Stop(Exception):
    """Ends the command with a sentence for people."""


def say(text: str) -> None:
    print(f"\033[1m▸ {text}\033[0m" if sys.stdout.isatty() else f"> {text}", flush=True)


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None, check: bool = True) -> int:
    """Run a command, its output shown. With ``check``, a failure ends us."""
    code = subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=False).returncode
    if check and code:
        what = " ".join([Path(str(command[0])).name, *map(str, command[1:4])])
        raise Stop(f"{what} … ended with {code}; its output is above")
    return code


def digest(paths: Iterable[Path], *extra: str) -> str:
    """The hash of files (folders: everything in them) and of ``extra`` strings."""
    sha = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                sha.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return sha.hexdigest()


def step(name: str, key: str, make: Callable[[], None], *, there: Path | None = None) -> bool:
    """Run ``make`` unless its stamp says that it was made from ``key`` (and ``there`` exists)."""
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == key and (there is None or there.exists()):
        return False
    make()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(key)
    return True


def apt(*packages: str) -> bool:
    """Install Debian packages when we may; says whether it worked."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=env, check=False)
    return (
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=env, check=False)
        == 0
    )


def pip(*arguments: str) -> None:
    run(PYTHON, "-m", "pip", "install", "--quiet", *arguments)


def ensure_venv() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        raise Stop(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; "
            "try `make PYTHON=python3.12 …` with a newer one"
        )

    def make() -> None:
        say("virtual environment")
        command = (sys.executable, "-m", "venv", "--clear", VENV)
        version = f"python3.{sys.version_info.minor}-venv"
        if run(*command, check=False) and not (apt(version) and run(*command, check=False) == 0):
            raise Stop(
                f"could not make a virtual environment; on Debian: apt-get install {version}, then again"
            )
        pip("--upgrade", "pip")

    # a moved clone has a virtual environment that points elsewhere: make it anew
    step("venv", f"{sys.version} {VENV}", make, there=PYTHON)


def ensure_front_end() -> None:
    """npm packages from the lock file, then the built extension."""

    def install() -> None:
        node = shutil.which("node")
        if node is None or shutil.which("npm") is None:
            raise Stop("Node.js 20.19 or newer with npm is needed to build the front end: https://nodejs.org")
        version = subprocess.run(
            [node, "--version"], capture_output=True, text=True, check=True
        ).stdout.strip()
        if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < (20, 19):
            raise Stop(f"Node.js 20.19 or newer is needed to build the front end, {node} is {version}")
        say("front end packages (npm ci)")
        run("npm", "ci", "--no-audit", "--no-fund", cwd=FRONT)

    def build() -> None:
        say("front end")
        run(
            "npm",
            "run",
            "--silent",
            "build:prod",
            cwd=FRONT,
            env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        )

    lock = digest([FRONT / "package.json", FRONT / "package-lock.json", FRONT / ".npmrc"])
    step("npm", lock, install, there=FRONT / "node_modules")
    sources = [FRONT / name for name in ("src", "style", "schema", "package.json", "tsconfig.json")]
    step("build", digest(sources, lock), build, there=BUILT / "package.json")


def ensure_python(*extras: str) -> None:
    """The package, editable, with its dependencies and the wanted extras."""
    key = digest([ROOT / "pyproject.toml", ROOT / "jupyter-config"], str(ROOT))
    done = STAMPS / "python"
    wanted = set(extras)
    have = json.loads(done.read_text()) if done.exists() else {}
    if have.get("key") == key and wanted <= set(have.get("extras", [])) and (BIN / "prompthub").exists():
        return
    extras = tuple(sorted(wanted | set(have.get("extras", []))))
    name = f".[{','.join(extras)}]" if extras else "."
    say(f"Python packages ({name})")
    pip("--editable", name)
    # the editable install copied the built front end: link to it instead, so that a rebuild shows after a reload
    shared = VENV / "share" / "jupyter" / "labextensions" / "jupyterlab-prompthub"
    if shared.is_symlink():
        shared.unlink()
    shutil.rmtree(shared, ignore_errors=True)
    shared.symlink_to(BUILT, target_is_directory=True)
    STAMPS.mkdir(exist_ok=True)
    done.write_text(json.dumps({"key": key, "extras": list(extras)}))


def ensure_build_tool() -> None:
    """``jupyter-builder`` builds the front end, before the package itself is there."""
    step(
        "builder",
        "1",
        lambda: (
            run(PYTHON, "-m", "pip", "install", "--quiet", "jupyter-builder>=1.2.0,<2").__bool__() or None
        ),
        there=BIN / "jupyter-builder",
    )


def ensure_model() -> bool:
    """The small local model; without it everything else still works."""
    env = {**os.environ, "PROMPTHUB_MODELS_DIR": str(MODELS)}
    return run(BIN / "prompthub", "model", "install", env=env, check=False) == 0


def ensure_browsers() -> dict[str, str]:
    """The browsers of the end-to-end tests, as environment for them."""
    return ensure_chromium() | ensure_firefox()


def ensure_firefox() -> dict[str, str]:
    """A Firefox: the system's, else apt's; without one its smoke test is skipped."""
    if named := os.environ.get("PROMPTHUB_TEST_FIREFOX"):
        return {"PROMPTHUB_TEST_FIREFOX": named}
    for _ in range(2):
        if found := next((path for name in FIREFOX if (path := shutil.which(name))), None):
            return {"PROMPTHUB_TEST_FIREFOX": found}
        if not apt("firefox-esr"):
            break
    say("no Firefox on this machine: its test is skipped (Debian: apt-get install firefox-esr)")
    return {}


def ensure_chromium() -> dict[str, str]:
    """A Chromium: the system's, else apt's, else Playwright's own."""
    if named := os.environ.get("PROMPTHUB_TEST_CHROMIUM"):
        return {"PROMPTHUB_TEST_CHROMIUM": named}
    for _ in range(2):
        if found := next((path for name in BROWSERS if (path := shutil.which(name))), None):
            return {"PROMPTHUB_TEST_CHROMIUM": found}
        if not apt("chromium", "fonts-dejavu-core"):
            break
    say("no Chromium on this machine: trying Playwright's own")
    if run(PYTHON, "-m", "playwright", "install", "chromium", check=False):
        raise Stop(
            "the end-to-end tests need a Chromium: install one (Debian: apt-get install chromium), "
            "or name one in PROMPTHUB_TEST_CHROMIUM; `make test E2E=0` runs everything else"
        )
    return {"PROMPTHUB_TEST_CHROMIUM": "playwright"}


def setup(*extras: str) -> None:
    ensure_venv()
    ensure_build_tool()
    ensure_front_end()
    ensure_python(*extras)
