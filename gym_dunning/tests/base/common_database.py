"""Databases and servers of their own, for what a test transaction cannot show.

Tests work in one transaction that is rolled back, so two people at the same
moment, a killed server or an uninstalled module need committed data elsewhere.
"""

import atexit
import ctypes
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier

import psycopg2
import requests

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.orm.utils import SUPERUSER_ID
from odoo.release import version
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tests.common import HOST
from odoo.tools import config, mute_logger
from odoo.tools.misc import exec_pg_environ, find_pg_tool

TIMEOUT = 900
# Errors that are sentences for the user: Odoo's, and ours.
SENTENCES = ("odoo.exceptions.", "odoo.addons.gym_dunning.exceptions.")
# What a database needs before the module is installed; built once and kept, named
# by Odoo's version, because it costs most of a minute.
ACCOUNTING = f"gym_test_accounting_{version.replace('.', '_').partition('-')[0]}"


def odoo_command(*arguments):
    script = os.environ.get("GYM_SCRIPT_ODOO")
    if script:
        return [script, *arguments]
    rcfile = ["-c", config["config"]] if config["config"] else []
    return [sys.executable, "-m", "odoo", *arguments, *rcfile]


def run(command, stdin=""):
    """Run a command to its end; what it said stands in the failure's message."""
    try:
        done = subprocess.run(
            command,
            input=stdin,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=exec_pg_environ(),
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise AssertionError(
            f"{command} took more than {TIMEOUT} s:\n{str(error.output)[-4000:]}"
        ) from None
    if done.returncode:
        raise AssertionError(f"{command} failed:\n{done.stdout[-6000:]}")
    return done.stdout


def filestore(name):
    """Return the folder of a database's files.

    Not by `config.filestore`: bare pytest-odoo patches it to name one for all.
    """
    return os.path.join(config["data_dir"], "filestore", name)


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Database:
    """A database by name; `sql` reads it as anybody else would, committed rows only."""

    def __init__(self, name):
        self.name = name

    @classmethod
    def make(cls, name, template="template0"):
        database = cls(name)
        database.drop()
        run([find_pg_tool("createdb"), "-T", template, name])
        return database

    def drop(self):
        if self.name in Registry.registries:
            Registry.delete(self.name)
        sql_db.close_db(self.name)
        run([find_pg_tool("dropdb"), "--if-exists", "--force", self.name])
        shutil.rmtree(filestore(self.name), ignore_errors=True)

    def exists(self):
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return bool(Database("postgres").sql(query, self.name))

    def sql(self, query, *parameters):
        __, info = sql_db.connection_info_for(self.name)
        with closing(psycopg2.connect(**info)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, parameters or None)
                return cursor.fetchall() if cursor.description else []

    def value(self, query, *parameters):
        return self.sql(query, *parameters)[0][0]

    @contextmanager
    def env(self):
        """Work in a transaction of this database and commit it."""
        with self._registry().cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})

    def _registry(self):
        # while tests run, loading a registry runs the tests of its modules
        testing, config["test_enable"] = config["test_enable"], False
        try:
            return Registry(self.name)
        finally:
            config["test_enable"] = testing

    def odoo(self, *arguments):
        """Run Odoo on it, without HTTP and scheduled actions."""
        rest = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
        return run(odoo_command("-d", self.name, *arguments, *rest))

    def shell(self, code):
        """Run Python in an Odoo shell; the code commits what it wants to keep."""
        code = f"try:\n    exec({code!r})\nexcept BaseException:\n"
        code += "    import os, traceback\n    traceback.print_exc()\n    os._exit(1)\n"
        command = odoo_command("shell", "-d", self.name, "--no-http")
        return run(command, stdin=code)


@functools.cache
def _template():
    """Copy the test database once a session.

    Sessions are connected to it, so it cannot be a template of PostgreSQL's own
    copying, which is ten times faster and serves the classes.
    """
    source = get_db_name()
    database = Database.make(f"{source}_template")
    atexit.register(database.drop)
    with tempfile.NamedTemporaryFile(suffix=".sql") as dump:
        options = ["--no-owner", "--no-privileges", "-f", dump.name, source]
        run([find_pg_tool("pg_dump"), *options])
        stop = ["-v", "ON_ERROR_STOP=1"]
        run([find_pg_tool("psql"), "-q", *stop, "-f", dump.name, database.name])
    return database.name


def accounting_template():
    """Return the name of a database with accounting and without the module."""
    if not Database(ACCOUNTING).exists():
        half_made = Database.make(f"{ACCOUNTING}_new")
        half_made.odoo("-i", "account_qr_code_sepa,portal")
        rename = f"ALTER DATABASE {half_made.name} RENAME TO {ACCOUNTING}"
        Database("postgres").sql(rename)
        new, old = (filestore(name) for name in (ACCOUNTING, half_made.name))
        shutil.rmtree(new, ignore_errors=True)
        if os.path.isdir(old):
            shutil.move(old, new)
    return ACCOUNTING


class Server:
    """A real Odoo server on a database, with HTTP and one worker.

    :param options: of Odoo's command line, besides
    """

    def __init__(self, database, options=()):
        self.database = database
        self.options = options
        self.variables = {}  # of its environment, besides
        with closing(socket.socket()) as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.process = None
        self.log = Path(tempfile.mkstemp(suffix=".log")[1])

    def start(self):
        options = ["-d", self.database.name, f"--http-port={self.port}"]
        options += ["--max-cron-threads=1", "--workers=0", "--log-level=info"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                odoo_command(*options, f"--http-interface={HOST}", *self.options),
                stdout=log,
                stderr=log,
                env={**os.environ, **self.variables},
                preexec_fn=die_with_parent,  # noqa: PLW1509
                start_new_session=True,
            )
        self.wait(self.is_up, "the server listens")
        return self

    def is_up(self):
        try:
            return requests.get(f"{self.url}/web/health", timeout=10).ok
        except requests.RequestException:
            return False

    def wait(self, condition, what, seconds=300):
        """Wait until it is so; the server's log stands in the failure's message."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"Waited in vain until {what}:\n{self.tail()}")
            time.sleep(0.1)

    def tail(self):
        return self.log.read_text()[-6000:]

    def wake(self):
        """Wake the worker; one that just started looks by itself after a minute."""
        Database("postgres").sql(f"NOTIFY cron_trigger, '{self.database.name}'")

    def kill(self):
        """End it as a power cut would, with the workers it has."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def close(self):
        self.kill()
        self.log.unlink(missing_ok=True)


class Refused(Exception):
    """The server's answer to a request that it refused, in the user's words."""


class Browser:
    """A logged-in user who sends requests as the web client does."""

    def __init__(self, server, login, password):
        self.url = server.url
        answer = requests.post(
            f"{self.url}/web/session/authenticate",
            json={
                "params": {
                    "db": server.database.name,
                    "login": login,
                    "password": password,
                }
            },
            timeout=60,
        )
        self.cookies = answer.cookies.get_dict()
        if "error" in answer.json():
            raise AssertionError(f"{login} cannot log in: {answer.text[:2000]}")

    def call(self, model, method, *args, **kwargs):
        """Call a method over RPC.

        :raise Refused: with the sentence the user would see
        """
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = requests.post(
            f"{self.url}/web/dataset/call_kw/{model}/{method}",
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            cookies=self.cookies,
            timeout=120,
        ).json()
        if "error" in answer:
            data = answer["error"]["data"]
            if not data["name"].startswith(SENTENCES):
                raise AssertionError(f"A crash, not a sentence: {data['debug']}")
            raise Refused(data["message"])
        return answer.get("result")


@tagged("post_install", "-at_install")
class OwnDatabaseCase(BaseCase):
    """A class with a committed copy of the test database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = f"{get_db_name()}_{cls.__name__.lower()}"
        with mute_logger("odoo.modules.loading", "odoo.registry"):
            cls.database = Database.make(name, template=_template())
            cls.addClassCleanup(cls.database.drop)
            with cls.database.env() as env:
                cls._prepare(env)

    @classmethod
    def _prepare(cls, env):
        """Make the class's data; committed afterwards."""

    @classmethod
    def _start_server(cls):
        cls.server = cls._started(Server(cls.database))

    @classmethod
    def _started(cls, server):
        cls.addClassCleanup(server.close)
        return server.start()

    @staticmethod
    def _at_once(*calls):
        """Make the calls at the same moment; return answers and refusals."""
        barrier = Barrier(len(calls))

        def make(call):
            barrier.wait()
            try:
                return call()
            except Refused as refusal:
                return refusal

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(make, calls))

    @staticmethod
    def _refusals(answers):
        return [answer for answer in answers if isinstance(answer, Refused)]
