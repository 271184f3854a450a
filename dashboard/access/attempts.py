"""How often a sign-in may fail, by account and by address, in a bounded memory.

Ten failures of one account, or sixty from one address, within five minutes: until they are over nothing more
is tried there. A wait, and no lock; and a browser in which the account signed in before has ten failures of
its own (`dashboard.access.known_browser`), so that nobody is kept out by what others do.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

WINDOW = 300.0
"""Seconds."""

MOST_BY_ACCOUNT, MOST_BY_ADDRESS = 10, 60
MOST_KEPT = 20_000
"""Of either kind; the one that failed longest ago is forgotten first."""


@dataclass
class Attempts:
    """Failures of the last minutes. `clock` counts seconds and is never set back."""

    clock: Callable[[], float] = monotonic
    _lock: Lock = field(default_factory=Lock)
    _accounts: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    _addresses: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    _browsers: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def may_try(self, account: str, address: str, browser: str = "") -> bool:
        """Whether a password may be compared now. `browser`: one that the account is known in, or empty."""
        if self._is_free(browser):
            return True
        return (
            self._failures(self._accounts, account) < MOST_BY_ACCOUNT
            and self._failures(self._addresses, address) < MOST_BY_ADDRESS
        )

    def failed(self, account: str, address: str, browser: str = "") -> None:
        """Count one more. Counted before the comparison, so that many at once are not more than allowed."""
        with self._lock:
            if self._is_free(browser):
                self._count(self._browsers, browser)
                return
            self._count(self._accounts, account)
            self._count(self._addresses, address)

    def succeeded(self, account: str, address: str, browser: str = "") -> None:
        """The account begins anew; the address has one failure less, for it was none."""
        with self._lock:
            if self._browsers.pop(browser, None) is not None:
                return
            self._accounts.pop(account, None)
            begun, count = self._addresses.get(address, (0.0, 0))
            if count > 0:
                self._addresses[address] = (begun, count - 1)

    def _is_free(self, browser: str) -> bool:
        return bool(browser) and self._failures(self._browsers, browser) < MOST_BY_ACCOUNT

    def _failures(self, kept: OrderedDict[str, tuple[float, int]], key: str) -> int:
        begun, count = kept.get(key, (0.0, 0))
        return count if count and self.clock() - begun < WINDOW else 0

    def _count(self, kept: OrderedDict[str, tuple[float, int]], key: str) -> None:
        count = self._failures(kept, key)
        begun = kept[key][0] if count else self.clock()
        kept[key] = (begun, count + 1)
        kept.move_to_end(key)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
