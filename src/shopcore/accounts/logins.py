"""Sessions: how a user comes in, stays in, and is out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from shopcore.accounts import rules
from shopcore.accounts.model import AccessClaims, Caller, Login, Session, TokenPair, User
from shopcore.accounts.office import Office
from shopcore.accounts.ports import Tokens
from shopcore.errors import BadCredentials, InvalidToken
from shopcore.store import Transaction

ATTEMPTS = 3
"""How often a login looks again because the account changed while its password was being checked."""


class Logins(Office):
    def log_in(self, username: str, password: str) -> Login:
        """Begin a session.

        Raises BadCredentials: the same answer after the same work, whether the name is unknown, the password is
        wrong or the account is disabled. Raises TooManyLogins when the machine is too busy to check.
        """
        tokens = self._tokens
        for _ in range(ATTEMPTS):
            user = self._proven(username, password)
            stale = self._passwords.needs_rehash(user.password_hash)
            renewed = self._passwords.hash(rules.typed(password)) if stale else user.password_hash
            secret, now = self._make_secret(), self._clock()
            session = self._store.write(partial(self._begin, proven=user, renewed=renewed, secret=secret, now=now))
            if session is not None:
                return self._login(tokens, user, session, secret, now)
        raise BadCredentials

    def refresh(self, refresh_token: str) -> Login:
        """Exchange a refresh token for new tokens, once.

        A used token that comes again was stolen, or its successor was: its session ends. Raises InvalidToken.
        """
        tokens, secret, now = self._tokens, self._make_secret(), self._clock()
        outcome = self._store.write(lambda tx: self._exchange(tx, rules.token_hash(refresh_token), secret, now))
        if isinstance(outcome, InvalidToken):
            raise outcome
        user, session = outcome
        return self._login(tokens, user, session, secret, now)

    def log_out(self, caller: Caller) -> None:
        """End the caller's session; none of its tokens works any more."""
        self._store.write(lambda tx: tx.sessions.end([caller.session_id], self._clock()))

    def authenticate(self, access_token: str) -> Caller:
        """Who holds the token, with his role as of now. Raises InvalidToken."""
        [found] = self.authenticate_all([access_token])
        if isinstance(found, InvalidToken):
            raise found
        return found

    def read_token(self, access_token: str) -> AccessClaims:
        """What a good token says, as far as it tells by itself: its session may have ended. Raises InvalidToken."""
        return self._tokens.read_access(access_token)

    def authenticate_all(self, access_tokens: Sequence[str]) -> list[Caller | InvalidToken]:
        """What `authenticate` says of each token, in order, with one look at the store for all of them."""
        read = [self._read(token) for token in access_tokens]
        sessions = {claims.session_id for claims in read if isinstance(claims, AccessClaims)}
        with self._store.read(once=True) as tx:
            found = tx.sessions.callers(sessions) if sessions else {}
        now = self._clock()
        return [
            claims if isinstance(claims, InvalidToken) else rules.caller(claims, found.get(claims.session_id), now)
            for claims in read
        ]

    def forget_sessions(self, *, limit: int) -> int:
        """Delete sessions and refresh tokens that are over, at most `limit` of each; gives how many."""
        return self._store.write(lambda tx: tx.sessions.forget(self._clock(), limit=limit))

    def _proven(self, username: str, password: str) -> User:
        name = rules.folded(username)
        with self._store.read() as tx:
            user = tx.users.by_name([name]).get(name) if name is not None else None
        possible = rules.password_fault(password) is None
        known = user if possible and user is not None and user.status == "active" else None
        right = self._passwords.verify(
            known.password_hash if known else None, rules.typed(password) if possible else ""
        )
        if known is None or not right:
            raise BadCredentials
        return known

    def _begin(self, tx: Transaction, *, proven: User, renewed: str, secret: str, now: datetime) -> Session | None:
        """Start the session of a user whose password was right, unless it is not his password any more."""
        user = tx.users.lock([proven.id]).get(proven.id)
        if user is None or user.status != "active" or user.password_hash != proven.password_hash:
            return None
        if renewed != user.password_hash:
            tx.users.save([replace(user, password_hash=renewed)])
        session = Session(
            id=self._make_id(), user_id=user.id, created_at=now, expires_at=now + self._policy.refresh_time
        )
        tx.sessions.add(session, rules.new_token(secret, session.id, now, self._policy.refresh_time))
        return session

    def _exchange(
        self, tx: Transaction, token_hash: str, secret: str, now: datetime
    ) -> tuple[User, Session] | InvalidToken:
        """Gives the refusal instead of raising it, so that the end of a stolen session is committed."""
        locked = tx.sessions.lock_token(token_hash)
        if locked is None:
            return InvalidToken("it is unknown")
        token, session = locked
        user = tx.users.get([session.user_id])[session.user_id]
        verdict = rules.judge(token, session, user, now)
        if verdict == "reused":
            tx.sessions.end([session.id], now)
            return InvalidToken("it was used before; its session has ended")
        if verdict != "good":
            return InvalidToken("it has expired" if verdict == "expired" else "its session has ended")
        successor = rules.new_token(secret, session.id, now, self._policy.refresh_time)
        tx.sessions.exchange(token_hash, now, successor)
        return user, session

    def _login(self, tokens: Tokens, user: User, session: Session, secret: str, now: datetime) -> Login:
        issued = now.replace(microsecond=0)
        life = self._policy.access_time
        access = tokens.issue_access(
            AccessClaims(
                token_id=self._make_id(),
                user_id=user.id,
                session_id=session.id,
                issued_at=issued,
                expires_at=issued + life,
            )
        )
        pair = TokenPair(access_token=access, refresh_token=secret, expires_in=int(life.total_seconds()))
        return Login(account=user.account, tokens=pair)

    def _read(self, access_token: str) -> AccessClaims | InvalidToken:
        try:
            return self._tokens.read_access(access_token)
        except InvalidToken as refusal:
            return refusal
