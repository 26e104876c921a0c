"""`shopcore users`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from shopcore_cli.apps import example, group
from shopcore_cli.cells import cell
from shopcore_cli.options import Actor, DryRun, Json, Limit, PageNumber
from shopcore_cli.paging import show_page
from shopcore_cli.screen import say, show
from shopcore_cli.session import acting, the_shop

if TYPE_CHECKING:
    from shopcore.accounts import Account

app = group("Users of the shop: customers and staff.", "shopcore users list")
Role = Literal["customer", "support", "sales", "admin"]
Who = Annotated[str, typer.Argument(metavar="USER", help="A username or a user's id.")]


@app.command(epilog=example("echo 'a long password' | shopcore users create ann --role admin --password-stdin"))
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The username, 3 to 64 characters.")],
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
    ] = False,
    display_name: Annotated[str | None, typer.Option(help="The name that others see.")] = None,
    email: Annotated[str | None, typer.Option(help="An email address.")] = None,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Add a user of any role.

    The password is asked for twice, without being shown, or read from stdin. It has 8 to 128 characters.
    """
    password = _first_line() if password_stdin else _asked()
    with the_shop(make=True, dry_run=dry_run) as shop:
        account = shop.accounts.create(
            name, password, role=role, actor=acting(actor), display_name=display_name, email=email
        )
    _show(account, as_json=as_json)
    say(_done(f"Created {account.username}, {account.role}.", dry_run))


@app.command("list", epilog=example("shopcore users list --limit 100 --json"))
def list_(page: PageNumber = 1, limit: Limit = 20, as_json: Json = False) -> None:
    """All users, oldest first; erased ones have no name."""
    from shopcore.paging import PageRequest

    with the_shop() as shop:
        found = shop.accounts.list(PageRequest(page=page, limit=limit))
    show_page(found, _document, _row, "user", as_json=as_json)


@app.command("set-role", epilog=example("shopcore users set-role ann sales"))
def set_role(
    user: Who,
    role: Annotated[Role | None, typer.Argument(metavar="ROLE", help="customer, support, sales or admin.")] = None,
    role_option: Annotated[Role | None, typer.Option("--role", help="The same as the argument ROLE.")] = None,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give a user another role, from now on."""
    wanted = role or role_option
    if wanted is None or (role and role_option and role != role_option):
        raise typer.BadParameter("give one role: customer, support, sales or admin", param_hint="ROLE")
    with the_shop(dry_run=dry_run) as shop:
        account = shop.accounts.set_role(user, wanted, actor=acting(actor))
    _show(account, as_json=as_json)
    say(_done(f"{account.username} is {account.role} now.", dry_run))


@app.command(epilog=example("shopcore users disable ann"))
def disable(user: Who, actor: Actor = None, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Let a user in no more; his sessions end."""
    with the_shop(dry_run=dry_run) as shop:
        account = shop.accounts.disable(user, actor=acting(actor))
    _show(account, as_json=as_json)
    say(_done(f"{account.username} is disabled.", dry_run))


@app.command(epilog=example("shopcore users erase ann --yes"))
def erase(
    user: Who,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Forget a person for good.

    Name, profile, password and sessions are erased, the cart is given back; orders and removals stay, nameless.
    """
    with the_shop(dry_run=dry_run) as shop:
        found = shop.accounts.find(user)
        if not (yes or dry_run):
            _must_agree(f"Erase {cell(found.username or found.id)} for good?")
        account = shop.accounts.erase(found.id, actor=acting(actor))
    _show(account, as_json=as_json)
    say(_done(f"{account.id} is erased.", dry_run))


def _must_agree(question: str) -> None:
    from shopcore_cli.failures import Failed

    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:
        if sys.stdin.isatty():
            raise
        agreed = False  # there was nobody to ask
    if not agreed:
        raise Failed("nothing was changed; --yes agrees beforehand")


def _first_line() -> str:
    return sys.stdin.readline().removesuffix("\n").removesuffix("\r")


def _asked() -> str:
    if not sys.stdin.isatty():
        raise typer.BadParameter("there is no terminal to ask for the password at", param_hint="--password-stdin")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)
    return password


def _done(words: str, dry_run: bool) -> str:
    return f"Dry run, nothing was changed: {cell(words)}" if dry_run else cell(words)


def _show(account: Account, *, as_json: bool) -> None:
    show(_document(account), _row(account), as_json=as_json)


def _document(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "username": account.username or None,
        "role": account.role,
        "status": account.status,
        "profile": {"displayName": account.display_name, "email": account.email},
        "createdAt": account.created_at,
    }


def _row(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "username": account.username or None,
        "role": account.role,
        "status": account.status,
        "name": account.display_name,
        "email": account.email,
        "created": account.created_at,
    }
