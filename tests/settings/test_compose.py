"""The settings become a shop, or one clear line that says why not."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shopcore.errors import InvalidToken
from shopcore_memory import MemoryStore
from shopcore_settings import ConfigurationError, Settings, load, open_shop
from shopcore_testing.accounts import PASSWORD

SECRET = "0123456789abcdef0123456789abcdef"


def settings_of(**given: str) -> Settings:
    return load({f"SHOPCORE_{name}": raw for name, raw in given.items()})


def problem(**given: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        open_shop(settings_of(**given))
    [line] = refused.value.problems
    return line


def test_a_shop_in_memory_is_one_address_away() -> None:
    shop = open_shop(settings_of(DATABASE_URL="memory://", CURRENCY="CHF", HOLD_MINUTES="0.5", CANCEL_MINUTES="0"))

    assert isinstance(shop.store, MemoryStore)
    assert shop.policy.currency == "CHF"
    assert (shop.policy.hold_time.total_seconds(), shop.policy.cancel_window.total_seconds()) == (30, 0)


def test_a_new_sqlite_file_is_a_shop_at_once_and_keeps_its_secret_beside_it(tmp_path: Path) -> None:
    settings = settings_of(DATABASE_URL=f"sqlite:///{tmp_path / 'shop.db'}")
    shop = open_shop(settings)
    shop.accounts.sign_up("ann", PASSWORD)
    token = shop.accounts.log_in("ann", PASSWORD).tokens.access_token
    shop.close()

    again = open_shop(settings)

    assert again.accounts.authenticate(token).username == "ann"
    assert stat.S_IMODE((tmp_path / "shop.db.secret").stat().st_mode) == 0o600
    again.close()


def test_secrets_rotate_without_logging_anybody_out(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'shop.db'}", tmp_path / "secrets"
    file.write_text(f"{SECRET}\n")
    shop = open_shop(settings_of(DATABASE_URL=url, JWT_SECRET_FILE=str(file)))
    shop.accounts.sign_up("ann", PASSWORD)
    token = shop.accounts.log_in("ann", PASSWORD).tokens.access_token
    shop.close()

    file.write_text(f"{SECRET[::-1]}\n{SECRET}\n")
    rotated = open_shop(settings_of(DATABASE_URL=url, JWT_SECRET_FILE=str(file)))
    assert rotated.accounts.authenticate(token).username == "ann"
    rotated.close()

    dropped = open_shop(settings_of(DATABASE_URL=url, JWT_SECRET=SECRET[::-1]))
    with pytest.raises(InvalidToken):
        dropped.accounts.authenticate(token)
    dropped.close()


def test_postgresql_without_a_secret_is_refused() -> None:
    assert "SHOPCORE_JWT_SECRET" in problem(DATABASE_URL="postgresql://localhost/shop")


@pytest.mark.parametrize("url", ["mysql://localhost/shop", "shop.db", "sqlite://", "://", "oracle://x"])
def test_a_database_that_is_none_we_know_is_one_clear_line(url: str) -> None:
    line = problem(DATABASE_URL=url)

    assert "database" in line
    assert "\n" not in line


@pytest.mark.parametrize("url", ["memory://", "sqlite:///{folder}/shop.db"])
def test_a_replica_of_anything_but_postgresql_is_refused(tmp_path: Path, url: str) -> None:
    line = problem(DATABASE_URL=url.format(folder=tmp_path), REPLICA_URL="postgresql://localhost/shop")

    assert "a replica of" in line
    assert "leave" in line


def test_a_replica_that_is_no_postgresql_is_refused(tmp_path: Path) -> None:
    given = {"JWT_SECRET": SECRET, "DATABASE_URL": "postgresql://localhost/shop"}

    assert "a replica of SQLite" in problem(**given, REPLICA_URL=f"sqlite:///{tmp_path}/shop.db")
    assert "the database mysql" in problem(**given, REPLICA_URL="mysql://localhost/shop")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in problem(DATABASE_URL=f"sqlite:///{tmp_path}/none/shop.db")


@pytest.mark.parametrize(
    ("missing", "url", "extra"),
    [
        ("sqlalchemy", "sqlite:///shop.db", "shopcore[sql]"),
        ("argon2", "memory://", "shopcore[security]"),
        ("jwt", "memory://", "shopcore[security]"),
    ],
)
def test_a_library_that_is_not_installed_comes_with_the_command_that_installs_it(
    missing: str, url: str, extra: str
) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from shopcore_settings import ConfigurationError, Settings, open_shop\n"
        f"try: open_shop(Settings(database_url={url!r}))\n"
        "except ConfigurationError as error: print(error)\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert f"run: pip install '{extra}'" in done.stdout
