from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from ..models.gym_dunning_evaluation import STOPPING_HOLDS

COLUMNS = [
    "creditor_company",
    "centre",
    "member_number",
    "debtor_type",
    "name",
    "birth_date",
    "is_minor",
    "guardian_name",
    "street",
    "zip",
    "city",
    "country",
    "email",
    "phone",
    "language",
    "document_number",
    "document_date",
    "due_date",
    "days_overdue",
    "currency",
    "original_amount",
    "paid_amount",
    "open_amount",
    "is_fee",
    "reminder1_date",
    "reminder2_date",
    "reminder3_date",
]


class GymAgencyList(models.AbstractModel):
    """Who passed the last level and still owes: the list for the agency (AMB-13).

    "Rapport rappel 3" and "Export Inkasso-Gesellschaft" are this list.
    """

    _name = "gym.agency.list"
    _description = "List for the Collection Agency"

    @api.model
    def _items(self, companies, date, partners=None, run=None, **which):
        """Return the open items to hand over, as of `date`.

        Items after the last level that nobody holds, with the fees and credits of
        the same debtor; who owes nothing in sum is not in it.

        :param companies: the creditors
        :param partners: only these debtors; None means all
        :param run: only who reached the last level by this run
        :param any_level: all late items, whatever their level
        :param deadline_over: only items whose last deadline is over (AMB-26)
        """
        items = self.env["gym.open.item"].with_context(dunning_date=date)
        scope = Domain("company_id", "in", companies.ids)
        if partners is not None:
            scope &= Domain("partner_id", "in", partners.ids)
        passed = self._passed_domain(date, **which)
        if run:
            passed &= Domain("reminder_id.run_id", "=", run.id)
        claims = items.search(scope & passed).filtered(self._is_free)
        carried = items.search(
            scope
            & Domain("partner_id", "in", claims.partner_id.ids)
            & (Domain("is_dunning_fee", "=", True) | Domain("amount_residual", "<", 0))
        )
        carried = carried.filtered(lambda item: item.hold_reason != "agency")
        return self._owing(claims, carried)

    def _passed_domain(self, date, any_level=False, deadline_over=False):
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

    def _is_free(self, item):
        return (
            item.hold_reason not in (*STOPPING_HOLDS, "case")
            and not item.no_followup
            and not item.client_status_id.at_agency
        )

    def _owing(self, claims, carried):
        """Keep the claims and what is carried with them, of who owes in sum."""
        groups = defaultdict(claims.browse)
        for item in claims:
            groups[self._debtor_key(item)] |= item
        for item in carried:
            if self._debtor_key(item) in groups:
                groups[self._debtor_key(item)] |= item
        kept = claims.browse()
        for (__, __, currency), group in groups.items():
            total = sum(group.mapped("amount_residual"))
            if currency.compare_amounts(total, 0) > 0:
                kept |= group
        return kept

    def _debtor_key(self, item):
        return item.company_id, item.partner_id, item.currency_id

    @api.model
    def _rows(self, items):
        """Return a dict per item, by the keys of `COLUMNS`."""
        dates = self._reminder_dates(items)
        debtors = {partner: self._debtor_vals(partner) for partner in items.partner_id}
        return [
            self._item_vals(item)
            | debtors[item.partner_id]
            | dict(zip(COLUMNS[-3:], dates[item.id], strict=True))
            for item in items
        ]

    def _item_vals(self, item):
        line = item.move_line_id
        money = self._money(item.currency_id)
        return {
            "creditor_company": item.company_id.root_id.name,
            "centre": item.company_id.name,
            "document_number": item.move_id.name,
            "document_date": item.move_id.invoice_date or item.move_id.date,
            "due_date": item.date_maturity,
            "days_overdue": item.days_overdue,
            "currency": item.currency_id.name,
            "original_amount": money(line.amount_currency),
            "paid_amount": money(line.amount_currency - item.amount_residual),
            "open_amount": money(item.amount_residual),
            "is_fee": item.is_dunning_fee,
        }

    def _money(self, currency):
        """Return a function that writes an amount with the currency's decimals."""
        return lambda amount: Decimal(f"{amount:.{currency.decimal_places}f}")

    def _debtor_vals(self, partner):
        guardian = partner.guardian_ids[:1] if partner.is_minor else partner.browse()
        return {
            "member_number": partner.member_number,
            "debtor_type": "C" if partner.is_company else "P",
            "name": partner.name,
            "birth_date": partner.birthdate_date,
            "is_minor": partner.is_minor,
            "guardian_name": guardian.name,
            "street": ", ".join(filter(None, [partner.street, partner.street2])),
            "zip": partner.zip,
            "city": partner.city,
            "country": partner.country_id.code,
            "email": partner.email,
            "phone": partner.phone,
            "language": partner.lang,
        }

    def _reminder_dates(self, items):
        """Return the dates of the first three reminders of each item."""
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

    @api.model
    def _totals(self, rows):
        """Return (currency, sum) of the rows, to the cent."""
        totals = defaultdict(Decimal)
        for row in rows:
            totals[row["currency"]] += row["open_amount"]
        return sorted(totals.items())
