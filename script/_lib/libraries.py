"""wkhtmltopdf, and the shared libraries that a bare machine lacks."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys

import apt
import packages
from common import CACHE, Fail

# Of wkhtmltopdf, and of the bar codes where Python is too new for reportlab's own.
NAMES = [
    "libcairo2",
    "libfontconfig1",
    "libfreetype6",
    "libx11-6",
    "libxext6",
    "libxrender1",
    "zlib1g",
]
UNPACKED = CACHE / "libraries"

MISSING = (
    "There is no wkhtmltopdf here that runs, so no PDF can be made; install it with "
    "'apt-get install wkhtmltopdf'."
)


def paths():
    """The folders of the unpacked libraries, for LD_LIBRARY_PATH."""
    if not UNPACKED.is_dir():
        return []
    return sorted({str(library.parent) for library in UNPACKED.rglob("*.so*")})


def _packed():
    return packages.folder() / "bin/wkhtmltopdf-pack"


def find():
    """The one with patched Qt, else the system's, else None."""
    link = packages.folder() / "bin/wkhtmltopdf"
    return str(link) if link.exists() else shutil.which("wkhtmltopdf")


def _stamp():
    return packages.folder() / "libraries-checked"


def ready():
    return _stamp().is_file()


def prepare(lock, report):
    """Puts wkhtmltopdf on the PATH, and fetches the libraries that are missing."""
    if ready():
        return
    if not _enough() and not UNPACKED.is_dir():
        report("Fetching libraries")
        try:
            apt.unpack_missing(NAMES, UNPACKED, lock, "Fetching libraries")
        except Fail as error:
            report(f"Some libraries are missing ({error})")
    if _runs(_packed()):
        _packed().with_name("wkhtmltopdf").unlink(missing_ok=True)
        _packed().with_name("wkhtmltopdf").symlink_to(_packed().name)
    _stamp().touch()


def _enough():
    can_print = _runs(_packed()) or platform.machine() != "x86_64"
    return can_print and (sys.version_info < (3, 13) or _loads("libcairo.so.2"))


def _loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _runs(program):
    if not program.exists():
        return False
    program.chmod(0o755)
    env = {**os.environ, "LD_LIBRARY_PATH": ":".join(paths())}
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            env=env,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
