"""``prompthub serve``: PromptHub alone, over plain HTTP, with accounts of its own.

A tornado application of nothing but our handlers: none of Jupyter's kernels, contents, terminals or files
exist here, so there is nothing of them to lock away.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from jupyter_prompthub.core.errors import PromptHubError

from .settings import Settings

__all__ = ["Server", "main"]

_log = logging.getLogger("prompthub")
_DRAIN_S = 3.0


class Server:
    """One listening server and its store.

    Args:
        settings: how it runs; ``port`` 0 picks a free one.
    """

    def __init__(self, settings: Settings) -> None:
        from tornado.httpserver import HTTPServer
        from tornado.netutil import bind_sockets

        from .access.identity import AccountIdentity, AccountIdentityProvider
        from .access.passwords import Passwords
        from .access.signing import AccessTokens, signing_key
        from .runtime import Runtime
        from .web import application

        secret = signing_key(settings.jwt_secret_key, settings.home / "keys" / "jwt.key")
        tokens = AccessTokens(secret, int(settings.jwt_access_token_expire_minutes * 60))
        self.runtime = Runtime(settings, "http", forwards=False)
        identity = AccountIdentity(self.runtime, tokens, Passwords())
        self.runtime.use_accounts(identity)
        app = application(self.runtime, AccountIdentityProvider(tokens), identity, root=True)
        self._http = HTTPServer(app, max_buffer_size=64 * 1024 * 1024, idle_connection_timeout=120)
        sockets = bind_sockets(settings.port, settings.host)
        self._http.add_sockets(sockets)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self.url = f"http://{host}:{sockets[0].getsockname()[1]}/"

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until ``stop`` is set, then let running requests end (for at most three seconds)."""
        await self.runtime.start()
        print(f"PromptHub serves at {self.url}", flush=True)
        await stop.wait()
        await self.close()

    async def close(self) -> None:
        """Stop listening, end connections, close the store."""
        self._http.stop()
        try:
            async with asyncio.timeout(_DRAIN_S):
                await self.runtime.close()
                await self._http.close_all_connections()
        except TimeoutError:
            _log.warning("some requests did not end in %s s", _DRAIN_S)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: Ctrl+C raises KeyboardInterrupt instead
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    await Server(settings).run(stop)


def main(argv: Sequence[str] | None = None) -> int:
    """``prompthub serve``. Returns the exit code: 0 ended as asked, 2 wrong settings, 4 cannot listen."""
    parser = argparse.ArgumentParser(
        prog="prompthub serve", description="PromptHub over HTTP, with its own accounts."
    )
    parser.add_argument("--host", help="address to listen at (PROMPTHUB_HOST; 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port, 0 for a free one (PROMPTHUB_PORT; 8790)")
    parser.add_argument("--home", type=Path, help="where data and keys are kept (PROMPTHUB_HOME)")
    parser.add_argument("--database-url", help="postgresql://… or a SQLite file (DATABASE_URL)")
    parser.add_argument("--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    options = parser.parse_args(argv)
    logging.basicConfig(level=options.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("tornado.access", "alembic"):
        logging.getLogger(name).setLevel("WARNING")
    try:
        settings = Settings.from_env(
            host=options.host, port=options.port, home=options.home, database_url=options.database_url
        )
        asyncio.run(serve(settings))
    except PromptHubError as error:
        print(f"prompthub serve: {error.message}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"prompthub serve: cannot listen or write: {error}", file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
