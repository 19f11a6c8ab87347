import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, is_html_empty
from odoo.tools.misc import format_amount


def _is_unreserved(model, alias, query):
    # The ledger's `case_id` and `handover_id` say the same, but the planner expects
    # next to nothing of them, and joins 10,000 customers one by one: 140 s.
    return SQL(
        """NOT EXISTS (SELECT 1 FROM gym_dunning_hold reserved
                        WHERE reserved.move_line_id = %s AND reserved.active
                          AND reserved.reason IN ('case', 'agency', 'debit'))""",
        SQL.identifier(alias, "id"),
    )


class GymCollectionCase(models.Model):
    """Which items a case may take, and how they are reserved for it (G-49, G-55)."""

    _inherit = "gym.collection.case"

    @api.model
    def _unreserved_domain(self):
        """Return what of the ledger a case may take, whoever owes it: unpaid items
        that stand in no case and are not at the agency (G-49), nor with the bank."""
        return Domain("amount_residual", ">", 0) & Domain.custom(to_sql=_is_unreserved)

    def _free_domain(self):
        """Return what of the ledger this case may take: the customer's unreserved
        items (G-48)."""
        self.ensure_one()
        return (
            Domain("partner_id", "=", self.partner_id.commercial_partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("currency_id", "=", self.currency_id.id)
            & self._unreserved_domain()
            & self._branch_domain()
        )

    def _branch_domain(self):
        """Return which items belong to the branch of the case; without a branch, for
        a customer worked by branches, what belongs to none of them (AMB-37)."""
        if self.branch_partner_id:
            return Domain("branch_partner_id", "child_of", self.branch_partner_id.ids)
        customer = self.partner_id.commercial_partner_id
        if customer.collection_participation == "branch":
            return Domain("branch_partner_id", "=", False)
        return Domain.TRUE

    def _free_items(self):
        """Return the ledger's items that this case may take now."""
        return self.env["gym.open.item"].search(self._free_domain())

    # === WHERE === #
    # At which centre something of the customer could be taken into the case.

    amount_free = fields.Monetary(
        string="Free for This Case",
        compute="_compute_free",
        help="Open items of the customer that are in no case and not at the agency.",
    )
    free_message = fields.Char(compute="_compute_free")

    @api.depends("partner_id", "branch_partner_id", "company_id", "currency_id")
    @api.depends_context("allowed_company_ids")
    def _compute_free(self):
        for case in self:
            items = case._free_items() if case.partner_id else ()
            case.amount_free = sum(item.amount_residual for item in items)
            case.free_message = bool(case.partner_id) and case._free_message()

    def _free_message(self):
        """Say where something of the customer is free, if not only here."""
        elsewhere = self._free_elsewhere()
        figures = {
            "centre": self.company_id.name,
            "here": self._money(self.amount_free),
            "elsewhere": ", ".join(
                self.env._(
                    "%(amount)s at %(centre)s",
                    amount=format_amount(self.env, amount, currency),
                    centre=company.name,
                )
                for company, currency, amount in elsewhere
            ),
        }
        if self.amount_free:
            return bool(elsewhere) and self.env._(
                "%(here)s is free at %(centre)s, and %(elsewhere)s. Choose the centre.",
                **figures,
            )
        if elsewhere:
            return self.env._(
                "This customer has no free items at %(centre)s; %(elsewhere)s.",
                **figures,
            )
        return self.env._(
            "This customer has no free items: they are paid, in a case, or at the "
            "agency."
        )

    def _free_elsewhere(self):
        """Return what is free at other centres, or in other currencies."""
        mine = (self.company_id, self.currency_id)
        return [row for row in self._free_sums() if tuple(row[:2]) != mine]

    def _free_sums(self):
        """Return centre, currency and sum of all that is free of the customer, most
        first."""
        customer = self.partner_id.commercial_partner_id
        domain = self._unreserved_domain() & Domain("partner_id", "=", customer.id)
        return self.env["gym.open.item"]._read_group(
            domain,
            ["company_id", "currency_id"],
            ["amount_residual:sum"],
            order="amount_residual:sum desc, company_id",
        )

    def _proposed_company(self):
        """Return the centre of a new case: the one in use, unless something of the
        customer is free at others only."""
        current = self.company_id or self.env.company
        if not self.partner_id:
            return current
        companies = [company for company, *__ in self._free_sums()]
        return current if current in companies or not companies else companies[0]

    def _add_items(self, move_lines):
        """Take open items into the case and reserve them.

        :param move_lines: journal items of the customer
        :raise UserError: the case is completed, or one of them is not free (any more)
        :return: the new `gym.collection.case.item`
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        free = self._free_items()
        for line in move_lines - free.move_line_id:
            self._refuse(line)
        # sudo: people take items through the ledger, they do not make them up
        items = self.env["gym.collection.case.item"].sudo()
        amounts = {item.move_line_id: item.amount_residual for item in free}
        added = items.create(
            [
                {"case_id": self.id, "move_line_id": line.id, "amount": amounts[line]}
                for line in move_lines
            ]
        )
        self._reserve(added)
        return added.sudo(False)

    def _refuse(self, move_line):
        """Say why the case cannot take an item.

        :raise UserError: always
        """
        raise UserError(self._refusal(move_line, move_line.move_id.display_name))

    def _refusal(self, move_line, document):
        item = self.env["gym.open.item"].search([("id", "=", move_line.id)])
        if item.amount_residual < 0:
            return self.env._("%s is a credit, not a debt: leave it out.", document)
        if not item:
            return self.env._("%s is paid or no longer posted: leave it out.", document)
        return item._why_reserved(document) or self.env._(
            "%s belongs to another customer, branch, centre or currency.", document
        )

    def _reserve(self, items):
        """Reserve items: no other case and no agency can take them (G-54).

        :raise UserError: somebody else reserved one of them
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._place_holds(items)
        except psycopg2.errors.UniqueViolation:
            raise UserError(
                self.env._(
                    "An item of case %s has since been added to another case or "
                    "handed over to the agency. See where it is under Open Payments, "
                    "and try again without it.",
                    self.name,
                )
            ) from None

    @api.model
    def _place_holds(self, items, **vals):
        # sudo: who may work the case need not have rights on holds
        holds = self.env["gym.dunning.hold"].sudo()
        holds.create(
            [
                {
                    "move_line_id": item.move_line_id.id,
                    "company_id": item.company_id.id,
                    "reason": "case",
                    "note": item.case_id.name,
                    "res_model": self._name,
                    "res_id": item.case_id.id,
                    **vals,
                }
                for item in items
            ]
        )
        self.env.flush_all()

    def _holds(self):
        """Return all holds that these cases placed, released ones too."""
        # sudo: holds placed by a case go with it, people cannot touch them
        holds = self.env["gym.dunning.hold"].sudo().with_context(active_test=False)
        return holds.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )

    def _release(self, items=None):
        """Free the items of these cases; None: all of them."""
        holds = self._holds().filtered("active")
        if items is not None:
            lines = items.move_line_id
            holds = holds.filtered(lambda hold: hold.move_line_id in lines)
        holds.action_release()

    # === MASS === #
    # What mass creation needs to know of many cases at once.

    def unlink(self):
        # EXTENDS base: deleted by the database only, the debts would be computed once
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
        return mine._gym_draw(count)

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
