"""The files of a tiled log (c2sp.org/tlog-tiles): hash tiles and entry bundles by their paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from homeward.record.refusal import refuse
from homeward.record.tree import HASH_BYTES, Tree

WIDTH = 256
_HEIGHT = 8


class Files(Protocol):
    """A record copy as verifiers see it: file names and their bytes."""

    def get(self, name: str, /) -> bytes | None: ...
    def __iter__(self) -> Iterator[str]: ...


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/<level>/<index>``, the index in groups of three digits, ``.p/<width>`` if partial.

    >>> tile_path(0, 1234067)
    'tile/0/x001/x234/067'
    >>> tile_path("entries", 0, 5)
    'tile/entries/000.p/5'
    """
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(groups))}{suffix}"


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Index and width of each tile of a row of ``count`` hashes."""
    for index in range(count // WIDTH):
        yield index, WIDTH
    if count % WIDTH:
        yield count // WIDTH, count % WIDTH


def write_tiles(tree: Tree, leaves: Sequence[bytes], kind: str) -> Iterator[tuple[str, bytes]]:
    """Every tile of a log, and its bundles under ``tile/<kind>``."""
    for index, width in _spans(len(leaves)):
        bundle = leaves[index * WIDTH : index * WIDTH + width]
        framed = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in bundle)
        yield tile_path(kind, index, width), framed
    level, count = 0, len(leaves)
    while count:
        for index, width in _spans(count):
            first = index * WIDTH
            yield tile_path(level, index, width), tree.row(level * _HEIGHT, first, width)
        level, count = level + 1, count // WIDTH


def bundle_of(seq: int, size: int, kind: str = "entries") -> str:
    """The path of the bundle that holds entry ``seq`` of a log of ``size``."""
    index = seq // WIDTH
    return tile_path(kind, index, min(WIDTH, size - index * WIDTH))


def read_bundles(files: Files, size: int, folder: str) -> Iterator[bytes]:
    """The leaves of a log of ``size`` from its bundles; raises Refused when one is out of form.

    A public copy has ``tile/headers`` in place of ``tile/entries``: there alone an item of 32 bytes
    is the leaf hash of an entry whose header is left out.
    """
    for index, width in _spans(size):
        yield from read_bundle(files, folder, index, width)


def read_bundle(files: Files, folder: str, index: int, width: int) -> list[bytes]:
    """The ``width`` leaves of one bundle; raises Refused when it is missing or out of form."""
    name = f"{folder}/{tile_path('entries', index, width)}"
    data, public = files.get(name), False
    if data is None:
        name, public = f"{folder}/{tile_path('headers', index, width)}", True
        data = files.get(name)
    if data is None:
        refuse("bundle-missing", name.replace("headers", "entries"), "", "every entry")
    leaves = list(_unframe(data, name))
    if len(leaves) != width:
        refuse("bundle-malformed", name, str(len(leaves)), f"{width} entries")
    if not public and any(len(leaf) == HASH_BYTES for leaf in leaves):
        refuse("bundle-malformed", name, f"{HASH_BYTES} bytes", "whole entries, none withheld")
    return leaves


def read_leaf(files: Files, folder: str, size: int, seq: int) -> bytes:
    """One leaf of a log of ``size``; raises Refused like ``read_bundle``."""
    index = seq // WIDTH
    return read_bundle(files, folder, index, min(WIDTH, size - index * WIDTH))[seq % WIDTH]


def _unframe(data: bytes, place: str) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        leaf = data[at + 2 : at + 2 + length]
        if len(leaf) != length or not length:
            refuse("bundle-malformed", place, "", "entries behind their lengths, none cut")
        yield leaf
        at += 2 + length


def check_tiles(files: Files, tree: Tree, size: int, folder: str) -> None:
    """Every hash tile must be there and hold the tree's own hashes; raises Refused otherwise."""
    level, count = 0, size
    while count:
        for index, width in _spans(count):
            name = f"{folder}/{tile_path(level, index, width)}"
            data = files.get(name)
            if data is None:
                refuse("tile-missing", name, "", "a tile of every hash")
            first = index * WIDTH
            if data != tree.row(level * _HEIGHT, first, width):
                refuse("tile-differs", name, "", f"the {width} hashes of the entries")
        level, count = level + 1, count // WIDTH
