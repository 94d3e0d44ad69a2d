"""Blobs: written once, complete or absent, and never believed when damaged."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.store.blobs import Blobs
from yearbook.errors import Refusal

TEXT = "2023年度政府信息公开".encode()
DIGEST = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "store")


def waiting(blobs: Blobs) -> list[Path]:
    return list(blobs.incoming.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# no deadline: a disk that others write to takes its time to sync
@settings(deadline=None)
@given(data=st.binary(max_size=5000))
def test_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    blobs = Blobs(tmp_path_factory.getbasetemp() / "shared-blobs")
    digest = blobs.put_bytes(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert blobs.read(digest) == data
    assert blobs.verify(digest)


def test_file_is_copied_across_piece_borders(blobs: Blobs, tmp_path: Path) -> None:
    data = os.urandom(3 * (1 << 20) + 17)
    source = tmp_path / "in.bin"
    source.write_bytes(data)
    digest = blobs.put_file(source)
    assert blobs.read(digest) == data
    assert source.read_bytes() == data
    assert blobs.path(digest) == tmp_path / "store" / "sha256" / digest[:2] / digest
    assert waiting(blobs) == []


def test_adopted_file_is_moved_not_copied(blobs: Blobs) -> None:
    fresh = blobs.incoming_path(".parquet")
    fresh.write_bytes(TEXT)
    inode = fresh.stat().st_ino
    assert blobs.adopt(fresh, private=True) == DIGEST
    assert blobs.path(DIGEST).stat().st_ino == inode
    assert mode(blobs.path(DIGEST)) == 0o400
    again = blobs.incoming_path(".parquet")
    again.write_bytes(TEXT)
    assert blobs.adopt(again) == DIGEST
    assert waiting(blobs) == []


def test_only_incoming_files_are_adopted(blobs: Blobs, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(TEXT)
    with pytest.raises(ValueError, match="incoming"):
        blobs.adopt(other)
    link = blobs.incoming_path()
    link.symlink_to(other)
    with pytest.raises(Refusal, match="符号链接"):
        blobs.adopt(link)


def test_links_pipes_and_folders_are_refused(blobs: Blobs, tmp_path: Path) -> None:
    real, link, pipe = tmp_path / "real", tmp_path / "link", tmp_path / "pipe"
    real.write_bytes(TEXT)
    link.symlink_to(real)
    os.mkfifo(pipe)
    with pytest.raises(Refusal, match="符号链接"):
        blobs.put_file(link)
    for strange in (pipe, tmp_path):
        with pytest.raises(Refusal, match="不是普通文件"):
            blobs.put_file(strange)
    with pytest.raises(Refusal, match="不存在"):
        blobs.put_file(tmp_path / "absent")
    assert not (tmp_path / "store").exists()


def test_mode_bits(blobs: Blobs) -> None:
    public, private = blobs.put_bytes(b"public"), blobs.put_bytes(b"private", private=True)
    assert mode(blobs.path(public)) == 0o440
    assert mode(blobs.path(private)) == 0o400
    for folder in (blobs.root, blobs.incoming, blobs.path(public).parent, blobs.path(public).parent.parent):
        assert mode(folder) == 0o700


def test_the_stricter_mode_wins(blobs: Blobs) -> None:
    blobs.put_bytes(TEXT)
    blobs.put_bytes(TEXT, private=True)
    assert mode(blobs.path(DIGEST)) == 0o400
    blobs.put_bytes(TEXT)
    assert mode(blobs.path(DIGEST)) == 0o400


def test_second_put_leaves_the_file_alone(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put_bytes(TEXT)
    before = blobs.path(DIGEST).stat()
    source = tmp_path / "same"
    source.write_bytes(TEXT)
    assert blobs.put_bytes(TEXT) == blobs.put_file(source) == DIGEST
    after = blobs.path(DIGEST).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert waiting(blobs) == []


def test_damage_is_found(blobs: Blobs) -> None:
    blobs.put_bytes(TEXT)
    path = blobs.path(DIGEST)
    path.chmod(0o600)
    path.write_bytes(bytes([TEXT[0] ^ 1]) + TEXT[1:])
    assert not blobs.verify(DIGEST)
    with pytest.raises(Refusal, match="损坏"):
        blobs.read(DIGEST)
    path.write_bytes(TEXT[:-1])
    with pytest.raises(Refusal, match="损坏"):
        blobs.put_bytes(TEXT)
    path.unlink()
    assert not blobs.verify(DIGEST)
    assert not blobs.has(DIGEST)


@pytest.mark.parametrize("text", ["", "../../secret", DIGEST.upper(), DIGEST + "\n", DIGEST[:-1]])
def test_only_digests_become_paths(blobs: Blobs, text: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        blobs.path(text)


def test_sweep_takes_the_dead_and_spares_the_living(tmp_path: Path) -> None:
    writer = Blobs(tmp_path / "store")
    leftover = writer.incoming_path()
    leftover.write_bytes(b"half")
    # rows that an engine had spilled while it sorted
    spilled = writer.incoming_path(".sort")
    spilled.mkdir()
    (spilled / "rows").write_bytes(b"personal")
    other = Blobs(tmp_path / "store")
    assert other.sweep() == 0
    assert writer.sweep() == 0
    del writer
    assert other.sweep() == 2
    assert not leftover.exists()
    assert not spilled.exists()
    assert Blobs(tmp_path / "nowhere").sweep() == 0


def test_unwritable_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refusal, match="写入存档失败"):
        Blobs(tmp_path / "file" / "store").put_bytes(TEXT)


def test_each_rename_stands_between_two_syncs(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = blobs.incoming_path()
    fresh.write_bytes(TEXT)
    events: list[tuple[str, int]] = []
    fsync, rename = os.fsync, os.rename

    def watched_fsync(handle: int) -> None:
        events.append(("sync", os.fstat(handle).st_ino))
        fsync(handle)

    def watched_rename(old: Path, new: Path) -> None:
        events.append(("rename", old.stat().st_ino))
        rename(old, new)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "rename", watched_rename)
    blobs.adopt(fresh)
    path = blobs.path(DIGEST)
    at = events.index(("rename", path.stat().st_ino))
    assert ("sync", path.stat().st_ino) in events[:at]
    assert ("sync", path.parent.parent.stat().st_ino) in events[:at]
    assert ("sync", path.parent.stat().st_ino) in events[at:]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_fault_at_every_step(tmp_path: Path, fault_at: Callable[[int, int], Any], number: int) -> None:
    source = tmp_path / "source"
    source.write_bytes(TEXT)
    for step in range(100):
        blobs = Blobs(tmp_path / f"store-{step}")
        said = ""
        with fault_at(step, number) as fault:
            try:
                blobs.put_file(source)
            except Refusal as refusal:
                said = str(refusal)
        assert ("写入存档失败" in said) == fault.happened
        if blobs.has(DIGEST):
            assert blobs.verify(DIGEST)
        if blobs.incoming.exists():
            assert waiting(blobs) == []
        assert Blobs(blobs.root).put_file(source) == DIGEST
        assert blobs.read(DIGEST) == TEXT
        if not fault.happened:
            assert step >= 8
            return
    pytest.fail("never got through")
