"""Answers that are kept: the last few by key, each made once however many ask for it at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """At most `most` values. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._making: dict[Hashable, tuple[threading.Lock, int]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The kept value, else a fresh one; what `make` raises is not kept, and the next who waits tries."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making, waiting = self._making.get(key, (threading.Lock(), 0))
            self._making[key] = (making, waiting + 1)
        try:
            with making:
                with self._lock:
                    if key in self._values:
                        return self._values[key]
                value = make()
                self._keep(key, value)
                return value
        finally:
            self._leave(key)

    def _keep(self, key: Hashable, value: V) -> None:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def _leave(self, key: Hashable) -> None:
        """The lock goes with the last who wanted it: whoever comes while one waits shares it."""
        with self._lock:
            making, waiting = self._making[key]
            if waiting == 1:
                del self._making[key]
            else:
                self._making[key] = (making, waiting - 1)
