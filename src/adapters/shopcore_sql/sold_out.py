"""Which listed items are sold out, noted by the database itself.

It changes only when an item's last unit goes or one comes back, so that nothing is written while stock merely shrinks;
and how many items are in stock is known without looking at each. Whoever changes a level, or withdraws an item, has
locked the level before: what is noted of one item is changed by one transaction at a time.
"""

from __future__ import annotations

from alembic import op

_RAN_OUT = "(old.on_hand = old.held) <> (new.on_hand = new.held)"
_WITHDRAWN = "(old.status = 'listed') <> (new.status = 'listed')"

_OF_LEVEL = """
    DELETE FROM sold_out WHERE number = (SELECT number FROM items WHERE id = new.item_id);
    INSERT INTO sold_out (number) SELECT number FROM items
        WHERE id = new.item_id AND status = 'listed' AND new.on_hand = new.held;
"""
_OF_ITEM = """
    DELETE FROM sold_out WHERE number = new.number;
    INSERT INTO sold_out (number) SELECT new.number FROM stock
        WHERE item_id = new.id AND new.status = 'listed' AND on_hand = held;
"""
_TRIGGERS = (
    ("level_begun", "AFTER INSERT ON stock", "new.on_hand = new.held", _OF_LEVEL),
    ("level_changed", "AFTER UPDATE OF on_hand, held ON stock", _RAN_OUT, _OF_LEVEL),
    ("item_changed", "AFTER UPDATE OF status ON items", _WITHDRAWN, _OF_ITEM),
)


def note_what_is_sold_out() -> None:
    """Keep the table `sold_out` in step with stock and items from now on."""
    for name, event, when, work in _TRIGGERS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"CREATE TRIGGER sold_out_{name} {event} WHEN {when} BEGIN {work} END")
            continue
        op.execute(
            f"CREATE FUNCTION shopcore_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {work} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER sold_out_{name} {event} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION shopcore_{name}()"
        )


def stop_noting() -> None:
    """Undo it, before the tables are dropped."""
    for name, event, _, _ in _TRIGGERS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER sold_out_{name}")
        else:
            op.execute(f"DROP TRIGGER sold_out_{name} ON {event.rpartition(' ')[2]}")
            op.execute(f"DROP FUNCTION shopcore_{name}()")
