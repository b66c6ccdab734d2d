"""A bundle as a source: what it holds can be found, read, compared, rendered and run; nothing can be changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from pydantic import BaseModel

from ..bundle import Bundle, BundledPrompt
from ..core import records as r
from ..core.compatibility import Contract, compatibility
from ..core.diff import diff
from ..core.errors import InvalidInput, NotFound, PromptHubError
from ..core.names import LATEST, is_sha_prefix, parse_reference
from .base import Listener, ServerEvent

if TYPE_CHECKING:
    from .bundle_models import BundleModels

__all__ = ["BundleSource", "ReadOnly"]

_NOBODY = r.ActorRef(id="", display_name="")


class ReadOnly(PromptHubError):
    """A bundle holds what it holds."""

    code: ClassVar[str] = "read_only"
    status: ClassVar[int] = 405


class BundleSource:
    """Answers the reading part of the REST table from a bundle.

    Args:
        bundle: what was opened.
        label: what to call it.
        connections: to models, beside those of the environment and the local one.
    """

    def __init__(self, bundle: Bundle, label: str, connections: Sequence[r.NewConnection] = ()) -> None:
        self.label = label
        self._bundle, self._connections = bundle, tuple(connections)
        self._prompts = {one.id: one for one in bundle.index.prompts}
        self._names = {name: one for one in bundle.index.prompts for name in (*one.former, one.name)}
        self._models: BundleModels | None = None
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., BaseModel]], ...] = (
            (re.compile(r"me"), self._me),
            (re.compile(r"prompts"), self._list),
            (re.compile(r"prompts/([^/]+)"), self._prompt),
            (re.compile(r"prompts/([^/]+)/versions"), self._history),
            (re.compile(r"prompts/([^/]+)/versions/([^/]+)"), self._version),
            (re.compile(r"prompts/([^/]+)/compare/([^/]+?)\.\.\.([^/]+)"), self._compare),
            (re.compile(r"prompts/([^/]+)/callers"), self._callers),
            (re.compile(r"resolve"), self._resolve),
            (re.compile(r"models"), lambda query: self.models.list()),
        )

    @property
    def ids(self) -> dict[str, str]:
        """Prompt ids by name, by former name too."""
        return {name: one.id for name, one in self._names.items()}

    @property
    def models(self) -> BundleModels:
        """Who answers here."""
        if self._models is None:
            from .bundle_models import BundleModels

            self._models = BundleModels(self._connections)
        return self._models

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        if (method, path) == ("POST", "execute"):
            for event, data in self.stream(body or {}):
                if event == "result":
                    return data
        if method == "GET":
            for pattern, answer in self._routes:
                if (hit := pattern.fullmatch(path)) is not None:
                    parts = [unquote(part) for part in hit.groups()]
                    return answer(query or {}, *parts).model_dump(mode="json", by_alias=True)
        raise ReadOnly(
            f"{self.label} is read-only: it can list, read, compare, render and run what it holds. For "
            f"{method} {path.partition('/')[0]} connect to a server: Client(url, token)"
        )

    def stream(self, body: Mapping[str, Any]) -> Iterator[ServerEvent]:
        asked = r.ExecuteRequest.model_validate({**body, "stream": True})
        if asked.prompt_id is None or asked.text is not None:
            raise ReadOnly(
                f"{self.label} runs the versions that it holds; to run a text connect to a server: Client(url, token)"
            )
        prompt = self._at(asked.prompt_id)
        ref = asked.version
        if asked.environment is not None and ref == LATEST:
            ref = asked.environment
        version = self._find(prompt, ref)
        yield from self.models.stream(asked, version, self._snippets(version))

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Nothing changes in a bundle."""
        listener.live(missed=False)
        return lambda: None

    def close(self) -> None:
        if self._models is not None:
            self._models.close()

    # ------------------------------------------------------------------ finding

    def _at(self, prompt_id: str) -> BundledPrompt:
        found = self._prompts.get(prompt_id) or self._names.get(prompt_id)
        if found is None:
            names = ", ".join(sorted(one.name for one in self._bundle.index.prompts if one.refs)[:12])
            raise NotFound(f"there is no prompt {prompt_id!r} in {self.label}; it holds {names or 'none'}")
        return found

    def _find(self, prompt: BundledPrompt, ref: str) -> r.Version:
        if sha := prompt.refs.get(ref):
            return self._bundle.versions[sha]
        if is_sha_prefix(ref.lower()):
            mine = [
                version
                for sha, version in self._bundle.versions.items()
                if version.prompt_id == prompt.id and sha.startswith(ref.lower())
            ]
            if len(mine) == 1:
                return mine[0]
            if mine:
                raise InvalidInput(f"the SHA prefix {ref!r} fits several versions; give more digits")
        refs = ", ".join(sorted(prompt.refs)) or "none"
        raise NotFound(
            f"{self.label} has no version {ref!r} of {prompt.name}; it has {refs}", details={"ref": ref}
        )

    def _snippets(self, version: r.Version) -> dict[str, str]:
        """Texts by the names that templates call them."""
        texts: dict[str, str] = {}
        waiting = list(version.content.snippets)
        while waiting:
            name = waiting.pop()
            if name not in texts:
                snippet = self._bundle.versions[version.lock[self._at(name).id]]
                texts[name] = snippet.text
                waiting.extend(snippet.content.snippets)
        return texts

    def _lock(self, version: r.Version) -> dict[str, str]:
        """The SHAs of the snippets that it includes itself, by the names that its template calls them."""
        return {name: version.lock[self._at(name).id] for name in version.content.snippets}

    def _contract(self, version: r.Version) -> Contract:
        return Contract.of_text(version.content, version.text, self._snippets(version))

    # ------------------------------------------------------------------ answers

    def _me(self, query: Mapping[str, str]) -> r.Me:
        workspace = r.Workspace(id=self._bundle.workspace_id, name=self._bundle.workspace)
        actor = r.ActorRef(id="", display_name="a reader of a bundle", kind="bundle")
        permissions = ("prompt:read", "prompt:execute")
        return r.Me(
            actor=actor,
            workspace=workspace,
            role="viewer",
            permissions=permissions,
            mode="laptop",
            via="bundle",
        )

    def _record(self, one: BundledPrompt) -> dict[str, Any]:
        head = one.refs.get(LATEST)
        served = tuple(
            r.ServedIn(environment=name, version_sha=sha, short=sha[:12])
            for name, sha in sorted(one.refs.items())
            if name in self._bundle.index.environments
        )
        mine = [each for each in self._bundle.versions.values() if each.prompt_id == one.id]
        times = sorted(each.created_at for each in mine)
        return {
            **one.model_dump(include={"id", "name", "title", "description", "tags"}),
            "workspace_id": self._bundle.workspace_id,
            "created_at": times[0],
            "updated_at": times[-1],
            "created_by": _NOBODY,
            "head": self._bundle.versions[head] if head else None,
            "versions": len(mine),
            "served": served,
        }

    def _list(self, query: Mapping[str, str]) -> r.PromptPage:
        words = query.get("search", "").lower().split()
        tags = {tag for tag in query.get("tags", "").split(",") if tag}
        found = [
            r.Prompt(**self._record(one))
            for one in sorted(self._prompts.values(), key=lambda one: one.name)
            if one.refs
            and tags <= set(one.tags)
            and all(word in f"{one.name} {one.title} {one.description}".lower() for word in words)
        ]
        return r.PromptPage(items=tuple(found), limit=max(len(found), 1), total=len(found))

    def _prompt(self, query: Mapping[str, str], prompt_id: str) -> r.PromptDetail:
        one = self._at(prompt_id)
        head = self._bundle.versions.get(one.refs.get(LATEST, ""))
        more = (
            {"text": head.text, "variables": head.content.variables, "parameters": head.content.parameters}
            if head
            else {}
        )
        return r.PromptDetail(**self._record(one), **more)

    def _history(self, query: Mapping[str, str], prompt_id: str) -> r.VersionPage:
        one = self._at(prompt_id)
        mine = [each for each in self._bundle.versions.values() if each.prompt_id == one.id]
        mine.sort(key=lambda each: -each.number)
        return r.VersionPage(items=tuple(mine), limit=max(len(mine), 1))

    def _version(self, query: Mapping[str, str], prompt_id: str, ref: str) -> r.Version:
        return self._find(self._at(prompt_id), ref)

    def _compare(self, query: Mapping[str, str], prompt_id: str, base: str, head: str) -> r.Comparison:
        prompt = self._at(prompt_id)
        old, new = self._find(prompt, base), self._find(prompt, head)
        return r.Comparison(
            base=old,
            head=new,
            diff=diff(
                old.content,
                new.content,
                text_a=old.text,
                text_b=new.text,
                lock_a=self._lock(old),
                lock_b=self._lock(new),
            ),
            compatibility=compatibility(self._contract(old), self._contract(new)),
        )

    def _callers(self, query: Mapping[str, str], prompt_id: str) -> r.CallerList:
        self._at(prompt_id)
        return r.CallerList()  # nothing is recorded without a server

    def _resolve(self, query: Mapping[str, str]) -> r.Resolution:
        reference = parse_reference(query.get("ref", ""))
        if reference.workspace not in (None, self._bundle.workspace):
            raise NotFound(f"{self.label} is of the workspace {self._bundle.workspace!r}")
        prompt = self._at(reference.name)
        return r.Resolution(
            workspace_id=self._bundle.workspace_id,
            prompt_id=prompt.id,
            name=prompt.name,
            ref=reference.ref,
            version=self._find(prompt, reference.ref),
            environment=reference.ref if reference.ref in self._bundle.index.environments else None,
        )
