"""The file that keeps the secrets: made once, complete, and nobody else's."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest

from shopcore.errors import NotConfigured
from shopcore_security import JwtTokens, kept_secrets, read_secrets


def test_a_missing_file_is_made_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "shop.secret"

    first = kept_secrets(path)

    assert kept_secrets(path) == read_secrets(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    JwtTokens(first)


def test_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    kept_secrets(tmp_path / "shop.secret")
    assert [entry.name for entry in tmp_path.iterdir()] == ["shop.secret"]


def test_two_shops_have_two_secrets(tmp_path: Path) -> None:
    assert kept_secrets(tmp_path / "one") != kept_secrets(tmp_path / "other")


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        seen = pool.map(kept_secrets, [tmp_path / "shop.secret"] * 16, chunksize=1)

    assert all(secrets == read_secrets(tmp_path / "shop.secret") for secrets in seen)
    assert [entry.name for entry in tmp_path.iterdir()] == ["shop.secret"]


def test_a_file_holds_one_secret_a_line_the_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "shop.secret"
    path.write_bytes(b"the new secret  \r\n\nthe old one\n")
    assert kept_secrets(path) == [b"the new secret", b"the old one"]


def test_a_file_that_cannot_be_read_or_is_empty_says_so(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n\n")
    with pytest.raises(NotConfigured, match="empty"):
        kept_secrets(empty)
    with pytest.raises(NotConfigured, match="cannot be read"):
        read_secrets(tmp_path / "missing")
    with pytest.raises(NotConfigured, match="cannot be read"):
        read_secrets(tmp_path)


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="cannot be made"):
        kept_secrets(tmp_path / "nowhere" / "shop.secret")
