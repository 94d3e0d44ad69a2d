"""Put on the path of a run's processes: notes every host name that is looked up, and refuses all but this machine."""

import os
import socket
from typing import Any

LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", None, ""}
_look_up = socket.getaddrinfo


def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in LOCAL:
        with open(os.environ["YEARBOOK_TEST_LOOKUPS"], "a", encoding="utf-8") as notes:
            notes.write(f"{name}\n")
        raise OSError(f"no look-up of {name} in a closed network")
    return _look_up(host, *arguments, **options)


socket.getaddrinfo = guarded
with open(os.environ["YEARBOOK_TEST_LOOKUPS"], "a", encoding="utf-8") as _notes:
    _notes.write("guarded\n")
