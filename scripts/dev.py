"""Set-up and checks for a clone, behind the Makefile. Standard library only: nothing is installed yet.

Every set-up step leaves a stamp in ``.make/`` with the hash of what it was made from, so that a second
run does only what changed. Paths are relative to the clone or passed as single arguments, so that a space in
them does no harm.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
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


def ensure_browser() -> dict[str, str]:
    """A Chromium: the system's, else apt's, else Playwright's own; as environment for the tests."""
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


def lab(arguments: Sequence[str]) -> None:
    """Demo data, the local model, JupyterLab."""
    setup()
    env = {
        **os.environ,
        "PROMPTHUB_HOME": str(DEMO / "prompthub"),
        "PROMPTHUB_MODELS_DIR": str(MODELS),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    notebooks = DEMO / "notebooks"
    notebooks.mkdir(parents=True, exist_ok=True)
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        if not (notebooks / notebook.name).exists():
            shutil.copy(notebook, notebooks / notebook.name)
    if not ensure_model():
        say("the local model could not be had (see above); everything else works, and Run says what to do")
    run(BIN / "prompthub", "seed", "--if-empty", env=env)
    say("JupyterLab with PromptHub (Ctrl+C twice ends it)")
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    os.chdir(notebooks)
    # the demo is about prompts: JupyterLab's question about its newsletter can wait
    quiet = DEMO / "config" / "labconfig" / "default_setting_overrides.json"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    quiet.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}))
    paths = [str(DEMO / "config"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    os.execve(BIN / "prompthub", ["prompthub", "lab", *root, *arguments], env)


def lint() -> None:
    setup("test", "lint")
    checks: list[tuple[Sequence[str | Path], Path]] = [
        ((BIN / "ruff", "check", "."), ROOT),
        ((BIN / "ruff", "format", "--check", "."), ROOT),
        ((BIN / "lint-imports",), ROOT),
        ((BIN / "mypy",), ROOT),
        (("npm", "run", "--silent", "lint:check"), FRONT),
    ]
    failed = [str(command[0]) for command, cwd in checks if run(*command, cwd=cwd, check=False)]
    if failed:
        raise Stop(f"lint: {', '.join(Path(name).name for name in failed)} found something, see above")


def pending() -> list[str]:
    """Tests written ahead of the part that they test, for pytest to leave out: ``tests/pending.txt`` says which and why."""
    listed = ROOT / "tests" / "pending.txt"
    lines = listed.read_text().splitlines() if listed.exists() else []
    paths = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    if paths:
        say(f"not run, their part is not built yet ({listed.name}): {', '.join(paths)}")
    return [f"--{'deselect' if '::' in path else 'ignore'}={path}" for path in paths]


def test(*, long: bool) -> None:
    """Everything, with a table of where the time went. Stops at the end, not at the first failure."""
    times: list[tuple[str, float, bool]] = []

    def stage(name: str, action: Callable[[], object]) -> None:
        say(name)
        start = time.monotonic()
        ok = action() in (None, 0)
        times.append((name, time.monotonic() - start, ok))

    start = time.monotonic()
    setup("test", "lint")
    env = {**os.environ, "PROMPTHUB_MODELS_DIR": str(MODELS)}
    if ensure_model():
        env["PROMPTHUB_TEST_MODEL"] = "1"
    e2e = os.environ.get("E2E", "1") != "0" and any(ROOT.glob("tests/e2e/test_*.py"))
    if e2e:
        env |= ensure_browser()
    times.append(("set-up", time.monotonic() - start, True))

    def lint_stage() -> int:
        try:
            lint()
        except Stop as stop:
            print(stop)
            return 1
        return 0

    env |= {"COVERAGE_FILE": str(STAMPS / "coverage"), "PYTHONUNBUFFERED": "1"}
    options = ["-m", "not long"]
    if long:
        seed = env.setdefault("PROMPTHUB_SEED", str(int(time.time())))
        say(f"large counts; PROMPTHUB_SEED={seed} runs the same again")
        env["PROMPTHUB_TEST_LONG"] = "1"
        options = [f"--hypothesis-seed={seed}", "--timeout=1800"]
    pytest = (PYTHON, "-m", "pytest", "-q", "--durations=8", *options)
    covered = ("--cov", "--cov-append", "--cov-report=")
    (STAMPS / "coverage").unlink(missing_ok=True)

    ahead = pending()

    def python(*paths: str, cover: bool = True) -> int:
        return run(*pytest, *(covered if cover else ()), *ahead, *paths, env=env, check=False)

    stage("static checks", lint_stage)
    stage("TypeScript", lambda: run("npm", "run", "--silent", "test", cwd=FRONT, check=False))
    stage("core", lambda: python("tests/core"))
    stage("client", lambda: python("tests/client"))
    stage("server", lambda: python("tests/server"))
    stage("contracts", lambda: python("tests/contracts"))
    stage("integration", lambda: python("tests/integration"))
    if e2e:
        stage("end to end", lambda: python("tests/e2e", cover=False))
    stage(
        "coverage of core and server",
        lambda: run(
            PYTHON,
            "-m",
            "coverage",
            "report",
            # the bar holds once no test waits for its part
            f"--fail-under={0 if ahead else 90}",
            "--skip-covered",
            "--sort=cover",
            "--include=jupyter_prompthub/core/*,server_extension/*",
            env=env,
            check=False,
        ),
    )
    print("\nWhere the time went")
    for name, seconds, ok in times:
        print(f"  {name:30s} {seconds:7.1f} s  {'ok' if ok else 'FAILED'}")
    print(f"  {'all':30s} {sum(seconds for _, seconds, _ in times):7.1f} s")
    if not all(ok for *_, ok in times):
        raise Stop("some stages failed: " + ", ".join(name for name, _, ok in times if not ok))


def clean() -> None:
    for path in (VENV, STAMPS, DEMO, BUILT, FRONT / "node_modules", FRONT / "lib", ROOT / "dist"):
        shutil.rmtree(path, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("command", choices=["setup", "lab", "test", "test-long", "lint", "bench", "clean"])
    options, rest = parser.parse_known_args()
    try:
        match options.command:
            case "setup":
                setup("test", "lint")
            case "lab":
                lab(rest)
            case "test" | "test-long":
                test(long=options.command == "test-long")
            case "lint":
                lint()
            case "bench":
                setup("test")
                run(PYTHON, "-m", "benchmarks", *rest)
            case "clean":
                clean()
    except Stop as stop:
        print(f"\nStopped: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
