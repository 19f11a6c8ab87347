"""The benchmark's own databases and the processes that work on them."""

import configparser
import contextlib
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ODOO = HERE.parent / "script/odoo"
SETUP = HERE.parent / "script/setup"
PREFIX = "bench_"


class Failed(Exception):
    """Ends the benchmark with one sentence."""


def environment():
    """The environment of script/setup, for psql."""
    command = f'eval "$({shlex.quote(str(SETUP))} --env)" && env -0'
    out = subprocess.run(["bash", "-c", command], check=True, stdout=subprocess.PIPE)
    pairs = out.stdout.decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


class Databases:
    """Databases named `bench_...`, dropped at the end."""

    def __init__(self, verbose, steps):
        self.env = environment()
        self.steps = steps
        self.log = None if verbose else subprocess.DEVNULL
        self.name = f"{PREFIX}{os.getpid()}"
        self.made = set()

    def install(self, name, modules, extra_addons=None):
        """Install modules through script/odoo, into a new database or an old one."""
        self.made.add(name)
        arguments = ["-d", name, "-i", modules, "--stop-after-init", "--no-http"]
        self._odoo([*arguments, *self._addons(extra_addons)], dict(os.environ))

    def update(self, name, modules):
        """Update modules through script/odoo."""
        arguments = ["-d", name, "-u", modules, "--stop-after-init", "--no-http"]
        self._odoo(arguments, dict(os.environ))

    def exists(self, name):
        sql = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
        return bool(self.psql("postgres", sql))

    def copy(self, source, name):
        """Copy a database; its files are not needed, except for letters."""
        self.made.add(name)
        self.psql("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return name

    def copy_with_files(self, source, name):
        self.made.add(name)
        self._odoo(["db", "duplicate", source, name], dict(os.environ))
        return name

    def drop(self, name):
        self._odoo(["db", "drop", name], dict(os.environ), check=False)
        self.made.discard(name)

    def drop_all(self):
        for name in sorted(self.made):
            self.drop(name)

    def psql(self, name, sql):
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", sql]
        done = subprocess.run(command, env=self.env, check=False, capture_output=True)
        if done.returncode:
            raise Failed(done.stderr.decode().strip())
        return done.stdout.decode().strip()

    def settle(self, name):
        """What autovacuum would have done meanwhile."""
        self.psql(name, "VACUUM ANALYZE")

    def step(self, name, step, extra_addons=None, **options):
        """Run one step in a process of its own; return its rows."""
        arguments = ["shell", "-d", name, "--no-http", *self._addons(extra_addons)]
        with tempfile.TemporaryDirectory(prefix="gym-bench-") as folder:
            result = Path(folder) / "result.json"
            code = (
                f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
                f"from {self.steps} import main\n"
                f"main(env, {step!r}, {options!r}, {str(result)!r})\n"
            )
            self._odoo(arguments, dict(os.environ), stdin=code)
            if not result.exists():
                raise Failed(f"Step {step} failed; --verbose shows why.")
            return json.loads(result.read_text())

    @contextlib.contextmanager
    def server(self, name):
        """Serve pages, and style sheets for wkhtmltopdf; `serving` is the process."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(ODOO), "-d", name, "--http-port", str(port)]
        command += ["--db-filter", f"^{re.escape(name)}$"]
        command += ["--workers", "0", "--max-cron-threads", "0"]
        child = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        url = f"http://127.0.0.1:{port}"
        self.serving = child.pid
        try:
            await_answer(child, url)
            yield url
        finally:
            child.terminate()
            child.wait(30)

    def _addons(self, extra):
        """Not GYM_EXTRA_ADDONS: another call of script/odoo writes the file anew."""
        if not extra:
            return []
        config = configparser.ConfigParser(interpolation=None)
        config.read(self.env["ODOO_RC"])
        return [f"--addons-path={extra},{config['options']['addons_path']}"]

    def _odoo(self, arguments, env, stdin="", check=True):
        done = subprocess.run(
            [str(ODOO), *arguments],
            env=env,
            input=stdin,
            text=True,
            stdout=self.log,
            stderr=self.log if self.log is None else subprocess.PIPE,
            check=False,
        )
        if check and done.returncode:
            print((done.stderr or "")[-3000:], file=sys.stderr)
            raise Failed(f"script/odoo {' '.join(arguments)} failed.")


def await_answer(child, url, seconds=180):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        try:
            opener.open(f"{url}/web/login", timeout=60).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise Failed("The server did not start.")
