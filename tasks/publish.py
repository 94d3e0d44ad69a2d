"""Publishes a folder so that a reader sees the old one or the new one, complete, and nothing between."""

import errno
import fcntl
import hashlib
import logging
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from tasks.store.durable import chunks_of, make_folders, open_regular, os_refusal, sync_folder, write_new
from tasks.swap import exchange
from yearbook.errors import Refusal

Files = Mapping[str, bytes | Path]

WAIT_SECONDS = 30.0
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SHOWN = 3
_log = logging.getLogger(__name__)


def publish(files: Files, target: Path, known: frozenset[str] = frozenset()) -> bool:
    """Replace a folder by a new one in a single step.

    Args:
        files: Relative name, with ``/`` for subfolders, to contents or to the file to copy.
        target: The folder readers look at.
        known: Top-level names besides those in ``files`` that an existing folder may hold; any other name
            means it is somebody's folder and not an earlier edition.

    Returns:
        False when the folder already held exactly these files, True when it was replaced.

    Raises:
        Refusal: The names or the folder are unsuitable, or the file system failed. The folder is then as it was;
            only when the last sync failed does it already hold the new files, complete.
    """
    _check_names(files)
    try:
        target = _settled(target)
        make_folders(target.parent)
        with _alone(target.parent):
            _recover(target)
            _guard(target, known | {name.split("/")[0] for name in files})
            if _same(files, target):
                # an earlier attempt may have died between the swap and this
                sync_folder(target.parent)
                return False
            _replace(files, target)
            return True
    except OSError as error:
        raise os_refusal("发布", target, error) from error


def recover(target: Path) -> None:
    """Clean up after a publication that was killed: put a set-aside folder back, remove leftovers.

    Args:
        target: The folder readers look at.

    Raises:
        Refusal: The file system failed.
    """
    try:
        target = _settled(target)
        if target.parent.is_dir():
            with _alone(target.parent):
                _recover(target)
    except OSError as error:
        raise os_refusal("恢复发布文件夹", target, error) from error


def withdraw(target: Path) -> None:
    """Remove a folder that ``publish`` made, where there is one.

    Raises:
        Refusal: The file system failed.
    """
    try:
        target = _settled(target)
        if target.is_dir() and not target.is_symlink():
            with _alone(target.parent):
                shutil.rmtree(target)
    except OSError as error:
        raise os_refusal("移走不再有用的文件夹", target, error) from error


def _check_names(files: Files) -> None:
    if not files:
        raise Refusal("没有可发布的文件", todo="检查模板和输出设置后重新运行。")
    for name in files:
        plain = PurePosixPath(name)
        unsafe = plain.is_absolute() or ".." in plain.parts or str(plain) != name or name == "."
        if unsafe or "\\" in name or _CONTROL.search(name):
            todo = "文件名只能是相对路径，不得含 ..、反斜杠或控制字符。"
            raise Refusal(f"发布文件名不安全：{name!r}", todo=todo)


def _settled(target: Path) -> Path:
    """Follow links above the folder now, so that a later change of one cannot split the work."""
    if target.name in ("", ".."):
        raise Refusal(f"不能把该位置作为发布文件夹：{target}", todo="指定一个专用的子文件夹。")
    return target.parent.resolve() / target.name


def _guard(target: Path, allowed: frozenset[str]) -> None:
    """Refuse to replace what an earlier edition did not leave there."""
    if target.is_symlink():
        raise Refusal(f"发布文件夹是符号链接：{target}", todo=f"改为直接指定真实文件夹：{target.resolve()}。")
    if not target.exists():
        return
    if not target.is_dir():
        raise Refusal(f"发布位置已有同名文件：{target}", todo="移走该文件，或指定另一个文件夹。")
    if target.is_mount():
        raise Refusal(f"发布文件夹是挂载点，无法整体替换：{target}", todo="指定其下的一个子文件夹。")
    strange = sorted(entry.name for entry in os.scandir(target) if entry.name not in allowed)
    if strange:
        shown = "、".join(strange[:_SHOWN]) + ("等" if len(strange) > _SHOWN else "")
        todo = "指定一个专用的空文件夹，或先移走这些内容。"
        raise Refusal(f"发布文件夹中有不属于年度报告的内容：{target}（{shown}）", todo=todo)


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Let one publication at a time work in a folder; the kernel lets go when a process dies."""
    handle = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        while not _locked(handle):
            if time.monotonic() > deadline:
                raise Refusal(f"另一次发布正在进行：{parent}", todo="等待其结束后重新运行。")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP):
            raise
        # some network file systems cannot lock a folder; the swap itself stays atomic
        _log.warning("该文件系统不支持文件夹加锁，请勿同时发布两次")
    return True


def _recover(target: Path) -> None:
    old, new = _leftovers(target, "old"), _leftovers(target, "new")
    if not old and not new:
        return
    if old and not target.exists():
        newest = max(old, key=lambda folder: folder.stat().st_ctime_ns)
        newest.rename(target)
        old.remove(newest)
    # which name means which folder must be durable before one of the two disappears
    sync_folder(target.parent)
    for folder in old + new:
        _discard(folder)


def _leftovers(target: Path, kind: str) -> list[Path]:
    ours = re.compile(re.escape(f".{target.name}.{kind}-") + "[0-9a-f]{16}")
    with os.scandir(target.parent) as entries:
        return [
            target.parent / entry.name
            for entry in entries
            if ours.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        ]


def _same(files: Files, target: Path) -> bool:
    """Compare names first, then sizes, then bytes; an unexpected kind of file is a difference."""
    if not target.is_dir():
        return False
    folders = {str(up) for name in files for up in PurePosixPath(name).parents} - {"."}
    present: dict[str, os.stat_result] = {}
    for path in target.rglob("*"):
        present[path.relative_to(target).as_posix()] = path.lstat()
    if present.keys() != folders | files.keys():
        return False
    if not all(stat.S_ISDIR(present[name].st_mode) for name in folders):
        return False
    return all(_equal(source, target / name, present[name]) for name, source in files.items())


def _equal(source: bytes | Path, path: Path, status: os.stat_result) -> bool:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if not stat.S_ISREG(status.st_mode) or status.st_size != size:
        return False
    return _digest(source) == _digest(path)


def _digest(source: bytes | Path) -> bytes:
    running = hashlib.sha256()
    with _pieces(source) as chunks:
        for chunk in chunks:
            running.update(chunk)
    return running.digest()


@contextmanager
def _pieces(source: bytes | Path) -> Iterator[Iterator[bytes]]:
    if isinstance(source, bytes):
        yield iter((source,))
        return
    handle = open_regular(source)
    try:
        yield chunks_of(handle)
    finally:
        os.close(handle)


def _replace(files: Files, target: Path) -> None:
    new = _beside(target, "new")
    try:
        _build(files, new, target)
        before = _swap(new, target)
    except BaseException:
        _discard(new)
        raise
    # when this fails the old folder stays: a power cut may still bring its name back
    sync_folder(target.parent)
    if before is not None:
        _discard(before)


def _beside(target: Path, kind: str) -> Path:
    return target.parent / f".{target.name}.{kind}-{secrets.token_hex(8)}"


def _build(files: Files, new: Path, target: Path) -> None:
    """Write the complete folder and make all of it durable, contents before names."""
    new.mkdir()
    folders = {new}
    for name in sorted(files):
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        folders.update(up for up in path.parents if up.is_relative_to(new))
        with _pieces(files[name]) as chunks:
            write_new(path, chunks, 0o666)
    if target.exists():
        # who may read the folder was decided by its owner, not by this run
        new.chmod(stat.S_IMODE(target.stat().st_mode))
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        sync_folder(folder)


def _swap(new: Path, target: Path) -> Path | None:
    """Put the new folder in place and return where the old one went, or None."""
    if not target.exists():
        new.rename(target)
        return None
    if exchange(new, target):
        return new
    old = _beside(target, "old")
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        old.rename(target)
        raise
    return old


def _discard(folder: Path) -> None:
    """Remove a folder nobody looks at; what cannot be removed now, the next publication removes."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        _log.warning("暂时无法删除遗留文件夹 %s：%s", folder, error.strerror)
