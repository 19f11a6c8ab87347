"""What a debt manager, who has no rights in accounting, can open; and of whom."""

from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..base.common import TODAY
from ..base.common_centres import CentresCommon

ACCESS_LOGS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class TestCaseScreens(CentresCommon):
    """Laura owes 100 to centre A and 59 to centre B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maria = cls._user("debt_manager", cls.centre_a, name="Maria")
        cls.boris = cls._user("debt_manager", cls.centre_b, name="Boris")
        cls.head = cls._user("debt_manager", cls.group, name="Head")
        cls.desk = cls._user("reception", cls.centre_a)
        cls.laura = cls._create_member("Kent Laura")
        cls.owed_a = cls._create_invoice(cls.laura, amount=100.0, company=cls.centre_a)
        cls.owed_b = cls._create_invoice(cls.laura, amount=59.0, company=cls.centre_b)

    def _case(self, env):
        case = env["gym.collection.case"].create(
            {"partner_id": self.laura.id, "date_start": TODAY}
        )
        env["gym.case.item.add"].create({"case_id": case.id}).action_confirm()
        return case

    def test_work_of_a_debt_manager(self):
        """G-42 to G-53: with this group alone, a case is opened, filled and read."""
        env = self._as(self.maria)
        with Form(env["gym.collection.case"]) as form:
            form.partner_id = self.laura.with_env(env)
        case = form.record
        with Form(
            env["gym.case.item.add"].with_context(default_case_id=case.id)
        ) as add:
            self.assertEqual(add.amount, 100.0)
        add.record.action_confirm()
        self.assertEqual(case.item_ids.move_id.ids, self.owed_a.ids)
        case.action_start()
        with Form(case) as form:
            form.note = "<p>Calls back</p>"

    def test_document_behind_the_debt(self):
        """G-51: the invoice opens for who may not read the books: what was sold and
        what is open of it, and it cannot be changed."""
        env = self._as(self.maria)
        for owner in (
            self._case(env).item_ids,
            env["gym.open.item"].search([("move_id", "=", self.owed_a.id)]),
        ):
            action = owner.action_open_document()
            [(view, mode)] = action["views"]
            self.assertEqual(mode, "form")
            move = env[action["res_model"]].browse(action["res_id"])
            shown = self._shown(move, view)
            self.assertEqual(shown["amount_residual"], 100.0)
            self.assertEqual(shown["invoice_line_ids"][0]["name"], "Membership")
        with self.assertRaises(AccessError), mute_logger(*ACCESS_LOGS):
            move.ref = "Mine"

    def _shown(self, record, view):
        """Return what the web client reads for this form."""
        arch = etree.fromstring(record.get_view(view, "form")["arch"])
        spec = {}
        for field in arch.iterfind(".//field"):
            columns = {column.get("name"): {} for column in field.iterfind(".//field")}
            if not list(field.iterancestors("field")):
                spec[field.get("name")] = {"fields": columns} if columns else {}
        return record.web_read(spec)[0]

    def test_accountants_keep_their_form(self):
        """G-51: who reads the books gets Odoo's own form of the invoice."""
        clerk = self._user("clerk", self.centre_a)
        move = self.owed_a.with_env(self._as(clerk))
        self.assertFalse(move.get_formview_id())
        reader = self.owed_a.with_env(self._as(self.maria))
        self.assertTrue(reader.get_formview_id())
        self.assertFalse(self.owed_a.get_formview_id(access_uid=clerk.id))

    @mute_logger(*ACCESS_LOGS)
    def test_no_more_of_the_books(self):
        """Rights: neither bills nor entries of other accounts are read."""
        env = self._as(self.maria)
        lines = env["account.move.line"].search([("move_id", "=", self.owed_a.id)])
        kinds = set(lines.mapped("display_type"))
        self.assertEqual(kinds, {"product", "payment_term"})
        bill = self.env["account.move"].with_company(self.centre_a)
        bill = bill.create({"move_type": "in_invoice", "partner_id": self.laura.id})
        self.assertFalse(env["account.move"].search([("id", "=", bill.id)]))
        with self.assertRaises(AccessError):
            bill.with_env(env).read(["name"])

    def test_figures_of_the_own_centre(self):
        """G-75, E-30: each centre sees what is owed to it and its own cases; the
        holding sees the sum of what is ticked."""
        self._case(self._as(self.maria))
        other = self._case(self._as(self.boris))
        for env, balance, count in (
            (self._as(self.maria), 100.0, 1),
            (self._as(self.boris), 59.0, 1),
            (self._as(self.head), 159.0, 2),
            (self._as(self.head, self.centre_a), 100.0, 1),
        ):
            with self.subTest(user=env.user.name):
                customer = env["gym.case.customer"].browse(self.laura.id)
                self.assertEqual(customer.amount_balance, balance)
                self.assertEqual(customer.amount_turnover, balance)
                self.assertEqual(customer.case_count, count)
                self.assertEqual(len(customer.case_ids), count)
                partner = self.laura.with_env(env)
                self.assertEqual(partner.collection_case_count, count)
        mine = self._as(self.maria)["gym.case.customer"].browse(self.laura.id)
        self.assertNotIn(other.id, mine.case_ids.ids)

    @mute_logger(*ACCESS_LOGS)
    def test_reception_opens_none_of_it(self):
        """Rights: reception has neither the screens nor their menus."""
        env = self._as(self.desk)
        for model in ("gym.case.customer", "gym.collection.case", "gym.open.item"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                env[model].search([])
        menus = env["ir.ui.menu"].load_menus(False)
        mine = self._as(self.maria)["ir.ui.menu"].load_menus(False)
        for name in (
            "gym_collection_case_menu",
            "gym_case_customer_menu",
            "gym_open_item_case_menu",
            "gym_case_calendar_menu",
        ):
            menu = self.env.ref(f"gym_dunning.{name}").id
            self.assertNotIn(menu, menus)
            self.assertIn(menu, mine)

    def test_customers_of_other_centres(self):
        """E-30: a customer of another centre is in nobody else's list."""
        self.laura.company_id = self.centre_b
        customers = self._as(self.maria)["gym.case.customer"]
        self.assertNotIn(self.laura.id, customers.search([]).ids)

    def test_no_buttons_that_would_fail(self):
        """G-72: open payments show the state of the case; Notify, Hold Back and
        Release are not offered to who may not use them."""
        buttons = {"action_notify", "action_hold", "action_release"}
        clerk = self._as(self._user("clerk", self.centre_a))
        for env, expected in ((self._as(self.maria), set()), (clerk, buttons)):
            arch = etree.fromstring(env["gym.open.item"].get_view(None, "list")["arch"])
            offered = set(arch.xpath("//header/button/@name"))
            self.assertEqual(offered & buttons, expected)
            self.assertTrue(arch.xpath("//field[@name='case_state']"))
        env = self._as(self.maria)
        case = self._case(env)
        item = env["gym.open.item"].search([("move_id", "=", self.owed_a.id)])
        self.assertEqual(item.case_state, "not_started")
        self.assertEqual(item.action_open_case()["res_id"], case.id)  # G-73
        spec = {name: {} for name in item._fields if item._fields[name].store}
        self.assertTrue(item.web_read(spec))

    def test_case_of_the_items_centre(self):
        """AMB-37: a case and its items are of one company."""
        case = self._as(self.head)["gym.collection.case"].create(
            {"partner_id": self.laura.id, "company_id": self.centre_a.id}
        )
        self.assertEqual(case._free_items().move_id.ids, self.owed_a.ids)
        case._add_items(case._free_items().move_line_id)
        items = self._as(self.head)["gym.open.item"].search(
            [("move_id", "=", self.owed_b.id)]
        )
        new = case.browse(items.action_create_case()["res_id"])
        self.assertEqual(new.company_id.id, self.centre_b.id)
        with self.assertRaisesRegex(ValidationError, "another customer, centre"):
            case.company_id = self.centre_b

    # === CALENDAR === #

    def _calendar(self, env):
        action = self.env.ref("gym_dunning.gym_case_calendar_action")
        domain = [("res_model", "=", "gym.collection.case")]
        self.assertEqual(action.domain, str(domain))
        return env["mail.activity"].search(domain)

    def test_calendar(self):
        """G-71: it shows the activities of cases, one's own first, of no other centre
        and of no other record."""
        start = fields.Datetime.now() + timedelta(days=1)
        planned = {}
        for user in (self.maria, self.boris):
            env = self._as(user)
            call = self._case(env).activity_schedule(
                "mail.mail_activity_data_call", user_id=user.id
            )
            call.date_start = start
            planned[user] = call
            self.laura.with_env(env).activity_schedule(
                "mail.mail_activity_data_call", user_id=user.id
            )
        self.assertEqual(self._calendar(self._as(self.maria)), planned[self.maria])
        head = self._calendar(self._as(self.head))
        self.assertEqual(set(head.ids), {one.id for one in planned.values()})
        named = planned[self.maria].with_context(case_customer_name=True)
        self.assertEqual(named.display_name, "Kent Laura: Call")
        opened = planned[self.maria].action_open_document()
        self.assertEqual(opened["res_model"], "gym.collection.case")
        view = self.env.ref("gym_dunning.mail_activity_view_calendar_case")
        arch = etree.fromstring(head.get_view(view.id, "calendar")["arch"])
        self.assertEqual(arch.get("date_start"), "date_start")
        self.assertEqual(arch.get("color"), "user_id")
