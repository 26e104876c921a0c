"""Corruptions, each the least that breaks a rule, in the SQL of SQLite; and every rule that it breaks with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """`breaks` begins with the rule that is meant. `unkeyed`: the store in memory cannot hold such rows."""

    name: str
    breaks: str
    sql: tuple[str, ...]
    unkeyed: bool = False

    @property
    def rule(self) -> str:
        return self.breaks.split()[0]


def plant(breaks: str, name: str, *sql: str, unkeyed: bool = False) -> Plant:
    return Plant(name=name, breaks=breaks, sql=sql, unkeyed=unkeyed)


def again(table: str, where: str, **changes: str) -> str:
    """A statement that inserts copies of rows, with some columns changed."""
    columns = COLUMNS[table].split()
    values = ", ".join(changes.get(column, column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {where}"


COLUMNS = {
    "journal": "position operation kind at actor cart_id item_id order_id hold_id on_hand held data",
    "cart_lines": "cart_id item_id quantity seen_price currency price_revision added_at lapse hold_id hold_since "
    "hold_until",
    "orders": "id owner cart_id created_at currency subtotal discount total discounts",
    "order_events": "order_id position status at actor reason",
    "removals": "id cart_id owner item_id sku item_name quantity unit_price currency reason added_at removed_at "
    "outcome order_id returned_at bought_later_order_id",
    "idempotency_keys": "caller operation key fingerprint answer at",
}


def cart_of(owner: str, status: str = "active") -> str:
    return f"(SELECT id FROM carts WHERE owner = '{owner}' AND status = '{status}')"


def order_of(owner: str, item: str) -> str:
    return f"(SELECT id FROM orders JOIN order_lines ON order_id = id WHERE owner = '{owner}' AND item_id = '{item}')"


def removal(owner: str, item: str) -> str:
    return f"owner = '{owner}' AND item_id = '{item}'"


def entry(kind: str, cart: str, item: str | None = None) -> str:
    return f"kind = '{kind}' AND cart_id = {cart}" + (f" AND item_id = '{item}'" if item else "")


ANNS, FAYS, LEOS = f"(SELECT cart_id FROM orders WHERE id = {order_of('ann', 'mug')})", cart_of("fay"), cart_of("leo")
LEOS_HOLD = "(SELECT hold_id FROM cart_lines WHERE hold_id IS NOT NULL)"
CANCELLED = order_of("oda", "tea")
ANNS_TEA = order_of("ann", "tea")

STOCK = (
    plant("S1 S2 S3", "more is held than there is", "UPDATE stock SET held = on_hand + 1 WHERE item_id = 'fan'"),
    plant(
        "S1 O5",
        "units were held before they came in",
        "UPDATE journal SET position = 1000 WHERE item_id = 'cap' AND kind = 'stock_received'",
    ),
    plant("S2 S3", "held is not what carts hold", "UPDATE stock SET held = held - 1 WHERE item_id = 'fan'"),
    plant("S2 H3", "a line lost its hold", "UPDATE cart_lines SET hold_id = NULL WHERE hold_id IS NOT NULL"),
    plant(
        "S3 S4", "on hand is not what the ledger says", "UPDATE stock SET on_hand = on_hand + 1 WHERE item_id = 'mug'"
    ),
    plant(
        "S3 S5 H2",
        "the ledger has another number of held units",
        f"UPDATE journal SET held = held + 1 WHERE {entry('item_added', LEOS)}",
    ),
    plant(
        "S4 S5",
        "units came in that nobody received",
        "UPDATE journal SET kind = 'stock_found' WHERE item_id = 'mug' AND kind = 'stock_received' AND on_hand = 5",
    ),
    plant("S5", "an entry without an actor", "UPDATE journal SET actor = '' WHERE item_id = 'mug' AND on_hand = 5"),
    plant(
        "S5",
        "an entry without a reason",
        "UPDATE journal SET data = json_remove(data, '$.reason') WHERE item_id = 'mug' AND on_hand = 5",
    ),
    plant(
        "S5 S3 S4 S6",
        "an entry without an item",
        "UPDATE journal SET item_id = NULL WHERE item_id = 'mug' AND on_hand = 5",
    ),
    plant(
        "S5",
        "an entry of another quantity than its fact",
        "UPDATE journal SET data = json_set(data, '$.quantity', 6) WHERE item_id = 'mug' AND on_hand = 5",
    ),
    plant(
        "S5 S1 S3 S4",
        "fewer than no units were received",
        "UPDATE journal SET on_hand = -5, data = json_set(data, '$.quantity', -5) "
        "WHERE item_id = 'mug' AND on_hand = 5",
    ),
    plant(
        "S5",
        "units sold to nobody",
        f"UPDATE journal SET order_id = NULL WHERE kind = 'hold_committed' AND order_id = {ANNS_TEA}",
    ),
    plant(
        "S5 H3",
        "a start that is not called one",
        f"UPDATE journal SET operation = 'something' WHERE {entry('item_added', LEOS)}",
    ),
    plant(
        "S5 H2 S3",
        "an add to a held line that holds all of it again",
        "UPDATE journal SET held = json_extract(data, '$.line_quantity') "
        f"WHERE {entry('item_added', ANNS, 'tea')} AND held < json_extract(data, '$.line_quantity')",
    ),
    plant(
        "S5 H3 H2",
        "units added and held for no hold",
        f"UPDATE journal SET hold_id = NULL WHERE {entry('item_added', LEOS)}",
    ),
    plant(
        "S5 S3 S4",
        "an operation that happened twice",
        again("journal", "item_id = 'mug' AND on_hand = 5", position="1000"),
    ),
    plant("S6 S3 S4", "a ledger without a level", "DELETE FROM stock WHERE item_id = 'tea'"),
)

HOLDS = (
    plant(
        "H1 H2 S2",
        "two lines live on one hold",
        f"UPDATE cart_lines SET hold_id = {LEOS_HOLD}, hold_since = added_at WHERE cart_id = {cart_of('quinn')}",
    ),
    plant("H1 C4", "a hold lives on in a closed cart", "UPDATE carts SET status = 'abandoned' WHERE owner = 'leo'"),
    plant("H1 S3 R1", "a hold of two items", f"UPDATE journal SET item_id = 'mug' WHERE {entry('item_added', LEOS)}"),
    plant(
        "H2 S2 R1", "a line of more units than its hold", "UPDATE cart_lines SET quantity = 5 WHERE hold_id IS NOT NULL"
    ),
    plant(
        "H2 S3 S5",
        "a hold of which only a part ended",
        f"UPDATE journal SET held = -1 WHERE {entry('hold_released', ANNS)}",
    ),
    plant(
        "H3 H2 S1 S3",
        "a hold that never began",
        f"UPDATE journal SET hold_id = NULL, held = 0 WHERE {entry('item_added', FAYS, 'tea')}",
    ),
    plant(
        "H3 H2 S1 S3 S5",
        "a hold that ended twice",
        again("journal", entry("hold_released", FAYS), operation="'again'"),
        "UPDATE journal SET position = position * 10 + (operation = 'again')",
    ),
    plant(
        "H3 H2 S1 S3 S5 R1",
        "a hold that began twice",
        again("journal", entry("item_added", LEOS), position="1000"),
    ),
    plant(
        "H3 H2",
        "a hold that ended and lives",
        again(
            "journal",
            entry("item_added", LEOS),
            position="1000",
            operation="hold_id || '/end'",
            kind="'hold_released'",
            held="0",
        ),
    ),
    plant(
        "H3 C3 C4",
        "a hold that changed after its end",
        f"UPDATE journal SET position = 1000 WHERE {entry('hold_changed', ANNS, 'mug')}",
    ),
    plant(
        "H3 C3 S1",
        "a hold that changed before it began",
        f"UPDATE journal SET position = -position WHERE {entry('hold_changed', ANNS, 'mug')}",
        "UPDATE journal SET position = (SELECT max(position) FROM journal WHERE position < "
        f"(SELECT position FROM journal WHERE {entry('item_added', ANNS, 'mug')})) WHERE position < 0",
        "UPDATE journal SET position = position * 10 + (kind = 'hold_changed')",
    ),
    plant(
        "H4 O4 O5",
        "a committed hold that no order line names",
        f"UPDATE order_lines SET hold_id = NULL WHERE order_id = {ANNS_TEA}",
    ),
    plant(
        "H4 H2 O5 S3 S4 S5",
        "an order line of more units than were committed",
        f"UPDATE journal SET on_hand = -1, held = -1 WHERE kind = 'hold_committed' AND order_id = {ANNS_TEA}",
    ),
    plant(
        "H4",
        "a hold committed to another order",
        f"UPDATE journal SET order_id = 'another' WHERE kind = 'hold_committed' AND order_id = {ANNS_TEA}",
    ),
    plant(
        "O5 H3 H4 O4",
        "an order line names a hold that never was",
        f"UPDATE order_lines SET hold_id = 'never' WHERE order_id = {ANNS_TEA}",
    ),
)

CARTS = (
    plant("C1", "two active carts", "UPDATE carts SET owner = 'ann' WHERE owner = 'cid' AND status = 'active'"),
    plant("C2 R1", "a line of a thousand units", f"UPDATE cart_lines SET quantity = 1000 WHERE cart_id = {FAYS}"),
    plant("C2 R1", "an item on two lines", again("cart_lines", f"cart_id = {FAYS}"), unkeyed=True),
    plant("C3", "a version that is not its timeline's", "UPDATE carts SET version = 1 WHERE owner = 'fay'"),
    plant(
        "C3",
        "a version that went back",
        f"UPDATE journal SET data = json_set(data, '$.version', 9) WHERE {entry('item_added', FAYS, 'tea')}",
    ),
    plant("C3", "a cart that was not opened", f"DELETE FROM journal WHERE {entry('cart_opened', FAYS)}"),
    plant("C4 C3 R1", "a cart that is gone", "DELETE FROM carts WHERE owner = 'jon'"),
    plant(
        "C4 C1 O3",
        "an ordered cart that is active again",
        "UPDATE carts SET status = 'active', order_id = NULL "
        f"WHERE id = (SELECT cart_id FROM orders WHERE id = {order_of('cid', 'mug')})",
    ),
    plant(
        "C4",
        "something happened to a closed cart",
        again(
            "journal",
            entry("cart_closed", cart_of("gil", "abandoned")),
            position="1000",
            operation="'late'",
            kind="'line_dropped'",
        ),
    ),
    plant(
        "C4",
        "a line of an ordered cart that is not what was sold",
        f"UPDATE cart_lines SET quantity = 9 WHERE cart_id = {ANNS} AND item_id = 'pen'",
    ),
    plant("C5", "a line in another currency", f"UPDATE cart_lines SET currency = 'USD' WHERE cart_id = {FAYS}"),
    plant(
        "C5 O1 O4",
        "a line total that is not price times quantity",
        f"UPDATE order_lines SET line_total = line_total + 1 WHERE order_id = {ANNS_TEA}",
    ),
)

REMOVALS = (
    plant("R1", "a record of more units than left", f"UPDATE removals SET quantity = 99 WHERE {removal('jon', 'cap')}"),
    plant("R1", "a record of another item", f"UPDATE removals SET item_id = 'mug' WHERE {removal('jon', 'cap')}"),
    plant("R1", "a removal that is not recorded", f"DELETE FROM removals WHERE {removal('fay', 'tea')}"),
    plant("R1", "a removal that was not journalled", f"DELETE FROM journal WHERE {entry('item_removed', FAYS, 'tea')}"),
    plant("R1", "a cart that counts its removals wrongly", "UPDATE carts SET removals = 0 WHERE owner = 'fay'"),
    plant(
        "R1",
        "units that were never added",
        f"UPDATE journal SET data = json_set(data, '$.quantity', 1) WHERE {entry('item_added', LEOS)}",
    ),
    plant(
        "R2", "lost, but ordered", f"UPDATE removals SET outcome = 'lost' WHERE cart_id = {ANNS} AND item_id = 'pen'"
    ),
    plant(
        "R2",
        "open, but its cart was ordered",
        f"UPDATE removals SET outcome = 'open', order_id = NULL WHERE cart_id = {ANNS} AND item_id = 'tea'",
    ),
    plant(
        "R2",
        "settled by another order",
        f"UPDATE removals SET order_id = {ANNS_TEA} WHERE cart_id = {ANNS} AND item_id = 'pen'",
    ),
    plant(
        "R2", "open, but its cart was abandoned", f"UPDATE removals SET outcome = 'open' WHERE {removal('gil', 'mug')}"
    ),
    plant("R2", "abandoned, but its cart is active", "UPDATE removals SET outcome = 'abandoned' WHERE owner = 'jon'"),
    plant(
        "R2",
        "bought later, but by somebody else",
        f"UPDATE removals SET bought_later_order_id = {order_of('bob', 'tea')} WHERE {removal('fay', 'tea')}",
    ),
    plant("R2", "returned, and not noted", f"UPDATE removals SET returned_at = NULL WHERE {removal('fay', 'pen')}"),
    plant(
        "R2",
        "noted as returned, but gone",
        f"UPDATE removals SET returned_at = removed_at WHERE {removal('fay', 'tea')}",
    ),
    plant("R3", "a record that was renamed", f"UPDATE removals SET item_name = 'Pens' WHERE {removal('fay', 'pen')}"),
    plant("R3", "a record that was repriced", f"UPDATE removals SET unit_price = 1 WHERE {removal('fay', 'pen')}"),
    plant("R3", "a record of another's", "UPDATE removals SET owner = '' WHERE owner = 'jon'"),
    plant("R3", "an erased user with a name", "UPDATE users SET email = 't@example.org' WHERE status = 'erased'"),
    plant("R4 R1", "a removal with two records", again("removals", "owner = 'jon'")),
    plant(
        "R4",
        "a removal that was journalled twice",
        again("journal", entry("item_removed", cart_of("jon")), position="1000", operation="'again'"),
    ),
)

ORDERS = (
    plant("O1 O4", "a total that is not the difference", f"UPDATE orders SET total = total + 1 WHERE id = {ANNS_TEA}"),
    plant(
        "O1 O4",
        "a subtotal that is not the sum",
        f"UPDATE orders SET subtotal = subtotal + 1, total = total + 1 WHERE id = {ANNS_TEA}",
    ),
    plant("O1 O4", "two currencies", f"UPDATE orders SET currency = 'USD' WHERE id = {ANNS_TEA}"),
    plant(
        "O2 O4",
        "a discount that no line has",
        f"UPDATE orders SET discount = 40, total = total - 40 WHERE id = {ANNS_TEA}",
    ),
    plant("O2 O4", "a line's discount of nothing", f"UPDATE order_lines SET discount = 1 WHERE order_id = {ANNS_TEA}"),
    plant(
        "O3 O4",
        "two orders of one cart",
        again("orders", f"id = {ANNS_TEA}", id="'second'", subtotal="0", discount="0", total="0"),
    ),
    plant(
        "O3",
        "a cart that names another order",
        f"UPDATE carts SET order_id = 'another' WHERE id = (SELECT cart_id FROM orders WHERE id = {ANNS_TEA})",
    ),
    plant(
        "O3 C3 C4 R1",
        "an order whose cart is gone",
        f"DELETE FROM cart_lines WHERE cart_id = (SELECT cart_id FROM orders WHERE id = {ANNS_TEA})",
        f"DELETE FROM carts WHERE id = (SELECT cart_id FROM orders WHERE id = {ANNS_TEA})",
    ),
    plant("O3 O4", "an order of another owner", "UPDATE orders SET owner = 'bob' WHERE owner = 'cid'"),
    plant("O4", "a line that was renamed", f"UPDATE order_lines SET name = 'Teas' WHERE order_id = {ANNS_TEA}"),
    plant(
        "O4 C4 O3 R1",
        "an order that is gone",
        "DELETE FROM orders WHERE owner = 'pat' AND total = 8000",
        "DELETE FROM order_lines WHERE order_id NOT IN (SELECT id FROM orders)",
        "DELETE FROM order_events WHERE order_id NOT IN (SELECT id FROM orders)",
    ),
    plant("O4", "an order without history", "DELETE FROM order_events WHERE order_id = " + order_of("cid", "mug")),
    plant(
        "O4",
        "an order cancelled twice",
        again("order_events", f"order_id = {CANCELLED} AND position = 2", position="3"),
    ),
    plant("O4", "a cancel that was not journalled", "DELETE FROM journal WHERE kind = 'order_cancelled'"),
    plant(
        "O4",
        "an order that was not journalled",
        "DELETE FROM journal WHERE kind = 'order_placed' AND json_extract(data, '$.order.total.amount') = 8000",
    ),
    plant(
        "O6 S3 S4",
        "more came back than was ordered",
        "UPDATE journal SET on_hand = 2, data = json_set(data, '$.quantity', 2) WHERE kind = 'stock_restocked'",
    ),
    plant(
        "O6",
        "units of an order that was not cancelled came back",
        "DELETE FROM journal WHERE kind = 'order_cancelled'",
        "DELETE FROM order_events WHERE status = 'cancelled'",
    ),
    plant("O6 S3 S4", "nothing came back", "DELETE FROM journal WHERE kind = 'stock_restocked'"),
    plant(
        "O6 O4 S5",
        "units of no order came back",
        "UPDATE journal SET order_id = 'nowhere' WHERE kind = 'stock_restocked'",
    ),
)

KEYS_AND_ACCOUNTS = (
    plant("I1", "two answers to a key", again("idempotency_keys", "caller = 'ann'")),
    *(
        plant(
            "I2",
            f"an answer without its {effect}",
            f"UPDATE idempotency_keys SET answer = json_set(answer, '$.id', 'gone') WHERE caller = '{caller}'",
        )
        for caller, effect in (("ann", "order"), ("dot", "cart"), ("staff", "item"))
    ),
    plant("A1", "a token exchanged twice", "UPDATE refresh_tokens SET used_at = NULL"),
    plant("A2", "a session of a disabled user", "UPDATE sessions SET ended_at = NULL"),
    plant("A3", "a name compared as another", "UPDATE users SET name_folded = 'bob' WHERE username = 'rita'"),
    plant(
        "A3",
        "two users of one name",
        "UPDATE users SET username = 'Rita', name_folded = 'rita' WHERE username = 'saul'",
    ),
    plant("A3", "a user without a name", "UPDATE users SET name_folded = NULL"),
    plant("A4", "a password in the open", "UPDATE users SET password_hash = 'correct horse' WHERE status = 'active'"),
    plant("A4", "a refresh token in the open", "UPDATE refresh_tokens SET token_hash = 'token' || rowid"),
)

PLANTS = (*STOCK, *HOLDS, *CARTS, *REMOVALS, *ORDERS, *KEYS_AND_ACCOUNTS)
