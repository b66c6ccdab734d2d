"""Files in other tools' formats, through the dispatcher."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server.services import interchange, samples

from jupyter_prompthub.core.errors import Forbidden, InvalidInput, NotFound
from jupyter_prompthub.core.records import (
    FileFormat,
    FileQuery,
    FilesRead,
    FileToRead,
    NewSample,
    ReadFiles,
    WrittenFile,
)
from tests.server.services.conftest import Library

CHAT = '[{"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hi {{name}}", "name": "x"}]'


def read(library: Library, *files: tuple[str, str], by: Any = None) -> FilesRead:
    request = ReadFiles(files=tuple(FileToRead(path=path, text=text) for path, text in files))
    found: FilesRead = library.run(interchange.read, new=request, by=by)
    return found


def write(library: Library, prompt_id: str, format: FileFormat, ref: str = "latest") -> WrittenFile:
    made: WrittenFile = library.run(
        interchange.write,
        {"prompt_id": prompt_id, "ref": ref},
        FileQuery(format=format),
        library.people.viewer,
    )
    return made


def test_what_was_read_can_be_imported_as_it_is(library: Library) -> None:
    files = read(library, ("chats/hello.json", CHAT), ("bad.json", "{"), ("note.txt", "Just this\n")).files
    assert [(one.format, bool(one.refused)) for one in files] == [
        (FileFormat.OPENAI, False), (FileFormat.AUTO, True), (FileFormat.PLAIN, False),
    ]  # fmt: skip
    assert [loss.place for loss in files[0].losses] == ["messages[1].name"]
    report = library.import_(*(item for one in files for item in one.items))
    assert report.created == ("chats/hello", "note")
    assert library.entries()[-1][0] == "workspace.import"


def test_reading_changes_nothing_and_needs_the_right_to_write(library: Library) -> None:
    before = library.entries()
    read(library, ("a.txt", "x"))
    assert library.entries() == before
    assert library.names() == []
    with pytest.raises(Forbidden):
        read(library, ("a.txt", "x"), by=library.people.viewer)


def test_no_files_are_no_error(library: Library) -> None:
    assert read(library).files == ()


def test_a_version_is_written_with_its_snippets_tags_and_samples(library: Library) -> None:
    style = library.create("style", "Be kind.\n")
    made = library.create(
        "support/refund", "{{> style}} Where is {{order}}?\n", tags=("support",), title="Refund"
    )
    library.run(samples.create, {"prompt_id": made.id}, NewSample(name="one", inputs={"order": "A"}))
    library.save(style.id, "Be rude.\n")
    found = write(library, made.id, FileFormat.PROMPTY)
    assert found.name == "refund.prompty"
    for part in ("name: Refund", "tags: [support]", "order: A", "Be kind.", "{{ order }}"):
        assert part in found.text
    assert "rude" not in found.text  # the version's own snippet, not today's


def test_dotprompt_is_the_text_byte_for_byte(library: Library) -> None:
    text = "---\r\nmodel: a/b # why\r\n---\r\nHi\t{{x}}\r\n"
    made = library.create("p", text)
    assert write(library, made.id, FileFormat.DOTPROMPT).text == text


def test_formats_that_are_only_read_and_versions_that_are_not_there_are_refused(library: Library) -> None:
    made = library.create("p")
    for format in (FileFormat.AUTO, FileFormat.PROMPTHUB):
        with pytest.raises(InvalidInput, match="expected one of dotprompt, langfuse"):
            write(library, made.id, format)
    with pytest.raises(NotFound):
        write(library, made.id, FileFormat.PLAIN, "nowhere")
    with pytest.raises(NotFound):
        library.run(
            interchange.write, {"prompt_id": made.id, "ref": "latest"}, FileQuery(), library.people.stranger
        )
