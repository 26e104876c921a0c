"""Users from the command line."""

from __future__ import annotations

import pytest

from shopcore.errors import UserNotFound
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from terminal import Terminal

PASSWORD = "correct horse"


def create(terminal: Terminal, name: str, role: str = "customer") -> None:
    ended = terminal.run("users", "create", name, "--role", role, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert ended.code == 0, ended.err


def test_a_user_is_created_with_a_password_from_stdin(terminal: Terminal, shop: Shop) -> None:
    ended = terminal.run(
        *("users", "create", "Ann", "--role", "sales", "--password-stdin", "--email", "ann@example.org", "--json"),
        stdin=f"{PASSWORD}\nand more\n",
    )

    account = shop.accounts.find("ann")
    assert ended.document == {
        "id": account.id,
        "username": "Ann",
        "role": "sales",
        "status": "active",
        "profile": {"displayName": None, "email": "ann@example.org"},
        "createdAt": account.created_at.isoformat().replace("+00:00", "Z"),
    }
    assert ended.err == "Created Ann, sales.\n"
    assert PASSWORD not in ended.out + ended.err


def test_at_a_terminal_the_password_is_asked_for_twice_and_never_shown(terminal: Terminal, shop: Shop) -> None:
    shown = terminal.at_a_terminal("users", "create", "ann", "--role", "admin", typed=[PASSWORD, PASSWORD])

    assert shown.code == 0
    assert shown.out.startswith("Password: \nAgain: \n")
    assert PASSWORD not in shown.out
    assert shop.accounts.find("ann").role == "admin"


def test_without_a_terminal_a_password_must_be_piped_in(terminal: Terminal, shop: Shop) -> None:
    ended = terminal.process("users", "create", "ann", "--role", "admin")

    assert ended.code == 2
    assert "--password-stdin" in ended.err
    assert shop.accounts.list(PageRequest()).total == 0


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("ann", "short", "password: must have 8 to 128 characters"),
        ("an", PASSWORD, "username: must have 3 to 64 characters"),
        ("ann", "", "password: must have 8 to 128 characters"),
    ],
)
def test_what_cannot_be_a_user_is_wrong_usage(
    terminal: Terminal, shop: Shop, name: str, password: str, words: str
) -> None:
    ended = terminal.run("users", "create", name, "--role", "sales", "--password-stdin", stdin=password)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert shop.accounts.list(PageRequest()).total == 0


def test_a_name_that_is_taken_is_a_conflict_also_in_a_dry_run(terminal: Terminal, shop: Shop) -> None:
    create(terminal, "ann")

    for dry_run in ([], ["--dry-run"]):
        ended = terminal.run(
            "users", "create", "ANN", "--role", "sales", "--password-stdin", *dry_run, stdin=f"{PASSWORD}\n"
        )
        assert (ended.code, ended.err) == (5, "Error: the username ANN is taken\n")


def test_a_dry_run_creates_nobody(terminal: Terminal, shop: Shop) -> None:
    ended = terminal.run(
        "users", "create", "ann", "--role", "sales", "--password-stdin", "--dry-run", stdin=f"{PASSWORD}\n"
    )

    assert ended.code == 0
    assert ended.err == "Dry run, nothing was changed: Created ann, sales.\n"
    assert shop.accounts.list(PageRequest()).total == 0


def test_users_are_listed_oldest_first_a_page_at_a_time(terminal: Terminal, shop: Shop) -> None:
    for name in ("ann", "bob", "cleo"):
        create(terminal, name)

    page = terminal.document("users", "list", "--limit", "2", "--page", "2")
    table = terminal.run("users", "list", "--limit", "2")

    assert (page["page"], page["limit"], page["total"]) == (2, 2, 3)
    assert [user["username"] for user in page["items"]] == ["cleo"]
    assert [line.split()[1] for line in table.out.splitlines()] == ["username", "ann", "bob"]
    assert table.err == "Page 1 of 2, 3 users in all; --page 2 for more.\n"


def test_a_role_is_set_by_argument_or_option_and_by_whom_is_kept(terminal: Terminal, shop: Shop) -> None:
    create(terminal, "ann")

    rehearsed = terminal.run("users", "set-role", "ann", "sales", "--dry-run")
    assert shop.accounts.find("ann").role == "customer"
    by_argument = terminal.document("users", "set-role", "ann", "sales", "--actor", "boss")
    by_option = terminal.document("users", "set-role", "ann", "--role", "support")

    assert rehearsed.code == 0
    assert (by_argument["role"], by_option["role"]) == ("sales", "support")
    assert shop.accounts.find("ann").role == "support"


@pytest.mark.parametrize("words", [["king"], [], ["sales", "--role", "admin"]])
def test_a_role_that_is_none_or_two_is_wrong_usage(terminal: Terminal, shop: Shop, words: list[str]) -> None:
    create(terminal, "ann")

    assert terminal.run("users", "set-role", "ann", *words).code == 2
    assert shop.accounts.find("ann").role == "customer"


def test_a_disabled_user_is_shown_as_such(terminal: Terminal, shop: Shop) -> None:
    create(terminal, "ann")

    assert terminal.document("users", "disable", "ann")["status"] == "disabled"
    assert shop.accounts.find("ann").status == "disabled"


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_nobody_is_erased_unless_that_is_agreed(terminal: Terminal, shop: Shop, answer: str) -> None:
    create(terminal, "ann")

    ended = terminal.run("users", "erase", "ann", stdin=answer)

    assert ended.code == 1
    assert "Erase ann for good? [y/N]" in ended.err
    assert shop.accounts.find("ann").status == "active"


@pytest.mark.parametrize(("words", "answer"), [(["--yes"], ""), ([], "y\n")])
def test_an_erased_user_has_no_name_any_more(terminal: Terminal, shop: Shop, words: list[str], answer: str) -> None:
    create(terminal, "ann")
    user = shop.accounts.find("ann").id

    ended = terminal.run("users", "erase", "ann", *words, stdin=answer)

    assert ended.code == 0
    with pytest.raises(UserNotFound):
        shop.accounts.find("ann")
    assert shop.accounts.find(user).status == "erased"


def test_a_dry_run_erases_nobody_and_asks_nobody(terminal: Terminal, shop: Shop) -> None:
    create(terminal, "ann")

    ended = terminal.run("users", "erase", "ann", "--dry-run")

    assert ended.code == 0
    assert shop.accounts.find("ann").status == "active"


@pytest.mark.parametrize("words", [["set-role", "x", "admin"], ["disable", "x"], ["erase", "x", "--yes"]])
def test_who_is_not_there_is_not_found(terminal: Terminal, words: list[str]) -> None:
    ended = terminal.run("users", *words)

    assert (ended.code, ended.out, ended.err) == (4, "", "Error: there is no user x\n")


def test_an_actor_without_a_name_is_refused(terminal: Terminal, shop: Shop) -> None:
    create(terminal, "ann")

    assert terminal.run("users", "disable", "ann", "--actor", "").code == 2
