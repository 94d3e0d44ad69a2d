"""The trusting side: hands a file to the nursery and turns whatever comes back into a book or a refusal."""

import atexit
import json
import os
import signal
import stat
from dataclasses import asdict
from pathlib import Path
from typing import IO

from tasks.reading.found import SAVE_AGAIN, SPLIT
from tasks.reading.keeper import Ended, Nursery
from tasks.reading.limits import MB, STANDARD, Limits
from tasks.reading.wire import Malformed, read_answer
from yearbook.errors import Refusal
from yearbook.intake.grid import Book

# how a child ends; the same numbers as in child.py, which is not imported here because it loads the readers
_OUT_OF_MEMORY, _TOO_LARGE = 77, 78
_ALLOCATION = "memory allocation of"
_NURSERY = Nursery()
atexit.register(_NURSERY.close)
os.register_at_fork(after_in_child=_NURSERY.forget)


def read_book(path: Path, *, place: str, encoding: str, limits: Limits = STANDARD) -> Book:
    """Read a handed-over file.

    Args:
        path: The store's copy; its name says nothing.
        place: How messages cite the file.
        encoding: Declared encoding of text that is neither UTF-8 nor marked.
        limits: What the file may cost.

    Raises:
        Refusal: The file is no table, is damaged, costs too much, or is read differently by the two readers.
    """
    book, _ = read_with(_NURSERY, path, place=place, encoding=encoding, limits=limits)
    return book


def read_with(
    nursery: Nursery, path: Path, *, place: str, encoding: str, limits: Limits = STANDARD
) -> tuple[Book, Ended]:
    """The same with a given nursery, and with how the child ended.

    Raises:
        Refusal: As above.
    """
    order = {"place": place, "encoding": encoding, "limits": asdict(limits)}
    _require_encoding(encoding, place)
    try:
        # in memory only: what people hand over may hold anything, and nothing of it stays behind
        with _opened(path, place) as source, os.fdopen(os.memfd_create("result", os.MFD_CLOEXEC), "rb") as answer:
            result = answer.fileno()
            ended = nursery.run(order, source.fileno(), result, limits.seconds)
            _require_end(ended, place, limits)
            if os.fstat(result).st_size > limits.result_mb * MB:
                raise _too_large(place)
            answer.seek(0)
            return read_answer(answer, limits.cells), ended
    except Malformed as error:
        raise Refusal(f"{place}：读取器的回答不合约定（{error}），已弃用", todo=SAVE_AGAIN) from None


def _require_encoding(encoding: str, place: str) -> None:
    try:
        "".encode(encoding)
    except LookupError:
        raise Refusal(f"{place}：约定的编码 {encoding} 不认识", todo="改正来源目录中的 encoding") from None


def _opened(path: Path, place: str) -> IO[bytes]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Refusal(f"{place}：文件不能打开（{error.strerror}）", todo="检查文件是否存在、权限是否允许读取") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refusal(f"{place}：不是普通文件", todo="请提供者交来文件本身，不是文件夹或链接")
    return os.fdopen(descriptor, "rb")


def _require_end(ended: Ended, place: str, limits: Limits) -> None:
    """Refuse with the reason for which the child died, if it did.

    Raises:
        Refusal: It did.
    """
    if ended.late or ended.code == -signal.SIGXCPU:
        raise Refusal(f"{place}：读取超过时限（{limits.seconds:g} 秒）", todo=SPLIT)
    if ended.code == _OUT_OF_MEMORY or _ALLOCATION in ended.told:
        raise Refusal(f"{place}：读取超过内存上限（{limits.memory_mb} MB）", todo=SPLIT)
    if ended.code in {_TOO_LARGE, -signal.SIGXFSZ}:
        raise _too_large(place)
    if ended.code != 0:
        raise Refusal(f"{place}：读取器崩溃，文件可能已损坏或被恶意构造（{_cause(ended)}）", todo=SAVE_AGAIN)


def _too_large(place: str) -> Refusal:
    return Refusal(f"{place}：读出的内容超过上限", todo=SPLIT)


def _cause(ended: Ended) -> str:
    """Signal, or kind and place of the exception; nothing that the file can word."""
    if ended.code < 0:
        return f"信号 {-ended.code}"
    words = [word for word in ended.told.split() if word.replace("_", "").replace(":", "").isalnum()]
    return f"退出码 {ended.code}" + (f"，{json.dumps(' '.join(words[-2:]))}" if words else "")
