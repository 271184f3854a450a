"""Settings from the environment. A wrong one is one sentence: its name, its value, what was expected."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dashboard.languages import LANGUAGES, USUAL
from data.errors import SettingError
from data.parsing import DEFAULT_LIMITS, Limits

ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.ASCII)
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Settings(BaseSettings):
    """Every setting: its variable, its default, what it is for."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=True, env_ignore_empty=True)

    port: int = Field(
        8050,
        ge=1,
        le=65535,
        validation_alias="PORT",
        description="The port the page is served on, 1 to 65535.",
    )
    host: str = Field(
        "127.0.0.1",
        min_length=1,
        max_length=253,
        pattern=r"^[A-Za-z0-9.:_-]+$",
        validation_alias="HOST",
        description="The address to serve on. Where anyone may take any persona, only this machine's own"
        " (127.0.0.1).",
    )
    home: Path = Field(
        Path("var"),
        validation_alias="WATCHFLOOR_HOME",
        description="The folder that holds the operation: policy, lake, audit.",
    )
    identity: Literal["personas", "accounts", "oidc", "proxy"] = Field(
        "personas",
        validation_alias="WATCHFLOOR_IDENTITY",
        description="How it is known who is asking: personas (exercise and replay, this machine only),"
        " accounts, oidc or proxy (the identity provider, or the server before this one, of identity.toml).",
    )
    public_url: str = Field(
        "",
        max_length=300,
        validation_alias="WATCHFLOOR_PUBLIC_URL",
        description="The address people outside type, such as https://floor.example, without a path.",
    )
    inbox_rests_seconds: float = Field(
        10.0,
        ge=0.1,
        le=3600,
        validation_alias="WATCHFLOOR_INBOX_RESTS_SECONDS",
        description="For how many seconds nobody has written to a file of the inbox before it is taken.",
    )
    exercise_speed: float = Field(
        60.0,
        ge=0,
        le=3600,
        validation_alias="WATCHFLOOR_EXERCISE_SPEED",
        description="How many seconds of the sample exercise pass in one second while `run` plays it; 0: it"
        " is not played.",
    )
    file_mb: int = Field(
        DEFAULT_LIMITS.file_mb,
        ge=1,
        le=1_000_000,
        validation_alias="WATCHFLOOR_FILE_MB",
        description="The largest file that is taken, in MB.",
    )
    file_rows: int = Field(
        DEFAULT_LIMITS.file_rows,
        ge=1,
        le=100_000_000,
        validation_alias="WATCHFLOOR_FILE_ROWS",
        description="The most rows of a partner's file that are taken.",
    )
    parse_mb: int = Field(
        DEFAULT_LIMITS.parse_mb,
        ge=512,
        le=1_000_000,
        validation_alias="WATCHFLOOR_PARSE_MB",
        description="The memory in MB that parsing one file may use, 512 or more.",
    )
    parse_seconds: int = Field(
        DEFAULT_LIMITS.parse_seconds,
        ge=1,
        le=86_400,
        validation_alias="WATCHFLOOR_PARSE_SECONDS",
        description="How many seconds parsing one file may take.",
    )

    checkpoints: Path | None = Field(
        None,
        validation_alias="WATCHFLOOR_CHECKPOINTS",
        description="A file outside of the home that gets every checkpoint of the audit trail too.",
    )

    views_kept_days: int = Field(
        180,
        ge=1,
        le=36_500,
        validation_alias="WATCHFLOOR_VIEWS_KEPT_DAYS",
        description="For how many days the audit trail keeps who looked at what; exports are kept for good.",
    )

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        """Scheme and host, in lower case, without the port that the scheme has anyway."""
        origin = value.lower().removesuffix("/")
        if origin and not ORIGIN.fullmatch(origin):
            raise ValueError(value)
        usual = ":443" if origin.startswith("https:") else ":80"
        return origin.removesuffix(usual)

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over https only."""
        return self.public_url.startswith("https://")

    @property
    def limits(self) -> Limits:
        """What parsing one file may take."""
        return Limits(self.file_mb, self.file_rows, self.parse_mb, self.parse_seconds)

    offered: str = Field(
        ",".join(USUAL),
        validation_alias="WATCHFLOOR_LANGUAGES",
        description="The languages that the page offers, between commas: en, fr, and for tests the"
        " pseudo-languages en-XA and ar-XB.",
    )

    @field_validator("offered")
    @classmethod
    def _known(cls, value: str) -> str:
        if not LANGUAGES.keys() >= set(value.split(",")):
            raise ValueError(value)
        return value

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the page offers."""
        return tuple(self.offered.split(","))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        if self.host in LOOPBACK_NAMES:
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """Where a browser finds the page."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def read_settings() -> Settings:
    """The environment's settings, or SettingError about the first that is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingError(_sentence(str(first["loc"][0]), first.get("input"))) from None


def _sentence(variable: str, value: object) -> str:
    described = next(f.description for f in Settings.model_fields.values() if f.validation_alias == variable)
    return f"{variable} is {str(value)[:100]!r}, which is not usable. Expected: {described}"
