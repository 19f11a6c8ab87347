"""A pytest plugin for two traps: skipped browser tests, and files that workers share.

And it gives the workers the long files first.
"""

import collections
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


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """Hash passwords in a moment where tests have databases of their own, as Odoo's own
    tests do: a clerk took most of a second."""
    name = "odoo.addons.base.models.res_users.MIN_ROUNDS"
    with mock.patch(name, new=1):
        yield


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


def pytest_collection_modifyitems(items):
    """Files that take long come first, so that both workers have work to the end.

    xdist would go by the number of tests; those with servers of their own are few in
    their files, and one worker ended with minutes of them while the other was idle.
    """
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        return
    weights = collections.Counter()
    for item in items:
        weights[item.path] += weight(item)
    items.sort(key=lambda item: -weights[item.path])


def weight(item):
    """Roughly, how many of the usual tests take as long as this one."""
    from odoo.tests import HttpCase, TransactionCase

    cls = getattr(item, "cls", None) or object
    if not issubclass(cls, TransactionCase):
        return 60  # databases and servers of its own
    return 10 if issubclass(cls, HttpCase) else 1
