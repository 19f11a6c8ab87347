"""Odoo's configuration file for this checkout, and the environment that its programs run in."""

import os

import libraries
import odoo_tree
import packages
import postgres
from common import CACHE, CHECKOUT, SCRIPTS, SLUG, STATE, write

FILE = STATE / "odoo.conf"
DATA_DIR = STATE / "data"
TEST_DB = f"gym_test_{SLUG.rpartition('-')[2]}"

# The file that Odoo is started by.
LAUNCHER = SCRIPTS / "_lib/launcher/odoo"

# What the names of modules that need the OCA's end with; a queue of jobs is the OCA's only.
OCA = ("_oca", "_queue_job")

FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def modules():
    """The modules of the checkout for a bare Odoo: gym_dunning first, then its glue
    modules."""
    return [name for name in _found() if not name.endswith(OCA)]


def oca_modules():
    """Those that need modules of the OCA besides."""
    return [name for name in _found() if name.endswith(OCA)]


def _found():
    found = sorted(p.parent.name for p in CHECKOUT.glob("gym_dunning*/__manifest__.py"))
    return sorted(
        (name for name in found if _installable(name)),
        key=lambda name: (name != "gym_dunning", name),
    )


def _installable(name):
    import ast

    try:
        return ast.literal_eval((CHECKOUT / name / "__manifest__.py").read_text()).get(
            "installable", True
        )
    except (SyntaxError, ValueError):
        return True  # Odoo will say what is wrong with it


def addons_path():
    paths = [CHECKOUT] if modules() else []
    for extra in os.environ.get("GYM_EXTRA_ADDONS", "").replace(",", ":").split(":"):
        if extra:
            paths.append(os.path.abspath(os.path.expanduser(extra)))
    return [str(path) for path in (*paths, *odoo_tree.locate()[1])]


def write_file():
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    lines = [
        "[options]",
        f"addons_path = {','.join(addons_path())}",
        f"data_dir = {DATA_DIR}",
        "http_interface = 127.0.0.1",
        "list_db = True",
        "with_demo = False",
    ]
    pg = postgres.variables()
    if pg:
        lines += [
            f"db_host = {pg['PGHOST']}",
            f"db_port = {pg['PGPORT']}",
            f"db_user = {pg['PGUSER']}",
        ]
    write(FILE, "\n".join(lines) + "\n")
    write(
        CACHE / "fonts.conf",
        FONTS.format(
            fonts=odoo_tree.TREE / "usr/share/fonts", cache=CACHE / "fontconfig"
        ),
    )


def environment():
    """os.environ with all that Odoo, pytest and the tests need."""
    env = dict(os.environ)
    for name in ("PYTHONHOME", "PGDATABASE", "VIRTUAL_ENV", "ODOO_HTTP_PORT"):
        env.pop(name, None)
    path = [str(packages.folder() / "bin"), env.get("PATH", "/usr/bin:/bin")]
    server = postgres.bin_folder()
    if server:
        path.append(str(server))  # pg_dump and psql, for Odoo's database functions
    if libraries.paths():
        known = env.get("LD_LIBRARY_PATH", "").split(":")
        missing = [path for path in libraries.paths() if path not in known]
        env["LD_LIBRARY_PATH"] = ":".join([*filter(None, known), *missing])
    env.update(
        PATH=":".join(path),
        VIRTUAL_ENV=str(packages.folder()),
        PYTHONPATH=str(odoo_tree.locate()[0]),
        # Byte code goes to the cache: the checkout stays clean and may be read-only.
        PYTHONPYCACHEPREFIX=str(CACHE / "pycache"),
        ODOO_RC=str(FILE),
        FONTCONFIG_FILE=str(CACHE / "fonts.conf"),
        GYM_SCRIPT_ODOO=str(SCRIPTS / "odoo"),
        GYM_TEST_DB=TEST_DB,
        **postgres.variables(),
    )
    return env


def python():
    return str(packages.folder() / "bin/python")
