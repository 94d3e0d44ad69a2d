"""Servers that take notices: one for mail, one for chat robots; both real, both on this machine."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Mailbox:
    """What a mail server took, and whom it refuses."""

    port: int = 0
    refuse: set[str] = field(default_factory=set)
    taken: list[tuple[str, bytes]] = field(default_factory=list)

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=policy.default) for _, data in self.taken]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server that speaks what RFC 5321 asks of the smallest one."""
    box = Mailbox()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            recipient = ""
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"RCPT":
                    recipient = line.decode().split("<")[1].split(">")[0]
                    refused = recipient in box.refuse
                    self.wfile.write(f"550 no {recipient}\r\n".encode() if refused else b"250 ok\r\n")
                elif word == b"DATA":
                    self.wfile.write(b"354 go\r\n")
                    box.taken.append((recipient, self._data()))
                    self.wfile.write(b"250 taken\r\n")
                elif word == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

        def _data(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)) as port:
        box.port = port
        yield box


@dataclass
class Robot:
    """What a chat robot was sent, and what it answers."""

    url: str = ""
    status: int = 200
    answer: bytes = b'{"errcode":0,"errmsg":"ok"}'
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def contents(self) -> list[dict[str, Any]]:
        return [content for _, content in self.taken]


@contextmanager
def robot_server() -> Iterator[Robot]:
    """A chat robot's HTTP end."""
    robot = Robot()

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            robot.taken.append((self.path, json.loads(data)))
            self.send_response(robot.status)
            for name, value in robot.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(robot.answer)))
            self.end_headers()
            self.wfile.write(robot.answer)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Talk)) as port:
        robot.url = f"http://127.0.0.1:{port}/send?key=TOKEN-in-the-address"
        yield robot


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
