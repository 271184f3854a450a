"""A declared source is fetched from a server of the test's own, taken once, and tried again when it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.errors import FileRefused, NotPulled, StoreUnavailable
from data.feeds import pulling
from data.feeds.pulling import Puller, pull
from data.home import Home
from data.lake import LakeWriter
from data.parsing import DEFAULT_LIMITS
from data.sources import DeclaredSource, Sources, as_toml

ANSWERS = Path(__file__).parent / "answers"
QUAKES = (ANSWERS / "usgs.geojson").read_bytes()
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@dataclass
class Service:
    """A server that answers as it is told, and what it was asked."""

    address: str = ""
    status: int = 200
    content: bytes = QUAKES
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    drips: bool = False
    """A byte now and then, so that no single wait is ever too long."""
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append({name.lower(): value for name, value in self.headers.items()})
            known = self.headers.get("If-None-Match")
            unchanged = known is not None and known == told.headers.get("ETag")
            self.send_response(304 if unchanged else told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            content = b"" if unchanged else told.content
            self.send_header("Content-Length", str(len(content) if told.length is None else told.length))
            self.end_headers()
            for byte in content if told.drips else ():
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)
            if not told.drips:
                self.wfile.write(content)

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever asked was ended
                super().handle()

        def log_message(self, *_told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_port}/summary.geojson"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def declared(home: Home, service: Service, **changed: object) -> DeclaredSource:
    source = DeclaredSource("quakes", "USGS", "usgs-quakes", service.address)
    source = replace(source, **changed)  # type: ignore[arg-type]
    Sources(home).load(as_toml((source,)).encode(), "sources.toml")
    return source


def records(home: Home) -> list[str]:
    with LakeWriter(home) as lake:
        return sorted(lake.newest_rows("incidents")["record_id"].to_pylist())


def test_what_it_answers_is_taken_and_asked_for_no_more(home: Home, service: Service) -> None:
    service.headers = {"ETag": '"v1"', "Last-Modified": "Mon, 21 Sep 2026 11:00:00 GMT"}
    source = declared(home, service)
    assert pull(home, source).said == (
        "quakes.geojson: read 3, new 3, revised 0, duplicate 0, quarantined 0",
    )
    assert len(records(home)) == 3
    assert pull(home, source).said == ("quakes: nothing new",)
    first, second = service.asked
    assert "if-none-match" not in first
    assert second["if-none-match"] == '"v1"'
    assert second["if-modified-since"] == "Mon, 21 Sep 2026 11:00:00 GMT"


def test_a_correction_is_a_revision(home: Home, service: Service) -> None:
    source = declared(home, service)
    pull(home, source)
    service.content = QUAKES.replace(b'"mag": 5.4', b'"mag": 5.6').replace(b"1789990900000", b"1789999900000")
    report = pull(home, source).report
    assert report is not None
    assert (report.new, report.revised, report.duplicate) == (0, 1, 2)


def test_records_are_the_declared_partners_and_labelled_as_declared(home: Home, service: Service) -> None:
    pull(home, declared(home, service, partner="OCHA", releasable_to=("WHO",), level="SENSITIVE"))
    with LakeWriter(home) as lake:
        rows = lake.newest_rows("incidents").to_pylist()
        label = lake.label(rows[0]["label_id"])
    assert {row["record_id"].split(":")[0] for row in rows} == {"OCHA"}
    assert (label.originator, label.classification, label.releasable_to) == ("OCHA", "SENSITIVE", ("WHO",))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"status": 503}, "answered with status 503; expected 200"),
        ({"status": 404}, "answered with status 404"),
        ({"length": len(QUAKES) + 10}, "the connection failed"),
        ({"status": 302, "headers": {"Location": "http://["}}, "the connection failed"),
        ({"status": 304}, "answered with status 304; expected 200"),
        ({"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "an address that is not safe"),
        ({"status": 302, "headers": {"Location": "/summary.geojson"}}, "leads on and on"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_is_kept(
    home: Home, service: Service, changed: dict[str, object], sentence: str
) -> None:
    for name, value in changed.items():
        setattr(service, name, value)
    source = declared(home, service)
    with pytest.raises(NotPulled, match=sentence):
        pull(home, source)
    assert records(home) == []
    last = Sources(home).last_pull(source)
    assert last.failures == 1
    assert last.said.startswith("The ")


def test_an_address_where_nobody_is_says_so(home: Home, service: Service) -> None:
    source = declared(home, service, address="http://127.0.0.1:9/x")
    with pytest.raises(NotPulled, match="could not be reached: the connection failed"):
        pull(home, source)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(home: Home, service: Service) -> None:
    service.content = b"x" * 3_000_000
    with pytest.raises(NotPulled, match="more than WATCHFLOOR_FILE_MB allows"):
        pull(home, declared(home, service), replace(DEFAULT_LIMITS, file_mb=1))


def test_an_answer_that_takes_too_long_is_left(
    home: Home, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "WHOLE_WITHIN_SECONDS", 2.0)
    service.drips = True
    with pytest.raises(NotPulled, match="takes too long"):
        pull(home, declared(home, service))


def test_what_could_not_be_taken_is_fetched_again(
    home: Home, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.headers = {"ETag": '"v1"'}
    source = declared(home, service)
    taken = pulling.ingest_into

    def full(*_told: object) -> object:
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(pulling, "ingest_into", full)
    with pytest.raises(StoreUnavailable):
        pull(home, source)
    monkeypatch.setattr(pulling, "ingest_into", taken)
    pull(home, source)
    assert len(records(home)) == 3


def test_an_error_page_is_refused_and_harms_nothing(home: Home, service: Service) -> None:
    source = declared(home, service)
    pull(home, source)
    service.content = b"<html>We are very sorry</html>"
    with pytest.raises(FileRefused, match="not whole JSON"):
        pull(home, source)
    assert len(records(home)) == 3


def test_a_source_is_due_when_its_time_has_come(home: Home, service: Service) -> None:
    source = declared(home, service, every=timedelta(minutes=5))

    def due(after: timedelta) -> bool:
        return bool(Puller(home, clock=fixed_clock(NOW + after)).due())

    assert due(timedelta())
    pull(home, source, clock=fixed_clock(NOW))
    assert not due(timedelta(minutes=4, seconds=59))
    assert due(timedelta(minutes=5))


def test_a_source_that_fails_is_asked_later_and_later(home: Home, service: Service) -> None:
    source = declared(home, service, every=timedelta(seconds=10))
    service.status = 500
    pauses = []
    for _ in range(9):
        with pytest.raises(NotPulled):
            pull(home, source, clock=fixed_clock(NOW))
        pauses.append(
            next(
                minutes
                for minutes in range(200)
                if Puller(home, clock=fixed_clock(NOW + timedelta(minutes=minutes))).due()
            )
        )
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_source_without_a_rhythm_is_fetched_by_hand_alone(home: Home, service: Service) -> None:
    declared(home, service)
    assert Puller(home, clock=fixed_clock(NOW)).due() == []


@pytest.mark.parametrize(
    "changed", [{"address": "http://127.0.0.1:9/"}, {"partner": "OCHA"}, {"level": "SENSITIVE"}]
)
def test_what_is_declared_otherwise_was_never_fetched(
    home: Home, service: Service, changed: dict[str, object]
) -> None:
    service.headers = {"ETag": '"v1"'}
    pull(home, declared(home, service))
    assert Sources(home).last_pull(declared(home, service, **changed)).etag == ""


def test_one_that_fails_in_a_way_that_nobody_foresaw_holds_up_no_other(
    home: Home, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [
        DeclaredSource(name, "USGS", "usgs-quakes", service.address, timedelta(minutes=5))
        for name in ("a", "b")
    ]
    Sources(home).load(as_toml(tuple(sources)).encode(), "sources.toml")
    fetched: list[str] = []

    def fails(_home: Home, source: DeclaredSource, *_told: object) -> object:
        fetched.append(source.id)
        raise ZeroDivisionError

    monkeypatch.setattr(pulling, "pull", fails)
    puller = Puller(home, clock=fixed_clock(NOW))
    for _ in range(3):
        for source in puller.due():
            puller._pulled(source)
    assert fetched == ["a", "b"]


def test_a_source_whose_files_come_into_the_inbox_is_not_fetched(home: Home, service: Service) -> None:
    with pytest.raises(NotPulled, match="has no address"):
        pull(home, declared(home, service, address=""))


def test_the_worker_fetches_by_itself(home: Home, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "LOOKS_EVERY_SECONDS", 0.01)
    declared(home, service, every=timedelta(minutes=5))
    ended = threading.Event()
    thread = threading.Thread(target=Puller(home).run, args=(ended,))
    thread.start()
    try:
        for _ in range(600):
            if home.catalog.exists() and Sources(home).last_pull(Sources(home).of("quakes")).at:
                break
            ended.wait(0.05)
    finally:
        ended.set()
        thread.join()
    assert len(records(home)) == 3
    assert len(service.asked) == 1
