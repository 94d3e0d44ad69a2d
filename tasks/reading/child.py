"""One file, read in the process that was forked for it."""

import codecs
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from tasks.reading import form, text, web, workbooks
from tasks.reading.agree import agreed
from tasks.reading.confine import confine
from tasks.reading.found import Reading
from tasks.reading.limits import MB, Limits
from tasks.reading.wire import write_book, write_refusal
from yearbook.errors import Refusal
from yearbook.intake.grid import Book

OUT_OF_MEMORY, TOO_LARGE = 77, 78
Work = Callable[[bytes, str, Limits], Book]


def live(order: Mapping[str, Any], source: int, result: int, work: Work) -> None:
    """Do what the order says and end the process.

    Args:
        order: Place, encoding and limits.
        source: Descriptor of the file, read only.
        result: Descriptor for the answer.
        work: What is done with the contents; ``read`` but in tests.
    """
    sys.excepthook = _tell
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = Limits(**order["limits"])
    try:
        # the codec is loaded while files may still be opened
        codecs.lookup(order["encoding"])
        confine(limits, result)
        code = _answer(order, source, result, limits, work)
    except MemoryError:
        code = OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001 - a panic of a compiled reader is no Exception
        _tell(type(error), error, error.__traceback__)
        code = 1
    os._exit(code)


def _answer(order: Mapping[str, Any], source: int, result: int, limits: Limits, work: Work) -> int:
    place = order["place"]
    answer: Book | Refusal
    try:
        answer = work(_contents(source, limits), order["encoding"], limits)
    except Refusal as refusal:
        what = " ".join(refusal.what.split())
        answer = Refusal(place + ("" if what.startswith("，") else "：") + what, todo=refusal.todo)
    try:
        with os.fdopen(result, "wb") as out:
            write_refusal(answer, out) if isinstance(answer, Refusal) else write_book(answer, out)
    except OSError:
        return TOO_LARGE
    return 0


def _contents(source: int, limits: Limits) -> bytes:
    size = os.fstat(source).st_size
    if size > limits.file_mb * MB:
        raise Refusal(f"文件超过 {limits.file_mb} MB", todo="请提供者去掉图片和无关内容，或分成几个文件交来")
    data = bytearray()
    while part := os.read(source, MB):
        data += part
    if not data:
        raise Refusal("文件是空的", todo="请提供者重新导出")
    return bytes(data)


def read(data: bytes, encoding: str, limits: Limits) -> Book:
    """Read a file's contents with the two readers of its form.

    Raises:
        Refusal: It is no table, or the readers do not agree.
    """
    kind = form.recognise(data, limits)
    return agreed(_reading(kind, data, encoding, limits))


def _reading(kind: str, data: bytes, encoding: str, limits: Limits) -> Reading:
    if kind == "html":
        return web.read(data, encoding, limits)
    if kind == "text":
        return text.read(data, encoding, limits)
    return workbooks.read(kind, data, limits)


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Kind and place of a crash for whoever looks into it; never the message, which may quote a cell."""
    del error
    frames = traceback.extract_tb(trace)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    os.write(2, f"{kind.__name__} {where}\n".encode("ascii", "replace"))
