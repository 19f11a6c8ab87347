"""A pytest plugin for two traps: skipped browser tests, and files that workers share."""

import os
import shutil
from unittest import mock

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Give each worker of xdist files of its own.

    pytest-odoo lets all workers share those of the original database. After each class
    Odoo removes the files that the worker's own database does not name, and with them
    those that a test of the other worker has just written.
    """
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        yield
        return
    from odoo.tests.common import get_db_name
    from odoo.tools import config

    real = type(config).filestore.__get__(config)
    own = real(get_db_name())
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(config.filestore(get_db_name()), own)
    with mock.patch.object(config, "filestore", new=real):
        yield
    shutil.rmtree(own, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With a Chromium here, a skipped test in the browser is a failure.

    Odoo skips such tests for many reasons (no Chromium, no websocket-client, no HTTP
    server), and a suite that skips them all is green.
    """
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
