"""Chromium for the tests in the browser."""

import shutil

import apt
from common import CACHE, IS_ROOT

MISSING = (
    "There is no Chromium here, so tests in the browser are skipped; "
    "install it with 'apt-get install chromium'."
)
# The names that Odoo's test runner looks for.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find():
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _tried():
    return CACHE / "chromium-not-available"


def ready():
    return not IS_ROOT or find() is not None or _tried().exists()


def prepare(lock, report):
    if ready():
        return
    report("Installing Chromium for the tests in the browser")
    if not (
        shutil.which("apt-get")
        and apt.install(["chromium"], lock, "Installing Chromium")
        and find()
    ):
        # Not again at each call. Tests in the browser are skipped, and script/test says so.
        _tried().touch()
