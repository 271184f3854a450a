"""What people take and decide: files, all under one rate, approvals, reports and recalls."""

from __future__ import annotations

from fastapi import FastAPI

from dashboard.access.file_rate import FileRate
from dashboard.routes import account_reports, approvals, extracts, reports
from data.audit.trail import Trail
from data.store import Store


def register(server: FastAPI, store: Store, trail: Trail) -> None:
    """Add their routes."""
    rate = FileRate()
    extracts.register(server, store, trail, rate)
    account_reports.register(server, store, trail, rate)
    approvals.register(server, store, trail)
    reports.register(server, store, trail)
