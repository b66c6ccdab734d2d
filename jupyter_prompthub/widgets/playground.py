"""The playground: a prompt's variables as fields, a model, Run and Cancel, the answer as it comes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from ..client import Answer, Client
from ..core.errors import InvalidInput, PromptHubError
from ..core.records import CallerInfo, Variable
from .show import answer_html

__all__ = ["Playground", "playground"]

_WIDE = {"description_width": "120px"}


class Playground(w.VBox):  # type: ignore[misc]
    """A prompt to try in a notebook.

    Args:
        reference: ``name[@ref]``.
        client: where to run it.

    Attributes:
        answer: the last :class:`~jupyter_prompthub.client.Answer`, or None.
        inputs: what the fields hold now.
    """

    def __init__(self, reference: str, client: Client) -> None:
        self._client = client
        self._reference = reference
        self._version = client.version(reference)
        self.answer: Answer | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._fields = {v.name: _field(v) for v in self._version.content.variables}
        models = client.models()
        own = self._version.content.model or models.default
        refs = list(dict.fromkeys([*([own] if own else []), *(m.ref for m in models.items if m.ready)]))
        self._model = w.Dropdown(
            options=refs, value=own if own in refs else None, description="model", style=_WIDE
        )
        self._run = w.Button(description="Run", button_style="primary", icon="play")
        self._cancel = w.Button(description="Cancel", icon="stop", disabled=True)
        self._out = w.HTML(layout=w.Layout(margin="8px 0 0 0"))
        self._run.on_click(lambda _: self.run())
        self._cancel.on_click(lambda _: self.cancel())
        title = w.HTML(f"<b>{escape(reference)}</b> <code>{self._version.short}</code>")
        buttons = w.HBox([self._run, self._cancel])
        super().__init__(
            [title, *(field for field, _ in self._fields.values()), self._model, buttons, self._out]
        )

    @property
    def inputs(self) -> dict[str, Any]:
        """The fields' values; an optional field that is empty is left out.

        Raises:
            InvalidInput: a field that should hold JSON does not.
        """
        inputs: dict[str, Any] = {}
        for variable in self._version.content.variables:
            field, read = self._fields[variable.name]
            if field.value in ("", None) and not variable.required:
                continue
            try:
                inputs[variable.name] = read(field.value)
            except ValueError as error:
                raise InvalidInput(f"{variable.name}: expected {variable.type} as JSON ({error})") from error
        return inputs

    def run(self) -> None:
        """Start a run; the answer streams in. A second call while one runs does nothing."""
        if self._thread is not None and self._thread.is_alive():
            return
        try:
            inputs = self.inputs
        except PromptHubError as error:
            self._say(error)
            return
        self._stop.clear()
        self._run.disabled, self._cancel.disabled = True, False
        self._out.value = "…"
        self._thread = threading.Thread(
            target=self._work, args=(inputs,), daemon=True, name="prompthub-playground"
        )
        self._thread.start()

    def cancel(self) -> None:
        """Stop the run; what has come so far stays visible."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the run to end (for scripts and tests)."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _work(self, inputs: dict[str, Any]) -> None:
        text = ""
        stream = self._client.stream(
            self._reference, inputs, model=self._model.value, caller=CallerInfo(kind="playground")
        )
        try:
            for piece in stream:
                if self._stop.is_set():
                    self._out.value = f"{_text(text)}<i>cancelled</i>"
                    return
                if isinstance(piece, Answer):
                    self.answer = piece
                    self._out.value = answer_html(piece)
                else:
                    text += piece
                    self._out.value = _text(text)
        except PromptHubError as error:
            self._say(error)
        finally:
            stream.close()  # type: ignore[attr-defined]
            self._run.disabled, self._cancel.disabled = False, True

    def _say(self, error: PromptHubError) -> None:
        self._out.value = f'<div style="color: var(--jp-error-color1, #c00)">{escape(error.message)}</div>'


def _text(text: str) -> str:
    return f'<div style="white-space: pre-wrap">{escape(text)}</div>'


def _field(variable: Variable) -> tuple[Any, Callable[[Any], Any]]:
    """The widget for a variable, and how its value becomes an input."""
    start = variable.default if variable.has_default else None
    shared = {
        "description": variable.name,
        "tooltip": variable.description,
        "style": _WIDE,
        "layout": w.Layout(width="95%"),
    }
    if options := variable.schema_.get("enum"):
        return w.Dropdown(options=options, value=start if start in options else options[0], **shared), _same
    match variable.type:
        case "boolean":
            return w.Checkbox(value=bool(start), **shared), _same
        case "integer":
            return w.Text(value="" if start is None else str(start), **shared), int
        case "number":
            return w.Text(value="" if start is None else str(start), **shared), float
        case "array" | "object":
            value = "" if start is None else json.dumps(start, ensure_ascii=False)
            return w.Textarea(value=value, placeholder=f"JSON {variable.type}", **shared), json.loads
    return w.Textarea(
        value=start or "", placeholder=variable.description or "\u200b", rows=2, **shared
    ), _same


def _same(value: Any) -> Any:
    return value


def playground(reference: str, *, client: Client | None = None) -> Playground:
    """A playground for a prompt; the client is found when none is given."""
    return Playground(reference, client or Client())
