"""script/demo: builds the demo gym once, says what it did, and serves it."""

import argparse
import contextlib
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import cmd_setup
import cmd_test
import config
import database
import postgres
from common import (
    CHECKOUT,
    LOGS,
    STATE,
    Fail,
    Lock,
    interrupt,
    remove,
    say,
    step,
    write,
)

MARKER = "gym_dunning.demo_loaded"
REPORT = "gym_dunning.demo_report"
# Odoo ticks the holding alone at the first login, and that one has no members.
TICK_ALL = "Tick all three centres in the company menu at the top right"

LOAD = """
import sys
if "gym.demo" not in env:
    sys.exit("the module has no model gym.demo")
report = env["gym.demo"]._load()
config = env["ir.config_parameter"].sudo()
config.set_param({report!r}, report or "-")
config.set_param({marker!r}, {state!r})
env.cr.commit()
"""


def main(arguments):
    options = parse(arguments)
    if options.serve:
        check_port(options.port)
    cmd_setup.ensure()
    if "gym_dunning" not in config.modules():
        raise Fail(
            f"There is no module in {CHECKOUT}: gym_dunning/__manifest__.py is missing."
        )
    started = postgres.use()
    try:
        with Lock(
            STATE / f"demo-{options.db}.lock",
            "another script/demo is at work; waiting ...",
        ):
            fresh = prepare(options)
        tell(options, fresh)
        return serve(options) if options.serve else 0
    finally:
        if started:
            postgres.stop()


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/demo",
        description="Builds a demo gym in its own database (once), then serves it until Ctrl-C.",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=8069,
        help="port on 127.0.0.1 (default: %(default)s)",
    )
    parser.add_argument(
        "--db", default="demo", help="name of the database (default: %(default)s)"
    )
    parser.add_argument(
        "--no-serve", dest="serve", action="store_false", help="only build it"
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="throw the demo database away and build it anew",
    )
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        raise Fail(f"{options.port} is no port; choose one from 1024 to 65535.")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", options.db):
        raise Fail(
            f"{options.db!r} is no name for a database; use letters, digits, '_', '-' and '.'."
        )
    return options


def check_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Fail(
                f"Port {port} is for root only; choose one above 1023 with --port."
            ) from None
        except OSError:
            raise Fail(
                f"Port {port} is in use; choose another one: script/demo --port {port + 1}"
            ) from None


# === BUILDING ===


def claim(db):
    """The file that says: this database is this script's own, it may be dropped."""
    return STATE / f"demo-{db}"


def prepare(options):
    """Makes the database unless it is there and whole. Returns whether it was made now."""
    db = options.db
    there = database.exists(db)
    whole = there and database.parameter(db, MARKER)
    if there and not claim(db).exists() and not whole:
        raise Fail(
            f"There is a database {db} already that is no demo; choose another name with --db."
        )
    if whole and not options.fresh:
        update(db)
        return False
    if there:
        say(
            "The demo database is thrown away."
            if whole
            else "The demo database is incomplete; it is made anew."
        )
        database.drop(db)
    build(db)
    return True


def build(db):
    state = cmd_test.fingerprint()
    write(claim(db), "building\n")
    with step("install gym_dunning (a minute or two)"):
        arguments = [
            "-d",
            db,
            "-i",
            "gym_dunning",
            "--load-language",
            database.LANGUAGES,
        ]
        database.odoo(
            [*arguments, "--stop-after-init", "--no-http"], "Installing the demo"
        )
    with step("prepare the web pages"):
        run_shell(
            db, database.MEND_ASSETS + database.WARM_ASSETS, "Preparing the web pages"
        )
    with step("load the demo gym and run its reminders"), helper_server(db):
        code = LOAD.format(report=REPORT, marker=MARKER, state=state)
        run_shell(db, code, "Loading the demo gym")
    if not database.parameter(db, MARKER):
        raise Fail(
            f"The demo gym was not loaded to its end; the details are in {LOGS}."
        )


def run_shell(db, code, what):
    database.shell(db, code, what, STATE / "shell-input.py")


def update(db):
    """A demo made by an older state of the module is brought up to date."""
    state = cmd_test.fingerprint()
    if database.parameter(db, MARKER) == state:
        return
    with step("update gym_dunning (it has changed)"):
        arguments = ["-d", db, "-u", "gym_dunning", "--stop-after-init", "--no-http"]
        database.odoo(arguments, "Updating the demo")
    database.set_parameters(db, {MARKER: state})


@contextlib.contextmanager
def helper_server(db):
    """Serves the database while the demo is loaded.

    wkhtmltopdf fetches style sheets and pictures by HTTP: without a server the letters
    printed by the loading process would have none.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    set_addresses(db, port)
    with server(db, port, LOGS / "demo-helper.log", crons=False):
        yield


# === SERVING ===


def set_addresses(db, port):
    database.set_parameters(
        db,
        {
            "web.base.url": f"http://localhost:{port}",
            "report.url": f"http://127.0.0.1:{port}",
        },
    )


@contextlib.contextmanager
def server(db, port, log, crons=True):
    """An Odoo server for one database, ready to answer; ended when the block ends."""
    remove(log)
    command = [
        config.python(),
        "-m",
        "odoo",
        "-d",
        db,
        "--http-port",
        str(port),
        "--logfile",
        str(log),
    ]
    command += ["--db-filter", f"^{re.escape(db)}$", "--workers", "0"]
    if not crons:
        command += ["--max-cron-threads", "0"]
    with open(log.with_suffix(".out"), "w") as out:
        child = subprocess.Popen(
            command,
            env=config.environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=database.die_with_parent,  # noqa: PLW1509 (no threads here)
            start_new_session=True,  # Ctrl-C is for this script, which then ends the server
        )
    try:
        await_answer(child, port, log)
        yield child
    finally:
        end(child)


def await_answer(child, port, log):
    url = f"http://127.0.0.1:{port}/web/login"
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if child.poll() is not None:
            if log.exists() and "Address already in use" in log.read_text(
                errors="replace"
            ):
                raise Fail(
                    f"Port {port} is in use; choose another one: script/demo --port {port + 1}"
                )
            raise Fail(f"Odoo did not start; the reason is at the end of {log}.")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                url, timeout=60
            ):
                return
        except urllib.error.HTTPError:
            raise Fail(
                f"Odoo answers with an error; the reason is at the end of {log}."
            ) from None
        except OSError:
            time.sleep(0.2)
    raise Fail(f"Odoo did not answer in 3 minutes; see {log}.")


def end(child):
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def serve(options):
    check_port(options.port)
    set_addresses(options.db, options.port)
    log = LOGS / "demo-server.log"
    # A shell that starts this in the background has it ignore Ctrl-C.
    signal.signal(signal.SIGINT, interrupt)
    try:
        with server(options.db, options.port, log) as child:
            say(f"  Address   http://localhost:{options.port}")
            say("  Login     admin")
            say("  Password  admin")
            say(f"  Menu      {menu(options.db)}")
            say(f"  Centres   {TICK_ALL}")
            say(f"\nServing until Ctrl-C; Odoo's log is in {log}.")
            code = child.wait()
            raise Fail(
                f"Odoo ended by itself (exit code {code}); the reason is at the end of {log}."
            )
    except KeyboardInterrupt:
        say("\nStopped. The next start serves the same data again.")
        return 0


def tell(options, fresh):
    say()
    if not fresh:
        say(
            f"The demo gym is in the database {options.db} already. What was done for it:\n"
        )
    say((database.parameter(options.db, REPORT) or "").strip())
    say()
    if not options.serve:
        say(
            f"The demo gym is ready; serve it with: script/demo{demo_arguments(options)}"
        )
        say(TICK_ALL + ".")


def demo_arguments(options):
    return f" --db {options.db}" if options.db != "demo" else ""


def menu(db):
    """The app to open: the module's root menu."""
    sql = """SELECT menu.name FROM ir_ui_menu menu
               JOIN ir_model_data data ON data.model = 'ir.ui.menu' AND data.res_id = menu.id
              WHERE data.module = 'gym_dunning' AND menu.parent_id IS NULL
              ORDER BY menu.sequence, menu.id LIMIT 1"""
    rows = database.query(db, (sql, []))
    if not rows:
        return "Invoicing"
    name = rows[0][0]
    return (
        name.get("en_US") or next(iter(name.values()))
        if isinstance(name, dict)
        else str(name)
    )
