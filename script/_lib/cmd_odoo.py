"""script/odoo: Odoo's own command line in the prepared environment."""

import contextlib
import os
import sys

import cmd_setup
import config
import postgres


def main(arguments):
    # Standard output is Odoo's alone, for pipes.
    with contextlib.redirect_stdout(sys.stderr):
        cmd_setup.ensure()
        postgres.use()
    sys.stdout.flush()
    python = config.python()
    os.execve(python, [python, config.LAUNCHER, *arguments], config.environment())
