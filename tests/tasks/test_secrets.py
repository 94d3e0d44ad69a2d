"""Secrets from the environment and the folder: which goes first, what is refused, and that no value is told."""

import os
import traceback
from pathlib import Path

import pytest

from tasks.secrets import secret
from tasks.settings import Settings
from yearbook.errors import Refusal

NAME = "YB_TEST_LICENSING_URL"
VALUE = "postgresql://konto:CANARY-7193@host/db"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (NAME, "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "secrets").mkdir(mode=0o700)
    return tmp_path / "secrets"


def put(file: Path, data: bytes = VALUE.encode(), mode: int = 0o600) -> Path:
    file.write_bytes(data)
    file.chmod(mode)
    return file


def refused(folder: Path | None, name: str = NAME) -> str:
    """The refusal's words; no value stands in them, in their chain or in the traceback."""
    with pytest.raises(Refusal) as refusal:
        secret(Settings(secrets=folder), name)
    told = "".join(traceback.format_exception(refusal.value))
    assert "CANARY" not in told
    assert "CANARY" not in repr(refusal.value.__context__)
    return str(refusal.value)


def test_the_environment_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder / NAME, b"from the file\n")
    assert secret(Settings(secrets=folder), NAME) == "from the file"
    monkeypatch.setenv(NAME, " from the environment ")
    assert secret(Settings(secrets=folder), NAME) == "from the environment"
    assert secret(Settings(secrets=None), NAME) == "from the environment"


@pytest.mark.parametrize("data", [VALUE.encode(), f"{VALUE}\n".encode(), f"\ufeff{VALUE}\r\n".encode()])
def test_the_value_has_no_line_end(folder: Path, data: bytes) -> None:
    put(folder / NAME, data, mode=0o400)
    assert secret(Settings(secrets=folder), NAME) == VALUE


@pytest.mark.parametrize("place", [None, "folder"])
def test_without_a_secret_the_places_are_named(folder: Path, place: str | None) -> None:
    put(folder / NAME.lower())
    told = refused(folder if place else None)
    assert f"没有名为 {NAME} 的密钥" in told
    assert f"设置环境变量 {NAME}" in told
    assert "YEARBOOK_SECRETS" in told
    assert "Prefect" not in told, "no server is configured"


@pytest.mark.parametrize(
    "name",
    ["", "1URL", "_URL", "LIC URL", "LIC-URL", "../URL", "URL\n", "A" * 65, "许可", "A.B", "postgresql://u:CANARY@h/d"],
)
def test_a_name_that_is_none_is_refused_without_repeating_it(folder: Path, name: str) -> None:
    told = refused(folder, name)
    assert "密钥的名称" in told
    assert not name or name not in told


@pytest.mark.parametrize("name", ["A", "a_9", "A" * 64])
def test_every_other_name_is_one(folder: Path, name: str) -> None:
    put(folder / name)
    assert secret(Settings(secrets=folder), name) == VALUE


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644, 0o440])
def test_an_exposed_file_is_refused(folder: Path, mode: int) -> None:
    put(folder / NAME, mode=mode)
    told = refused(folder)
    assert f"{mode:03o}" in told
    assert f"chmod 600 {NAME}" in told


def test_an_exposed_file_is_refused_behind_a_link_too(folder: Path) -> None:
    put(folder / "kept", mode=0o644)
    (folder / NAME).symlink_to("kept")
    assert "644" in refused(folder)


def test_a_link_is_followed_inside_the_folder_only(folder: Path) -> None:
    (folder / "version1").mkdir()
    put(folder / "version1" / "value")
    (folder / "current").symlink_to("version1")
    (folder / NAME).symlink_to("current/value")
    assert secret(Settings(secrets=folder), NAME) == VALUE
    outside = put(folder.parent / "outside")
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(outside)
    assert "以外的链接" in refused(folder)


def test_a_link_to_the_folder_itself_is_no_link_out_of_it(folder: Path) -> None:
    put(folder / NAME)
    other = folder.parent / "link"
    other.symlink_to(folder)
    assert secret(Settings(secrets=other), NAME) == VALUE


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.symlink_to("nowhere"), "读不了"),
        (lambda file: file.symlink_to(file.name), "读不了"),
        (lambda file: file.mkdir(), "不是普通文件"),
        (lambda file: os.mkfifo(file, 0o600), "不是普通文件"),
        (lambda file: put(file, b""), "密钥文件是空的"),
        (lambda file: put(file, b" \n\t\n"), "密钥文件是空的"),
        (lambda file: put(file, b"CANARY\xff\xfe"), "不是 UTF-8"),
        (lambda file: put(file, b"CANARY" * 20_000), "超过 64 KB"),
    ],
    ids=["dangling", "loop", "folder", "pipe", "empty", "blank", "bytes", "large"],
)
def test_a_file_that_is_none_is_refused(folder: Path, spoil: object, words: str) -> None:
    spoil(folder / NAME)  # type: ignore[operator]
    told = refused(folder)
    assert words in told
    assert NAME in told


def test_a_set_but_empty_variable_does_not_let_another_place_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder / NAME)
    monkeypatch.setenv(NAME, "  ")
    assert f"密钥 {NAME} 的环境变量是空的" in refused(folder)


def test_a_folder_that_is_not_there_is_refused(folder: Path) -> None:
    assert "文件夹打不开" in refused(folder / "nowhere")
