"""Asking the store from a callback: in a thread of a bounded pool, as the viewer of this request.

The event loop is never held up by a question, and no callback ever names a viewer itself.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

from dashboard.access.viewing import current_purpose, current_viewer
from data.released import Released
from data.store import Store

MOST_AT_ONCE = 8
_pool: RunVar[CapacityLimiter] = RunVar("watchfloor_pool")
_beside: RunVar[CapacityLimiter] = RunVar("watchfloor_beside")
"""For what takes no time and may wait for no question."""

_posts: RunVar[CapacityLimiter] = RunVar("watchfloor_posts")
"""For what partners' systems post, which may wait for the disk and holds up nobody else."""

POOLS = MappingProxyType({"questions": _pool, "beside": _beside, "posts": _posts})

T = TypeVar("T")


async def ask(store: Store, question: Callable[[Released], T]) -> T:
    """The answer for the viewer of this request, of what is released for the purpose of its route."""
    viewer, purpose = current_viewer(), current_purpose()
    return await in_thread(lambda: question(store.released_to(viewer, purpose)))


async def in_thread(work: Callable[[], T], *, pool: str = "questions") -> T:
    """Blocking work off the event loop, by the threads of one of POOLS."""
    return await to_thread.run_sync(work, limiter=_limiter(POOLS[pool]))


def _limiter(pool: RunVar[CapacityLimiter]) -> CapacityLimiter:
    """One of each an event loop; made on first use there."""
    try:
        return pool.get()
    except LookupError:
        limiter = CapacityLimiter(MOST_AT_ONCE)
        pool.set(limiter)
        return limiter
