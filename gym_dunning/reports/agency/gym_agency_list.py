from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...models.ledger.gym_dunning_hold import STOPPING_HOLDS

# What leaves the house, in every format and in this order; nothing else does.
# Whoever changes it raises the version, in the XSD too.
FORMAT_VERSION = "1"
COLUMNS = [
    "format_version",
    "run_number",
    "handover_date",
    "creditor_company",
    "creditor_address",
    "creditor_contact",
    "centre",
    "line_number",
    "member_number",
    "debtor_type",
    "last_name",
    "first_name",
    "company_name",
    "birth_date",
    "is_minor",
    "guardian_name",
    "guardian_address",
    "street",
    "zip",
    "city",
    "country",
    "email",
    "phone",
    "language",
    "contract_number",
    "contract_date",
    "claim_description",
    "invoice_number",
    "invoice_date",
    "due_date",
    "currency",
    "original_amount",
    "paid_amount",
    "open_amount",
    "fee_amount",
    "interest_amount",
    "interest_rate",
    "interest_from",
    "default_since",
    "reminder1_date",
    "reminder2_date",
    "reminder3_date",
    "last_return_reason",
    "disputed",
    "notes",
]


class GymAgencyList(models.AbstractModel):
    """Who passed the last level and still owes: the list for the agency (AMB-13).

    "Rapport rappel 3" and "Export Inkasso-Gesellschaft" are this list.
    """

    _name = "gym.agency.list"
    _description = "List for the Collection Agency"

    @api.model
    def _items(
        self,
        companies,
        date,
        partners=None,
        run=None,
        *,
        any_level=False,
        deadline_over=False,
    ):
        """Return the open items to hand over, as of `date`.

        Items after the last level that nobody holds, with the fees and credits of
        the same debtor; who owes nothing in sum is not in it.

        :param companies: the creditors
        :param partners: only what these persons are written to about; None means all
        :param run: only who reached the last level by this run
        :param any_level: all late items, whatever their level
        :param deadline_over: only items whose last deadline is over (AMB-26)
        """
        items = self.env["gym.open.item"].with_context(dunning_date=date)
        scope = Domain("company_id", "in", companies.ids)
        if partners is not None:
            scope &= Domain("partner_id", "in", partners.commercial_partner_id.ids) | (
                Domain("partner_id", "in", partners.ids)
            )
        passed = self._passed_domain(date, any_level, deadline_over)
        if run:
            passed &= Domain("reminder_id.run_id", "=", run.id)
        claims = self._free(items.search(scope & passed))
        if partners is not None:
            claims = claims.filtered(lambda item: item._person() in partners)
        carried = items.search(
            scope
            & Domain("partner_id", "in", claims.partner_id.ids)
            & (Domain("is_dunning_fee", "=", True) | Domain("amount_residual", "<", 0))
        )
        # a fee that the bank collects, or a provider, is not the agency's
        carried = carried.filtered(
            lambda item: item.hold_reason not in ("agency", "debit", "online")
        )
        return self._owing(claims, carried)

    def _passed_domain(self, date, any_level, deadline_over):
        if any_level:
            return (
                Domain("days_overdue", ">", 0)
                & Domain("amount_residual", ">", 0)
                & Domain("is_dunning_fee", "=", False)
            )
        passed = Domain("due_level", "=", "done")
        if deadline_over:
            passed &= Domain("reminder_date_due", "<", date)
        return passed

    def _free(self, items):
        """Keep what nobody holds, of who is not at an agency past the hand-overs.

        A status that a hand-over gave stops no second one: what is at the agency is
        held item by item.
        """
        lines = self.env["gym.agency.handover.line"]
        people = items.partner_id | items.member_id
        handed = lines._marked(people).partner_id
        elsewhere = (people - handed).filtered("client_status_id.at_agency")
        return items.filtered(
            lambda item: (
                self._is_free(item)
                and not (item.partner_id | item.member_id) & elsewhere
            )
        )

    def _is_free(self, item):
        return (
            item.hold_reason not in (*STOPPING_HOLDS, "case") and not item.no_followup
        )

    def _owing(self, claims, carried):
        """Keep the claims and what is carried with them, of who owes in sum."""
        groups = defaultdict(claims.browse)
        for item in claims:
            groups[self._debtor_key(item)] |= item
        for item in carried:
            if self._debtor_key(item) in groups:
                groups[self._debtor_key(item)] |= item
        above = self._credits_above(claims)
        kept = claims.browse()
        for key, group in groups.items():
            total = sum(group.mapped("amount_residual")) + above[key]
            if key[-1].compare_amounts(total, 0) > 0:
                kept |= group
        return kept

    def _credits_above(self, claims):
        """Return what the companies above a centre owe its debtors, negative: who may
        have paid the holding is not handed over by the centre."""
        # sudo: a credit of the holding counts for its centres, whichever are ticked
        ledger, centres = claims.sudo(), claims.company_id.sudo()
        above = defaultdict(float)
        if not (companies := centres.parent_ids.filtered("child_ids")):
            return above
        credits = ledger.search(
            Domain("partner_id", "in", claims.partner_id.ids)
            & Domain("company_id", "in", companies.ids)
            & Domain("amount_residual", "<", 0)
        )
        for credit in credits:
            for centre in centres.filtered(
                lambda one, credit=credit: credit.company_id in one.parent_ids - one
            ):
                key = centre, credit._person(), credit.currency_id
                above[key] += credit.amount_residual
        return above

    def _debtor_key(self, item):
        return item.company_id, item._person(), item.currency_id

    def _reminder_dates(self, items):
        """Return the dates of the first three reminders, by item id.

        :param items: open items or journal items; they share their ids
        """
        lines = self.env["gym.dunning.reminder.line"].search(
            Domain("move_line_id", "in", items.ids)
            & Domain("level_id", "!=", False)
            & Domain("state", "=", "issued")
        )
        dates = {item.id: [None, None, None] for item in items}
        for line in lines:
            number = line.level_id.number
            if 1 <= number <= 3:
                dates[line.move_line_id.id][number - 1] = line.reminder_id.date
        return dates
