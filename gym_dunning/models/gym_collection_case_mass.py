from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, is_html_empty


class GymCollectionCase(models.Model):
    """What mass creation needs to know of many cases at once."""

    _inherit = "gym.collection.case"

    def unlink(self):
        # EXTENDS: deleted by the database only, the debts would be computed once
        # more, one by one, to be found missing
        self.check_access("unlink")
        # sudo: the debts go with their case
        self.sudo().item_ids.with_context(case_deleted=True).unlink()
        return super().unlink()

    @api.model
    def _next_names(self, company, count):
        """Draw the codes of `count` cases of a centre."""
        # sudo: codes are drawn by whoever makes cases, sequences are set-up
        sequences = self.env["ir.sequence"].sudo()
        mine = sequences.search(
            [("code", "=", self._name), ("company_id", "in", (company.id, False))],
            order="company_id",
            limit=1,
        )
        return mine._draw(count)

    def _debtor(self):
        """Return who owes what the case collects, as ids; see `gym.case.run.line`."""
        return (
            self.partner_id.commercial_partner_id.id,
            self.branch_partner_id.id,
            self.company_id.id,
            self.currency_id.id,
        )

    def _own_items_domain(self):
        """Return what of the ledger is open in these cases."""

        def is_ours(model, alias, query):
            # not by the ledger's `case_id`, see `_unreserved_domain`
            return SQL(
                """EXISTS (SELECT 1 FROM gym_dunning_hold reserved
                            WHERE reserved.move_line_id = %s AND reserved.active
                              AND reserved.reason = 'case'
                              AND reserved.res_model = %s
                              AND reserved.res_id = ANY(%s))""",
                SQL.identifier(alias, "id"),
                self._name,
                self.ids,
            )

        return Domain("amount_residual", ">", 0) & Domain.custom(to_sql=is_ours)

    def _worked_on(self):
        """Return those that a person put something into, which must not be lost:
        notes, activities, an amount that is not posted, comments, documents (AMB-34).
        """
        worked = self.filtered(
            lambda case: (
                case.all_activity_ids
                or case.other_amount
                or not is_html_empty(case.note)
            )
        )
        # sudo: it is asked whether there are any, nothing of them is shown
        found = self.env["mail.message"].sudo()._read_group(
            Domain("model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("message_type", "in", ("comment", "email")),
            ["res_id"],
        ) + self.env["ir.attachment"].sudo()._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"]
        )
        return worked | self.browse(case_id for (case_id,) in found)

    @api.model
    def _search_collected(self, domain):
        """Return the running cases of which everything is collected (AMB-35)."""
        still_open = Domain("move_line_id.reconciled", "=", False) | Domain(
            "move_line_id.parent_state", "!=", "posted"
        )
        running = self.search(
            domain
            & Domain("state", "!=", "completed")
            & Domain("item_ids", "not any", still_open)
        )
        return running.filtered(lambda case: case._is_other_collected())

    def _is_other_collected(self):
        """Tell whether the other amount came in; a case of nothing is not collected."""
        rest = self.other_amount - self.other_collected
        worth = self.item_ids or self.other_amount
        return bool(worth) and self.currency_id.compare_amounts(rest, 0.0) <= 0

    @api.model
    def _take_open(self, taken):
        """Put open items into cases and reserve them.

        :param taken: triples of the case, the id of the journal item and what is open
            of it, see `OpenNow`
        :raise psycopg2.errors.UniqueViolation: somebody reserved one of them
        """
        # sudo: items are taken through the ledger, nobody makes them up
        items = self.env["gym.collection.case.item"].sudo()
        self._place_holds(
            items.create(
                [
                    {
                        "case_id": case.id,
                        "move_line_id": item_id,
                        "amount": now.amount,
                        # known here; read from each record it would cost a third
                        "company_id": case.company_id.id,
                        "date_maturity": now.date_maturity,
                    }
                    for case, item_id, now in taken
                ]
            )
        )
