"""One text to one value of a column's type. Never guesses: what is not plainly a value is a problem."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

import pyarrow as pa

from data.schema import AMOUNT, MONEY, STRINGS, Column

INTEGER_LIMITS = {pa.int8(): 2**7, pa.int16(): 2**15, pa.int32(): 2**31}
NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
"""In the digits 0 to 9; those of other scripts are text."""

YES = frozenset(("true", "yes", "1"))
NO = frozenset(("false", "no", "0"))
MILLISECONDS = "@ms"
"""In the place of a format of dates: milliseconds since 1970 in UTC."""

PARTS = MappingProxyType(
    {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH", "%M": "MM", "%S": "SS", ".%f": "", "%z": "Z"}
)
"""Of a format of dates, as a sentence says them."""

YEARS = range(1911, 2089)
"""What `day` holds, 16 bits of days since 2000-01-01, with some months to spare for offsets of time."""


class NotAValue(ValueError):
    """The text is not a value of the column; the message says why, beginning with the text."""


def reader_for(column: Column, dates: tuple[str, ...], offset: timedelta) -> Callable[[str], object]:
    """How a text becomes a value of the column. The function raises NotAValue."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        return lambda text: moment(text, dates) + offset
    if pa.types.is_date(kind):
        return lambda text: (moment(text, dates) + offset).date()
    if pa.types.is_integer(kind):
        return lambda text: whole(text, INTEGER_LIMITS[kind])
    if pa.types.is_floating(kind):
        return number
    if pa.types.is_decimal(kind):
        return lambda text: exact(text, kind)
    if pa.types.is_boolean(kind):
        return yes_no
    if kind == STRINGS:
        return lambda text: [part.strip() for part in re.split(r"[,;|]", text) if part.strip()]
    if pa.types.is_list(kind):
        return lambda text: objects(text, kind.value_type)
    return str


def is_number(column: Column) -> bool:
    """Whether the column holds numbers."""
    kind = column.type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def number(text: str) -> float:
    """A number; thousands may be set apart by commas."""
    if not NUMBER.fullmatch(text):
        raise NotAValue(f"{text!r} is not a number")
    value = float(text.replace(",", ""))
    if not math.isfinite(value):
        raise NotAValue(f"{text!r} is too large")
    return value


def whole(text: str, limit: int) -> int:
    """A whole number below the limit of its type."""
    value = number(text)
    if value != int(value):
        raise NotAValue(f"{text!r} is not a whole number")
    if not -limit <= value < limit:
        raise NotAValue(f"{text!r} is too large")
    return int(value)


def exact(text: str, kind: pa.DataType) -> Decimal:
    """A decimal number, of money (2 places) or of an amount (3); more places are refused, not rounded."""
    places = kind.scale if kind in (MONEY, AMOUNT) else 2
    number(text)
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise NotAValue(f"{text!r} is not a number") from None
    if abs(value) >= Decimal(10) ** (kind.precision - places):
        raise NotAValue(f"{text!r} is too large")
    rounded = value.quantize(Decimal(1).scaleb(-places))
    if rounded != value:
        raise NotAValue(f"{text!r} has more than {places} decimal places")
    return rounded


def objects(text: str, kind: pa.StructType) -> list[dict[str, object]]:
    """A list of objects, in JSON, of which each has the fields of the struct or some of them."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, list) or not all(isinstance(item, dict) for item in told):
        raise NotAValue(f"{text[:80]!r} is no list of objects")
    return [_object(item, kind) for item in told]


def _object(said: Mapping[str, object], kind: pa.StructType) -> dict[str, object]:
    fields = {field.name: field.type for field in kind}
    unknown = [name for name in said if name not in fields]
    if unknown:
        raise NotAValue(f"{unknown[0][:40]!r} is not one of {', '.join(fields)}")
    return {name: _part(name, said.get(name), of) for name, of in fields.items()}


def _part(name: str, value: object, kind: pa.DataType) -> object:
    if value is None or (isinstance(value, str) and pa.types.is_string(kind)):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and not pa.types.is_string(kind):
        text = json.dumps(value)
        return whole(text, INTEGER_LIMITS[kind]) if pa.types.is_integer(kind) else number(text)
    raise NotAValue(f"{name} is {json.dumps(value)[:40]}, which is no {kind}")


def yes_no(text: str) -> bool:
    """true, yes, 1 or false, no, 0."""
    word = text.casefold()
    if word in YES or word in NO:
        return word in YES
    raise NotAValue(f"{text!r} is neither yes nor no")


def moment(text: str, formats: tuple[str, ...]) -> datetime:
    """A time in UTC by the first format that fits; a time without zone is taken to be UTC."""
    for form in formats if _is_in_plain_digits(text) else ():
        try:
            at = _counted(text) if form == MILLISECONDS else datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        if at.year not in YEARS or _in_utc(at).year not in YEARS:
            raise NotAValue(f"{text!r} lies outside the years {YEARS[0]} to {YEARS[-1]}")
        return _in_utc(at)
    raise NotAValue(
        f"{text!r} is not a date that exists, written as {' or '.join(_shown(f) for f in formats)}"
    )


def _counted(text: str) -> datetime:
    """A time as milliseconds since 1970, which services write. Raises ValueError."""
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise ValueError(text)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))


def iso_moment(text: str) -> datetime:
    """A time written as ISO 8601, in UTC."""
    try:
        return _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise NotAValue(f"{text!r} is not a time such as 2014-09-08T00:00:00Z") from None


def iso_day(text: str) -> date:
    """A day written as ISO 8601."""
    return iso_moment(text).date()


def _in_utc(at: datetime) -> datetime:
    """A time without zone is taken to be UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _is_in_plain_digits(text: str) -> bool:
    return all(character.isascii() or not character.isdigit() for character in text)


def _shown(form: str) -> str:
    if form == MILLISECONDS:
        return "milliseconds since 1970"
    shown = form
    for code, words in PARTS.items():
        shown = shown.replace(code, words)
    return shown
