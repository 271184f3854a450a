"""What was agreed of an agreement's end is told as to be done until somebody did it."""

from __future__ import annotations

from pathlib import Path

from dashboard.panels import agreements
from data.clock import fixed_clock
from data.home import Home
from data.purge import carry_out, purge_of_agreement
from data.store import Store
from data.tombstones import ends_carried_out
from tests.data.test_purge import WHO, ended
from tests.factories import NOW
from tests.recording import unrecorded

CLOCK = fixed_clock(NOW)


def told(home: Home) -> str:
    """The page Agreements, for a party to the one that ended."""
    store = Store(home, CLOCK)
    try:
        released = store.released_to(store.policy().viewer("dunmark"))
        return repr(agreements.told(released, home))
    finally:
        store.close()


def test_an_end_is_to_be_done_until_it_was_even_where_nothing_goes(tmp_path: Path) -> None:
    home = ended(tmp_path, "delete")
    assert ends_carried_out(home) == {}
    assert "still to be done" in told(home)
    for _time in range(2):
        carry_out(home, purge_of_agreement(home, "AD-COARSE"), WHO, clock=CLOCK, record=unrecorded)
    assert ends_carried_out(home) == {"AD-COARSE": NOW}
    assert "was done on 30 Sep 2026" in told(home)
    assert "still to be done" not in told(home)
