"""The screens of contracts and renewals, clicked through as a clerk does it."""

from ast import literal_eval

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.fields import Command
from odoo.tools import date_utils

from ..base.common_tours import READS_BEFORE_WORK, TourCommon
from .common_contract import ContractCommon


class TestToursRenewal(TourCommon, ContractCommon):
    """Renewing this month; what was added to a contract; the member's contracts."""

    def _create_due_contract(self, name):
        """A contract that ends with this month."""
        month = date_utils.start_of(self.today, "month")
        start = month - relativedelta(months=11)
        return self._create_contract(self._create_member(name), date_start=start)

    def _archive_account(self, member):
        account = self.company_data["default_account_receivable"].copy()
        member.property_account_receivable_id = account
        account.active = False

    def test_renew_this_month(self):
        """E-64a..E-70b: the whole way, with one left out and one that fails."""
        paul, laura, ned, fay = contracts = self.env["gym.contract"].union(
            *map(
                self._create_due_contract,
                ("Kent Paul", "Kent Laura", "Ned Out", "Fay Ling"),
            )
        )
        self._archive_account(fay.partner_id)
        last = date_utils.end_of(self.today, "month")
        self.assertEqual(set(contracts.mapped("date_end")), {last})
        reads = self._worker_wakes_later("gym.renewal.run")
        self._tour("gym_renewal", "/odoo/gym-contracts")
        self.assertGreaterEqual(len(reads), READS_BEFORE_WORK, "nobody polled")
        run = self.env["gym.renewal.run"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            run, [{"state": "done", "renewed_count": 2, "create_uid": self.clerk.id}]
        )
        next_year = date_utils.end_of(last + relativedelta(years=1), "month")
        self.assertEqual((paul | laura).mapped("date_end"), [next_year] * 2)
        self.assertEqual((ned | fay).mapped("date_end"), [last] * 2)
        self.assertEqual(run._moves().partner_id, (paul | laura).partner_id)

    def test_filters_replace_the_estimate(self):
        """E-66, L3: back to the wizard, the dates stay; the estimate is made anew in its
        place."""
        self._create_due_contract("Kent Paul")
        last = date_utils.end_of(self.today, "month")
        run = self._estimate_renewal(self.today.replace(day=1), last)
        wizard = self.env["gym.renewal.generate"].browse(
            run.action_change_filters()["res_id"]
        )
        self.assertRecordValues(
            wizard, [{"run_id": run.id, "date_to": last, "company_id": self.company.id}]
        )
        action = wizard.action_continue()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(wizard.run_id, run)
        self.assertEqual((run.state, run.line_count), ("estimated", 1))

    def test_added_subscription_is_invoiced_once(self):
        """A locker taken later is invoiced on its own, and only once."""
        contract = self._create_due_contract("Kent Paul")
        self.assertFalse(contract.new_articles)
        contract.subscription_ids = [
            Command.create({"product_id": self.locker.id, "date_start": self.today})
        ]
        self.assertEqual(contract.new_articles, "Locker")
        contract.action_invoice_added()
        contract.action_invoice_added()
        self.assertFalse(contract.new_articles)
        self.assertRecordValues(
            contract.move_ids, [{"state": "posted", "amount_total": 60.0}]
        )
        self.assertEqual(contract.move_ids.invoice_line_ids.product_id, self.locker)

    def test_search_by_month(self):
        """The filters of the list find what ends this month, and the next."""
        due = self._create_due_contract("Kent Paul")
        later = self._create_contract(
            self._create_member("Kent Laura"),
            date_start=due.date_start + relativedelta(months=1),
        )
        view = self.env.ref("gym_dunning.gym_contract_view_search")
        arch = self.env["gym.contract"].get_view(view.id, "search")["arch"]
        for name, found in (("ending_this_month", due), ("ending_next_month", later)):
            with self.subTest(name=name):
                domain = self._filter_domain(arch, name)
                mine = [("company_id", "=", self.company.id)]
                self.assertEqual(self.env["gym.contract"].search(mine + domain), found)

    def _filter_domain(self, arch, name):
        (node,) = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        return literal_eval(node.get("domain"))

    def test_failure_opens_what_is_to_be_mended(self):
        """E-69c: the failures tab leads to the contact who cannot be invoiced."""
        contract = self._create_due_contract("Fay Ling")
        self._archive_account(contract.partner_id)
        last = date_utils.end_of(self.today, "month")
        run = self._estimate_renewal(self.today.replace(day=1), last, date=self.today)
        run.action_generate()
        self._work_in(self.env)
        action = run.failure_ids.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("res.partner", contract.partner_id.id),
        )

    def test_copy_starts_anew(self):
        """A copied contract is a draft from today, whatever the first one's dates."""
        contract = self._create_due_contract("Kent Paul").copy()
        self.assertEqual(contract.state, "draft")
        self.assertEqual(
            contract.subscription_ids.mapped("date_start"),
            [fields.Date.context_today(contract)],
        )
