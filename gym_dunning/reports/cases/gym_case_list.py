from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ...tools import to_decimal


class GymCaseList(models.AbstractModel):
    """The rows of the report "Collection case status" (G-89), printed or as a sheet."""

    _name = "gym.case.list"
    _description = "Rows of the Collection Case Status"

    @api.model
    def _columns(self):
        """Return the headings of the columns by their key, in their order."""
        return {
            "manager": self.env._("Debt Manager"),
            "code": self.env._("Code"),
            "customer": self.env._("Customer"),
            "centre": self.env._("Centre"),
            "state": self.env._("State"),
            "start": self.env._("Start"),
            "amount_case": self.env._("Case Value"),
            "amount_current": self.env._("Current Amount"),
            "currency": self.env._("Currency"),
            "next_start": self.env._("Next Action on"),
            "actions": self.env._("Actions"),
            "contact": self.env._("Contact"),
            "note": self.env._("Notes"),
        }

    @api.model
    def _rows(self, cases):
        """Return a row for each case, those of one manager together.

        Cases without a manager come last; within a manager the oldest come first.
        """
        cases = cases.sorted(
            lambda case: (
                not case.debt_manager_id,
                case.debt_manager_id.name or "",
                case.debt_manager_id.id,
                case.date_start,
                case.id,
            )
        )
        return [self._row(case) for case in cases]

    def _row(self, case):
        return {
            "manager_id": case.debt_manager_id.id,  # names need not be unique
            "manager": case.debt_manager_id.name or self.env._("Without debt manager"),
            "code": case.name,
            "customer": self._customer(case),
            "centre": case.company_id.name,
            "state": self._state(case),
            "start": case.date_start,
            "amount_case": to_decimal(case.amount_case, case.currency_id),
            "amount_current": to_decimal(case.amount_current, case.currency_id),
            "currency": case.currency_id.name,
            "next_start": self._start_of(case.next_activity_id),
            "actions": self._actions(case),
            "contact": self._contact(case),
            "note": html2plaintext(case.note or "", include_references=False),
        }

    def _customer(self, case):
        debtor = case.branch_partner_id or case.partner_id
        number = case.partner_id.member_number
        return f"{debtor.display_name} ({number})" if number else debtor.display_name

    def _state(self, case):
        """Return the state in words; in progress without a completed activity is
        "Started" (AMB-30)."""
        done = case.all_activity_ids.filtered(lambda activity: not activity.active)
        if case.state == "in_progress" and not done:
            return self.env._("Started")
        states = dict(case._fields["state"]._description_selection(self.env))
        return states[case.state]

    def _start_of(self, activity):
        """Return the day on which an action starts; None without one."""
        if not activity:
            return None
        if not activity.date_start:
            return activity.date_deadline
        return fields.Datetime.context_timestamp(activity, activity.date_start).date()

    def _actions(self, case):
        """Say what each action is about, in their order; done ones are marked."""
        actions = case.all_activity_ids.sorted(
            lambda one: (one.date_done or one.date_deadline, one.id)
        )
        return "\n".join(self._action(one) for one in actions)

    def _action(self, activity):
        kind = activity.activity_type_id.name
        subject = activity.summary or kind or ""
        # "Call: Call for collection" says it twice
        if kind and not subject.casefold().startswith(kind.casefold()):
            subject = f"{kind}: {subject}"
        if activity.active:
            return subject
        return self.env._("%s (done)", subject)

    def _contact(self, case):
        contact = case.contact_id
        return "\n".join(filter(None, (contact.name, contact.phone, contact.email)))

    @api.model
    def _totals(self, rows):
        """Return (currency, number of cases, case value, current amount) in order."""
        sums = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
        for row in rows:
            total = sums[row["currency"]]
            total[0] += 1
            total[1] += row["amount_case"]
            total[2] += row["amount_current"]
        return [(currency, *total) for currency, total in sorted(sums.items())]
