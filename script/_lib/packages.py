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

# Not the one of a virtual environment that the caller has switched on: that may vanish.
PYTHON = getattr(sys, "_base_executable", sys.executable)


def folder():
    """One per list of packages and Python: a changed list never touches one in use."""
    key = (
        REQUIREMENTS.read_bytes()
        + sys.version.encode()
        + os.fsencode(f"{sys.base_prefix}/bin/python3")
        + platform.machine().encode()
    )
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
    venv = folder()
    for other in CACHE.glob("venv-*"):
        if _is_waste(other):
            remove(other)
    report("Installing the Python packages")
    _make(venv, lock)
    run(
        [
            venv / "bin/python",
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
            "--only-binary",
            ":all:",
        ]
        + ["--no-binary", ",".join(SOURCE_ONLY), "--requirement", REQUIREMENTS],
        "Installing the Python packages",
        lock=lock,
    )
    _link_wkhtmltopdf(venv, lock)
    (venv / "complete").touch()


# No wheels exist of these; all are pure Python.
SOURCE_ONLY = ["docopt", "ofxparse", "xlwt"]


def _make(venv, lock):
    what = "Making the virtual environment"
    if (
        subprocess.run(
            [PYTHON, "-c", "import ensurepip"], capture_output=True, check=False
        ).returncode
        == 0
    ):
        run([PYTHON, "-m", "venv", venv], what, lock=lock)
        return
    # Debian and Ubuntu have pip's wheel in a package of its own; it need not be installed for this.
    run([PYTHON, "-m", "venv", "--without-pip", venv], what, lock=lock)
    with scratch("pip") as temp:
        apt.unpack_missing(["python3-pip-whl"], temp / "tree", lock, what)
        wheels = sorted((temp / "tree").rglob("pip-*.whl")) or sorted(
            Path("/usr/share/python-wheels").glob("pip-*.whl")
        )
        if not wheels:
            raise Fail(
                "Python's module 'venv' is incomplete here; run 'apt-get install python3-venv' "
                "and start again."
            )
        run(
            [
                venv / "bin/python",
                f"{wheels[-1]}/pip",
                "install",
                "--quiet",
                "--no-index",
                wheels[-1],
            ],
            what,
            lock=lock,
        )


def _works(program, env=None):
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            env=env,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _link_wkhtmltopdf(venv, lock):
    """Puts the wkhtmltopdf with patched Qt on the PATH.

    Where it cannot run (it is for x86-64), the system's is used.
    """
    packed, target = venv / "bin/wkhtmltopdf-pack", venv / "bin/wkhtmltopdf"
    if not packed.exists():
        return
    packed.chmod(0o755)
    if _works(packed):
        target.symlink_to(packed.name)
        return
    # It lacks libraries: a bare machine has no X11 and font libraries.
    libs = CACHE / "wkhtmltopdf-libs"
    try:
        apt.unpack_missing(
            WKHTMLTOPDF_LIBS, libs, lock, "Fetching the libraries of wkhtmltopdf"
        )
    except Fail:
        return
    path = ":".join(str(p) for p in sorted({lib.parent for lib in libs.rglob("*.so*")}))
    if _works(packed, {**os.environ, "LD_LIBRARY_PATH": path}):
        target.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{path}" exec "{packed}" "$@"\n')
        target.chmod(0o755)


WKHTMLTOPDF_LIBS = [
    "libfontconfig1",
    "libfreetype6",
    "libx11-6",
    "libxext6",
    "libxrender1",
    "zlib1g",
]
