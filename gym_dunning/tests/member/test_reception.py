"""What the reception reads in the chatter of members: nothing of debts."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..agency.common_agency import AgencyCommon
from ..debit.common_debit import DebitCommon


class ReceptionMixin:
    """Somebody at the reception, and what that person reads of a member."""

    @classmethod
    def _users(cls, company):
        def user(role, group):
            return new_test_user(
                cls.env,
                role,
                f"gym_dunning.{group}",
                company_id=company.id,
                company_ids=company.ids,
            )

        cls.reception = user("at.reception", "group_gym_reception")
        cls.clerk = user("a.clerk", "group_dunning_user")
        cls.debt_manager = user("a.debt.manager", "group_debt_manager")

    def _messages(self, member, user):
        self.env.flush_all()
        self.env.cr.precommit.run()  # where Odoo logs what changed
        self.env.invalidate_all()
        messages = self.env["mail.message"].with_user(user)
        return messages.search(
            [("model", "=", "res.partner"), ("res_id", "=", member.id)]
        )

    def _read(self, member, user):
        """Return all that a person reads in the chatter and the activities."""
        messages = self._messages(member, user)
        values = messages.sudo().tracking_value_ids._filter_has_field_access(
            messages.env
        )
        activities = (
            self.env["mail.activity"]
            .with_user(user)
            .search([("res_model", "=", "res.partner"), ("res_id", "=", member.id)])
        )
        return " ".join(
            map(
                str,
                messages.mapped("body")
                + values.mapped("new_value_char")
                + activities.mapped("summary")
                + activities.mapped("note"),
            )
        )


class TestReceptionAndReturns(ReceptionMixin, DebitCommon):
    """A direct debit that the bank returned."""

    def test_a_returned_debit(self):
        """H3 of the screens: reception reads neither amount nor reason."""
        self._users(self.company)
        self._give_rate()
        member = self._create_debtor("Dora Debit")
        order = self._collect_exported(self._create_invoice(member))
        self._return(order, self.env.ref("gym_dunning.debit_return_ms02"))
        told = self._read(member, self.reception)
        for word in ("100.00", "MS02", "returned"):
            self.assertNotIn(word, told)
        for user in (self.clerk, self.debt_manager):
            self.assertIn("100.00", self._read(member, user))
            self.assertIn("MS02", self._read(member, user))


class TestReceptionAndStatuses(ReceptionMixin, AgencyCommon):
    """Statuses that tell of debts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chatty = {"tracking_disable": False, "mail_notrack": False}
        cls.env = cls.env(context=dict(cls.env.context, **chatty))
        cls._users(cls.company)
        cls.paul = cls._create_member("Kent Paul")
        cls._create_invoice(cls.paul)

    def test_in_collection(self):
        """H3 of the screens: where a member's debts are is for clerks."""
        self._hand_over(self.paul)
        self.assertNotIn("In Collection", self._read(self.paul, self.reception))
        self.assertIn("In Collection", self._read(self.paul, self.clerk))

    def test_blocked_after_a_reminder(self):
        """H3 of the screens: that access changed may be seen, why it did may not."""
        self.env.cr.precommit.run()  # what is new has no former value to log
        blocked = self.env.ref("gym_dunning.member_status_blocked")
        self.paul._gym_set_member_status(blocked, "Blocked after reminder 5.")
        self.assertNotIn("reminder", self._read(self.paul, self.reception))
        self.assertIn("reminder 5", self._read(self.paul, self.clerk))
        message = self._messages(self.paul, self.clerk)[0]
        with self.assertRaises(AccessError):
            message.with_user(self.reception).read(["body"])

    def test_other_notes_stay(self):
        """Reception reads what is not of debts."""
        self.paul.with_user(self.clerk).message_post(body="Lost the card")
        self.paul.phone = "+352 1"
        self.paul.message_post(body="Wants a locker")
        told = self._read(self.paul, self.reception)
        for word in ("Lost the card", "Wants a locker"):
            self.assertIn(word, told)
