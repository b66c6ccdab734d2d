"""Commands about the installation: lab, serve, seed, model, connection, token, doctor."""

from __future__ import annotations

import getpass
import os
import platform
import sys
from argparse import Namespace
from importlib.metadata import PackageNotFoundError, version

from ..client import Client
from ..core import records as r
from ..core.errors import AlreadyExists, InvalidInput, PromptHubError
from ..home import home
from .output import Exit, Output, table

__all__ = [
    "connection_add",
    "connection_list",
    "doctor",
    "lab",
    "model_install",
    "model_list",
    "seed",
    "serve",
    "token",
]


def lab(options: Namespace, out: Output) -> Exit:
    """JupyterLab with PromptHub; further arguments go to JupyterLab."""
    quiet = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *quiet, *options.rest])


def serve(options: Namespace, out: Output) -> Exit:
    """PromptHub alone, over HTTP, with its own accounts."""
    try:
        from jupyter_prompthub_server.headless import main
    except ImportError as error:
        raise InvalidInput(f"`prompthub serve` needs the server package: {error}") from error
    main(options.rest)
    return Exit.PASSED


def seed(client: Client, options: Namespace, out: Output) -> Exit:
    """Bring in the demo prompts; what is there stays as it is."""
    if options.if_empty and next(client.list(), None) is not None:
        out.show({"skipped": True}, ["the library is not empty: nothing to do"])
        return Exit.PASSED
    from ..demo import demo_request

    report = client.import_(demo_request())
    out.show(report, [f"created {name}" for name in report.created] or ["all demo prompts are there already"])
    return Exit.PASSED


def model_install(options: Namespace, out: Output) -> Exit:
    """Fetch the small model that answers offline."""
    from ..gateways.local.install import install

    path = install(progress=out.note)
    out.show({"path": str(path)}, [f"the local model is ready: {path}"])
    return Exit.PASSED


def model_list(client: Client, options: Namespace, out: Output) -> Exit:
    """Models that can be asked, and what the others need."""
    models = client.models()
    rows = [(m.ref, m.connection, "ready" if m.ready else m.hint) for m in models.items]
    out.show(models, table(rows, ("model", "connection", "state")))
    return Exit.PASSED


def connection_add(client: Client, options: Namespace, out: Output) -> Exit:
    """Add a connection; its key is asked for, or read from standard input, never taken from the arguments."""
    secret = None
    if not options.no_key:
        secret = getpass.getpass(f"key for {options.name}: ") if sys.stdin.isatty() else sys.stdin.readline()
        secret = secret.strip()
        if not secret:
            raise InvalidInput("no key was given; use --no-key for an endpoint that needs none")
    given = {"base_url": options.base_url, "secret": secret, "models": tuple(options.model)}
    try:
        made = client.connect(
            r.NewConnection(
                name=options.name,
                provider=options.provider or options.name.replace("-", "_"),
                allow_private_address=options.allow_private_address,
                **given,
            )
        )
    except AlreadyExists:
        if options.provider or options.allow_private_address:
            raise
        patch = {name: value for name, value in given.items() if value}
        made = client.change_connection(options.name, r.ConnectionPatch.model_validate(patch))
        out.show(made, [f"changed {made.name} ({made.provider})"])
        return Exit.PASSED
    out.show(made, [f"added {made.name} ({made.provider})"])
    return Exit.PASSED


def connection_list(client: Client, options: Namespace, out: Output) -> Exit:
    """The connections there are, without their keys."""
    found = client.connections()
    rows = [
        (c.name, c.provider, c.base_url or "", f"…{c.secret_last4}" if c.secret_last4 else "", c.source)
        for c in found.items
    ]
    out.show(found, table(rows, ("name", "provider", "address", "key", "from")))
    return Exit.PASSED


def token(client: Client, options: Namespace, out: Output) -> Exit:
    """Make an API key for scripts, list them, or revoke one."""
    if options.revoke:
        client.revoke_api_key(options.revoke)
        out.show({"revoked": options.revoke}, [f"revoked {options.revoke}"])
    elif options.list:
        keys = client.api_keys()
        rows = [(k.id, k.name, f"…{k.last4}", k.role, k.expires_at or "never") for k in keys.items]
        out.show(keys, table(rows, ("id", "name", "key", "role", "expires")) if rows else ["no API keys"])
    else:
        made = client.create_api_key(
            r.NewApiKey(name=options.name, role=options.role, expires_in_days=options.days)
        )
        out.show(made, [made.key])
        out.note("this key is shown once; keep it in PROMPTHUB_TOKEN")
    return Exit.PASSED


def doctor(options: Namespace, out: Output) -> Exit:
    """What is installed, what answers, and what to do about the rest."""
    rows: list[tuple[str, str, str]] = []

    def row(state: str, name: str, detail: str) -> None:
        rows.append((state, name, detail))

    row("ok", "Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    for package in ("jupyter-prompthub", "jupyterlab", "jupyter-collaboration", "SQLAlchemy", "litellm"):
        try:
            row("ok", package, version(package))
        except PackageNotFoundError:
            row("missing", package, f"pip install {package}")
    row("ok", "home", str(home()))
    try:
        with Client(options.url, options.token) as client:
            me = client.me()
            row("ok", "server", f"{client.source.label}, {me.mode}, {me.role} of {me.workspace.name}")
            for model in client.models().items:
                row(
                    "ok" if model.ready else "not ready", f"model {model.ref}", model.hint or model.connection
                )
    except PromptHubError as error:
        row("failed", "server", error.message)
    failed = any(state in ("failed", "missing") for state, *_ in rows)
    out.show(
        [{"state": state, "name": name, "detail": detail} for state, name, detail in rows],
        table(rows, ("state", "what", "detail")),
    )
    return Exit.FAILED if failed else Exit.PASSED
