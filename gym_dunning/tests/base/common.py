from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common_prepared import CHART, SINGLE, take

# All dates are passed in, so the tests give the same on any day.
TODAY = date(2026, 3, 2)


@tagged("post_install", "-at_install")
class GymCommon(AccountTestInvoicingCommon):
    """A gym with its policy, and factories for members and invoices."""

    # what Odoo finds for a company without a country, after reading all charts
    chart_template = CHART

    @classmethod
    def _create_company(cls, **vals):
        # EXTENDS Odoo's tests: takes one that is prepared, where there is one
        return take(cls.env, SINGLE, vals) or super()._create_company(**vals)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("gym_dunning.group_dunning_manager")
        cls.company = cls.company_data["company"]
        cls.company.write({"street": "Gym Street 1", "zip": "8000", "city": "Town"})
        # most tests are about the fee, and not about whether it may be charged
        cls.company.dunning_fee_agreed = True
        cls.rule = cls.env["gym.dunning.profile"]._of(cls.company)
        cls.rule.write({"first_reminder_fee": True, "email_fee": True})
        cls.active = cls.env.ref("gym_dunning.member_status_active")
        cls.blocked = cls.env.ref("gym_dunning.member_status_blocked")
        cls.barred = cls.env.ref("gym_dunning.client_status_barred")
        cls.fee_product = cls.env["product.product"].create(
            {
                "name": "Reminder fee",
                "type": "service",
                "list_price": 20.0,
                "taxes_id": [Command.clear()],
                "property_account_income_id": cls.company_data[
                    "default_account_revenue"
                ].id,
            }
        )
        cls.policy = cls._create_policy()

    # === FACTORIES === #

    @classmethod
    def _create_policy(cls, **vals):
        """Three levels as in Echino: the second costs, the third sends nothing."""
        return cls.env["gym.dunning.policy"].create(
            {
                "name": "Test policy",
                "company_id": cls.company.id,
                "last_member_status_id": cls.blocked.id,
                "last_client_status_id": cls.barred.id,
                "level_ids": [
                    Command.create({"name": "One", "sequence": 1}),
                    Command.create(
                        {
                            "name": "Two",
                            "sequence": 2,
                            "fee_product_id": cls.fee_product.id,
                        }
                    ),
                    Command.create(
                        {"name": "Three", "sequence": 3, "send_document": False}
                    ),
                ],
            }
            | vals
        )

    @classmethod
    def _create_member(cls, name, **vals):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "street": "Long Road 1",
                "zip": "8000",
                "city": "Town",
                "email": f"{name.replace(' ', '.').lower()}@example.com",
                "birthdate_date": "1990-01-01",
                "member_status_id": cls.active.id,
                "property_payment_term_id": False,
            }
            | vals
        )

    @classmethod
    def _create_invoice(cls, partner, days=30, amount=100.0, today=TODAY, **vals):
        """Post an invoice that is `days` overdue on `today`."""
        company = vals.pop("company", cls.company)
        due = today - timedelta(days=days)
        invoice = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": due - timedelta(days=10),
                    "invoice_payment_term_id": False,
                    "invoice_date_due": due,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Membership",
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                | vals
            )
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoices, amount=None, day=TODAY):
        vals = {"payment_date": day} | ({"amount": amount} if amount else {})
        return (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(vals)
            ._create_payments()
        )

    # === THE MAIN JOB === #

    def _estimate(self, day=TODAY, **filters):
        """Estimate through the wizard; return the run."""
        wizard = self.env["gym.dunning.generate"].create(
            {"company_id": self.company.id, "policy_id": self.policy.id, "date": day}
            | filters
        )
        return self._estimated(wizard)

    @staticmethod
    def _estimated(wizard):
        """Continue; return the estimate.

        :raise UserError: with what the clerk is told when there is nothing to do
        """
        action = wizard.action_continue()
        if action["type"] == "ir.actions.client":
            raise UserError(action["params"]["message"])
        if action["type"] == "ir.actions.act_window_close":
            return wizard._previous()  # the form under the dialog shows it
        return wizard.env[action["res_model"]].browse(action["res_id"])

    def _work(self):
        """Let the worker do all background jobs, without its commits."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.env["gym.process"]._cron_run()

    def _generate(self, day=TODAY, **filters):
        """Estimate, generate and let the worker finish; return the run."""
        run = self._estimate(day, **filters)
        run.action_generate()
        self._work()
        return run

    def _print_all(self, action, **context):
        """Answer the dialog that printing opens: fetched, and printed.

        :param context: what the browser's request has besides
        :return: the download
        """
        action = action.get("params", {}).get("next", action)
        if action["type"] == "ir.actions.act_url":
            return action
        dialog = self.env[action["res_model"]].sudo().browse(action["res_id"])
        who = dialog.create_uid
        dialog = dialog.with_user(who).with_context(
            allowed_company_ids=who.company_ids.ids, **context
        )
        download = dialog.action_print()
        dialog.action_confirm()
        return download

    def _deliver(self, run):
        """Note the letters of a run as delivered."""
        run.reminder_ids.filtered(
            lambda reminder: reminder.delivery_state == "pending"
        )._mark_delivered("printed")

    def _run_levels(self, count, day=TODAY, **filters):
        """Run `count` levels, each eleven days after the one before.

        :return: the runs, and the day of the last one
        """
        runs = self.env["gym.dunning.run"]
        for number in range(count):
            day = day + timedelta(days=11 * bool(number))
            run = self._generate(day, **filters)
            self._deliver(run)
            runs |= run
        return runs, day

    # === ANSWERS === #

    def _item(self, move, day=TODAY):
        """Return the open item of a move with one receivable line."""
        return (
            self.env["gym.open.item"]
            .with_context(dunning_date=day)
            .search([("move_id", "=", move.id)])
        )

    def _reminder(self, run, partner):
        return run.reminder_ids.filtered(lambda r: r.partner_id == partner)

    def _reason(self, run, partner):
        """Return the reasons why a member's items were left out of a run."""
        mine = run.exclusion_ids.filtered(lambda e: e.partner_id == partner)
        return ",".join(sorted(set(mine.mapped("reason"))))

    def _count_queries(self, operation, *args):
        """Return the queries of one call on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        operation(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
