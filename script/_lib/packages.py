"""The virtual environment: what Odoo needs, and the tools."""

import contextlib
import hashlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import apt
from common import CACHE, CHECKOUT, Fail, need_room, remove, run, scratch

REQUIREMENTS = CHECKOUT / "requirements-dev.txt"

# No wheels exist of these; all are pure Python.
SOURCE_ONLY = ["docopt", "ofxparse", "xlwt"]

# Not the one of a virtual environment that the caller has switched on: that may vanish.
PYTHON = getattr(sys, "_base_executable", sys.executable)

WHAT = "Installing the Python packages"


def folder():
    """One per list of packages and Python: a changed list never touches one in use."""
    key = REQUIREMENTS.read_bytes() + sys.version.encode() + platform.machine().encode()
    key += os.fsencode(f"{sys.base_prefix}/bin/python3")
    return CACHE / f"venv-{hashlib.sha256(key).hexdigest()[:10]}"


def ready():
    return (folder() / "complete").is_file()


def touch():
    """Remembers that the environment is in use."""
    with contextlib.suppress(OSError):
        os.utime(folder() / "complete")


def _is_waste(venv):
    """Of a set-up that was interrupted, or for another list and not used for long."""
    try:
        return (venv / "complete").stat().st_mtime < time.time() - 14 * 86400
    except FileNotFoundError:
        return True


def prepare(lock, report):
    if ready():
        return
    need_room(1)
    for venv in CACHE.glob("venv-*"):
        if _is_waste(venv):
            remove(venv)
    report(WHAT)
    venv = folder()
    _make(venv, lock)
    _pip(
        venv, lock, "--no-binary", ",".join(SOURCE_ONLY), "--requirement", REQUIREMENTS
    )
    if sys.version_info >= (3, 13):
        # It asks for pycairo, which has no wheels, but takes cairocffi as well.
        _pip(venv, lock, "--no-deps", "rlPyCairo==0.4.0")
    (venv / "complete").touch()


def _pip(venv, lock, *arguments):
    options = ["--disable-pip-version-check", "--quiet", "--only-binary", ":all:"]
    run(
        [venv / "bin/python", "-m", "pip", "install", *options, *arguments],
        WHAT,
        lock=lock,
    )


def _make(venv, lock):
    probe = [PYTHON, "-c", "import ensurepip"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        run([PYTHON, "-m", "venv", venv], WHAT, lock=lock)
        return
    # Debian and Ubuntu have pip in a package of its own, which need not be installed.
    run([PYTHON, "-m", "venv", "--without-pip", venv], WHAT, lock=lock)
    with scratch("pip") as temp:
        wheels = _pip_wheels(Path("/usr/share/python-wheels"))
        if not wheels:
            apt.unpack_missing(["python3-pip-whl"], temp / "tree", lock, WHAT)
            wheels = _pip_wheels(temp / "tree")
        if not wheels:
            raise Fail(
                "Python's module venv is incomplete here; run 'apt-get install python3-venv' "
                "and start again."
            )
        pip = [
            venv / "bin/python",
            f"{wheels[-1]}/pip",
            "install",
            "--quiet",
            "--no-index",
        ]
        run([*pip, wheels[-1]], WHAT, lock=lock)


def _pip_wheels(place):
    return sorted(place.rglob("pip-*.whl"))
