"""Commands that bring prompts in and write them out, in the formats of ``docs/interchange.md``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..client import Client
from ..core import interchange
from ..core import records as r
from ..core.errors import InvalidInput
from .output import Exit, Output
from .prompts import read_text

__all__ = ["export", "import_"]

_IN_FOLDERS = (".prompt", ".prompty")
"""what is taken out of a folder; any file can be named itself"""


def import_(client: Client, options: Namespace, out: Output) -> Exit:
    """Bring in files of any known format, folders of them, or an export: all or nothing."""
    read = [
        interchange.read(name, read_text(path), r.FileFormat(options.format))
        for path, name in _files(options.paths, out)
    ]
    refused = [f"{one.path}: {one.refused}" for one in read if one.refused]
    refused += [f"{one.path}: {bad.name}: {bad.message}" for one in read for bad in one.bad]
    if refused:
        more = f" (and {len(refused) - 5} more)" if len(refused) > 5 else ""
        raise InvalidInput(f"{'; '.join(refused[:5])}{more}. Nothing was imported.")
    items = [_item(item, one, options) for one in read for item in one.items]
    if options.name:
        if len(items) != 1:
            raise InvalidInput(f"--name fits one prompt; there are {len(items)}. Leave it out.")
        items = [items[0].model_copy(update={"name": options.name})]
    for one in read:
        for loss in one.losses:
            out.note(f"{one.path}: {loss.place}: {loss.message}")
    losses = {one.path: one.losses for one in read if one.losses}
    if options.dry_run:
        out.show(
            read, [f"{one.path} ({one.format}): {', '.join(item.name for item in one.items)}" for one in read]
        )
        return Exit.PASSED
    report = client.import_(r.ImportRequest(items=tuple(items), on_conflict=options.on_conflict))
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
        if not path.is_dir():
            yield given, path.name
            continue
        inside = path.resolve()
        found = []
        for file in sorted(path.rglob("*")):
            wanted = file.suffix in _IN_FOLDERS and file.is_file()
            if file.is_symlink() or (wanted and not file.resolve().is_relative_to(inside)):
                if file.suffix in _IN_FOLDERS or file.is_dir():
                    out.note(
                        f"{file}: a link, which is not followed in a folder; name it itself to import it"
                    )
            elif wanted:
                found.append(file)
        if not found:
            raise InvalidInput(f"{given} holds no {' or '.join(_IN_FOLDERS)} file")
        for file in found:
            yield str(file), file.relative_to(path).as_posix()


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
    made = []
    for name in names:
        written = client.export_as(name, format)
        for loss in written.losses:
            out.note(f"{name}: {loss.place}: {loss.message}")
        folder = name.partition("@")[0].rpartition("/")[0]
        path = Path(options.dir, folder, written.name) if options.dir else Path(options.output or "-")
        if str(path) == "-":
            out.show(written, [written.text.rstrip("\n")])
            return Exit.PASSED
        _write(path, written.text)
        made.append({"path": str(path), "losses": [loss.model_dump() for loss in written.losses]})
    out.show(made, [str(one["path"]) for one in made])
    return Exit.PASSED


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InvalidInput(f"cannot write {path}: {error.strerror}") from error
