"""Unpacking what a server packed, never further than a limit: a bomb is small until somebody unpacks it."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli

# What a client that can unpack these says it accepts (RFC 9110, 8.4.1).
ACCEPTED = "gzip, deflate, br"
_ANY_HEADER = zlib.MAX_WBITS + 32


class TooLarge(ValueError):
    """There is more than the limit allows."""


class NotPacked(ValueError):
    """The bytes are not packed as the server said, or their end is missing."""


class Unpacker(Protocol):
    """Bytes in as they arrive, bytes out. Both raise :class:`TooLarge` and :class:`NotPacked`."""

    def feed(self, chunk: bytes) -> bytes:
        """The bytes that ``chunk`` adds."""

    def close(self) -> None:
        """Nothing more arrives."""


def unpacker(encoding: str, limit: int) -> Unpacker:
    """What unpacks ``encoding``, the value of a Content-Encoding header, up to ``limit`` bytes."""
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain(limit)
        case "gzip" | "x-gzip" | "deflate":
            return _Zlib(limit)
        case "br":
            return _Brotli(limit)
        case other:
            raise NotPacked(f"it is packed as {other!r}, which nobody asked for")


class _Plain:
    def __init__(self, limit: int) -> None:
        self._left = limit

    def feed(self, chunk: bytes) -> bytes:
        self._left -= len(chunk)
        if self._left < 0:
            raise TooLarge
        return chunk

    def close(self) -> None:
        pass


class _Zlib:
    """gzip, also in several members, and deflate with or without the header that it should have."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._unpack = zlib.decompressobj(wbits=_ANY_HEADER)
        self._begun = False

    def feed(self, chunk: bytes) -> bytes:
        out = bytearray()
        while chunk:
            if self._unpack.eof:
                # Whatever follows the last member is padding, or a further member.
                if not chunk.startswith(b"\x1f\x8b"):
                    break
                self._unpack = zlib.decompressobj(wbits=_ANY_HEADER)
            out += self._some(chunk)
            chunk = self._unpack.unused_data
        return bytes(out)

    def _some(self, chunk: bytes) -> bytes:
        if not self._begun and chunk[0] & 0x0F != 8 and not chunk.startswith(b"\x1f"):
            self._unpack = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        self._begun = True
        try:
            out = self._unpack.decompress(chunk, self._left + 1)
        except zlib.error as error:
            raise NotPacked(f"it cannot be unpacked: {error}") from error
        self._left -= len(out)
        if self._left < 0:
            raise TooLarge
        return out

    def close(self) -> None:
        if self._begun and not self._unpack.eof:
            raise NotPacked("its end is missing")


class _Brotli:
    def __init__(self, limit: int) -> None:
        self._left = limit
        self._unpack = brotli.Decompressor()
        self._begun = False

    def feed(self, chunk: bytes) -> bytes:
        self._begun = True
        out = bytearray()
        try:
            out += self._unpack.process(chunk, output_buffer_limit=self._left + 1)
            while len(out) <= self._left and not self._unpack.can_accept_more_data():
                out += self._unpack.process(b"", output_buffer_limit=self._left + 1)
        except brotli.error as error:
            raise NotPacked(f"it cannot be unpacked: {error}") from error
        self._left -= len(out)
        if self._left < 0:
            raise TooLarge
        return bytes(out)

    def close(self) -> None:
        if self._begun and not self._unpack.is_finished():
            raise NotPacked("its end is missing")
