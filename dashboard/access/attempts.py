"""How often a sign-in may fail, by account and by address, in a bounded memory.

Ten failures of one account, or sixty from one address, within five minutes: until they are over nothing more
is tried there. A wait, and no lock: nobody can shut somebody else out for good.
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

    def may_try(self, account: str, address: str) -> bool:
        """Whether a password may be compared now."""
        return (
            self._failures(self._accounts, account) < MOST_BY_ACCOUNT
            and self._failures(self._addresses, address) < MOST_BY_ADDRESS
        )

    def failed(self, account: str, address: str) -> None:
        """Count one more. Counted before the comparison, so that many at once are not more than allowed."""
        with self._lock:
            self._count(self._accounts, account)
            self._count(self._addresses, address)

    def succeeded(self, account: str, address: str) -> None:
        """The account begins anew; the address has one failure less, for it was none."""
        with self._lock:
            self._accounts.pop(account, None)
            begun, count = self._addresses.get(address, (0.0, 0))
            if count > 0:
                self._addresses[address] = (begun, count - 1)

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
