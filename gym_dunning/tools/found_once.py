"""Filters on what derives from many rows: found once for a page and its count."""

from odoo.fields import Domain
from odoo.tools import SQL

# Set while the web client's page and count are asked for.
FOUND_ONCE_KEY = "gym_found_once"


def decided(records, domain, names):
    """Return a domain whose conditions on these derived fields are decided: their
    search methods have run, and page and count read what they found.

    :param records: of the model that is searched
    :param names: of fields whose search methods return `among`
    """
    domain = Domain(domain)
    paths = (one.field_expr.partition(".") for one in domain.iter_conditions())
    if not any(name in names for name, *__ in paths):
        return domain
    return domain.optimize_full(records.with_context(**{FOUND_ONCE_KEY: True}))


def among(records, ids):
    """Return the domain of the records whose ids a long subquery returns.

    PostgreSQL computes it once for a query and keeps it as a hash: it would expect few
    rows, and read them for each record.

    :param ids: SQL of a query of one column
    """
    shape = "(%s IN (%s)) IS TRUE"
    if records.env.context.get(FOUND_ONCE_KEY):
        found = {id for (id,) in records.env.execute_query(ids) if id}
        # as a text: of a hundred thousand numbers each would be parsed
        shape, ids = "%s = ANY(%s::int[])", f"{{{','.join(map(str, found))}}}"
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(shape, SQL.identifier(alias, "id"), ids)
    )
