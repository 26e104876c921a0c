from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from shopcore.audit.books import (
    CartBook,
    HoldBook,
    KeyBook,
    LedgerBook,
    LineBook,
    OrderBook,
    OwnerBook,
    RemovalBook,
    SessionBook,
    StockBook,
    UserBook,
)
from shopcore_memory.audit.carts import cart_books, line_books, owner_books, removal_books
from shopcore_memory.audit.orders import key_books, order_books
from shopcore_memory.audit.stock import hold_books, ledger_books, stock_books
from shopcore_memory.state import State


class MemoryAudit:
    def __init__(self, state: State) -> None:
        self._state = state

    def stock(self) -> Iterator[StockBook]:
        return stock_books(self._state)

    def ledger(self) -> Iterator[LedgerBook]:
        return ledger_books(self._state)

    def holds(self) -> Iterator[HoldBook]:
        return hold_books(self._state)

    def lines(self) -> Iterator[LineBook]:
        return line_books(self._state)

    def removals(self) -> Iterator[RemovalBook]:
        return removal_books(self._state)

    def carts(self) -> Iterator[CartBook]:
        return cart_books(self._state)

    def owners(self) -> Iterator[OwnerBook]:
        return owner_books(self._state)

    def orders(self) -> Iterator[OrderBook]:
        return order_books(self._state)

    def keys(self) -> Iterator[KeyBook]:
        return key_books(self._state)

    def users(self) -> Iterator[UserBook]:
        names = Counter(user.name_folded for user in self._state.users.values())
        for user in sorted(self._state.users.values(), key=lambda user: user.id):
            yield UserBook(user=user, namesakes=names[user.name_folded])

    def sessions(self) -> Iterator[SessionBook]:
        tokens: defaultdict[str, dict[str, bool]] = defaultdict(dict)
        for token in self._state.tokens.values():
            tokens[token.session_id][token.token_hash] = token.used_at is not None
        for session in sorted(self._state.sessions.values(), key=lambda session: session.id):
            user = self._state.users.get(session.user_id)
            yield SessionBook(
                session_id=session.id,
                ended=session.ended_at is not None,
                user_status=user.status if user else None,
                tokens=tokens[session.id],
            )
