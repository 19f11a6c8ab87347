"""Peers of OCA, fetched by pip into folders of their own; never committed."""

import os
import subprocess
from pathlib import Path

# the module to install first, then those it needs
DUNNING = ("account_credit_control",)
RENEWAL = ("contract_line_successor", "contract")
STATEMENTS = (
    "account_statement_import_camt",
    "account_statement_import_file",
    "account_statement_import_base",
    "account_statement_base",
)


def run(databases, base, step, modules, **arguments):
    """Run one step on a copy of the database with the peer installed."""
    addons = addons_folder(databases.env, modules)
    copy = databases.copy(base, f"{base}_{step}")
    databases.install(copy, modules[0], extra_addons=addons)
    rows = databases.step(copy, step, extra_addons=addons, **arguments)
    databases.drop(copy)
    return rows


def addons_folder(env, modules):
    """Return the folder with a peer's modules, fetched on first use."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "gym_dunning" / "peers" / modules[0]
    addons = folder / "odoo/addons"
    if not all((addons / module).is_dir() for module in modules):
        # without its dependencies: it wants a package named odoo, which we have
        command = ["python", "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--target", str(folder), *map(_requirement, modules)]
        subprocess.run(command, env=env, check=True)
    return addons


def _requirement(module):
    return f"odoo-addon-{module.replace('_', '-')}>=19.0,<20"
