"""Archives written byte by byte, because no library writes the bad ones."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

MB = 1024 * 1024
STORED, DEFLATED = 0, 8
# 2 January 2024, midnight
_TIME = struct.pack("<HH", 0, (2024 - 1980) << 9 | 1 << 5 | 2)


@dataclass(frozen=True)
class Member:
    """A member as the archive tells of it; what is not said is true.

    Attributes:
        name: As the directory has it.
        data: Contents.
        method: Of packing; what this module cannot pack is only declared.
        packed: Packed contents.
        size: Declared size.
        check: Declared check sum.
        flags: Bit 0 says encrypted, bit 11 that the name is UTF-8.
        mode: Unix kind and rights of the file.
        local_name: As the member's own head has it.
    """

    name: str
    data: bytes = b""
    method: int = DEFLATED
    packed: bytes | None = None
    size: int | None = None
    check: int | None = None
    flags: int = 0x800
    mode: int = 0o100644
    local_name: str | None = None

    def contents(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated([self.data]) if self.method == DEFLATED else self.data

    def common(self, packed: bytes) -> bytes:
        size = len(self.data) if self.size is None else self.size
        check = zlib.crc32(self.data) if self.check is None else self.check
        return struct.pack("<HHH", 20, self.flags, self.method) + _TIME + struct.pack("<III", check, len(packed), size)


def deflated(parts: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return b"".join(packer.compress(part) for part in parts) + packer.flush()


def packed(members: Iterable[Member]) -> bytes:
    """The archive."""
    body, directory, count = b"", b"", 0
    for member in members:
        count += 1
        contents = member.contents()
        common = member.common(contents)
        local = (member.name if member.local_name is None else member.local_name).encode()
        listed = member.name.encode()
        directory += b"PK\x01\x02\x14\x03" + common + struct.pack("<HHHHH", len(listed), 0, 0, 0, 0)
        directory += struct.pack("<II", member.mode << 16, len(body)) + listed
        body += b"PK\x03\x04" + common + struct.pack("<HH", len(local), 0) + local + contents
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def blanks(megabytes: int) -> tuple[bytes, int, int]:
    """So many megabytes of blanks: packed, check sum and size; the same piece again and again, so it costs little."""
    piece = b" " * MB
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    unit = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(megabytes):
        check = zlib.crc32(piece, check)
    return unit * megabytes + deflated([]), check, megabytes * MB
