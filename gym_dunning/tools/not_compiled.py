"""Queries that PostgreSQL would compile, as it does by default with what it takes for
long (`jit`): ours are large, and compiling them takes longer than running them."""

from odoo.tools import SQL

# Selected beside something else, it holds to the end of the transaction.
NOT_COMPILED = SQL("set_config('jit', 'off', TRUE)")


def not_compiled(env):
    """Have PostgreSQL run the queries of this transaction without compiling them."""
    env.cr.execute(SQL("SELECT %s", NOT_COMPILED))
