"""A pytest plugin: with a Chromium here, a skipped test in the browser is a failure.

Odoo skips such tests for many reasons (no Chromium, no websocket-client, no HTTP server),
and a suite that skips them all is green.
"""

import os

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and os.environ.get("GYM_BROWSER")
    ):
        from odoo.tests import HttpCase

        cls = getattr(item, "cls", None)
        if cls and issubclass(cls, HttpCase):
            report.outcome = "failed"
            report.longrepr = (
                f"A test in the browser must not be skipped: {report.longrepr}"
            )
    return report
