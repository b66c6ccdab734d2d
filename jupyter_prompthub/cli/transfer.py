"""Commands that bring prompts in and write them out, in the formats of ``docs/interchange.md``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from os.path import isdir, isfile, islink
from pathlib import Path

from ..client import Client
from ..core import interchange
from ..core import records as r
from ..core.errors import InvalidInput
from ..core.names import slugify
from .output import Exit, Output
from .prompts import read_text

__all__ = ["export", "import_"]

_IN_FOLDERS = (".prompt", ".prompty")
"""what is taken out of a folder; any file can be named itself"""
_PIPED = ("standard input", "pipe")
"""what has no name of its own, as it is called in messages"""
_TOLD = 5
"""refusals that a message tells"""


def import_(client: Client, options: Namespace, out: Output) -> Exit:
    """Bring in files of any known format, folders of them, or an export: all or nothing."""
    read = [
        interchange.read(name, read_text(path), r.FileFormat(options.format))
        for path, name in _files(options.paths, out)
    ]
    found = _found(read, options)
    for one in read:
        if one.path in _PIPED and one.format is r.FileFormat.PLAIN and options.format == "auto":
            out.note(f"{one.path}: taken as plain text; --format says otherwise")
        for loss in one.losses:
            out.note(f"{one.path}: {loss.place}: {loss.message}")
    losses = {one.path: one.losses for one in read if one.losses}
    if options.dry_run:
        return _foretell(client, read, found, options, out)
    items = tuple(item for _, item in found)
    report = client.import_(r.ImportRequest(items=items, on_conflict=options.on_conflict))
    lines = [
        f"{word} {name}"
        for word in ("created", "updated", "skipped", "drafts")
        for name in getattr(report, word)
    ]
    for name, problems in report.problems.items():
        lines.extend(f"{name}:{p.line}:{p.column}: {p.message}" for p in problems)
    said = report.model_dump(mode="json")
    said["losses"] = {path: [loss.model_dump() for loss in found] for path, found in losses.items()}
    out.show(said, lines)
    return Exit.FAILED if report.drafts else Exit.PASSED


def _files(paths: Sequence[str], out: Output) -> Iterator[tuple[str, str]]:
    """Each file, and how it is called: in a folder by its path from there.

    A folder may be somebody else's, and a link in it may lead to any file of this machine: none is followed. What is
    named itself may be a link.
    """
    for given in paths:
        path = Path(given)
        if not isdir(path):
            yield given, _called(path)
            continue
        inside = path.resolve()
        found = []
        for file in sorted(path.rglob("*")):
            wanted = file.suffix in _IN_FOLDERS and isfile(file)
            if islink(file) or (wanted and not file.resolve().is_relative_to(inside)):
                if file.suffix in _IN_FOLDERS or isdir(file):
                    out.note(
                        f"{file}: a link, which is not followed in a folder; name it itself to import it"
                    )
            elif wanted:
                found.append(file)
        if not found:
            raise InvalidInput(f"{given} holds no {' or '.join(_IN_FOLDERS)} file")
        for file in found:
            yield str(file), file.relative_to(path).as_posix()


def _called(path: Path) -> str:
    """A file's name; that of a pipe which the shell made (``<(…)``) is but a number."""
    if str(path) == "-":
        return _PIPED[0]
    try:
        return _PIPED[1] if path.is_fifo() and not path.suffix else path.name
    except OSError:
        return path.name  # reading it says why


def _found(read: Sequence[r.FileRead], options: Namespace) -> list[tuple[r.FileRead, r.ImportItem]]:
    """The prompts of all files, each with its file.

    Raises:
        InvalidInput: a file or a prompt is refused, or has no name.
    """
    refused = [f"{one.path}: {one.refused}" for one in read if one.refused]
    refused += [f"{one.path}: {bad.name}: {bad.message}" for one in read for bad in one.bad]
    if refused:
        said = "; ".join(line.removesuffix(".") for line in refused[:_TOLD])
        more = f" (and {len(refused) - _TOLD} more)" if len(refused) > _TOLD else ""
        raise InvalidInput(f"{said}{more}. Nothing was imported.")
    found = [(one, _item(item, one, options)) for one in read for item in one.items]
    if options.name:
        if len(found) != 1:
            raise InvalidInput(f"--name fits one prompt; there are {len(found)}. Leave it out.")
        return [(one, item.model_copy(update={"name": options.name})) for one, item in found]
    for one, item in found:
        if one.path in _PIPED and item.name.partition("/")[0] == slugify(one.path):
            raise InvalidInput(
                f"{one.path} has no name to call its prompt by; say --name NAME, or import a file. "
                "Nothing was imported."
            )
    return found


def _foretell(
    client: Client,
    read: Sequence[r.FileRead],
    found: Sequence[tuple[r.FileRead, r.ImportItem]],
    options: Namespace,
    out: Output,
) -> Exit:
    """Say what an import would do with each prompt; fails where that would."""
    there = options.on_conflict == "fail"
    preview = client.preview_import(
        [item for _, item in found], "new_version" if there else options.on_conflict
    )
    lines, passes = [], not preview.refused
    for (one, _), item in zip(found, preview.items, strict=True):
        message = item.message
        if there and item.state in ("changed", "same"):
            message = "there already; say --on-conflict skip or new_version"
        elif item.drafts:
            message = f"it would be a draft{_where(item)}"
        passes = passes and not message
        lines.append(
            f"{item.state} {item.name} ({one.path}, {one.format})" + (f": {message}" if message else "")
        )
        lines.extend(f"{item.name}:{p.line}:{p.column}: {p.message}" for p in item.problems)
    if preview.refused:
        lines.append(f"refused: {preview.refused}")
    said: dict[str, object] = {"files": [one.model_dump(mode="json") for one in read]}
    out.show(said | preview.model_dump(mode="json"), lines)
    return Exit.PASSED if passes else Exit.FAILED


def _where(item: r.ImportPreviewItem) -> str:
    """On which branches beside ``main``."""
    branches = [name.partition("@")[2] for name in item.drafts]
    return f" on {', '.join(one or 'main' for one in branches)}" if any(branches) else ""


def _item(item: r.ImportItem, read: r.FileRead, options: Namespace) -> r.ImportItem:
    """With the tags and the message of the command line; a history keeps its own messages."""
    versions = item.versions
    if options.message and read.format is not r.FileFormat.PROMPTHUB:
        versions = tuple(one.model_copy(update={"commit_message": options.message}) for one in versions)
    tags = tuple(dict.fromkeys((*item.tags, *options.tag)))
    return r.ImportItem.model_validate(
        {**item.model_dump(), "versions": [one.model_dump() for one in versions], "tags": tags}
    )


def export(client: Client, options: Namespace, out: Output) -> Exit:
    """Write prompts: with their versions as one JSON file, or versions as files in any format."""
    format = r.FileFormat(options.format)
    if format is not r.FileFormat.PROMPTHUB or options.dir:
        return _as_files(client, format, options, out)
    bundle = client.export(options.names)
    data = bundle.model_dump_json(indent=2)
    if options.output and options.output != "-":
        _write(Path(options.output), data + "\n")
        out.show(
            {"path": options.output, "prompts": len(bundle.items)},
            [f"{len(bundle.items)} prompts in {options.output}"],
        )
    else:
        print(data)
    return Exit.PASSED


def _as_files(client: Client, format: r.FileFormat, options: Namespace, out: Output) -> Exit:
    if format is r.FileFormat.PROMPTHUB:
        format = r.FileFormat.DOTPROMPT
    names = options.names or [one.name for one in client.list() if one.versions]
    if not options.dir and len(names) != 1:
        raise InvalidInput(
            f"{format} holds one prompt in a file, got {len(names)} prompts; name one, or say --dir FOLDER"
        )
    files: dict[Path, tuple[str, r.WrittenFile]] = {}
    for name in dict.fromkeys(names):
        written = client.export_as(name, format)
        folder = name.partition("@")[0].rpartition("/")[0]
        path = Path(options.dir, folder, written.name) if options.dir else Path(options.output or "-")
        if path in files:
            raise InvalidInput(
                f"{files[path][0]} and {name} would both be {path}; export one of them into another folder. "
                "Nothing was written."
            )
        files[path] = name, written
    if options.dir:
        _check_free(Path(options.dir), {path: written.text for path, (_, written) in files.items()}, options)
    for path, (name, written) in files.items():
        for loss in written.losses:
            out.note(f"{name}: {loss.place}: {loss.message}")
        if str(path) == "-":
            out.show(written, [written.text.rstrip("\n")])
            return Exit.PASSED
        _write(path, written.text)
    made = [
        {"path": str(path), "losses": [loss.model_dump() for loss in written.losses]}
        for path, (_, written) in files.items()
    ]
    out.show(made, [str(path) for path in files])
    return Exit.PASSED


def _check_free(folder: Path, texts: Mapping[Path, str], options: Namespace) -> None:
    """Refuse to write over what says something else, and through a link out of the folder.

    Raises:
        InvalidInput: nothing was written.
    """
    try:
        for path in texts:
            if not path.resolve().is_relative_to(folder.resolve()):
                raise InvalidInput(
                    f"{path} leads out of {folder} by a link; remove the link. Nothing was written."
                )
        if options.force:
            return
        taken = [str(path) for path, text in texts.items() if path.exists() and not _holds(path, text)]
    except OSError as error:
        raise InvalidInput(f"cannot read {error.filename}: {error.strerror}") from error
    if taken:
        more = f" (and {len(taken) - _TOLD} more)" if len(taken) > _TOLD else ""
        raise InvalidInput(
            f"there already, with another text: {', '.join(taken[:_TOLD])}{more}; say --force to write over. "
            "Nothing was written."
        )


def _holds(path: Path, text: str) -> bool:
    """Whether a file has exactly this text."""
    data = text.encode()
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InvalidInput(f"cannot write {path}: {error.strerror}") from error
