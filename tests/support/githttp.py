"""The system's ``git http-backend`` behind a small server, with a key where one is asked for; and servers that do harm."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["GitServer", "git_server"]

Odd = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class GitServer:
    """A running server. ``asked`` are the paths that it was asked for, ``keys`` what came with them."""

    url: str
    asked: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    odd: Odd | None = None
    """answers instead of git"""


@contextmanager
def git_server(root: Path, key: str | None = None) -> Iterator[GitServer]:
    """Serve the repositories in a folder.

    Args:
        key: ``user:password`` that every request must come with.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            said.asked.append(self.path)
            said.keys.append(self.headers.get("Authorization"))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if said.odd is not None:
                said.odd(self)
                self.close_connection = True
                return
            if key is not None and self.headers.get("Authorization") != _basic(key):
                self._answer(401, {"WWW-Authenticate": "Basic"}, b"")
                return
            path, _, query = self.path.partition("?")
            env = {
                **os.environ,
                "GIT_PROJECT_ROOT": str(root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "REMOTE_USER": "ada",
                "REMOTE_ADDR": "127.0.0.1",
            }
            done = subprocess.run(
                ["git", "http-backend"], input=body, env=env, capture_output=True, check=False
            )
            head, _, rest = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
            self._answer(int(headers.pop("Status", "200").split()[0]), headers, rest)

        do_POST = do_GET

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said = GitServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield said
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _basic(key: str) -> str:
    return f"Basic {base64.b64encode(key.encode()).decode()}"
