"""Paths, locks, child processes and errors that end in one clear sentence."""

import contextlib
import errno
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
CHECKOUT = SCRIPTS.parent
IS_ROOT = os.geteuid() == 0

NO_SPACE = re.compile(
    r"No space left on device|Disk quota exceeded|not enough free space", re.IGNORECASE
)
NO_NETWORK = re.compile(
    r"could not resolve|temporary failure|name or service not known|no route to host"
    r"|network is unreachable|could not connect|cannot initiate|failed to fetch"
    r"|connection (refused|timed out|failed|broken)|failed to establish a new connection"
    r"|max retries exceeded|newconnectionerror|nameresolutionerror",
    re.IGNORECASE,
)


class Fail(Exception):
    """Ends the script; the text is the one sentence the user reads."""


def _home():
    return Path(os.environ.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir)


def _cache_folder():
    base = os.environ.get("XDG_CACHE_HOME")
    return (
        Path(base) if base and os.path.isabs(base) else _home() / ".cache"
    ) / "gym_dunning"


def _slug(path):
    """A folder name for a path: readable, and unlike that of any other path."""
    name = re.sub(r"[^a-z0-9]+", "-", path.name.lower()).strip("-")[:20] or "checkout"
    return f"{name}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}"


CACHE = _cache_folder()
SLUG = _slug(CHECKOUT)
# What belongs to this checkout alone: configuration, database server, filestore, logs.
STATE = CACHE / "checkouts" / SLUG
TMP = CACHE / "tmp"
LOGS = STATE / "logs"


def say(text=""):
    print(text, flush=True)


def warn(text):
    print(f"gym_dunning: {text}", file=sys.stderr, flush=True)


def make_folders():
    try:
        for folder in (CACHE, STATE, TMP, LOGS):
            folder.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise Fail(
            f"The cache folder {CACHE} cannot be made ({error.strerror}); name a writable "
            "place in XDG_CACHE_HOME."
        ) from None


def disk_full(path=CACHE):
    return Fail(
        f"The disk that holds {path} is full; make room there (about 3 GB are needed) or "
        "name another place in XDG_CACHE_HOME, then start again."
    )


def need_room(gigabytes, path=CACHE):
    if shutil.disk_usage(path).free < gigabytes * 2**30:
        raise Fail(
            f"{gigabytes:g} GB of free disk are needed below {path}; make room there or name "
            "another place in XDG_CACHE_HOME, then start again."
        )


class Lock:
    """An flock: dropped by the kernel when its last holder is gone, even by kill -9."""

    def __init__(self, path, waiting=None):
        self.path, self.waiting, self.fd = path, waiting, None

    def acquire(self, shared=False, block=True):
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        if self.fd is None:
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if not block:
                return False
            if self.waiting:
                warn(self.waiting)
            fcntl.flock(self.fd, kind)
        return True

    def release(self):
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *exc):
        self.release()


@contextlib.contextmanager
def scratch(name):
    """A folder for half-finished things, on the disk where the result is renamed to."""
    folder = TMP / f"{name}-{os.getpid()}"
    remove(folder)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        remove(folder)


def remove(path):
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    elif path.exists():
        shutil.rmtree(path, ignore_errors=True)


def write(path, text, mode=0o600):
    """Writes the whole file or nothing, and only when it says something new."""
    if path.is_file() and path.read_text() == text:
        return
    temp = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temp.write_text(text)
        temp.chmod(mode)
        temp.replace(path)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise


def run(
    command,
    what,
    log=None,
    hint="",
    lock=None,
    check=True,
    stdin=subprocess.DEVNULL,
    **kwargs,
):
    """Runs a command quietly; its output goes to a log file. Returns (exit code, output)."""
    command = [str(part) for part in command]
    log = log or LOGS / f"{re.sub('[^a-z0-9]+', '-', what.lower()).strip('-')}.log"
    # A child keeps the lock as long as it lives: after kill -9 of this script the next one
    # waits for it.
    pass_fds = (lock.fd,) if lock and lock.fd is not None else ()
    env = {**kwargs.pop("env", os.environ), "LC_ALL": "C.UTF-8"}
    try:
        with open(log, "w+") as out:
            code = subprocess.run(
                command,
                stdin=stdin,
                check=False,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=env,
                pass_fds=pass_fds,
                **kwargs,
            ).returncode
            out.seek(0)
            output = out.read()
    except FileNotFoundError:
        raise Fail(f"{what}: the program {command[0]} is missing.") from None
    if code and check:
        # Where the disk is full the message that says so could not be kept either.
        if NO_SPACE.search(output) or shutil.disk_usage(CACHE).free < 2**26:
            raise disk_full()
        if NO_NETWORK.search(output):
            raise Fail(
                f"{what} failed: no connection to the package source; check the network and "
                f"start again ({log})."
            )
        raise Fail(f"{what} failed{hint and '; ' + hint}; the details are in {log}.")
    return code, output


@contextlib.contextmanager
def step(text, width=46):
    """Prints one line for a step, with its duration."""
    start = time.monotonic()
    print(f"{text} ".ljust(width, "."), end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def interrupt(_signal, _frame):
    """A signal handler: ends like Ctrl-C, so that everything is cleaned up."""
    raise KeyboardInterrupt


def guarded(main):
    """Runs main() and turns whatever goes wrong into a sentence and an exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, interrupt)
    try:
        return main()
    except Fail as error:
        warn(str(error))
    except KeyboardInterrupt:
        warn("stopped.")
        return 130
    except BrokenPipeError:
        return 141
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            warn(str(disk_full()))
        else:
            warn(
                f"{error.strerror or error}: {error.filename or 'see the lines above'}."
            )
    return 1
