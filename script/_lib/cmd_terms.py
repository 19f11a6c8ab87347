"""script/terms: the terms of the code become templates, and stay translated."""

import argparse
import json
import tempfile
from pathlib import Path

import cmd_setup
import config
import database
import oca
import postgres
from common import CHECKOUT, Fail, run, say

DESCRIPTION = """\
Writes the templates (.pot) of all modules from the test databases, which script/test made or
updated, and carries what is translated into the translations beside them. What is new is left
empty and written to a file, by language; with its translations filled in it is given back:

  script/terms
  script/terms --translated missing.json
"""
CARRY = Path(__file__).with_name("carry_terms.py")


def main(arguments):
    options = parse(arguments)
    cmd_setup.ensure()
    postgres.use()
    given = json.loads(options.translated.read_text()) if options.translated else {}
    with tempfile.TemporaryDirectory() as folder:
        jobs = Path(folder) / "jobs.json"
        templates = {
            export(module, folder): str(CHECKOUT / module / f"i18n/{module}.pot")
            for module in (*config.modules(), *config.oca_modules())
        }
        wanted = {"given": given, "templates": templates}
        wanted["missing"] = str(options.missing.resolve())
        jobs.write_text(json.dumps(wanted))
        code, output = run([config.python(), CARRY, jobs], "carrying", check=False)
    say(output.strip() or "All terms are translated.")
    return code


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/terms",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--translated", type=Path, metavar="FILE", help="see above")
    parser.add_argument(
        "--missing",
        type=Path,
        metavar="FILE",
        default=Path("missing.json"),
        help="where to write what is left (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def export(module, folder):
    """Write the template of a module as Odoo exports it; return the file."""
    beside = module in config.oca_modules()
    name = oca.DB if beside else config.TEST_DB
    if not database.exists(name):
        raise Fail("The test database is missing: run script/test first.")
    file = str(Path(folder) / f"{module}.pot")
    database.odoo(
        ["i18n", "export", "-d", name, "-l", "pot", "-o", file, module],
        f"The export of the terms of {module}",
        env=oca.environment() if beside else None,
    )
    return file
