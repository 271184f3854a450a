"""The View and its query string say the same, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.view import FILLS, KEYS, LAYERS, PERIODS, View
from data.drawn_area import DrawnArea
from data.filters import ROLES

NOW = datetime(2014, 11, 30, 18, 0, 12, tzinfo=UTC)
CODE = st.from_regex(r"[A-Z0-9][A-Z0-9_.+\-]{0,8}(@20\d\d-0[1-9]-1\d)?", fullmatch=True)
REGIONS = st.lists(
    st.tuples(st.from_regex(r"[A-Z]{3}[0-9]{0,2}", fullmatch=True), st.sampled_from(("", "@2019-11-04"))),
    max_size=6,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: tuple(sorted(code + version for code, version in pairs)))
CODES = st.lists(CODE, max_size=6).map(lambda codes: tuple(sorted(set(codes))))
TIMES = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
PAIRS = st.one_of(
    st.just((None, None)),
    st.tuples(TIMES, st.integers(1, 10**7)).map(lambda p: (p[0], p[0] + timedelta(seconds=p[1]))),
)
AREAS = st.tuples(st.integers(-1800000, 1790000), st.integers(-890000, 880000), st.integers(1, 9000)).map(
    lambda n: DrawnArea.of(
        [(n[0] / 1e4, n[1] / 1e4), ((n[0] + n[2]) / 1e4, n[1] / 1e4), (n[0] / 1e4, (n[1] + n[2]) / 1e4)]
    )
)


@st.composite
def views(draw: st.DrawFn) -> View:
    start, end = draw(PAIRS)
    return View(
        regions=draw(REGIONS),
        period=draw(st.sampled_from(PERIODS)) if start is None else "operation",
        start=start,
        end=end,
        known_at=draw(st.one_of(st.none(), TIMES)),
        partners=draw(CODES),
        role=draw(st.sampled_from(ROLES)),
        layers=tuple(layer for layer in LAYERS if draw(st.booleans())),
        sectors=draw(CODES),
        fill=draw(st.sampled_from(("", *FILLS))),
        selected=draw(st.sampled_from(("", "WHO:ebola-cases:LBR/1 a", "region:LBR", "Ä:ü%&=+#?:1"))),
        at=draw(
            st.one_of(
                st.none(),
                st.tuples(
                    st.integers(-850000, 850000).map(lambda n: n / 10000),
                    st.integers(-1800000, 1800000).map(lambda n: n / 10000),
                    st.integers(0, 18),
                ),
            )
        ),
        sort=draw(st.sampled_from(((), ("start_at",), ("-start_at", "title")))),
        area=draw(st.one_of(st.none(), AREAS)),
    )


@given(views())
def test_a_view_survives_its_query(view: View) -> None:
    assert View.from_query(view.to_query()) == (view, ())


@given(views())
def test_the_query_is_canonical(view: View) -> None:
    query = view.to_query()
    again, _ = View.from_query("?" + query)
    assert again.to_query() == query
    keys = [part.split("=", 1)[0] for part in query.split("&") if part]
    assert keys == [key for key in KEYS if key in keys]


def test_the_empty_query_is_the_default_view() -> None:
    assert View.from_query("") == (View(), ())
    assert View().to_query() == ""


@given(st.text(max_size=300))
def test_any_text_gives_a_view(text: str) -> None:
    view, notices = View.from_query(text)
    assert isinstance(view, View)
    assert all(notice.strip() for notice in notices)
    View.from_query(view.to_query())


@given(st.sampled_from(KEYS), st.text(max_size=120))
def test_any_value_gives_a_view_that_survives(key: str, value: str) -> None:
    from urllib.parse import urlencode

    view, notices = View.from_query(urlencode({key: value}, errors="replace"))
    assert View.from_query(view.to_query())[0] == view
    assert len(notices) <= 1


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("period=9h", "period"),
        ("from=2014-01-01T00:00:00Z", "from"),
        ("from=2014-02-01&to=2014-01-01", "period"),
        ("known=yesterday", "known"),
        ("known=2014-13-01", "known"),
        ("role=boss", "role"),
        ("layer=tanks", "layer"),
        ("region=<script>", "region"),
        ("region=" + ",".join(f"R{n}" for n in range(51)), "region"),
        ("region=LBR03@2019-13-40", "region"),
        ("fill=cases", "fill"),
        ("at=91,0,5", "at"),
        ("at=1,2", "at"),
        ("at=nan,inf,5", "at"),
        ("sel=a%00b", "sel"),
        ("sel=" + "x" * 201, "sel"),
        ("sort=1;drop", "sort"),
        ("area=1,2;3,4", "area"),
        ("area=0,0;2,2;2,0;0,2", "area"),
        ("area=0,0;0,1;1e0,1", "area"),
        ("area=0,0;0,1;nan,1", "area"),
        ("area=0,0;0,1;1,1;", "area"),
        ("area=0,0;0,541;1,1", "area"),
        ("area=" + ";".join(f"{n % 2},{n}" for n in range(500)), "area"),
        ("region=" + "A" * 9000, "link"),
    ],
)
def test_a_wrong_value_is_one_sentence_and_the_default(query: str, word: str) -> None:
    view, notices = View.from_query(query)
    assert view == View()
    assert len(notices) == 1
    assert word in notices[0]
    assert "<script>" not in notices[0]


def test_fifty_codes_are_taken() -> None:
    view, notices = View.from_query("region=" + ",".join(f"R{n}" for n in range(50)))
    assert len(view.regions) == 50
    assert not notices


def test_an_area_is_written_without_what_says_nothing() -> None:
    view, notices = View.from_query("area=18.10000001,283;18.1,284;19,284;18.1,283")
    assert not notices
    assert view.to_query() == "area=18.1,-77;18.1,-76;19,-76"
    assert view.to_filter(NOW).area == view.area


def test_a_bare_region_takes_in_its_versions() -> None:
    view, notices = View.from_query("region=LBR03@2014-01-01,LBR03,LBR04@2014-01-01,LBR04@2019-11-04")
    assert view.regions == ("LBR03", "LBR04@2014-01-01", "LBR04@2019-11-04")
    assert not notices


def test_no_layer_at_all_can_be_said() -> None:
    assert View.from_query("layer=none")[0].layers == ()
    assert View(layers=()).to_query() == "layer=none"


def test_a_preset_ends_at_now_in_whole_minutes() -> None:
    asked = View(period="7d").to_filter(NOW)
    assert asked.end == datetime(2014, 11, 30, 18, 1, tzinfo=UTC)
    assert asked.start == asked.end - timedelta(days=7)


def test_a_preset_is_relative_to_the_knowledge_time() -> None:
    known = datetime(2014, 9, 1, tzinfo=UTC)
    asked = View(period="24h", known_at=known).to_filter(NOW)
    assert (asked.start, asked.end, asked.known_at) == (known - timedelta(days=1), known, known)


def test_a_knowledge_time_to_come_is_now() -> None:
    asked = View(period="24h", known_at=NOW + timedelta(days=900)).to_filter(NOW)
    assert asked.end is not None
    assert asked.end - NOW < timedelta(minutes=1)


def test_the_operation_has_no_beginning() -> None:
    assert View().to_filter(NOW).start is None


def test_fields_can_be_put_back() -> None:
    view = View(regions=("LBR",), at=(1.0, 2.0, 3))
    assert view.without("at") == View(regions=("LBR",))
