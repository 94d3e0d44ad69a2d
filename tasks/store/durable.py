"""File system steps that survive a power cut, and their faults in the operator's words."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from yearbook.errors import Refusal

CHUNK = 1 << 20

_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("磁盘空间不足", "腾出磁盘空间后重新运行。"),
    errno.EDQUOT: ("磁盘配额已用完", "腾出配额后重新运行。"),
    errno.EACCES: ("没有权限", "请管理员检查该位置的所有者和权限后重新运行。"),
    errno.EPERM: ("没有权限", "请管理员检查该位置的所有者和权限后重新运行。"),
    errno.EROFS: ("文件系统只读", "改用可写的位置，或请管理员重新挂载为可写。"),
    errno.EIO: ("磁盘读写错误", "请管理员检查磁盘，修复后重新运行。"),
    errno.ENOENT: ("文件或文件夹不存在", "检查路径是否写错，然后重新运行。"),
    errno.ENOTDIR: ("路径中有一级不是文件夹", "检查路径是否写错，然后重新运行。"),
    errno.EEXIST: ("已有同名的文件", "移走该文件，或改用另一个位置。"),
    errno.ELOOP: ("是符号链接", "改为直接指定真实文件。"),
    errno.EBUSY: ("正被占用或是挂载点", "改用其下的子文件夹，或关闭占用它的程序。"),
    errno.EXDEV: ("不能跨文件系统改名", "改用同一文件系统内的另一个文件夹。"),
    errno.ENAMETOOLONG: ("文件名过长", "缩短文件名后重新运行。"),
}


def os_refusal(action: str, place: Path, error: OSError) -> Refusal:
    """Turn a fault of the operating system into a refusal a person can act on.

    Args:
        action: What was being done, in Chinese.
        place: The place to name when the fault itself names none.
        error: The fault.

    Returns:
        The refusal; the caller raises it from the fault.
    """
    number = error.errno or 0
    fallback = (error.strerror or type(error).__name__, "排除该故障后重新运行。")
    reason, todo = _REASONS.get(number, fallback)
    where = error.filename if isinstance(error.filename, (str, Path)) else place
    return Refusal(f"{action}失败：{reason}（{where}）", todo=todo)


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folders(folder: Path, mode: int = 0o777) -> None:
    """Create a folder and its missing parents, each made durable in its parent."""
    missing = [folder] if not folder.is_dir() else []
    missing += [up for up in folder.parents if not up.is_dir()]
    for one in reversed(missing):
        # another process may create the same folder at the same moment
        one.mkdir(mode, exist_ok=True)
        sync_folder(one.parent)


def open_regular(path: Path) -> int:
    """Open an ordinary file for reading without following a symbolic link.

    Args:
        path: The file.

    Returns:
        A file descriptor the caller closes.

    Raises:
        Refusal: The path is a symbolic link, a pipe, a device or a folder.
        OSError: The file cannot be opened.
    """
    # O_NONBLOCK: opening a named pipe must not wait for a writer
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Refusal(f"文件是符号链接，不予读取：{path}", todo="改为直接提供真实文件。") from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refusal(f"不是普通文件，不予读取：{path}", todo="改为提供普通文件。")
    return handle


def chunks_of(handle: int) -> Iterator[bytes]:
    """Read an open file piece by piece from where it stands."""
    while chunk := os.read(handle, CHUNK):
        yield chunk


def write_new(path: Path, chunks: Iterable[bytes], mode: int) -> None:
    """Write a file that must not exist yet, and make its contents durable.

    Args:
        path: The new file.
        chunks: Its contents.
        mode: Mode bits; the process mask applies.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(path, flags, mode)
    try:
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)
