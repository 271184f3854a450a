"""How much of the long tests runs: a part in CI, all of it when WATCHFLOOR_AUDIT_TESTS is set.

`conftest.py` takes every setting of the developer's away, so the choice is made when this is imported.
"""

from __future__ import annotations

import os

FULL = bool(os.environ.get("WATCHFLOOR_AUDIT_TESTS"))
"""Whether `make audit-tests` runs."""


def size(in_ci: int, in_full: int) -> int:
    """How many of something are tried."""
    return in_full if FULL else in_ci


MUTANT_EXAMPLES = size(60, 300)
"""Examples of each property that a mutant must survive. All mutants are tried in CI: it takes seconds."""
