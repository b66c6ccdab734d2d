"""The client: all of PromptHub's REST interface, typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..core import records as r
from ..core.errors import NotFound
from ..core.names import is_sha_prefix, parse_reference
from ..lock import Lock, asked_for
from ..sources.base import Source, error_from
from ..sources.discover import discover
from .answer import Answer
from .cache import CacheInfo, CachePolicy, VersionCache
from .histories import Histories
from .managing import in_path, items_of
from .repositories import Repositories
from .reviewing import Reviewing

if TYPE_CHECKING:
    from ..core.prompt import Compiled

__all__ = ["Client"]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA = re.compile(r"[0-9a-f]{64}")
_READS = re.compile(r"prompts/[^/]+/(?:dependents|merge/preview)|import/(?:preview|read)")
"""what is asked by POST, and changes nothing"""
_COMPILED = 500
"""templates that are kept parsed"""


class Client(Histories, Repositories, Reviewing):
    """All of PromptHub's REST interface, typed. Every method raises
    :class:`~jupyter_prompthub.core.errors.PromptHubError` with a sentence that says what to do.

    Args:
        url: base URL of a server; None: found (see ``docs/client.md``).
        token: a Jupyter token, access token or API key.
        workspace: name or id; None: the default one.
        source: a ready source instead of the three.
        cache: how :meth:`get` remembers; False: it always asks.
        lock: a ``prompts.lock`` that says which version a ref means.
        locked: whether it counts; None: when ``lock`` is given, or ``PROMPTHUB_LOCKED`` is set.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        workspace: str | None = None,
        source: Source | None = None,
        cache: bool | CachePolicy = True,
        lock: str | Path | None = None,
        locked: bool | None = None,
    ) -> None:
        self.lock: Lock | None = None
        """what refs mean; None: what they name now"""
        if locked or (locked is None and (lock is not None or asked_for())):
            self.lock = Lock.read(lock) if lock is not None else Lock.find()
        self.source = source or discover(url, token, workspace=workspace)
        self._ids: dict[str, str] = {}
        self._compiled: dict[str, Compiled] = {}
        self._cache: VersionCache | None = None
        if cache:
            policy = CachePolicy() if cache is True else cache
            self._cache = VersionCache(self.source, self._ask_version, _is_fixed, policy)

    @classmethod
    def from_bundle(
        cls,
        path: str | Path,
        *,
        public_key: str | Path | None = None,
        pin: str | Path | None = None,
        allow_unsigned: bool = False,
        connections: Sequence[r.NewConnection] = (),
    ) -> Client:
        """A client of a bundle (``prompthub bundle make``), for use without a server. All of it is verified first.

        Args:
            path: the file.
            public_key: what ``prompthub bundle key`` prints, or a file with it; None: ``PROMPTHUB_BUNDLE_KEY``.
            pin: a file that remembers the key of the first bundle of a workspace, where no key is given.
            allow_unsigned: take a bundle without a signature.
            connections: to models, beside those of the environment and the local one.

        Raises:
            InvalidInput: the bundle cannot be read or trusted; the message says why.
        """
        from ..bundle import Trust, load_bundle
        from ..sources.bundle import BundleSource

        bundle = load_bundle(path, Trust(public_key, pin=pin, allow_unsigned=allow_unsigned))
        source = BundleSource(bundle, f"the bundle {path}", connections)
        made = cls(source=source)
        made._ids.update(source.ids)
        return made

    def __repr__(self) -> str:
        return f"<Client of {self.source.label}>"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections, or of the store."""
        if self._cache is not None:
            self._cache.close()
        self.source.close()

    def _changed(self, path: str) -> None:
        first, _, rest = path.partition("/")
        if _READS.fullmatch(path):
            return
        if self._cache is not None and first in ("prompts", "import"):
            named = rest.partition("/")[0]
            self._cache.forget(named if _UUID.fullmatch(named) else None)

    # ------------------------------------------------------------------ finding

    def list(
        self, search: str = "", *, tags: Sequence[str] = (), archived: bool = False
    ) -> Iterator[r.Prompt]:
        """All prompts that match, page by page."""
        yield from items_of(
            lambda cursor: self._call(
                r.PromptPage, "GET", "prompts", limit=200, search=search or None, tags=",".join(tags) or None,
                archived="true" if archived else None, cursor=cursor,
            )
        )  # fmt: skip

    def resolve(self, reference: str) -> r.Resolution:
        """The version that ``[workspace:]name[@ref]`` names now."""
        return self._call(r.Resolution, "GET", "resolve", ref=reference)

    def prompt(self, name: str) -> r.PromptDetail:
        """A prompt by name or id."""
        return self._call(r.PromptDetail, "GET", f"prompts/{self.prompt_id(name)}")

    def prompt_id(self, name: str) -> str:
        """The id of the prompt that ``name`` (or a reference, or an id) names."""
        if _UUID.fullmatch(name):
            return name
        plain = parse_reference(name).name
        if plain not in self._ids:
            found = self._call(r.PromptPage, "GET", "prompts", limit=200, search=plain)
            match = next((item.id for item in found.items if item.name == plain), None)
            if match is None:  # renamed (a redirect), or lower in the ranking
                match = self.resolve(plain).prompt_id
            self._ids[plain] = match
        return self._ids[plain]

    def get(self, reference: str) -> r.Version:
        """The version that ``[workspace:]name[@ref]`` names, from memory where it is known; the server's events keep
        that fresh. ``docs/client.md`` says how old an answer can be."""
        if self.lock is not None:
            reference = self.lock.pinned(reference)
        if self._cache is None:
            return self._ask_version(reference)
        return self._cache.get(reference)

    def cache_info(self) -> CacheInfo:
        """What :meth:`get` knows, whether it hears of changes, and whether the server is away."""
        return self._cache.info() if self._cache is not None else CacheInfo(0, 0, 0, live=False, away=False)

    def version(self, reference: str) -> r.Version:
        """As :meth:`get`, but asked for now; only a full SHA (a lock's too) is taken from memory."""
        fixed = self.lock is not None or _is_sha(reference)
        return self.get(reference) if fixed else self._ask_version(reference)

    def _ask_version(self, reference: str) -> r.Version:
        found = self.resolve(reference)
        self._ids[parse_reference(reference).name] = found.prompt_id
        if self.lock is not None:
            self.lock.check(found.version)
        return found.version

    # ------------------------------------------------------------------ changing

    def create(self, name: str | None = None, **fields: Any) -> r.PromptDetail:
        """A new prompt: ``title``, ``tags``, and ``content`` with ``parameters`` or a whole ``text``."""
        return self._call(r.PromptDetail, "POST", "prompts", r.NewPrompt(name=name, **fields))

    def save(
        self,
        name: str,
        text: str,
        message: str = "",
        *,
        branch: str = "main",
        expected_head: str | None = None,
    ) -> r.Version:
        """Save ``text`` (a whole ``.prompt`` file) as a version; ``created`` is False when nothing is new."""
        new = r.NewVersion(text=text, commit_message=message, branch=branch, expected_head=expected_head)
        return self._call(r.Version, "PUT", f"prompts/{self.prompt_id(name)}", new)

    def update(self, prompt: str, /, **fields: Any) -> r.PromptDetail:
        """Rename (``name``), retitle, describe, retag."""
        prompt_id = self.prompt_id(prompt)
        self._ids.clear()
        return self._call(r.PromptDetail, "PATCH", f"prompts/{prompt_id}", r.PromptPatch(**fields))

    def archive(self, name: str) -> r.PromptDetail:
        """Take a prompt out of the library; its versions stay, and :meth:`restore` brings it back."""
        return self._call(r.PromptDetail, "DELETE", f"prompts/{self.prompt_id(name)}")

    def restore(self, name: str) -> r.PromptDetail:
        """Bring an archived prompt back into the library."""
        return self._call(r.PromptDetail, "POST", f"prompts/{self.prompt_id(name)}/restore")

    def restore_version(self, reference: str, branch: str = "main") -> r.Draft:
        """Put the text of the version that ``name[@ref]`` names into the draft of a branch; the text before is kept."""
        path = f"prompts/{self.prompt_id(reference)}/drafts/{in_path(branch)}/restore"
        return self._call(r.Draft, "POST", path, r.RestoreDraft(version=parse_reference(reference).ref))

    def promote(self, reference: str, environment: str, reason: str = "") -> r.Deployment:
        """Serve a version in an environment."""
        body = r.Promote(
            environment=environment, version=parse_reference(reference).ref or "latest", reason=reason
        )
        return self._call(r.Deployment, "POST", f"prompts/{self.prompt_id(reference)}/promote", body)

    def rollback(self, name: str, environment: str, reason: str) -> r.Deployment:
        """Serve again what an environment served before."""
        body = r.Rollback(environment=environment, reason=reason)
        return self._call(r.Deployment, "POST", f"prompts/{self.prompt_id(name)}/rollback", body)

    # ------------------------------------------------------------------ running

    def _request(
        self, reference: str | None, inputs: Mapping[str, Any], options: Mapping[str, Any]
    ) -> dict[str, Any]:
        wanted = {key: value for key, value in options.items() if value is not None}
        if reference is None:
            request = r.ExecuteRequest(inputs=dict(inputs), **wanted)
            return request.model_dump(mode="json", exclude_unset=True)
        ref = parse_reference(reference if self.lock is None else self.lock.pinned(reference)).ref
        request = r.ExecuteRequest(
            prompt_id=self.prompt_id(reference), version=ref, inputs=dict(inputs), **wanted
        )
        return request.model_dump(mode="json", exclude_unset=True)

    def run(self, reference: str, inputs: Mapping[str, Any] | None = None, /, **variables: Any) -> Answer:
        """Run a prompt; the variables are keyword arguments, or a mapping when a name is not one.

        >>> hub.run("support/refund@production", user_message="Where is my order?")  # doctest: +SKIP
        """
        return self.execute(reference, {**(inputs or {}), **variables})

    def execute(self, reference: str | None, inputs: Mapping[str, Any], **options: Any) -> Answer:
        """As :meth:`run`, with options: ``model``, ``provider``, ``connection``, ``parameters``, ``text``,
        ``environment``, ``subject``, ``caller``, ``timeout_s``. None, with ``text``: a text that is no prompt of the
        library."""
        body = self._request(reference, inputs, options)
        return Answer.model_validate(self.source.request("POST", "execute", body=body))

    def stream(
        self, reference: str | None, inputs: Mapping[str, Any], **options: Any
    ) -> Iterator[str | Answer]:
        """Pieces of text as they come, then the whole :class:`Answer`. Closing it cancels the execution."""
        for event, data in self.source.stream(self._request(reference, inputs, options)):
            if event == "delta":
                yield str(data["text"])
            elif event == "result":
                yield Answer.model_validate(data)
            elif event == "error":
                raise error_from(data, 502)

    def render(
        self, reference: str, inputs: Mapping[str, Any] | None = None, /, **variables: Any
    ) -> r.Rendered:
        """The messages that :meth:`run` would send, rendered here with the snippets of the version's lock."""
        version = self.get(reference)
        compiled = self._compiled.get(version.sha)
        if compiled is None:
            from ..core.prompt import compile

            compiled = compile(version.text, snippets=self._snippets(version))
            if len(self._compiled) >= _COMPILED:
                self._compiled.clear()
            self._compiled[version.sha] = compiled
        return compiled.render({**(inputs or {}), **variables})

    def _snippets(self, version: r.Version) -> dict[str, str]:
        texts: dict[str, str] = {}
        waiting = list(version.content.snippets)
        while waiting:
            name = waiting.pop()
            if name in texts:
                continue
            prompt_id = self.prompt_id(name)
            if prompt_id not in version.lock:
                raise NotFound(f"the lock of {version.short} has no snippet {name!r}; save the prompt again")
            got = self.get(f"{prompt_id}@{version.lock[prompt_id]}")
            texts[name] = got.text
            waiting.extend(got.content.snippets)
        return texts

    def check(
        self, text: str, *, prompt: str | None = None, inputs: Mapping[str, Any] | None = None
    ) -> r.Checked:
        """What is wrong with a text, its variables, and (with ``inputs``) its rendered messages."""
        body = r.CheckText(
            text=text,
            prompt_id=self.prompt_id(prompt) if prompt else None,
            inputs=dict(inputs) if inputs is not None else None,
        )
        return self._call(r.Checked, "POST", "check", body)

    def export_as(self, reference: str, format: str) -> r.WrittenFile:
        """A version as a file in another tool's format, and what is not in it."""
        path = f"prompts/{self.prompt_id(reference)}/versions/{in_path(parse_reference(reference).ref)}/file"
        return self._call(r.WrittenFile, "GET", path, format=r.FileFormat(format).value)

    def write(self, reference: str, path: str | Path) -> Path:
        """Write a version's text to a ``.prompt`` file."""
        target = Path(path)
        target.write_text(self.version(reference).text, encoding="utf-8", newline="")
        return target


def _is_sha(reference: str) -> bool:
    return _SHA.fullmatch(reference.rpartition("@")[2]) is not None


def _is_fixed(reference: str) -> bool:
    """Whether it names one version for good: by a SHA, or the first digits of one."""
    _, at, ref = reference.rpartition("@")
    return bool(at) and is_sha_prefix(ref)
