from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..ledger.gym_open_item_named import Named


class GymOpenItem(models.Model):
    """Numbers of direct debits that a payer, or his bank, names."""

    _inherit = "gym.open.item"

    def _named_by_number(self, keys, numbers, companies):
        # EXTENDS ledger
        found = super()._named_by_number(keys, numbers, companies)
        if not keys:
            return found
        # sudo: see the ledger
        orders = self.env["gym.debit.order"].sudo()
        orders.flush_model(["name", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT found.key, debit.id
                     FROM gym_debit_order debit
                     JOIN LATERAL %s found (key) ON found.key = ANY(%s)
                    WHERE debit.company_id = ANY(%s) AND debit.name IS NOT NULL""",
                self._number_keys_sql(SQL("debit.name")),
                keys,
                companies.ids,
            )
        )
        by_id = {
            order.id: order
            for order in orders.search(Domain("id", "in", [id for __, id in rows]))
        }
        named = (self._named_debit(key, by_id[id]) for key, id in rows)
        return [*found, *dict.fromkeys(named)]

    def _named_debit(self, key, order):
        lines = order.line_ids.move_line_id
        return Named(key, "debit", order.name, order.partner_id.id, tuple(lines.ids))
