"""An agreement in words, as a viewer may know it."""

from __future__ import annotations

from dashboard.words import _
from data.partners import BILATERAL, Agreement, Policy
from data.viewer import Viewer


def agreement_words(name: str, policy: Policy, viewer: Viewer) -> str:
    """The kind of an agreement and its legal basis; of a bilateral one between whom it is.

    Who else takes part in a multilateral one is not told. Where not everyone who looks is of its parties, as
    before a screen that several partners read, it has its bare name only.
    """
    found = next((one for one in policy.agreements if one.id == name), None)
    if found is None or not viewer.partners or not viewer.partners <= found.parties:
        return _("the agreement {name}").format(name=name)
    basis = found.legal_basis or found.id
    if found.kind != BILATERAL:
        return _("the multilateral agreement “{basis}”").format(basis=basis)
    one, other = _names(found, policy)
    said = _("the agreement “{basis}” between {one} and {other}")
    return said.format(basis=basis, one=one, other=other)


def _names(found: Agreement, policy: Policy) -> list[str]:
    return [policy.partners[code].name for code in sorted(found.parties)]
