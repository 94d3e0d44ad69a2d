"""Secrets by name, from three places in turn: the environment, a folder, a Prefect server.

A place that has nothing is passed over; one that cannot be asked is a refusal, never "no secret". No message, log line
or chained exception carries a value.
"""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tasks.settings import Settings, has_server
from yearbook.errors import Refusal

if TYPE_CHECKING:
    from prefect.client.schemas.objects import BlockDocument

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
OTHERS = 0o077
MOST_BYTES = 64 * 1024
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
BLOCK_TYPE = "secret"
SERVER_SECONDS = 10
SERVER_RETRIES = 1


def secret(settings: Settings, name: str) -> str:
    """A secret by name.

    Args:
        settings: Where the secrets folder is.
        name: Letters, digits and underscores; it is an environment variable, a file, and in lower case with hyphens a
            Secret block.

    Returns:
        The value without blanks around it.

    Raises:
        Refusal: The name is no name, no place has it, a place has it empty or exposed, or a place cannot be asked.
    """
    if not NAME.fullmatch(name):
        raise Refusal(
            "密钥的名称只能用英文字母、数字和下划线，以字母开头，不超过 64 个字符",
            todo="更正机构文件中的密钥名；密钥的值不写在机构文件里",
        )
    places: tuple[tuple[str, Callable[[], str | None]], ...] = (
        ("环境变量", lambda: settings.variable(name)),
        ("密钥文件", lambda: _from_folder(settings.secrets, name)),
        ("Secret 块", lambda: _from_server(name)),
    )
    for place, ask in places:
        value = ask()
        if value is not None and not value.strip():
            raise Refusal(f"密钥 {name} 的{place}是空的", todo="写入值；不用这一处的，删去它")
        if value is not None:
            return value.strip()
    server = f"，或在 Prefect 服务中建名为 {_block_name(name)} 的 Secret 块" if has_server() else ""
    raise Refusal(
        f"没有名为 {name} 的密钥",
        todo=f"设置环境变量 {name}，或在 YEARBOOK_SECRETS 指向的文件夹中放同名文件{server}",
    )


def _from_folder(folder: Path | None, name: str) -> str | None:
    """Text of the file of that name; None where no folder is set or it has no such file."""
    if folder is None:
        return None
    try:
        room = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise Refusal("YEARBOOK_SECRETS 指向的文件夹打不开", todo="更正 YEARBOOK_SECRETS，或取消设置") from error
    if not os.path.lexists(room / name):
        return None
    try:
        file = (room / name).resolve(strict=True)
        if not file.is_relative_to(room):
            raise Refusal(f"密钥文件 {name} 是指向密钥文件夹以外的链接", todo="把文件本身放进密钥文件夹")
        return _text(file, name)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "链接成环"
        raise Refusal(
            f"密钥文件 {name} 读不了：{reason}", todo="放一个归运行本程序的用户所有、权限为 600 的文件"
        ) from error


def _text(file: Path, name: str) -> str:
    """What the file holds; its mode is asked of the open file, so that nobody can change it in between."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise Refusal(f"密钥文件 {name} 不是普通文件", todo="换成只含密钥值的文本文件")
        if mode & OTHERS:
            raise Refusal(
                f"密钥文件 {name} 的权限是 {stat.S_IMODE(mode):03o}，同组或其他用户可以读写或执行",
                todo=f"在密钥文件夹中执行 chmod 600 {name}；值可能已被看到的，先更换口令",
            )
        data = os.read(handle, MOST_BYTES + 1)
    finally:
        os.close(handle)
    if len(data) > MOST_BYTES:
        raise Refusal(f"密钥文件 {name} 超过 {MOST_BYTES // 1024} KB", todo="换成只含密钥值的文本文件")
    # a strict decoder's error would hold the bytes
    text = data.decode("utf-8-sig", errors="replace")
    if UNREADABLE in text:
        raise Refusal(f"密钥文件 {name} 不是 UTF-8 文本", todo="换成只含密钥值的 UTF-8 文本文件")
    return text


def _from_server(name: str) -> str | None:
    """Value of the Secret block of that name; None where no server is configured or it has no such block."""
    if not has_server():
        return None
    document, trouble = _answer(_block_name(name))
    if trouble:
        raise Refusal(
            f"查找密钥 {name} 时 Prefect 服务没有答复：{trouble.words}",
            todo=f"核对 PREFECT_API_URL 和服务是否在运行；不用它存密钥的，设置环境变量 {name} 或放密钥文件",
            may_pass=trouble.may_pass,
        )
    if document is None:
        return None
    value = document.data.get("value")
    if not isinstance(value, str):
        raise Refusal(f"Secret 块 {_block_name(name)} 的值不是文字", todo="在 Prefect 服务中把值改成文字")
    return value


class _Trouble(NamedTuple):
    """What kept the server from telling, in words, and whether that may pass."""

    words: str
    may_pass: bool = False


def _answer(block_name: str) -> tuple["BlockDocument | None", _Trouble | None]:
    """The block if there is one, and what kept the server from telling.

    Nothing is raised from here: an error may quote the server's answer, and the scheduler logs errors with what they
    follow from.
    """
    import httpx
    from prefect.exceptions import ObjectNotFound

    try:
        return _block(block_name), None
    except ObjectNotFound as missing:
        return None, None if _says_it_is_prefect(missing) else _Trouble("在那个地址上的不是 Prefect 服务")
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        return None, _Trouble(f"状态码 {code}", may_pass=code >= httpx.codes.INTERNAL_SERVER_ERROR)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, _Trouble(type(error).__name__, may_pass=isinstance(error, httpx.TransportError))
    except ValueError:
        return None, _Trouble("内容看不懂")


def _block(block_name: str) -> "BlockDocument":
    """The block from the server, asked by a client of its own that does not wait long."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    with (
        temporary_settings({PREFECT_CLIENT_MAX_RETRIES: SERVER_RETRIES}),
        get_client(httpx_settings={"timeout": SERVER_SECONDS}, sync_client=True) as client,
    ):
        return client.read_block_document_by_name(block_name, BLOCK_TYPE, include_secrets=True)


def _says_it_is_prefect(missing: Exception) -> bool:
    """True where the 404 is Prefect's own word on blocks, not that of whatever else listens there."""
    answer = getattr(getattr(missing, "http_exc", None), "response", None)
    return answer is not None and re.search(r'"Block \w+ not found"', answer.text) is not None


def _block_name(name: str) -> str:
    """Block names have lower-case letters, digits and hyphens only."""
    return name.lower().replace("_", "-")
