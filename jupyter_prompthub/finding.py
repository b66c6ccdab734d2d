"""Which prompts a project uses: references in notebooks and Python files, as far as they are written out."""

from __future__ import annotations

import argparse
import ast
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .core.errors import InvalidInput, PromptHubError
from .lock import full_reference
from .magics.parsing import cell_parser, line_parser, split

__all__ = ["code_cells", "files_in", "references_in"]

_METHODS = {"execute", "get", "render", "run", "stream", "version", "write"}
_SUFFIXES = (".ipynb", ".py")


def files_in(path: Path) -> list[Path]:
    """Notebooks and Python files: the one that ``path`` is, or those below it.

    Raises:
        InvalidInput: nothing is there, or it is neither.
    """
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file()]
        return sorted(file for file in found if not _hidden(file.relative_to(path)))
    if not path.exists():
        raise InvalidInput(f"there is no {path}; expected a notebook, a Python file, a folder or NAME@REF")
    if path.suffix not in _SUFFIXES:
        raise InvalidInput(f"{path}: expected a notebook (.ipynb) or a Python file (.py)")
    return [path]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in ("node_modules", "__pycache__", "venv") for part in path.parts)


def code_cells(path: Path) -> list[Any]:
    """The code cells of a notebook, as nbformat has them.

    Raises:
        InvalidInput: it cannot be read.
    """
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without ids, of notebooks that are older than ids
            book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:  # many kinds, by what is wrong with the file
        raise InvalidInput(
            f"{path} cannot be read as a notebook: {type(error).__name__}: {str(error)[:200]}"
        ) from error
    return [cell for cell in book.cells if cell.cell_type == "code"]


def references_in(path: Path) -> set[str]:
    """The full references that a file uses.

    Raises:
        InvalidInput: it cannot be read.
    """
    if path.suffix == ".ipynb":
        from IPython.core.inputtransformer2 import TransformerManager

        transform = TransformerManager().transform_cell  # type: ignore[no-untyped-call]
        sources = [transform(str(cell.source)) for cell in code_cells(path)]
    else:
        try:
            sources = [path.read_text("utf-8")]
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path} cannot be read: {error}") from error
    found: set[str] = set()
    clients: set[str] = set()
    for source in sources:
        found |= _of_python(source, clients)
    return found


def _parsed(parser: argparse.ArgumentParser, rest: str) -> argparse.Namespace | None:
    try:
        return parser.parse_args(split(rest))
    except PromptHubError:
        return None  # a line that fails when it is run


def _full(reference: object) -> set[str]:
    try:
        return {full_reference(reference)} if isinstance(reference, str) else set()
    except InvalidInput:
        return set()  # $name, or a string that names no prompt


def _of_line(rest: str) -> set[str]:
    options = _parsed(line_parser(), rest)
    return _full(options.reference) if options is not None and options.command in ("use", "run") else set()


def _of_cell(rest: str) -> set[str]:
    options = _parsed(cell_parser(), rest)
    return set() if options is None else _full(f"{options.name.partition('@')[0]}@{options.branch}")


def _of_python(source: str, clients: set[str]) -> set[str]:
    """Calls on clients, and magics; ``clients`` collects the names that hold a client, from cell to cell."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    clients.update(filter(None, _named(ast.walk(tree))))
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        match node.func.attr, texts:
            case "run_line_magic", ["prompthub", str(rest)]:
                found |= _of_line(rest)
            case "run_cell_magic", ["prompthub", str(rest), str()]:
                found |= _of_cell(rest)
            case method, [str(reference), *_] if method in _METHODS:
                if _makes_client(node.func.value) or _name(node.func.value) in clients:
                    found |= _full(reference)
    return found


def _named(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if (
            isinstance(node, ast.Assign | ast.AnnAssign)
            and node.value is not None
            and _makes_client(node.value)
        ):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from map(_name, targets)
        if isinstance(node, ast.withitem) and node.optional_vars and _makes_client(node.context_expr):
            yield _name(node.optional_vars)


def _name(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def _makes_client(node: ast.AST) -> bool:
    """``Client(…)``, ``jupyter_prompthub.Client(…)``, ``Client.from_bundle(…)``."""
    if not isinstance(node, ast.Call):
        return False
    return _name(node.func).removesuffix(".from_bundle").rpartition(".")[2] == "Client"
