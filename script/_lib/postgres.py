"""A private PostgreSQL server of this checkout, or the one that PGHOST names.

It is reached by a unix socket only. Who needs it starts it. script/odoo and script/test
leave it running, since the next call is seconds away; script/demo stops what it started
when it ends and nobody else uses it; `script/setup --stop` stops it in any case. All users
hold a shared lock as long as they live, so "nobody else" is known even after a kill -9.
"""

import getpass
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

import apt
import packages
from common import (
    CACHE,
    IS_ROOT,
    NO_SPACE,
    SLUG,
    STATE,
    Fail,
    Lock,
    disk_full,
    need_room,
    remove,
    run,
)

ROLE = "odoo"  # Odoo refuses to work as the role 'postgres'
PORT = "5432"
OLDEST = 13  # what Odoo 19 asks for
ROOTS_PLACE = Path("/var/lib/gym_dunning")

SETTINGS = """\
# written by script/_lib/postgres.py; speed over safety, the data can be made again
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = {port}
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_connections = 150
max_wal_size = 2GB
log_min_messages = warning
log_line_prefix = '%m [%p] %d '
"""


def _base():
    # No other user can enter root's home (mode 0700), and PostgreSQL does not run as root:
    # root's cluster is kept outside of the cache folder. Its name has both checkout and
    # cache folder, so that another HOME means another cluster.
    if not IS_ROOT:
        return STATE / "postgres"
    return ROOTS_PLACE / f"{SLUG}-{hashlib.sha256(os.fsencode(CACHE)).hexdigest()[:8]}"


BASE = _base()
DATA = BASE / "data"
LOG = BASE / "server.log"
# The server programs unpacked here, where the machine has none.
OWN_SERVER = (
    (ROOTS_PLACE / f"server-{BASE.name[-8:]}") if IS_ROOT else CACHE / "postgresql"
)


def socket_folder():
    """Where the socket is; its path may have 107 bytes, so a deep home needs another place."""
    folder = BASE / "socket"
    if len(os.fsencode(folder)) > 85:
        folder = Path("/tmp") / f"gym_dunning-{os.geteuid()}-{SLUG}"
    return folder


def external():
    """Does one of libpq's usual variables name a server of the user's own?"""
    names = ("PGHOST", "PGHOSTADDR", "PGSERVICE")
    # A child of these scripts has a private server's socket in PGHOST, this checkout's
    # or another one's.
    private = (None, "", os.environ.get("GYM_PRIVATE_PGHOST"))
    return any(os.environ.get(name) not in private for name in names)


def variables():
    """What libpq (and so Odoo) needs to find the server."""
    if external():
        return {}
    host = str(socket_folder())
    place = {"PGHOST": host, "GYM_PRIVATE_PGHOST": host, "PGPORT": PORT}
    return {**place, "PGUSER": ROLE, "PGSSLMODE": "disable"}


# === PROGRAMS ===


def made_by():
    """The version of PostgreSQL that made the cluster, None without one."""
    try:
        return int((DATA / "PG_VERSION").read_text())
    except (OSError, ValueError):
        return None


def bin_folder():
    """The folder of the server programs: those that made the cluster, else the newest."""
    found = []
    for root in (Path("/usr/lib/postgresql"), OWN_SERVER / "usr/lib/postgresql"):
        for initdb in root.glob("[0-9]*/bin/initdb"):
            version = initdb.parts[-3]
            if version.isdigit() and (initdb.parent / "postgres").exists():
                found.append((int(version), initdb.parent))
    on_path = shutil.which("initdb")  # where other distributions have it
    if on_path and not found:
        found.append((made_by() or OLDEST, Path(on_path).resolve().parent))
    fitting = [
        entry for entry in found if entry[0] == (made_by() or entry[0]) >= OLDEST
    ]
    return max(fitting)[1] if fitting else None


def _environment():
    """The server's environment: nothing of the caller's, and the unpacked libraries."""
    env = {"PATH": "/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8"}
    if bin_folder().is_relative_to(OWN_SERVER):
        env["LD_LIBRARY_PATH"] = ":".join(
            sorted({str(library.parent) for library in OWN_SERVER.rglob("*.so.*")})
        )
    return env


def _run(program, *arguments, **kwargs):
    """Runs one of the server programs as the user that PostgreSQL runs as."""
    user = _user()
    if user:
        kwargs.update(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    command = [bin_folder() / program, *arguments]
    return run(
        command,
        f"PostgreSQL's {program}",
        cwd="/",
        env=_environment(),
        check=False,
        **kwargs,
    )


def _user():
    """Root runs PostgreSQL as another user; anybody else as oneself (None)."""
    if not IS_ROOT:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Fail(
        "There is neither a user 'postgres' nor 'nobody' to run PostgreSQL as; make one, or "
        "name a server in PGHOST."
    )


# === SET-UP ===


def ready():
    return external() or bool(made_by() and bin_folder())


def prepare(lock, report):
    """Makes sure that there are server programs and a cluster."""
    if ready():
        return
    if not bin_folder():
        _fetch_server(lock, report)
    if not made_by():
        _make_cluster(lock, report)


def _fetch_server(lock, report):
    report("Fetching PostgreSQL")
    try:
        apt.unpack_missing(["postgresql"], OWN_SERVER, lock, "Fetching PostgreSQL")
    except Fail as error:
        raise Fail(
            "There is no PostgreSQL server here; install the package postgresql, or name a "
            f"running server in PGHOST. Fetching one was tried: {error}"
        ) from None
    if not bin_folder() and made_by():
        raise Fail(
            f"The databases in {BASE} were made by PostgreSQL {made_by()}, which is no longer "
            "here; install that version, or remove that folder to start afresh."
        )
    if not bin_folder():
        raise Fail(
            f"There is no PostgreSQL {OLDEST} or later here; install the package postgresql, "
            "or name a running server in PGHOST."
        )


def _make_cluster(lock, report):
    report("Making the database cluster")
    if IS_ROOT:
        ROOTS_PLACE.mkdir(parents=True, exist_ok=True)
        ROOTS_PLACE.chmod(0o755)
    _own_folder(BASE)
    need_room(0.3, BASE)
    # Made under another name and renamed: a folder 'data' is always a whole cluster.
    for old in BASE.glob("new-*"):
        remove(old)
    new = BASE / f"new-{os.getpid()}"
    options = ["-D", new, "-U", ROLE, "--auth=trust", "-E", "UTF8", "--no-sync"]
    for locale in ("C.UTF-8", "C"):  # not every machine has the first
        code, output = _run("initdb", *options, f"--locale={locale}", lock=lock)
        if not code:
            remove(DATA)
            new.rename(DATA)
            return
        remove(new)
        if NO_SPACE.search(output):
            raise disk_full(BASE)
    raise Fail(
        f"The database cluster could not be made: {output.strip().splitlines()[-1]}"
    )


def _own_folder(path):
    """A folder that only the server's user (and root) can enter."""
    path.mkdir(parents=True, exist_ok=True)
    user = _user()
    if path.is_symlink() or path.stat().st_uid not in (
        os.geteuid(),
        user.pw_uid if user else -1,
    ):
        raise Fail(f"{path} belongs to another user; remove it and start again.")
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


# === START AND STOP ===

_users = Lock(STATE / "postgres-users.lock")


def use():
    """Starts the server when it is not running. Returns whether this call started it.

    This process counts as a user until it ends, even as another program by exec.
    """
    if external():
        if os.environ.get("PGUSER", getpass.getuser()) == "postgres":
            raise Fail(
                "Odoo refuses to work as the role postgres; name another in PGUSER."
            )
        return False
    _users.acquire(shared=True)
    os.set_inheritable(_users.fd, True)
    if running():
        return False
    with Lock(STATE / "postgres-start.lock"):
        if running():
            return False
        _start()
        return True


def running():
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(socket_folder() / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def _start():
    _own_folder(socket_folder())
    settings = DATA / "postgresql.auto.conf"
    settings.write_text(SETTINGS.format(socket=socket_folder(), port=PORT))
    _drop_stale_pid_file()
    if LOG.exists() and LOG.stat().st_size > 20 * 2**20:
        LOG.unlink()
    for attempt in range(10):
        start = LOG.stat().st_size if LOG.exists() else 0
        code, output = _run("pg_ctl", "start", "-D", DATA, "-l", LOG, "-w", "-t", "120")
        if not code and running():
            return
        if LOG.exists():
            output += LOG.read_bytes()[start:].decode(errors="replace")
        # After a kill -9 of the server its children hold the shared memory for a moment.
        if "shared memory block" not in output and "another postmaster" not in output:
            break
        time.sleep(0.5 + attempt / 4)
    if NO_SPACE.search(output):
        raise disk_full(BASE)
    raise Fail(
        f"PostgreSQL does not start; the reason is at the end of {LOG}. Remove {BASE} to "
        "start with empty databases."
    )


def _drop_stale_pid_file():
    """Removes a killed server's file whose process number is another program's by now.

    PostgreSQL would refuse to start.
    """
    pid_file = DATA / "postmaster.pid"
    try:
        program = Path(
            f"/proc/{int(pid_file.read_text().split()[0])}/cmdline"
        ).read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if b"postgres" not in program:
        pid_file.unlink(missing_ok=True)


def stop(only_if_unused=True):
    """Stops the server. Returns whether it did.

    With only_if_unused it does not while another script or client is at work.
    """
    if external() or not running():
        return False
    _users.release()
    try:
        if only_if_unused and (not _users.acquire(block=False) or _clients()):
            return False
        with Lock(STATE / "postgres-start.lock"):
            code, _output = _run("pg_ctl", "stop", "-D", DATA, "-m", "fast", "-w")
        return not code
    finally:
        _users.release()


def _clients():
    """Are there sessions of programs that did not come by these scripts (a psql, say)?"""
    code = (
        "import psycopg2; c = psycopg2.connect(dbname='postgres'); k = c.cursor();"
        "k.execute('SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND backend_type = $$client backend$$'); print(k.fetchone()[0])"
    )
    done = subprocess.run(
        [packages.folder() / "bin/python", "-c", code],
        env={**os.environ, **variables()},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() != "0"
