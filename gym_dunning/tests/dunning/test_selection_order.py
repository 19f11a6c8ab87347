"""Which of several reasons is told, and that each late item has one answer."""

from datetime import date

from odoo.fields import Command

from ..base.common import TODAY
from .common_run import RunCommon


class TestPrecedence(RunCommon):
    """Where several reasons apply, the one that comes first is told."""

    def _create_hopeless_invoice(self):
        """Return an invoice that nearly every reason keeps from a reminder."""
        gentle = self._create_policy(name="Gentle", company_id=False)
        self.guardian = self.env["res.partner"].create({"name": "Guardian"})
        member = self._create_member(
            "Everything",
            dunning_policy_id=gentle.id,
            client_status_id=self.in_collection.id,
            birthdate_date=date(2015, 1, 1),
        )
        journal = self.company_data["default_journal_sale"]
        journal = journal.copy({"default_account_id": journal.default_account_id.id})
        invoice = self._create_invoice(member, amount=40.0, journal_id=journal.id)
        invoice.no_followup = True
        self.credit = self._create_credit(member, 40.0)
        cells = self.env["gym.dunning.activation"]
        where = {"policy_id": self.policy.id, "company_id": self.company.id}
        cells.create(where)
        self.cell = cells.create(
            where
            | {
                "journal_id": journal.id,
                "active": False,
                "ignore_due_before": TODAY,
            }
        )
        self.one.min_days_overdue = 60
        self.filters = {"min_invoice_balance": 41.0}
        return invoice

    def _ways_out(self, invoice):
        """Return each reason in the order of precedence, and what ends it."""
        member = invoice.partner_id
        holds = {
            reason: self._hold(invoice, reason)
            for reason in ("manual", "debit", "agency", "promise", "dispute")
        }
        return {
            "no_policy": lambda: member.write({"dunning_policy_id": False}),
            "inactive": lambda: self.cell.write({"active": True}),
            "before_start": lambda: self.cell.write({"ignore_due_before": False}),
            "disputed": holds["dispute"].action_release,
            "promise": holds["promise"].action_release,
            "agency": holds["agency"].action_release,
            "debit": holds["debit"].action_release,
            "manual": holds["manual"].action_release,
            "no_followup": lambda: invoice.write({"no_followup": False}),
            "below_invoice_minimum": lambda: self.filters.clear(),
            "window_not_reached": lambda: self.one.write({"min_days_overdue": 0}),
            "in_credit": lambda: (
                self.credit.button_draft(),
                self.filters.update(min_balance=41.0),
            ),
            "below_minimum": lambda: self.filters.clear(),
            "at_agency": lambda: member.write({"client_status_id": self.paused.id}),
            "client_paused": lambda: member.write({"client_status_id": False}),
            "minor": lambda: member.write(
                {"guardian_ids": [Command.link(self.guardian.id)]}
            ),
            "no_address": lambda: self.guardian.write({"email": "g@example.com"}),
        }

    def test_first_reason_is_told(self):
        """Architecture 6: without one reason the next one of the order is told."""
        self._create_late_member("Somebody else", amount=900.0, days=400)
        invoice = self._create_hopeless_invoice()
        for reason, end in self._ways_out(invoice).items():
            run = self._estimate(**self.filters)
            self.assertEqual(self._reasons(run, invoice), [reason])
            run.unlink()
            end()
        run = self._estimate()
        self.assertIn(invoice, run.reminder_ids.line_ids.move_id)

    def test_each_late_item_has_one_answer(self):
        """Each late item stands in one proposal or has exactly one exclusion."""
        self._create_late_member("Plain")
        held = self._create_late_member("Held")
        self._hold(self._invoices(held), "dispute")
        mixed = self._create_late_member("Mixed")
        self._hold(self._create_invoice(mixed), "manual")
        self._create_late_member("Minor", birthdate_date=date(2015, 1, 1))
        self._create_late_member("Early", days=9)
        run = self._estimate()
        late = self.env["gym.open.item"].with_context(dunning_date=TODAY)
        late = late.search(
            [("company_id", "=", self.company.id), ("days_overdue", ">=", 10)]
        )
        answers = (
            run.reminder_ids.line_ids.move_line_id.ids
            + run.exclusion_ids.move_line_id.ids
        )
        self.assertEqual(sorted(answers), sorted(late.ids))
