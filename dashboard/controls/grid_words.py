"""What ag-grid itself says, from the catalogue (https://www.ag-grid.com/javascript-data-grid/localisation/)."""

from __future__ import annotations

from dashboard.words import _


def grid_words() -> dict[str, str]:
    """The grid's texts by its own keys; those that a person can meet with our options."""
    return {
        "contains": _("contains"),
        "notContains": _("does not contain"),
        "equals": _("is"),
        "notEqual": _("is not"),
        "startsWith": _("begins with"),
        "endsWith": _("ends with"),
        "blank": _("is empty"),
        "notBlank": _("is not empty"),
        "lessThan": _("is less than"),
        "greaterThan": _("is more than"),
        "lessThanOrEqual": _("is at most"),
        "greaterThanOrEqual": _("is at least"),
        "inRange": _("lies between"),
        "inRangeStart": _("from"),
        "inRangeEnd": _("to"),
        "before": _("is before"),
        "after": _("is after"),
        "filterOoo": _("Filter …"),
        "dateFormatOoo": _("yyyy-mm-dd"),
        "loadingOoo": _("Loading …"),
        "loadingError": _("Not available"),
        "noRowsToShow": _("Nothing found"),
        "noMatchingRows": _("Nothing found"),
        "ariaFilterMenuOpen": _("Open the filter of this column"),
        "ariaFilterColumn": _("Press Ctrl+Enter to open the filter"),
        "ariaSortableColumn": _("Press Enter to sort"),
        "ariaFilteringOperator": _("How to compare"),
        "ariaFilterValue": _("Filter value"),
        "ariaFilterFromValue": _("Filter from value"),
        "ariaFilterToValue": _("Filter to value"),
        "ariaDateFilterInput": _("Date to filter by"),
        "ariaRowSelect": _("Press Space to choose this row"),
        "ariaRowDeselect": _("Press Space to leave this row"),
    }
