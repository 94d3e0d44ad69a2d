"""The process that reads nothing itself: it has the readers loaded and forks a fresh child for every file.

It is started with an empty environment, speaks with its parent over the socket that is its standard input, and ends
when that closes. ``python -m tasks.reading.nursery``
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

Live = Callable[[Mapping[str, Any], int, int], None]
_MAX_ORDER, _MAX_TOLD, _PAUSE = 1 << 16, 4096, 0.005


class _Gone(Exception):
    """The parent has closed its end."""


def main() -> None:
    """Load the readers and serve."""
    keep_light()
    from tasks.reading.child import live, read

    serve(lambda order, source, result: live(order, source, result, read))


def keep_light() -> None:
    """Forbid what a workbook reader would load for pictures and arrays: large, with threads of its own, and unused."""
    for name in ("numpy", "PIL", "pandas"):
        # the documented way to make an import fail
        sys.modules[name] = None  # type: ignore[assignment]


def serve(live: Live) -> None:
    """Answer orders until the parent closes the socket.

    Args:
        live: What a child does; it must end its process.
    """
    gc.collect()
    gc.freeze()
    link = socket.socket(fileno=0)
    link.send(b"ready")
    while True:
        data, descriptors, _, _ = socket.recv_fds(link, _MAX_ORDER, 2)
        if not data:
            return
        try:
            answer = _tend(link, json.loads(data), descriptors, live)
        except _Gone:
            return
        link.send(json.dumps(answer).encode())


def _tend(link: socket.socket, order: Mapping[str, Any], descriptors: list[int], live: Live) -> dict[str, Any]:
    """Fork a child for one order and watch it to its end."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        _become_child(link, ear, mouth, order, descriptors, live)
    for descriptor in (mouth, *descriptors):
        os.close(descriptor)
    deadline = time.monotonic() + order["limits"]["seconds"]
    ended = False
    try:
        told = _listen(link, ear, deadline)
        ended = _wait_until(child, deadline)
    finally:
        os.close(ear)
        if not ended:
            os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
    return {
        "late": not ended,
        "code": os.waitstatus_to_exitcode(status),
        "peak_kb": usage.ru_maxrss,
        "told": told.decode("ascii", "replace"),
    }


def _become_child(
    link: socket.socket, ear: int, mouth: int, order: Mapping[str, Any], descriptors: list[int], live: Live
) -> NoReturn:
    try:
        link.close()
        os.close(ear)
        # closing the link has freed number 0, so this takes it
        os.open(os.devnull, os.O_RDONLY)
        os.dup2(mouth, 1)
        os.dup2(mouth, 2)
        os.close(mouth)
        live(order, *descriptors)
    finally:
        # whatever happens, this process never goes back to serving
        os._exit(1)


def _listen(link: socket.socket, ear: int, deadline: float) -> bytes:
    """What the child says until it closes its mouth, at the latest by dying."""
    told = b""
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([ear, link.fileno()], [], [], left)
        if link.fileno() in ready:
            # orders come one by one, so this can only be the end
            raise _Gone
        if ear in ready:
            part = os.read(ear, _MAX_TOLD)
            if not part:
                break
            told = (told + part)[:_MAX_TOLD]
    return told


def _wait_until(child: int, deadline: float) -> bool:
    """True when the child has ended by itself; it is left for ``wait4`` to bury."""
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PAUSE)
    return True


if __name__ == "__main__":
    main()
