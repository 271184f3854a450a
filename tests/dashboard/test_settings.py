"""A wrong setting is one sentence with its name, its value and what was expected."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard.application import check_servable
from dashboard.settings import Settings, read_settings
from data.errors import SettingError


def test_the_defaults_need_no_environment() -> None:
    settings = read_settings()
    assert (settings.port, settings.host, settings.home) == (8050, "127.0.0.1", Path("var"))
    assert settings.url == "http://127.0.0.1:8050/"


def test_the_environment_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PORT": "9000", "HOST": "::1", "WATCHFLOOR_HOME": "/somewhere"}.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert (settings.port, settings.home, settings.url) == (9000, Path("/somewhere"), "http://[::1]:9000/")


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert read_settings().port == 8050


@pytest.mark.parametrize("value", ["abc", "0", "65536", "80.5", "-1"])
def test_a_wrong_port_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(SettingError) as caught:
        read_settings()
    assert "PORT" in caught.value.message
    assert value in caught.value.message
    assert "1 to 65535" in caught.value.message


@pytest.mark.parametrize("value", ["exa mple", "http://x", "a/b"])
def test_a_wrong_host_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", value)
    with pytest.raises(SettingError, match="HOST"):
        read_settings()


def test_every_setting_says_what_it_is_for() -> None:
    for field in Settings.model_fields.values():
        assert field.description
        assert field.description.endswith(".")


def _store(kind: str) -> object:
    return SimpleNamespace(policy=lambda: SimpleNamespace(operation=SimpleNamespace(kind=kind)))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example"])
@pytest.mark.parametrize("kind", ["exercise", "replay"])
def test_personas_are_served_on_this_machine_only(host: str, kind: str) -> None:
    with pytest.raises(SettingError, match="HOST"):
        check_servable(Settings(HOST=host), _store(kind))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.5", "localhost", "::1"])
def test_loopback_is_served(host: str) -> None:
    check_servable(Settings(HOST=host), _store("exercise"))  # type: ignore[arg-type]


def test_an_actual_home_needs_an_identity_source() -> None:
    with pytest.raises(SettingError, match="identity source"):
        check_servable(Settings(), _store("actual"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "url", "served"),
    [
        ("127.0.0.1", "", True),
        ("0.0.0.0", "", False),
        ("0.0.0.0", "http://floor.example", False),
        ("0.0.0.0", "https://floor.example", True),
    ],
)
@pytest.mark.parametrize("kind", ["exercise", "replay", "actual"])
def test_where_people_sign_in_it_is_served_to_others_over_https(
    host: str, url: str, served: bool, kind: str
) -> None:
    settings = Settings(HOST=host, WATCHFLOOR_PUBLIC_URL=url, WATCHFLOOR_IDENTITY="accounts")  # type: ignore[arg-type]
    if served:
        check_servable(settings, _store(kind))  # type: ignore[arg-type]
        return
    with pytest.raises(SettingError, match="WATCHFLOOR_PUBLIC_URL") as caught:
        check_servable(settings, _store(kind))  # type: ignore[arg-type]
    assert str(caught.value).count(". ") == 0


@pytest.mark.parametrize(
    "value",
    [
        "floor.example",
        "ftp://floor.example",
        "https://",
        "https://a b",
        "https://u@floor.example",
        "https://x/path",
    ],
)
def test_an_outside_address_is_a_scheme_and_a_host(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFLOOR_PUBLIC_URL", value)
    with pytest.raises(SettingError, match="WATCHFLOOR_PUBLIC_URL"):
        read_settings()


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("https://Floor.Example/", "https://floor.example"),
        ("https://floor.example:443", "https://floor.example"),
        ("https://floor.example:8443", "https://floor.example:8443"),
    ],
)
def test_an_outside_address_is_written_as_browsers_do(value: str, origin: str) -> None:
    assert Settings(WATCHFLOOR_PUBLIC_URL=value).public_url == origin  # type: ignore[call-arg]
