"""Databases seen from outside of Odoo, and Odoo as a child process."""

import ctypes
import json
import re
import signal
import subprocess

import config
from common import LOGS, NO_SPACE, Fail, disk_full, run

# The first one becomes the language of the users.
LANGUAGES = "en_US,de_DE,fr_FR,el_GR"

# Runs in the virtual environment: this Python has no PostgreSQL client of its own.
_CLIENT = """
import json, sys, psycopg2
db, statements = json.load(sys.stdin)
try:
    connection = psycopg2.connect(dbname=db, connect_timeout=10)
    connection.autocommit = len(statements) == 1
    cursor = connection.cursor()
    for sql, parameters in statements:
        cursor.execute(sql, parameters)
    rows = cursor.fetchall() if cursor.description else []
    if not connection.autocommit:
        connection.commit()
    print(json.dumps({"rows": rows}))
except psycopg2.errors.UndefinedTable:
    print(json.dumps({"rows": []}))
except psycopg2.Error as error:
    print(json.dumps({"error": str(error).strip()}))
"""


def query(db, *statements):
    """Runs (sql, parameters) pairs in one transaction; the last one's rows are the answer.

    A table that is not there yet counts as empty.
    """
    done = subprocess.run(
        [config.python(), "-c", _CLIENT],
        input=json.dumps([db, [(sql, parameters) for sql, parameters in statements]]),
        capture_output=True,
        text=True,
        env=config.environment(),
        check=False,
    )
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Fail(
            f"The database {db} cannot be asked: {done.stderr.strip()[-300:]}"
        ) from None
    if "error" in answer:
        raise Fail(f"PostgreSQL refuses: {answer['error'].splitlines()[0]}")
    return answer["rows"]


def exists(db):
    return bool(
        query("postgres", ("SELECT 1 FROM pg_database WHERE datname = %s", [db]))
    )


def parameter(db, key):
    rows = query(db, ("SELECT value FROM ir_config_parameter WHERE key = %s", [key]))
    return rows[0][0] if rows else None


def set_parameters(db, values):
    sql = """INSERT INTO ir_config_parameter (key, value, create_date, write_date)
             VALUES (%s, %s, now(), now())
             ON CONFLICT (key) DO UPDATE SET value = excluded.value"""
    query(db, *[(sql, [key, value]) for key, value in values.items()])


def drop(db):
    if exists(db):
        end_sessions(db)
        odoo(["db", "drop", db], f"Dropping the database {db}")


def end_sessions(db):
    """A server that was killed may leave a session for a moment."""
    sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    query("postgres", (sql, [db]))


def odoo(
    arguments, what, log=None, check=True, env=None, launcher=config.LAUNCHER, **kwargs
):
    """Runs an Odoo command to its end; its output goes to a log file."""
    log = log or LOGS / f"{re.sub('[^a-z0-9]+', '-', what.lower()).strip('-')}.log"
    command = [config.python(), launcher, *arguments]
    code, output = run(
        command,
        what,
        log=log,
        env=env or config.environment(),
        preexec_fn=die_with_parent,
        check=False,
        **kwargs,
    )
    if code and check:
        if NO_SPACE.search(output):
            raise disk_full()
        reason = _last_error(output)
        raise Fail(
            f"{what} failed{reason and f' ({reason})'}; the details are in {log}."
        )
    return code, output


def _last_error(output):
    """The line of a traceback that says what is wrong."""
    lines = re.findall(
        r"^(?:[\w.]*(?:Error|Exception|Warning|Invalid\w*)): .*$", output, re.MULTILINE
    )
    return lines[-1][:300] if lines else ""


def shell(db, code, what, stdin_file, **kwargs):
    """Runs Python code in an Odoo shell on the database."""
    stdin_file.write_text(code)
    with stdin_file.open() as stdin:
        return odoo(["shell", "-d", db, "--no-http"], what, stdin=stdin, **kwargs)


def die_with_parent():
    """In a child: ends it in order when this script is gone, even by kill -9."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


# A JavaScript library of the module mail is not in Debian's package. Its error in the
# browser's console fails every tour, and setting error_checker= comes too late.
MEND_ASSETS = """
import os
from odoo.modules import get_module_path
path = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
if not os.path.exists(os.path.join(get_module_path("mail"), path.partition("/")[2])):
    Asset = env["ir.asset"].with_context(active_test=False)
    if not Asset.search([("path", "=", path), ("directive", "=", "remove")]):
        Asset.create({
            "name": "Missing in Debian's Odoo", "bundle": "web.assets_backend",
            "directive": "remove", "path": path,
        })
env.cr.commit()
"""

# The bundles of the first page, of the tours, and those that wkhtmltopdf asks for: made
# once here, they do not count against a test's time-out or the user's patience.
WARM_ASSETS = """
scripts = ["web.assets_web", "web.assets_frontend_minimal", "web.assets_frontend_lazy"]
styles = ["web.assets_web", "web.assets_web_print", "web.assets_frontend"]
for bundle in scripts + ["web.assets_tests"]:
    env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()
for bundle in styles:
    env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()
for bundle in ["web.report_assets_common", "web.report_assets_pdf"]:
    env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False, autoprefix=True).css()
env.cr.commit()
"""

# Companies with a chart of accounts, for all classes of tests.
PREPARE_COMPANIES = """
from odoo.addons.gym_dunning.tests.base.common_prepared import prepare
prepare(env)
env.cr.commit()
"""
