"""The zip form of a package, written plainly and read with suspicion.

Everything is decided from the bytes before any file of it is unpacked: flat lower-case names, no
links, no encryption, stored or deflated, sizes capped and declared truly, nothing before, between
or after the members. A member is never written anywhere.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping

from homeward.record.refusal import refuse

MOST_PACKAGE_BYTES = 256 * 1024 * 1024
MOST_FILES = 20_000
MOST_FILE_BYTES = 80 * 1024 * 1024
MOST_TOTAL_BYTES = 512 * 1024 * 1024

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,127}")
# The earliest time a zip member can carry: a package's own time stands in its signed manifest.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LOCAL, _LOCAL_BYTES = b"PK\x03\x04", 30
_END, _END_BYTES = b"PK\x05\x06", 22
_REGULAR = stat.S_IFREG | 0o600


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """One zip of flat names; the same files give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, allowZip64=False) as target:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.external_attr = _REGULAR << 16
            member.create_system = 3
            sealed = name.startswith("body-")
            member.compress_type = zipfile.ZIP_STORED if sealed else zipfile.ZIP_DEFLATED
            target.writestr(member, files[name])
    return whole.getvalue()


def read_archive(data: bytes) -> dict[str, bytes]:
    """The files of a zip by name; raises Refused before unpacking anything that is out of form."""
    if len(data) > MOST_PACKAGE_BYTES:
        refuse("package-too-long", "package", f"{len(data)} bytes", f"{MOST_PACKAGE_BYTES}")
    _check_end(data)
    try:
        source = zipfile.ZipFile(io.BytesIO(data))
        members = source.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError):
        refuse("package-not-zip", "package", "", "a zip archive")
    _check_members(members)
    _check_layout(data, members, source.start_dir)
    return {member.filename: _unpack(data, member) for member in members}


def _check_end(data: bytes) -> None:
    """The end record must be the last 22 bytes: no comment, no second directory behind it."""
    tail = data[-_END_BYTES:]
    if len(tail) != _END_BYTES or not tail.startswith(_END):
        refuse("package-not-zip", "package", "", "a zip archive and nothing after it")
    disk, first, here, count, size, start, comment = struct.unpack("<4H2LH", tail[4:])
    one_disk = disk == first == 0 and here == count and comment == 0
    if not one_disk or start + size + _END_BYTES != len(data):
        refuse("package-layout", "package", "", "one directory at the end, no comment")
    if count > MOST_FILES:
        refuse("package-too-many-files", "package", str(count), f"at most {MOST_FILES}")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.orig_filename for member in members]
    if len(set(names)) != len(names):
        refuse("package-name-twice", "package", "", "each name once")
    for member in members:
        name, mode = member.orig_filename, member.external_attr >> 16
        if not _NAME.fullmatch(name) or name != member.filename or ".." in name:
            refuse("package-name", "package", repr(name)[:80], "a flat lower-case name")
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            refuse("package-link", f"package:{name}", "", "a plain file")
        if member.flag_bits & ~0x02 or member.extra or member.comment:
            refuse("package-layout", f"package:{name}", "", "no encryption, no extra fields")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            refuse("package-layout", f"package:{name}", "", "stored or deflated")
        if member.file_size > MOST_FILE_BYTES:
            refuse("package-file-too-long", f"package:{name}", str(member.file_size), "80 MiB")
    total = sum(member.file_size for member in members)
    if total > MOST_TOTAL_BYTES:
        refuse("package-too-long", "package", f"{total} bytes unpacked", str(MOST_TOTAL_BYTES))


def _check_layout(data: bytes, members: list[zipfile.ZipInfo], directory: int) -> None:
    """The members must lie one behind the other and tell what the directory tells."""
    at = 0
    for member in sorted(members, key=lambda each: each.header_offset):
        head = data[at : at + _LOCAL_BYTES]
        if member.header_offset != at or len(head) < _LOCAL_BYTES or head[:4] != _LOCAL:
            refuse("package-layout", "package", "", "members one behind the other")
        # signature and version, flags, method, time, date, sum, packed, size, name, extra
        flags, method, crc, packed, size, named, extra = struct.unpack("<6x2H4x3L2H", head)
        name = data[at + _LOCAL_BYTES : at + _LOCAL_BYTES + named]
        told = (flags, method, crc, packed, size, extra, name)
        wanted = (
            member.flag_bits,
            member.compress_type,
            member.CRC,
            member.compress_size,
            member.file_size,
            0,
            member.orig_filename.encode("ascii"),
        )
        if told != wanted:
            refuse("package-layout", f"package:{member.filename}", "", "one story in both headers")
        at += _LOCAL_BYTES + named + packed
    if at != directory:
        refuse("package-layout", "package", "", "nothing between members and directory")


def _unpack(data: bytes, member: zipfile.ZipInfo) -> bytes:
    start = member.header_offset + _LOCAL_BYTES + len(member.orig_filename)
    packed = data[start : start + member.compress_size]
    value = packed
    if member.compress_type == zipfile.ZIP_DEFLATED:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # One byte more than declared is enough to know that the declaration lied.
            value = unpacker.decompress(packed, member.file_size + 1)
        except zlib.error:
            refuse("package-damaged", f"package:{member.filename}", "", "deflated bytes")
        if not unpacker.eof or unpacker.unused_data:
            refuse("package-damaged", f"package:{member.filename}", "", "one whole stream")
    if len(value) != member.file_size or zlib.crc32(value) != member.CRC:
        refuse("package-damaged", f"package:{member.filename}", "", "the declared size and sum")
    return value
