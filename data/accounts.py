"""The accounts of a home, in its state. Whoever is removed or changed is signed out everywhere."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from data.account import PREFIX, Account, fault
from data.errors import AccountRefused
from data.home import Home
from data.home_database import state_of
from data.passwords import fault_of, fits, hashed
from data.sessions import end_all

TABLE = """
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    partner TEXT NOT NULL,
    roles TEXT NOT NULL,
    clearance TEXT NOT NULL,
    categories TEXT NOT NULL,
    regions TEXT NOT NULL,
    issuer TEXT,
    subject TEXT,
    password TEXT NOT NULL,
    UNIQUE (issuer, subject)
)
"""
ADD = """
INSERT INTO accounts (id, name, partner, roles, clearance, categories, regions, issuer, subject, password)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ALL = """
SELECT id, name, partner, roles, clearance, categories, regions, issuer, subject FROM accounts
WHERE coalesce(?1, id) = id AND coalesce(?2, issuer, '') = coalesce(issuer, '')
    AND coalesce(?3, subject, '') = coalesce(subject, '') ORDER BY id
"""
"""Every account, or that with this id, or that of this issuer and subject; NULL asks for any."""

PASSWORD_OF = "SELECT password FROM accounts WHERE id = ?"
SET_PASSWORD = "UPDATE accounts SET password = ? WHERE id = ?"
REMOVE = "DELETE FROM accounts WHERE id = ?"


def add(home: Home, account: Account, password: str | None) -> None:
    """A new account; without a password only its identity provider's subject signs in.

    Raises AccountRefused for what the policy does not know, an id that is taken, a password that is none.
    """
    wrong = fault(account, home.policy())
    if wrong:
        raise AccountRefused(f"The account has {wrong}.")
    if password is None and account.subject is None:
        raise AccountRefused("The account has neither a password nor a subject of an identity provider.")
    kept = "" if password is None else _kept(password)
    sets = (sorted(account.roles), account.clearance, sorted(account.categories), _regions(account))
    roles, clearance, categories, regions = (s if isinstance(s, str) else json.dumps(s) for s in sets)
    row = (account.id, account.name, account.partner, roles, clearance, categories, regions)
    with _state(home) as state:
        try:
            state.execute(ADD, (*row, account.issuer, account.subject, kept))
        except sqlite3.IntegrityError:
            raise AccountRefused(
                f"The id {account.id!r}, or its issuer and subject, belongs to an account already.",
                "Remove that one first with `users remove`.",
            ) from None
        end_all(state, account.who)
        state.commit()


def _regions(account: Account) -> list[str] | None:
    return None if account.regions is None else sorted(account.regions)


def remove(home: Home, account_id: str) -> None:
    """Take an account away; its sessions end. Raises AccountRefused when there is none."""
    with _state(home) as state:
        if state.execute(REMOVE, (account_id,)).rowcount == 0:
            raise _no_account(account_id)
        end_all(state, f"{PREFIX}{account_id}")
        state.commit()


def set_password(home: Home, account_id: str, password: str) -> None:
    """Another password; the account's sessions end. Raises AccountRefused."""
    kept = _kept(password)
    with _state(home) as state:
        if state.execute(SET_PASSWORD, (kept, account_id)).rowcount == 0:
            raise _no_account(account_id)
        end_all(state, f"{PREFIX}{account_id}")
        state.commit()


def accounts_of(home: Home) -> tuple[Account, ...]:
    """Every account, by id."""
    with _state(home) as state:
        return tuple(_account(row) for row in state.execute(ALL, (None, None, None)))


def account_of(home: Home, who: str) -> Account | None:
    """The account with this identity id (`account:alice`); None when there is none (any more)."""
    if not who.startswith(PREFIX):
        return None
    with _state(home) as state:
        row = state.execute(ALL, (who.removeprefix(PREFIX), None, None)).fetchone()
    return _account(row) if row else None


def account_of_subject(home: Home, issuer: str, subject: str) -> Account | None:
    """The account that belongs to a subject of an identity provider."""
    if not issuer or not subject:
        return None
    with _state(home) as state:
        row = state.execute(ALL, (None, issuer, subject)).fetchone()
    return _account(row) if row else None


def signed_in(home: Home, account_id: str, password: str) -> Account | None:
    """The account whose id and password these are. An unknown id takes as long as a wrong password."""
    with _state(home) as state:
        row = state.execute(PASSWORD_OF, (account_id,)).fetchone()
    if not fits(str(row[0]) if row else "", password):
        return None
    return account_of(home, f"{PREFIX}{account_id}")


def password_mark(home: Home, account_id: str) -> str:
    """Another one after each change of the account's password, and no password; of no account, empty."""
    with _state(home) as state:
        row = state.execute(PASSWORD_OF, (account_id,)).fetchone()
    return hashlib.sha256(str(row[0]).encode()).hexdigest()[:16] if row else ""


def _kept(password: str) -> str:
    wrong = fault_of(password)
    if wrong:
        raise AccountRefused(f"The password cannot be taken: {wrong}.")
    return hashed(password)


def _no_account(account_id: str) -> AccountRefused:
    return AccountRefused(f"There is no account {account_id!r}.", "`users list` tells those there are.")


@contextmanager
def _state(home: Home) -> Iterator[sqlite3.Connection]:
    with state_of(home) as state:
        state.execute(TABLE)
        yield state


def _account(row: tuple[object, ...]) -> Account:
    identity, name, partner, roles, clearance, categories, regions = (str(value) for value in row[:7])
    issuer, subject = (None if value is None else str(value) for value in row[7:])
    bound = json.loads(regions)
    return Account(
        identity,
        name,
        partner,
        frozenset(json.loads(roles)),
        clearance,
        frozenset(json.loads(categories)),
        None if bound is None else frozenset(bound),
        issuer,
        subject,
    )
