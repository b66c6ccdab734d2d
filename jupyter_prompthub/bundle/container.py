"""The ZIP file of a bundle: one way to write it, and nothing else is read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from ..core.errors import InvalidInput, TooLarge

__all__ = ["LARGEST", "pack", "unpack"]

LARGEST = 256 * 1024 * 1024
_MOST_ENTRIES = 20_003
_DATE = (1 << 5) | 1
"""1980-01-01 in MS-DOS form"""
_MODE = 0o100644 << 16


def pack(files: Mapping[str, bytes]) -> bytes:
    """The container of ``files``: the same bytes for the same files.

    Raises:
        TooLarge: more than a bundle may hold.
    """
    if len(files) > _MOST_ENTRIES or sum(map(len, files.values())) > LARGEST:
        raise TooLarge(f"a bundle holds at most 20,000 versions and {LARGEST >> 20} MiB: name fewer prompts")
    entries, directory = io.BytesIO(), io.BytesIO()
    for name, data in sorted(files.items()):
        called = name.encode("ascii")
        # flags, method (stored), time, date, CRC, sizes, length of the name, of extra fields
        facts = struct.pack(
            "<HHHHLLLHH", 0, 0, 0, _DATE, zlib.crc32(data), len(data), len(data), len(called), 0
        )
        at = entries.tell()
        entries.write(struct.pack("<LH", 0x04034B50, 20) + facts + called + data)
        directory.write(struct.pack("<LHH", 0x02014B50, 0x0314, 20) + facts)
        directory.write(struct.pack("<HHHLL", 0, 0, 0, _MODE, at) + called)
    count, start, size = len(files), entries.tell(), directory.tell()
    end = struct.pack("<LHHHHLLH", 0x06054B50, 0, 0, count, count, size, start, 0)
    return entries.getvalue() + directory.getvalue() + end


def unpack(data: bytes) -> dict[str, bytes]:
    """The entries of a container, unread and unchecked but for their number, size and kind.

    Raises:
        InvalidInput: it is no ZIP file, or holds compressed, encrypted or repeated entries.
        TooLarge: more than a bundle may hold.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"the bundle has {len(data)} bytes; expected at most {LARGEST}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > _MOST_ENTRIES or sum(info.file_size for info in infos) > LARGEST:
                raise TooLarge("the bundle says that it holds more than a bundle may: it is not opened")
            files: dict[str, bytes] = {}
            for info in infos:
                if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
                    raise InvalidInput(
                        f"the entry {info.filename[:80]!r} is compressed or encrypted; expected a plain one: this is "
                        "no bundle that PromptHub made"
                    )
                if info.filename in files:
                    raise InvalidInput(
                        f"the entry {info.filename[:80]!r} is there twice: the bundle was tampered with"
                    )
                files[info.filename] = archive.read(info)
            return files
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise InvalidInput(f"this is not a bundle, or it is damaged ({error}); make it again") from error
