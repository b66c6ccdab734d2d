"""The commands behind the Makefile. Standard library only, until the set-up is done."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

from setting_up import (
    BIN,
    BUILT,
    DEMO,
    FRONT,
    MODELS,
    PYTHON,
    ROOT,
    STAMPS,
    VENV,
    Stop,
    ensure_browsers,
    ensure_model,
    run,
    say,
    setup,
)

COMMANDS = ("setup", "lab", "test", "test-long", "coverage", "lint", "bench", "clean")


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
    for notebook in (ROOT / "jupyter_prompthub" / "demo").glob("*.ipynb"):
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


def beside(*command: str | Path, cwd: Path) -> Callable[[], int]:
    """Start a command. The function that comes back waits for it, shows what it said, and gives its exit code."""
    started = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )

    def end() -> int:
        said, _ = started.communicate()
        print(said, end="", flush=True)
        return started.returncode

    return end


def pending() -> list[str]:
    """Tests written ahead of the part that they test, for pytest to leave out: ``tests/pending.txt`` says which and why."""
    listed = ROOT / "tests" / "pending.txt"
    lines = listed.read_text().splitlines() if listed.exists() else []
    paths = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    if paths:
        say(f"not run, their part is not built yet ({listed.name}): {', '.join(paths)}")
    return [f"--{'deselect' if '::' in path else 'ignore'}={path}" for path in paths]


def what_failed(report: Path, lines: int = 30) -> list[str]:
    """Print the failures of a report (JUnit XML), each with the end of what pytest said of it; their names."""
    names: list[str] = []
    for case in ElementTree.parse(report).getroot().iter("testcase") if report.exists() else ():
        for found in (*case.findall("failure"), *case.findall("error")):
            names.append(f"{case.get('classname')}::{case.get('name')} ({found.tag})")
            print(f"\n{names[-1]}")
            told = (found.text or found.get("message") or "").strip().splitlines()
            print("\n".join(f"  {line[:300]}" for line in told[-lines:]))
    return names


def test(*, long: bool, cover: bool) -> None:
    """Everything, with a table of where the time went. Stops at the end, not at the first failure.

    Args:
        long: with large counts, and with what ``cover`` measures.
        cover: the Python tests alone, and which lines of core and server they ran: at least 90 %.
    """
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
    e2e = not cover and os.environ.get("E2E", "1") != "0" and any(ROOT.glob("tests/e2e/test_*.py"))
    if e2e:
        env |= ensure_browsers()
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
    # tracing takes 1.3 times as long in the core, 1.7 times in the server
    traced = ("--cov", "--cov-append", "--cov-report=") if long or cover else ()
    (STAMPS / "coverage").unlink(missing_ok=True)

    ahead = pending()

    reports: list[Path] = []

    def python(*arguments: str, trace: Sequence[str] = traced) -> int:
        report = STAMPS / f"report-{len(reports)}.xml"
        report.unlink(missing_ok=True)
        reports.append(report)
        return run(*pytest, *trace, f"--junitxml={report}", *ahead, *arguments, env=env, check=False)

    # what is long is also heavy: there one after the other
    processes = ("-n", str(min(4, os.cpu_count() or 1)), "--dist")
    workers = () if long else (*processes, "worksteal")
    # each has a Lab and a browser of its own; in their order: what fills a library comes late
    desks = () if long else (*processes, "loadfile", "--no-loadscope-reorder")
    if not cover:
        typescript = beside("npm", "run", "--silent", "test", cwd=FRONT)
        stage("static checks", lint_stage)
        stage("TypeScript, what is left of it", typescript)
    stage("core and client", lambda: python(*workers, "tests/core", "tests/client"))
    stage("server and contracts", lambda: python(*workers, "tests/server", "tests/contracts"))
    stage("integration", lambda: python("tests/integration"))
    if e2e:
        stage("end to end", lambda: python(*desks, "tests/e2e", trace=()))
    if traced:
        report = ("report", "--skip-covered", "--sort=cover")
        # the bar holds once no test waits for its part
        report += (f"--fail-under={0 if ahead else 90}",)
        report += ("--include=jupyter_prompthub/core/*,server_extension/*",)
        stage(
            "coverage of core and server",
            lambda: run(PYTHON, "-m", "coverage", *report, env=env, check=False),
        )
    failed = [name for report in reports for name in what_failed(report)]
    print("\nWhere the time went")
    for name, seconds, ok in times:
        print(f"  {name:30s} {seconds:7.1f} s  {'ok' if ok else 'FAILED'}")
    print(f"  {'all':30s} {sum(seconds for _, seconds, _ in times):7.1f} s")
    for name in failed:
        print(f"  {name}")
    if not all(ok for *_, ok in times):
        raise Stop("some stages failed: " + ", ".join(name for name, _, ok in times if not ok))


def clean() -> None:
    for path in (VENV, STAMPS, DEMO, BUILT, FRONT / "node_modules", FRONT / "lib", ROOT / "dist"):
        shutil.rmtree(path, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("command", choices=COMMANDS)
    options, rest = parser.parse_known_args()
    try:
        match options.command:
            case "setup":
                setup("test", "lint")
            case "lab":
                lab(rest)
            case "test" | "test-long" | "coverage":
                test(long=options.command == "test-long", cover=options.command == "coverage")
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
