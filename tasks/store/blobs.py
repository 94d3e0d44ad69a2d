"""Files named by the SHA-256 of their contents; written once, never changed."""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import stat
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from tasks.store.durable import chunks_of, make_folders, open_regular, os_refusal, sync_folder, write_new
from yearbook.errors import Refusal

Digest: TypeAlias = str
"""Lower-case hexadecimal SHA-256."""

PRIVATE_MODE = 0o400
PUBLIC_MODE = 0o440
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder of immutable files.

    Nothing is created on disk before the first write, so a copy on a read-only medium can be verified.
    """

    def __init__(self, root: Path) -> None:
        """Look at a folder without touching it.

        Args:
            root: Folder that holds ``sha256/`` and ``incoming/``.
        """
        self.root = root
        self.incoming = root / "incoming"
        self._named = root / "sha256"
        self._lock = root / ".lock"
        self._writing = False
        self._durable_shards: set[str] = set()

    def path(self, digest: Digest) -> Path:
        """Return where a blob lies, whether or not it is there.

        Raises:
            ValueError: The text is not a digest, so it must not become a path.
        """
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a lower-case hexadecimal SHA-256 digest")
        return self._named / digest[:2] / digest

    def has(self, digest: Digest) -> bool:
        """Tell whether the blob's file is there as an ordinary file."""
        return _size_of(self.path(digest)) is not None

    def size(self, digest: Digest) -> int | None:
        """Return the size of the blob's file, or None where there is none."""
        return _size_of(self.path(digest))

    def read(self, digest: Digest) -> bytes:
        """Return the contents, never bytes that do not match the digest.

        Raises:
            Refusal: The file is missing or damaged.
        """
        path = self.path(digest)
        with _refusing("读取存档文件", path):
            handle = open_regular(path)
            try:
                data = b"".join(chunks_of(handle))
            finally:
                os.close(handle)
        if hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(path)
        return data

    def verify(self, digest: Digest) -> bool:
        """Tell whether the file is there and its bytes still give the digest."""
        path = self.path(digest)
        if _size_of(path) is None:
            return False
        with _refusing("核对存档文件", path):
            return _hash_file(path) == digest

    def put_bytes(self, data: bytes, *, private: bool = False) -> Digest:
        """Keep bytes; on return they survive a power cut.

        Args:
            data: The contents.
            private: True for contents with personal fields: only the owner may read them.

        Returns:
            The digest.

        Raises:
            Refusal: The folder cannot be written, or an older copy is damaged.
        """
        digest = hashlib.sha256(data).hexdigest()
        with _refusing("写入存档", self.root):
            self._begin()
            if _size_of(self.path(digest)) is not None:
                self._keep_existing(digest, len(data), private=private)
                return digest
            return self._copy_in([data], private=private)

    def put_file(self, path: Path, *, private: bool = False) -> Digest:
        """Copy a file in, reading it exactly once; a symbolic link is refused.

        Args:
            path: The file as received.
            private: True for contents with personal fields.

        Returns:
            The digest of the bytes that were copied.

        Raises:
            Refusal: The source is a link or no ordinary file, or the store cannot be written.
        """
        with _refusing("读取文件", path):
            handle = open_regular(path)
        try:
            with _refusing("写入存档", self.root):
                self._begin()
                return self._copy_in(chunks_of(handle), private=private)
        finally:
            os.close(handle)

    def incoming_path(self, suffix: str = "") -> Path:
        """Return a fresh path for a file that another library writes and ``adopt`` takes over.

        Args:
            suffix: Ending such as ``.parquet``.
        """
        self.prepare()
        return self._fresh(suffix)

    def adopt(self, tmp_path: Path, *, private: bool = False) -> Digest:
        """Take over a file that was just written into ``incoming/`` without copying it.

        Args:
            tmp_path: The finished file; whoever wrote it has closed it.
            private: True for contents with personal fields.

        Returns:
            The digest.

        Raises:
            ValueError: The file does not lie in ``incoming/``.
            Refusal: The file is a link, or the store cannot be written.
        """
        if tmp_path.parent.resolve() != self.incoming.resolve():
            raise ValueError("only a file inside incoming/ can be adopted")
        with _refusing("写入存档", self.root):
            self._begin()
            return self._place(tmp_path, private=private)

    def prepare(self) -> None:
        """Create the folders now, so that an unwritable place is found before any work.

        Raises:
            Refusal: The folder cannot be written.
        """
        with _refusing("写入存档", self.root):
            self._begin()

    def sweep(self) -> int:
        """Remove what dead processes left in ``incoming/``.

        Returns:
            The number of files and folders removed; 0 while any process is writing, because its files are alive.
        """
        if self._writing or not self.incoming.is_dir():
            return 0
        with _refusing("清理存档", self.incoming):
            handle = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return self._remove_leftovers()
            except BlockingIOError:
                return 0
            finally:
                os.close(handle)

    def _remove_leftovers(self) -> int:
        removed = 0
        with os.scandir(self.incoming) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    # rows that an engine had spilled to disk while it sorted
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()
                removed += 1
        return removed

    def _begin(self) -> None:
        """Create the folders and announce a live writer, once per object."""
        if self._writing:
            return
        for folder in (self.root, self._named, self.incoming):
            make_folders(folder, 0o700)
        # repeated even when the folders are old: whoever made them may have died before this
        sync_folder(self.root.parent)
        sync_folder(self.root)
        handle = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # the kernel gives the lock back when the process dies, so a kill never blocks the next sweep
        weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)
        self._writing = True

    def _fresh(self, suffix: str = "") -> Path:
        return self.incoming / f"{secrets.token_hex(16)}{suffix}"

    def _copy_in(self, chunks: Iterable[bytes], *, private: bool) -> Digest:
        temp = self._fresh()
        try:
            write_new(temp, chunks, 0o600)
            return self._place(temp, private=private)
        finally:
            temp.unlink(missing_ok=True)

    def _place(self, temp: Path, *, private: bool) -> Digest:
        """Hash, set the mode, sync, rename, sync the folder; in this order only."""
        handle = open_regular(temp)
        try:
            digest, size = _hash_handle(handle)
            if _size_of(self.path(digest)) is not None:
                self._keep_existing(digest, size, private=private)
                temp.unlink()
                return digest
            os.fchmod(handle, PRIVATE_MODE if private else PUBLIC_MODE)
            os.fsync(handle)
        finally:
            os.close(handle)
        self._shard(digest)
        temp.rename(self.path(digest))
        sync_folder(self.path(digest).parent)
        return digest

    def _shard(self, digest: Digest) -> None:
        if digest[:2] not in self._durable_shards:
            self.path(digest).parent.mkdir(0o700, exist_ok=True)
            sync_folder(self._named)
            self._durable_shards.add(digest[:2])

    def _keep_existing(self, digest: Digest, size: int, *, private: bool) -> None:
        path = self.path(digest)
        status = path.lstat()
        if status.st_size != size:
            raise _damaged(path)
        if private and stat.S_IMODE(status.st_mode) != PRIVATE_MODE:
            # the stricter wish wins; the other way round nothing is opened up
            path.chmod(PRIVATE_MODE)
        # the process that renamed it may have died before it synced the folder
        self._shard(digest)
        sync_folder(path.parent)


def _size_of(path: Path) -> int | None:
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _hash_handle(handle: int) -> tuple[Digest, int]:
    running, size = hashlib.sha256(), 0
    for chunk in chunks_of(handle):
        running.update(chunk)
        size += len(chunk)
    return running.hexdigest(), size


def _hash_file(path: Path) -> Digest:
    handle = open_regular(path)
    try:
        return _hash_handle(handle)[0]
    finally:
        os.close(handle)


def _damaged(path: Path) -> Refusal:
    return Refusal(
        f"存档文件已损坏或被改动：{path}",
        todo="不要删除现场；从备份恢复该文件，核对通过后重新运行。",
    )


@contextmanager
def _refusing(action: str, place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise os_refusal(action, place, error) from error
