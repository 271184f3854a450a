"""What of the policy a viewer may know: what its partner is a party to, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.known_policy import KNOW_ALL, Standing, known_policy, standing
from data.viewer import NOBODY, Viewer
from layers.agreements import graph
from tests.data.release_cases import END, NOW, PARTNERS, START, a_person, a_policy, an_agreement

BOTH = an_agreement("BOTH", "XAA", "XAB", kind="bilateral")
OTHERS = an_agreement("OTHERS", "XAC", "XAD", kind="bilateral")
SEVERAL = an_agreement("SEVERAL", "XAA", "XAB", "XAC")
POLICY = a_policy(BOTH, OTHERS, SEVERAL)


def of(partner: str, *roles: str) -> Viewer:
    return Viewer((a_person(partner, roles=frozenset(roles)),))


def test_a_partner_knows_its_own_agreements_and_groups() -> None:
    known = known_policy(POLICY, of("XAA", "viewer", "releaser"), NOW)
    assert [each.id for each in known.agreements] == ["BOTH", "SEVERAL"]
    assert [each.code for each in known.groups] == ["EAST"]
    assert list(known.partners) == ["XAA", "XAB", "XAC"]
    assert [each.id for each in known.between("XAA", "XAC")] == ["SEVERAL"]


def test_who_audits_or_keeps_the_registers_knows_all_of_them() -> None:
    for role in KNOW_ALL:
        known = known_policy(POLICY, of("XAD", role), NOW)
        assert {each.id for each in known.agreements} == {"BOTH", "OTHERS", "SEVERAL"}
        assert set(known.partners) == set(PARTNERS)


def test_a_common_viewer_knows_what_all_of_them_may_know() -> None:
    common = Viewer((*of("XAA", "overseer").identities, *of("XAC", "viewer").identities))
    known = known_policy(POLICY, common, NOW)
    assert [each.id for each in known.agreements] == ["SEVERAL"]


def test_nobody_knows_nothing() -> None:
    known = known_policy(POLICY, NOBODY, NOW)
    assert (known.agreements, known.groups, known.partners) == ((), (), {})


@given(st.sets(st.sampled_from(PARTNERS), min_size=2), st.sampled_from(PARTNERS))
def test_an_agreement_of_others_is_never_known(parties: set[str], partner: str) -> None:
    policy = a_policy(an_agreement("X", *sorted(parties)))
    known = known_policy(policy, of(partner, "viewer", "analyst", "releaser", "operator"), NOW)
    assert bool(known.agreements) == (partner in parties)


def test_dates_are_half_open() -> None:
    assert standing(START, END, START) is Standing.IN_FORCE
    assert standing(START, END, END) is Standing.ENDED
    assert standing(START, None, END + timedelta(days=900)) is Standing.IN_FORCE
    assert standing(START, END, START - timedelta(microseconds=1)) is Standing.TO_COME


def test_the_graph_draws_what_is_known_and_nothing_else() -> None:
    known = known_policy(a_policy(BOTH, OTHERS, replace(SEVERAL, until_at=NOW)), of("XAA", "viewer"), NOW)
    drawn = graph(known, NOW, "dark")
    assert drawn.startswith("data:image/svg+xml,")
    for word in ("XAA", "XAB", "XAC", "BOTH", "SEVERAL", "EAST"):
        assert f"%3E{word}%3C" in drawn
    for word in ("OTHERS", "WEST", "XAD"):
        assert word not in drawn
    assert "stroke-dasharray%3D%221%205%22" in drawn  # the one that has ended is dotted
    assert graph(known_policy(POLICY, NOBODY, NOW), NOW, "light")
