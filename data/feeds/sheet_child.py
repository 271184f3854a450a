"""The child in which a partner's file becomes a sheet."""

from __future__ import annotations

import csv
import sys
from importlib.abc import MetaPathFinder

import pyarrow as pa

from data.feeds.file_form import FileForm
from data.feeds.reader import read_sheet
from data.feeds.sheet import table_of
from data.parsing_child import Order, answer


class WithoutPandas(MetaPathFinder):
    """pyarrow loads pandas as soon as it can, which nobody needs here: a fifth of a second for each file."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Says that there is no pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def parse(order: Order) -> pa.Table:
    """The sheet as a table; the request is the file's form."""
    csv.field_size_limit(len(order.content) + 1)  # `extent` holds long cells back, with their row
    told = order.request
    sets = {name: frozenset(told[name]) for name in ("blank", "besides")}
    form = FileForm(**{**told, **sets, "columns": tuple(told["columns"]), "optional": frozenset()})
    return table_of(read_sheet(order.file_name, order.content, form, order.limits.file_rows))


if __name__ == "__main__":
    sys.meta_path.insert(0, WithoutPandas())
    answer(parse)
