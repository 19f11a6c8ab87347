"""The settings: one page, kept for all runs (E-10 to E-26)."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from ..dunning.common_run import RunCommon, day_after


class TestSettings(RunCommon):
    """What the settings page and the policy decide."""

    def _save_settings(self, **vals):
        """Fill in the settings page as a user does, and save it."""
        with Form(self.env["res.config.settings"]) as form:
            for name, value in vals.items():
                setattr(form, f"dunning_{name}", value)
        form.record.execute()

    # === THE PAGE === #

    def test_settings_have_a_page(self):
        """E-10: a menu entry under Configuration opens the page of reminders."""
        menu = self.env.ref("gym_dunning.res_config_settings_menu")
        self.assertEqual(menu.action.res_model, "res.config.settings")
        self.assertEqual(
            menu.parent_id, self.env.ref("gym_dunning.gym_configuration_menu")
        )
        arch = etree.fromstring(self.env["res.config.settings"].get_view()["arch"])
        self.assertTrue(arch.xpath("//app[@name='gym_dunning']//field"))

    def test_settings_persist(self):
        """E-11: what is saved once is every later run's default and shown again."""
        values = {
            "min_days_overdue": 17,
            "min_balance": 50.0,
            "min_invoice_balance": 5.0,
            "payment_days": 21,
        }
        self._save_settings(**values)
        wizard = Form(self.env["gym.dunning.generate"])
        page = Form(self.env["res.config.settings"])
        for name, value in values.items():
            self.assertEqual(wizard[name], value)
            self.assertEqual(page[f"dunning_{name}"], value)

    # === FEE === #

    def _create_article(self, name, price=20.0):
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.clear()],
            }
        )

    def test_fee_is_an_article_that_exists(self):
        """E-12, E-13: the settings refer to the article and create none."""
        article = self._create_article("Dunning costs")
        count = self.env["product.product"].search_count([])
        self._save_settings(fee_product_id=article)
        self.assertEqual(self.env["product.product"].search_count([]), count)
        self.assertEqual(self.two.fee_product_id, article)

    def test_article_of_settings_is_charged_at_second_level_only(self):
        """E-14: a run charges the article at level 2, neither at 1 nor at 3."""
        self._save_settings(fee_product_id=self._create_article("Dearer", 33.0))
        self._create_late_member("Debtor")
        runs, __ = self._run_levels(3)
        self.assertEqual(
            [sum(run.reminder_ids.mapped("amount_fee")) for run in runs],
            [0.0, 33.0, 0.0],
        )

    def test_first_article_goes_to_the_second_level(self):
        """E-13, E-14: without any fee so far, the article is level 2's."""
        self.two.fee_product_id = False
        self._save_settings(fee_product_id=self.fee_product)
        self.assertEqual(
            [level.fee_product_id for level in self.policy.level_ids],
            [self.fee_product.browse(), self.fee_product, self.fee_product.browse()],
        )

    def test_saving_keeps_articles_that_differ_by_level(self):
        """E-13: saving the page for another reason changes no level's fee."""
        self.three.fee_product_id = dearer = self._create_article("Dearer")
        self._save_settings(payment_days=12)
        self.assertEqual(self.two.fee_product_id, self.fee_product)
        self.assertEqual(self.three.fee_product_id, dearer)

    def test_emptied_article_means_no_fee(self):
        """E-13: without the article on the page no level charges a fee."""
        self._save_settings(fee_product_id=self.env["product.product"])
        self.assertFalse(self.policy.level_ids.fee_product_id)

    # === BLOCKING === #

    def _reach_last_level(self, block_mode, name="Last"):
        """Set the mode on the page, then bring a member to the last level."""
        self._save_settings(block_mode=block_mode)
        member = self._create_late_member(name)
        runs, __ = self._run_levels(3)
        return member, runs[-1]

    def _shows_blocking_tab(self, run):
        """Tell whether the form of the run shows the tab, by its own condition."""
        arch = etree.fromstring(run.get_view(view_type="form")["arch"])
        (page,) = arch.xpath("//page[@name='blocking']")
        values = run.read(["block_mode", "blocking_count", "state"])[0]
        return not safe_eval(page.get("invisible"), values)

    def test_never_block(self):
        """E-16, E-17: switched off, no tab is shown and nobody can be blocked."""
        member, run = self._reach_last_level("none")
        self.assertFalse(self._shows_blocking_tab(run))
        run.reminder_ids.block_access = True
        with self.assertRaisesRegex(UserError, self.policy.name):
            run.action_block_members()
        self.assertTrue(member.access_granted)

    def test_propose_to_block(self):
        """E-17: switched on, the tab is shown and nothing is blocked by itself."""
        member, run = self._reach_last_level("propose")
        self.assertTrue(self._shows_blocking_tab(run))
        self.assertEqual(run.blocking_ids.partner_id, member)
        self.assertTrue(member.access_granted)

    def test_block_automatically(self):
        """E-15, E-16: with 'auto' the run itself sets the status chosen here."""
        suspended = self.env["gym.member.status"].create(
            {"name": "Suspended", "allows_access": False}
        )
        self._save_settings(last_member_status_id=suspended)
        member, __ = self._reach_last_level("auto")
        self.assertEqual(member.member_status_id, suspended)
        self.assertFalse(member.access_granted)

    def test_member_status_governs_access(self):
        """E-15: every access of a member follows from the status alone."""
        member = self._create_member("Guest")
        self.assertTrue(self.env["res.partner"].gym_check_access(member.member_number))
        member.member_status_id = self.blocked
        self.assertFalse(self.env["res.partner"].gym_check_access(member.member_number))

    # === CLIENT STATUS === #

    def test_client_status_is_set_blocked_or_not(self):
        """E-18, AMB-12: who reaches the last level gets it, with access or without."""
        member, __ = self._reach_last_level("none")
        self.assertEqual(member.client_status_id, self.barred)
        self.assertEqual(member.member_status_id, self.active)

    def test_client_status_is_the_one_of_the_settings(self):
        """E-18, E-22: the run sets the status chosen on the page."""
        self._save_settings(last_client_status_id=self.in_collection)
        member, __ = self._reach_last_level("propose")
        self.assertEqual(member.client_status_id, self.in_collection)

    def test_clients_at_debt_enforcement_are_found(self):
        """E-19: a filter of members and one of open items find them."""
        inside = self._create_late_member("In", client_status_id=self.in_collection.id)
        outside = self._create_late_member("Out")
        for model, name, field in (
            ("res.partner", "in_collection", "id"),
            ("gym.open.item", "at_agency", "partner_id.id"),
        ):
            domain = self._filter_domain(model, name)
            found = self.env[model].search(domain).mapped(field)
            self.assertIn(inside.id, found)
            self.assertNotIn(outside.id, found)

    def _filter_domain(self, model, name):
        views = self.env["ir.ui.view"].search(
            [("model", "=", model), ("type", "=", "search")]
        )
        for view in views:
            arch = etree.fromstring(view.arch)
            for node in arch.xpath(f"//filter[@name='{name}']"):
                return safe_eval(node.get("domain"))
        raise AssertionError(f"no filter {name}")

    def test_pausing_stops_invoices_and_reminders(self):
        """E-20, E-21, AMB-12: 'Paused' says both, and the reminders obey."""
        self.assertTrue(self.paused.stops_reminders)
        self.assertTrue(self.paused.stops_invoicing)
        member = self._create_late_member("Paused", client_status_id=self.paused.id)
        self._create_late_member("Other")
        self.assertEqual(self._reason(self._estimate(), member), "client_paused")

    def test_reminders_stop_without_stopping_invoices(self):
        """AMB-12: the two flags of a client status are independent."""
        status = self.env["gym.client.status"].create(
            {"name": "Invoices stop", "stops_invoicing": True}
        )
        member = self._create_late_member("Reminded", client_status_id=status.id)
        self.assertTrue(self._reminder(self._estimate(), member))

    def test_delivered_configuration_is_the_classic_one(self):
        """E-23, AMB-06: blocked, no entry; barred, without ending a contract."""
        policy = self.env.ref("gym_dunning.policy_default")
        self.assertEqual(policy.last_member_status_id, self.blocked)
        self.assertFalse(self.blocked.allows_access)
        self.assertEqual(policy.last_client_status_id, self.barred)
        self.assertFalse(policy.configuration_warning)

    # === DOCUMENTS === #

    def test_each_level_has_its_document(self):
        """E-24: the letters of a level are made by the level's own PDF report."""
        report = self.env.ref("gym_dunning.action_report_reminder_letter")
        self.two.report_id = own = report.copy({"name": "Letter two"})
        self._create_late_member("Debtor")
        runs, __ = self._run_levels(2)
        used = [
            made
            for run in runs
            for made, __ in self.env["gym.dunning.letter"]._chunks(run.reminder_ids)
        ]
        self.assertEqual([made.id for made in used], [report.id, own.id])
        self.assertEqual({made.report_type for made in used}, {"qweb-pdf"})

    def test_each_level_has_its_text(self):
        """E-25: the text of the letter is the level's."""
        self.one.intro = "<p>We kindly remind you.</p>"
        self.two.intro = "<p>Pay within the deadline.</p>"
        self._create_late_member("Debtor")
        runs, __ = self._run_levels(2)
        first, second = (self._letter(run.reminder_ids) for run in runs)
        self.assertIn("We kindly remind you.", first)
        self.assertNotIn("Pay within the deadline.", first)
        self.assertIn("Pay within the deadline.", second)

    def _letter(self, reminder):
        report = reminder.level_id.report_id
        return report._render_qweb_html(report, reminder.ids)[0].decode()

    # === THE LIST FOR THE AGENCY === #

    def _agency_items(self, day, **vals):
        wizard = self.env["gym.agency.report"].create(
            {"company_id": self.company.id, "date": day} | vals
        )
        return wizard._listed()

    def test_agency_list_comes_after_two_reminders(self):
        """E-26, AMB-13: after two reminders the third run fills the list."""
        member = self._create_late_member("Debtor")
        day = self._reach(2)
        self.assertFalse(self._agency_items(day))
        run = self._generate(day)
        self.assertEqual(self._agency_items(day).partner_id, member)
        self.assertEqual(self._agency_items(day, run_id=run.id).partner_id, member)

    def test_agency_list_leaves_out_who_paid_or_is_there(self):
        """AMB-13: balance still above zero, not yet handed over."""
        debtor, payer, handed = (
            self._create_late_member(name) for name in ("Debtor", "Payer", "Handed")
        )
        self._generate(self._reach(2))
        day = day_after(30)
        self._pay(self._invoices(payer), day=day)
        handed.client_status_id = self.in_collection
        self.assertEqual(self._agency_items(day).partner_id, debtor)
        self._pay(self._invoices(debtor), day=day)
        report = self.env["gym.agency.report"].create({"date": day})
        with self.assertRaisesRegex(UserError, self.company.name):
            report.action_export()
