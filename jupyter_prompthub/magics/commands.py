"""What ``%prompthub`` and ``%%prompthub`` do."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from html import escape
from typing import Any, Literal, NoReturn

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.display import clear_output, display
from pydantic import ValidationError

from ..cli.output import table
from ..client import Answer, Client
from ..core.errors import ContractError, InvalidInput, NotFound, PromptHubError
from ..core.names import parse_reference
from ..core.promptfile import brings_front_matter, with_body
from ..core.records import CallerInfo, PromptOutput, Variable, Version
from ..lock import Lock
from ..status import HEADER, Ran, compared, drifted, table_rows
from ..widgets.show import Rich, answer_html, answer_line, table_html
from .parsing import OF_USED, cell_parser, help_rows, line_parser, split
from .provenance import provenance
from .running import run_command

__all__ = ["PromptHubMagics"]

_MOST_RECORDS = 200


@magics_class
class PromptHubMagics(Magics):
    """The magics of one kernel."""

    def __init__(self, shell: InteractiveShell, client: Callable[[], Client] = Client) -> None:
        super().__init__(shell)
        self._connect = client
        self._found: Client | None = None
        self._used: str | None = None
        self._ran: dict[tuple[str, str], Ran] = {}
        """what each cell of this session ran last, by its reference"""

    @property
    def hub(self) -> Client:
        """The client, found when first needed."""
        if self._found is None:
            self._found = self._connect()
        return self._found

    @property
    def _names(self) -> dict[str, Any]:
        """The notebook's variables."""
        assert self.shell is not None
        names: dict[str, Any] = self.shell.user_ns
        return names

    @no_var_expand  # a value is data: `$name` is looked up here, whole, and is not cut at its spaces
    @line_cell_magic
    def prompthub(self, line: str, cell: str | None = None) -> object:
        """Prompts from the library; ``%prompthub help`` lists what there is."""
        try:
            return self._line(line) if cell is None else self._cell(line, cell)
        except PromptHubError as error:
            return self._failed(error)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            return self._failed(InvalidInput(f"{where}: {first['msg']}"))

    def _failed(self, error: PromptHubError) -> NoReturn:
        """End the cell with a plain sentence: a run of the whole notebook stops here, without a traceback."""
        places = [
            f"  line {p['line']}, column {p['column']}: {p['message']}"
            for p in error.details.get("problems", [])
            if isinstance(p, dict) and {"line", "column", "message"} <= p.keys()
        ]
        if isinstance(error, NotFound) and (missing := error.details.get("branch")):
            places.append(f"  `%prompthub branch NAME {missing}` makes it")
        raise _Said("\n".join([error.message, *places])) from None

    # ------------------------------------------------------------------ %prompthub

    def _line(self, line: str) -> object:
        words = split(line)
        ours = words[: words.index("--")] if "--" in words else words  # after it stands a program's line
        if not {"-h", "--help"}.isdisjoint(ours):
            words = ["help"]
        if "-" in ours:
            raise InvalidInput("a notebook has no standard input: name a file in place of -")
        options = line_parser().parse_args(words)
        if options.locked is not None:
            said = self._lock(on=options.locked == "on")
            if options.command is None:
                return _rich(said)
        if options.command in OF_USED:
            self._fill(options)
        match options.command:
            case None | "help":
                head, rows = ("write", "to"), help_rows()
                return Rich(table_html(head, rows), "\n".join(table(rows, head)))
            case "use":
                return self._use(options.reference)
            case "run":
                self._run(options.reference, options)
                return None
            case "playground":
                from ..widgets.playground import playground

                return playground(options.reference, client=self.hub)
            case "status":
                return self._status()
        shown, saved = run_command(self.hub, options)
        if shown is not None and saved is not None:
            shown.metadata = self._record("save", *saved).model_dump(mode="json")
        return shown

    def _fill(self, options: argparse.Namespace) -> None:
        """Name the prompt in use where the line names none; its ref is for what is about one version."""
        for place in ("name", "reference"):
            if hasattr(options, place) and getattr(options, place) is None:
                if self._used is None:
                    raise InvalidInput("which prompt? `%prompthub use NAME@REF` first, or name it")
                plain = parse_reference(self._used).name
                setattr(options, place, plain if place == "name" else self._used)

    def _lock(self, *, on: bool) -> str:
        """For this kernel: clients that are made later look at the environment."""
        lock = Lock.find() if on else None
        os.environ["PROMPTHUB_LOCKED"] = "1" if on else "0"
        self.hub.lock = lock
        if lock is None:
            return "not locked: refs mean what they name now"
        return f"locked: refs mean what {lock.path} has for them ({', '.join(sorted(lock.prompts)) or 'nothing'})"

    def _remember(self, record: PromptOutput) -> PromptOutput:
        assert self.shell is not None
        # as its output is numbered: some IPythons count up before a cell runs, others after it
        label = f"[{self.shell.displayhook.prompt_count}]"
        cell = _caller().cell_id or label
        for key, ran in list(self._ran.items()):
            if key[0] == cell and (ran.cell != label or key[1] == record.reference):
                del self._ran[key]  # the cell runs again, or runs the same again
        self._ran[cell, record.reference] = Ran(label, record)
        if len(self._ran) > _MOST_RECORDS:
            del self._ran[next(iter(self._ran))]
        return record

    def _record(
        self, kind: Literal["run", "use", "save"], reference: str, version: Version, **more: Any
    ) -> PromptOutput:
        locked = kind != "save" and self.hub.lock is not None
        return self._remember(provenance(kind, reference, version, locked=locked, **more))

    def _use(self, reference: str) -> Rich:
        version = self.hub.version(reference)
        self._used = reference
        text = f"{reference} is {version.short} ({version.commit_message}), from {self.hub.source.label}"
        return _rich(text, self._record("use", reference, version))

    def _status(self) -> Rich:
        me = self.hub.me()
        lines = [f"{self.hub.source.label}: {me.actor.display_name}, {me.role} of {me.workspace.name}"]
        if self._used:
            lines.append(f"using {self._used}")
        if self.hub.lock is not None:
            lines.append(f"locked by {self.hub.lock.path}")
        pairs = compared(self.hub, list(self._ran.values()))
        if not pairs:
            return _rich("\n".join([*lines, "no cell of this session has run a prompt yet"]))
        moved, found = len(drifted(pairs)), table_rows(pairs)
        lines.append(
            f"{moved} of {len(pairs)} cells would run another version now"
            if moved
            else "all cells are up to date"
        )
        text = "\n".join(lines)
        return Rich(_pre(text) + table_html(HEADER, found), "\n".join([text, *table(found, HEADER)]))

    def _run(self, reference: str, options: argparse.Namespace, text: str | None = None) -> None:
        version = self.hub.version(reference)
        variables = version.content.variables
        if text is not None:
            variables = self.hub.check(text, prompt=reference).variables
        inputs = {**self.hub.sample(reference, options.sample).inputs} if options.sample else {}
        inputs |= self._inputs(options, variables)
        chosen = {"model": options.model, "connection": options.connection, "text": text, "caller": _caller()}
        shown = ""
        for piece in self.hub.stream(reference, inputs, **chosen):
            if isinstance(piece, Answer):
                ran = piece.metadata.version_sha
                if text is None and ran is not None and ran != version.sha:  # the ref moved just now
                    version = self.hub.get(f"{version.prompt_id}@{ran}")
                self._show(piece, self._record("run", reference, version, answer=piece, text=text))
                if options.into:
                    self._names[options.into] = piece
            else:
                shown += piece
                clear_output(wait=True)  # type: ignore[no-untyped-call]
                display({"text/plain": shown}, raw=True)  # type: ignore[no-untyped-call]

    def _show(self, answer: Answer, record: PromptOutput) -> None:
        clear_output(wait=True)  # type: ignore[no-untyped-call]
        text = f"{answer.text}\n\n{answer_line(answer.metadata)}"
        display(Rich(answer_html(answer), text, record.model_dump(mode="json")))  # type: ignore[no-untyped-call]

    def _inputs(self, options: argparse.Namespace, variables: tuple[Variable, ...]) -> dict[str, Any]:
        inputs: dict[str, Any] = {}
        if options.inputs:
            found = self._names.get(options.inputs)
            if not isinstance(found, dict):
                raise InvalidInput(
                    f"--inputs {options.inputs}: expected the name of a dict, got {type(found).__name__}"
                )
            inputs.update(found)
        types = {variable.name: variable.type for variable in variables}
        for pair in options.var:
            name, equals, value = pair.partition("=")
            if not equals:
                raise InvalidInput(f"--var {pair}: expected name=value")
            if value.startswith("$") and value[1:] in self._names:
                inputs[name] = self._names[value[1:]]
            elif types.get(name, "string") in ("string", "enum", "any"):
                inputs[name] = value
            else:
                try:
                    inputs[name] = json.loads(value)
                except ValueError as error:
                    raise ContractError(
                        f"--var {name}: expected {types[name]} as JSON, got {value!r}"
                    ) from error
        return inputs

    # ------------------------------------------------------------------ %%prompthub

    def _cell(self, line: str, cell: str) -> object:
        options = cell_parser().parse_args(split(line))
        name = parse_reference(options.name).name
        reference = f"{name}@{options.branch}"
        text = cell
        if not brings_front_matter(cell):
            text = with_body(self._head(reference, options).text, cell)
        if options.save is not None:
            saved = self.hub.save(name, text, options.save, branch=options.branch)
            said = f"{name}@{saved.short}" + ("" if saved.created else " (nothing new: this is the head)")
            return _rich(said, self._record("save", reference, saved))
        self._run(reference, options, text)
        return None

    def _head(self, reference: str, options: argparse.Namespace) -> Version:
        """What a cell's text goes into; what is saved stands on the branch, lock or not."""
        try:
            if options.save is None:
                return self.hub.version(reference)
            return self.hub.resolve(reference).version
        except NotFound as error:
            if "ref" in error.details:
                raise NotFound(error.message, details={"branch": options.branch}) from error
            raise


class _Said(Exception):
    """A sentence for the reader of a notebook, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"PromptHub: {self}"]


def _caller() -> CallerInfo:
    """Which notebook and cell this is, as far as the kernel was told."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    parent = getattr(shell, "parent_header", None) or {}
    metadata = getattr(getattr(shell, "kernel", None), "_parent_metadata", None) or {}
    cell = metadata.get("cellId") or parent.get("metadata", {}).get("cellId")
    return CallerInfo(kind="notebook", notebook=os.environ.get("JPY_SESSION_NAME"), cell_id=cell)


def _rich(text: str, record: PromptOutput | None = None) -> Rich:
    return Rich(_pre(text), text, record.model_dump(mode="json") if record else None)


def _pre(text: str) -> str:
    return f'<div style="white-space: pre-wrap">{escape(text)}</div>'
