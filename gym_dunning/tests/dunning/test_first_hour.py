"""The first hour: what a centre lacks before it reminds, looked at and not ticked."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from ..base.common import TODAY
from ..base.common_centres import CentresCommon

IBAN = "DE89370400440532013000"


class TestFirstHour(CentresCommon):
    """Issue 15: the checklist is derived from what there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", cls.group)
        cls.clerk = cls._user("clerk", cls.group)

    def _row(self, step, centre=None, user=None):
        # the holding is the current company
        env = self._as(user) if user else self._as(self.manager, self.group)
        return env["gym.first.hour"].search(
            [("step", "=", step), ("company_id", "=", (centre or self.centre_a).id)]
        )

    def _state(self, step, centre=None):
        self.env.invalidate_all()
        return self._row(step, centre).state

    def test_a_row_for_each_step_and_ticked_centre(self):
        """Each centre that is ticked has its rows, and no other one."""
        steps = self.env["gym.first.hour"]._fields["step"].get_values(self.env)
        for ticked in (self.group, self.centre_a):
            rows = self._as(self.manager, ticked)["gym.first.hour"].search([])
            self.assertEqual(rows.company_id, ticked)
            self.assertEqual(len(rows), len(steps) * len(ticked))

    def test_bank_account(self):
        """Done with an IBAN in the centre's currency, its own or the holding's."""
        self.assertEqual(self._state("bank"), "todo")
        self.assertIn("bank account", self._row("bank").detail)
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "12345", "partner_id": self.holding.partner_id.id}
        )
        self.assertEqual(self._state("bank"), "todo")
        bank.acc_number = IBAN
        self.assertEqual(self._state("bank"), "done")
        others = self.env["res.currency"].with_context(active_test=False)
        bank.currency_id = others.search(
            [("id", "!=", self.centre_a.currency_id.id)], limit=1
        )
        self.assertEqual(self._state("bank"), "todo")
        action = self._row("bank").action_open()
        self.assertEqual(action["res_id"], self.centre_a.partner_id.id)

    def test_policy(self):
        """Done when a complete policy reminds this centre."""
        self.assertEqual(self._state("policy"), "done")
        cell = self.env["gym.dunning.activation"].create(
            {"policy_id": self.policy.id, "company_id": self.centre_b.id}
        )
        self.assertEqual(self._state("policy"), "todo")
        self.assertEqual(self._state("policy", self.centre_b), "done")
        cell.company_id = self.holding
        self.assertEqual(self._state("policy"), "done")
        self.policy.last_member_status_id = False
        self.assertEqual(self._state("policy"), "todo")
        self.assertEqual(self._row("policy").action_open()["res_id"], self.policy.id)
        self.env["gym.dunning.policy"].search([]).active = False
        self.assertEqual(self._state("policy"), "todo")
        self.assertFalse(self._row("policy").action_open().get("res_id"))

    def test_fees(self):
        """Done when somebody decided: the contract names the fee, no level has one, or
        the law leaves nothing to decide."""
        self.assertEqual(self._state("fees"), "done")
        self.centre_a.dunning_fee_agreed = False
        self.assertEqual(self._state("fees"), "todo")
        self.assertEqual(self._state("fees", self.centre_b), "done")
        rule = self.env["gym.dunning.profile"]._of(self.centre_a)
        rule.consumer_fee = "no"
        self.assertEqual(self._state("fees"), "done")
        rule.consumer_fee = "agreed"
        self.policy.level_ids.fee_product_id = False
        self.assertEqual(self._state("fees"), "done")

    def test_fees_are_the_administrators(self):
        """A manager reads whom to ask; an administrator which centre to choose."""
        with self.assertRaisesRegex(UserError, "system administrator.*Centre A"):
            self._row("fees").action_open()
        self.manager.group_ids += self.env.ref("base.group_system")
        with self.assertRaisesRegex(UserError, "Make Centre A the current"):
            self._row("fees").action_open()
        action = self._row("fees", self.holding).action_open()
        self.assertEqual(action["res_model"], "res.config.settings")

    def test_members(self):
        """Done with a contact who has a member status, of this centre or of all."""
        members = self.env["res.partner"].search([("member_status_id", "!=", False)])
        members.member_status_id = False
        self.assertEqual(self._state("members"), "todo")
        member = self._create_member("Kent Laura", company_id=self.centre_b.id)
        self.assertEqual(self._state("members"), "todo")
        self.assertEqual(self._state("members", self.centre_b), "done")
        member.company_id = False
        self.assertEqual(self._state("members"), "done")
        action = self._row("members").action_open()
        self.assertEqual(action["res_model"], "res.partner")

    def test_mail(self):
        """Done with a server and an address to send from."""
        self.env["ir.mail_server"].search([]).active = False
        self.centre_a.email = "a@example.com"
        self.assertEqual(self._state("mail"), "todo")
        with self.assertRaisesRegex(UserError, "system administrator"):
            self._row("mail").action_open()
        self.env["ir.mail_server"].create({"name": "Ours", "smtp_host": "localhost"})
        self.assertEqual(self._state("mail"), "done")
        self.centre_a.email = False
        self.assertEqual(self._state("mail"), "todo")
        action = self._row("mail").action_open()
        self.assertEqual(action["res_id"], self.centre_a.partner_id.id)

    def test_estimate(self):
        """Done once there is a run, of the centre or of its holding."""
        self.assertEqual(self._state("estimate"), "todo")
        self._create_invoice(
            self._create_member("Kent Paul"), company=self.centre_a, today=TODAY
        )
        self._estimate_as(self._as(self.clerk), self.holding)
        self.assertEqual(self._state("estimate"), "done")
        action = self._row("estimate").action_open()
        self.assertEqual(action["res_model"], "gym.dunning.generate")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_who_reads_it(self):
        """Managers; nobody writes it."""
        with self.assertRaises(AccessError):
            self._row("bank", user=self.clerk)
        with self.assertRaises(AccessError):
            self._row("bank").sequence = 9

    def test_a_branch_may_not_see_its_holdings_policy(self):
        """A manager of one centre sees that the holding's policy serves it."""
        manager = self._user("manager", self.centre_a)
        row = self._row("policy", user=manager)
        self.assertEqual(row.state, "done")
        self.assertTrue(row.action_open())

    def test_empty_lists_point_to_it(self):
        """Who opens an empty list of reminders or runs reads where to begin."""
        for name in ("gym_dunning_reminder_action", "gym_dunning_run_action"):
            action = self.env.ref(f"gym_dunning.{name}").with_context(lang="en_US")
            self.assertIn("Configuration, First Hour", action.help)

    def test_six_steps_in_the_guide(self):
        """A gym that was set up by the guide has nothing left to do."""
        self.env["res.partner.bank"].create(
            {
                "acc_number": IBAN,
                "partner_id": self.holding.partner_id.id,
                "allow_out_payment": True,
            }
        )
        self.env["ir.mail_server"].create({"name": "Ours", "smtp_host": "localhost"})
        self.group.write({"email": "gym@example.com", "dunning_fee_agreed": True})
        for centre in self.group:
            member = self._create_member(
                f"Member of {centre.name}", category_id=[Command.clear()]
            )
            self._create_invoice(member, company=centre)
        self._estimate_as(self._as(self.manager), self.holding)
        rows = self._as(self.manager)["gym.first.hour"].search([])
        self.assertEqual(
            rows.filtered(lambda row: row.state == "todo").mapped("step"), []
        )
