"""The one nursery of a process: started when first needed, again when it died, never shared over a fork."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from yearbook.errors import Refusal

_PROJECT = Path(__file__).resolve().parents[2]
# nothing of ours: no secret, no proxy, no setting
_SURROUNDINGS = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(_PROJECT)}
_MAX_ANSWER = 1 << 16
# until the readers are loaded on a machine that is busy
_START_SECONDS = 60.0
# beyond the child's own time, in which the nursery has to answer
_GRACE_SECONDS = 15.0
# in which it ends by itself
_FAREWELL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    Attributes:
        late: It was killed because its time was over.
        code: Exit code, or the negative number of a signal.
        peak_kb: The most memory it had.
        told: What it said on the way, from its error output.
    """

    late: bool
    code: int
    peak_kb: int = 0
    told: str = ""


class Nursery:
    """A handle; safe for threads, one file at a time.

    Args:
        module: What is started; tests start one whose children do something else.
    """

    def __init__(self, module: str = "tasks.reading.nursery") -> None:
        self.module = module
        self._lock = Lock()
        self._link: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Number of the process, while there is one."""
        return self._process.pid if self._process else None

    def run(self, order: Mapping[str, Any], source: int, result: int, seconds: float) -> Ended:
        """Have one order carried out.

        A nursery that somebody ended is started again, once: a file cannot reach it, only its child.

        Raises:
            Refusal: It cannot be started, or is gone again.
        """
        with self._lock:
            for _ in range(2):
                try:
                    return self._once(json.dumps(order).encode(), [source, result], seconds)
                except TimeoutError:
                    self._end()
                    return Ended(late=True, code=0)
                except (ConnectionError, EOFError):
                    self._end()
                except BaseException:
                    # an interrupted order would be answered to the next one
                    self._end()
                    raise
            raise Refusal("读取文件的进程两次中途消失", todo="检查机器内存是否不足或有程序在结束进程，然后重新运行")

    def close(self) -> None:
        """End the nursery."""
        with self._lock:
            self._end()

    def forget(self) -> None:
        """In a forked process: the nursery belongs to the one before."""
        if self._link is not None:
            self._link.close()
        self._link, self._process, self._lock = None, None, Lock()

    def _once(self, order: bytes, descriptors: list[int], seconds: float) -> Ended:
        link = self._link or self._start()
        # what a nursery that died half-way left behind
        os.ftruncate(descriptors[1], 0)
        os.lseek(descriptors[0], 0, os.SEEK_SET)
        os.lseek(descriptors[1], 0, os.SEEK_SET)
        link.settimeout(seconds + _GRACE_SECONDS)
        socket.send_fds(link, [order], descriptors)
        answer = link.recv(_MAX_ANSWER)
        if not answer:
            raise EOFError
        return Ended(**json.loads(answer))

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._link = ours
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-P", "-s", "-m", self.module],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_SURROUNDINGS,
                cwd="/",
                start_new_session=True,
            )
        ours.settimeout(_START_SECONDS)
        try:
            ready = ours.recv(_MAX_ANSWER)
        except (TimeoutError, ConnectionError):
            ready = b""
        if ready != b"ready":
            self._end()
            raise Refusal(
                "读取文件的进程不能启动", todo="检查安装是否完整（make test），以及机器内存和进程数是否到上限"
            )
        return ours

    def _end(self) -> None:
        if self._link is not None:
            self._link.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=_FAREWELL_SECONDS)
            self._process.kill()
            self._process.wait()
        self._link, self._process = None, None
