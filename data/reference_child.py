"""The child in which a reference file becomes features: the only process in which GDAL sees a byte of it."""

from __future__ import annotations

import pyarrow as pa

from data.parsing_child import Order, answer
from data.reference_feature import feature_table
from data.reference_file import features_in


def parse(order: Order) -> pa.Table:
    """The features; the request says in which form the file is, and which kind they are."""
    form, kind = order.request["form"], order.request["kind"]
    return feature_table(features_in(order.file_name, order.content, form, kind))


if __name__ == "__main__":
    answer(parse)
