"""What a client can do about the installation: connections, keys, moving prompts in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from ..core import records as r
from ..sources.base import Source

__all__ = ["Managing", "in_path", "items_of"]

_R = TypeVar("_R", bound=BaseModel)
_T = TypeVar("_T", covariant=True)


class _Page(Protocol[_T]):
    @property
    def items(self) -> Sequence[_T]: ...
    @property
    def next_cursor(self) -> str | None: ...


def items_of(ask: Callable[[str | None], _Page[_T]]) -> Iterator[_T]:
    """The items of all pages; ``ask`` gets the page that a cursor names."""
    cursor: str | None = None
    while True:
        page = ask(cursor)
        yield from page.items
        if not (cursor := page.next_cursor):
            return


def in_path(ref: str) -> str:
    """A ref, or a branch's name, as a part of a path: ``/`` is written ``~``."""
    return quote(ref.replace("/", "~"), safe="")


class Managing:
    """The requests that name no prompt, and how any request is sent."""

    source: Source

    def _call(
        self,
        answer: type[_R],
        method: str,
        path: str,
        body: BaseModel | None = None,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> _R:
        return answer.model_validate(self._send(method, path, body, headers, **query))

    def _send(
        self,
        method: str,
        path: str,
        body: BaseModel | None = None,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Any:
        wanted = {key: str(value) for key, value in query.items() if value is not None}
        sent = body.model_dump(mode="json", by_alias=True, exclude_unset=True) if body is not None else None
        try:
            return self.source.request(method, path, query=wanted, body=sent, headers=headers)
        finally:  # also when it failed: it may have been done before the answer was lost
            if method != "GET":
                self._changed(path)

    def _changed(self, path: str) -> None:
        """This client may have changed something there."""

    def me(self) -> r.Me:
        """Who this client is, and what it may do."""
        return self._call(r.Me, "GET", "me")

    def drift(self, items: Sequence[r.DriftItem]) -> Sequence[r.Drift]:
        """For versions that ran, in their order: what their refs name now, and what changed."""
        made: list[r.Drift] = []
        for start in range(0, len(items), 200):
            query = r.DriftQuery(items=tuple(items[start : start + 200]))
            made += self._call(r.DriftList, "POST", "drift", query).items
        return made

    def import_(self, request: r.ImportRequest) -> r.ImportReport:
        """Bring in many prompts, all or nothing."""
        return self._call(r.ImportReport, "POST", "import", request)

    def preview_import(
        self,
        items: Sequence[r.ImportItem],
        on_conflict: Literal["fail", "skip", "new_version"] = "new_version",
    ) -> r.ImportPreview:
        """What :meth:`import_` would do with each item: new, changed, the same, skipped, or refused and why. It is done, and
        taken back."""
        request = r.ImportPreviewRequest(
            items=tuple(item.model_dump(mode="json", exclude_unset=True) for item in items),
            on_conflict=on_conflict,
        )
        return self._call(r.ImportPreview, "POST", "import/preview", request)

    def read_files(self, files: Mapping[str, str], format: str = "auto") -> Sequence[r.FileRead]:
        """What is in files (texts by path) of any known format, as :meth:`import_` takes it; nothing is imported."""
        request = r.ReadFiles(
            files=tuple(r.FileToRead(path=path, text=text) for path, text in files.items()),
            format=r.FileFormat(format),
        )
        return self._call(r.FilesRead, "POST", "import/read", request).files

    def export(self, names: Sequence[str] = ()) -> r.ExportResponse:
        """Prompts with their versions; none named: all."""
        return self._call(r.ExportResponse, "GET", "export", names=",".join(names) or None)

    def make_bundle(
        self, names: Sequence[str] = (), *, tags: Sequence[str] = (), environment: str | None = None
    ) -> r.BundleFile:
        """Prompts in one signed file, for :meth:`Client.from_bundle`; none named: all."""
        named, tagged = ",".join(names) or None, ",".join(tags) or None
        return self._call(r.BundleFile, "GET", "bundle", names=named, tags=tagged, environment=environment)

    def bundle_key(self) -> str:
        """The public key of the server's bundles."""
        return self._call(r.BundleKey, "GET", "bundle-key").public_key

    def models(self) -> r.ModelList:
        """The models that can be asked now."""
        return self._call(r.ModelList, "GET", "models")

    def connect(self, new: r.NewConnection) -> r.Connection:
        """Add a connection."""
        return self._call(r.Connection, "POST", "connections", new)

    def change_connection(self, name: str, patch: r.ConnectionPatch) -> r.Connection:
        """Change a connection, or enter its key again."""
        return self._call(r.Connection, "PATCH", f"connections/{quote(name, safe='')}", patch)

    def connections(self) -> r.ConnectionList:
        """The connections, without their keys."""
        return self._call(r.ConnectionList, "GET", "connections")

    def create_api_key(self, new: r.NewApiKey) -> r.CreatedApiKey:
        """Make an API key; its ``key`` is shown this once."""
        return self._call(r.CreatedApiKey, "POST", "auth/api-keys", new)

    def api_keys(self) -> r.ApiKeyList:
        """This actor's API keys."""
        return self._call(r.ApiKeyList, "GET", "auth/api-keys")

    def revoke_api_key(self, key_id: str) -> None:
        """Revoke an API key; it stops working at once."""
        self.source.request("DELETE", f"auth/api-keys/{quote(key_id, safe='')}")
