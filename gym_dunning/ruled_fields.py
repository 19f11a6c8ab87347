"""A kind of field that Odoo has not."""

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL


class RuledOne2many(fields.One2many):
    """Lines of centres on a record that all of them share, as a contact is.

    Odoo answers "has any" and "has one of these" past the rules of the lines, so that a
    centre could count another's (L3); here only what the user may read is found.
    """

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        # EXTENDS base
        if operator not in ("in", "not in") or isinstance(value, SQL):
            return super().condition_to_sql(
                field_expr, operator, value, model, alias, query
            )
        model = model.with_context(active_test=False)
        is_in = operator == "in"
        parts = [
            super(RuledOne2many, self).condition_to_sql(
                field_expr, "any" if has else "not any", which, model, alias, query
            )
            for has, which in self._asked(value, is_in)
        ]
        return SQL("(%s)", SQL(" OR " if is_in else " AND ").join(parts))

    def _asked(self, value, is_in):
        """Return what is asked, as whether there are lines and which: False stands
        for no line at all."""
        ids = [line for line in value if line]
        if ids:
            yield is_in, Domain("id", "in", ids)
        if len(ids) < len(value):
            yield not is_in, Domain.TRUE
