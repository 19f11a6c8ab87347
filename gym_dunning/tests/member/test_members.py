"""Members: number, age, guardians, statuses, and who passes the door."""

from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..base.common import TODAY, GymCommon
from ..base.common_english import EnglishCommon


class TestMembers(EnglishCommon):
    """What a contact becomes by being a member."""

    # === NUMBER === #

    def _person(self, name, **vals):
        return self.env["res.partner"].create({"name": name} | vals)

    def test_number_is_drawn(self):
        """E-50, M-07b: who gets a member status gets a number, each another."""
        paul = self._person("Kent Paul")
        self.assertFalse(paul.member_number)
        paul.member_status_id = self.active
        laura = self._create_member("Kent Laura")
        self.assertTrue(paul.member_number)
        self.assertNotEqual(paul.member_number, laura.member_number)

    def test_number_is_kept(self):
        """M-07b: a change of status draws no other number."""
        paul = self._create_member("Kent Paul", member_number="7")
        paul.member_status_id = self.blocked
        self.assertEqual(paul.member_number, "7")

    def test_number_makes_a_member(self):
        """E-15: who gets a number enters as an active member."""
        paul = self._person("Kent Paul", member_number="7")
        self.assertEqual(paul.member_status_id, self.active)
        self.assertTrue(paul.access_granted)

    def test_number_is_unique(self):
        """M-26b: a number finds one member; a second one is refused."""
        self._create_member("Kent Paul", member_number="7")
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._create_member("Kent Laura", member_number="7")

    def test_number_is_unique_per_root_company(self):
        """M-26b: taken in the holding is taken in its centres, not elsewhere."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        other = self._create_company(name="Other gym")
        self._create_member("Kent Paul", member_number="7", company_id=self.company.id)
        with self.assertRaisesRegex(ValidationError, "taken"), self.env.cr.savepoint():
            self._create_member("Laura", member_number="7", company_id=centre.id)
        with self.assertRaisesRegex(ValidationError, "taken"), self.env.cr.savepoint():
            self._create_member("Laura", member_number="7", company_id=False)
        self._create_member("Laura", member_number="7", company_id=other.id)

    def test_archived_member_keeps_the_number(self):
        """M-26b: the number of an archived member is not given again."""
        self._create_member("Kent Paul", member_number="7").active = False
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._create_member("Kent Laura", member_number="7")

    # === AGE AND GUARDIANS === #

    def test_minor_until_the_18th_birthday(self):
        """AMB-28: a minor on the day before the birthday, of age on it."""
        kid = self._create_member("Kid", birthdate_date=date(2008, 3, 2))
        eve = kid.with_context(dunning_date=date(2026, 3, 1))
        self.assertTrue(eve.is_minor)
        self.assertFalse(kid.with_context(dunning_date=date(2026, 3, 2)).is_minor)

    def test_without_birth_date_nobody_is_a_minor(self):
        """AMB-28: an unknown birth date does not make a minor."""
        member = self._create_member("Kent Paul", birthdate_date=False)
        self.assertFalse(member.with_context(dunning_date=TODAY).is_minor)

    def test_search_minors(self):
        """M-09: minors are found as of the date, others by the opposite."""
        kid = self._create_member("Kid", birthdate_date=date(2008, 3, 2))
        paul = self._create_member("Kent Paul", birthdate_date=False)
        for day, minors in ((date(2026, 3, 1), kid), (date(2026, 3, 2), kid.browse())):
            both = kid.with_context(dunning_date=day)
            mine = [("id", "in", (kid | paul).ids)]
            self.assertEqual(both.search([*mine, ("is_minor", "=", True)]), minors)
            self.assertEqual(
                both.search([*mine, ("is_minor", "=", False)]), (kid | paul) - minors
            )

    def test_nobody_is_his_own_guardian(self):
        """M-09: a member's own guardian is somebody else."""
        kid = self._create_member("Kid")
        with self.assertRaisesRegex(ValidationError, "own legal guardian"):
            kid.guardian_ids = kid

    def test_guardian_is_not_deleted(self):
        """M-09: who answers for a minor cannot be deleted meanwhile."""
        guardian = self._person("Mother")
        kid = self._create_member("Kid", guardian_ids=[Command.link(guardian.id)])
        self.assertEqual(guardian.ward_ids, kid)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            guardian.unlink()
        kid.guardian_ids = False
        self.assertTrue(guardian.unlink())

    # === STATUSES === #

    def test_status_governs_access(self):
        """E-15, E-47, E-49: active passes; blocked, former and strangers do not."""
        former = self.env.ref("gym_dunning.member_status_former")
        member = self._create_member("Kent Paul")
        for status, granted in (
            (self.active, True),
            (self.blocked, False),
            (former, False),
        ):
            member.member_status_id = status
            self.assertEqual(member.access_granted, granted, status.name)
        self.assertFalse(self._person("Stranger").access_granted)

    def test_no_number_opens_nothing(self):
        """F3: what no database can compare, and what no card can say, is answered."""
        self._create_member("Kent Paul", member_number="7")
        ask = self.env["res.partner"].gym_check_access
        self.assertTrue(ask("7"))
        self.assertTrue(ask(7))
        for number in (
            "\0",
            "7\0",
            "\ud800",
            "7" * 1_000_000,
            "",
            False,
            None,
            [],
            "%",
        ):
            self.assertIs(ask(number), False)

    def test_search_access(self):
        """E-15: who passes is found, and who does not."""
        paul = self._create_member("Kent Paul", member_status_id=self.blocked.id)
        laura = self._create_member("Kent Laura")
        stranger = self._person("Stranger")
        mine = ("id", "in", (paul | laura | stranger).ids)
        self.assertEqual(paul.search([mine, ("access_granted", "=", True)]), laura)
        self.assertEqual(
            paul.search([mine, ("access_granted", "=", False)]), paul | stranger
        )

    def test_status_change_is_tracked(self):
        """E-50, E-57: the chatter says who changed which status, and why."""
        member = self._create_member("Kent Paul").with_context(
            tracking_disable=False, mail_notrack=False
        )
        self.env.cr.precommit.run()
        member._gym_set_member_status(self.blocked, "Blocked after reminder 5.")
        member.client_status_id = self.barred
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = member.message_ids.tracking_value_ids.sudo()
        self.assertEqual(
            set(tracked.field_id.mapped("name")),
            {"member_status_id", "client_status_id"},
        )
        self.assertIn(
            "Blocked after reminder 5.", str(member.message_ids.mapped("body"))
        )

    def test_reception_writes_no_status(self):
        """E-57: statuses open doors; reception registers, but changes none."""
        member = self._create_member("Kent Paul")
        user = new_test_user(
            self.env,
            "reception",
            "gym_dunning.group_gym_reception,base.group_partner_manager",
            company_id=self.company.id,
        )
        for vals in (
            {"member_status_id": self.blocked.id},
            {"member_status_id": False},
            {"client_status_id": self.barred.id},
            {"client_status_until": TODAY},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(AccessError, "clerk"):
                member.with_user(user).write(vals)
        with self.assertRaisesRegex(AccessError, "clerk"):
            member.with_user(user).create(
                {"name": "New", "member_status_id": self.blocked.id}
            )
        new = member.with_user(user).create({"name": "New", "member_number": "N1"})
        self.assertTrue(new.access_granted)
        member.with_user(user).phone = "123"
        self.assertEqual(member.member_status_id, self.active)

    # === BLOCKING AND UNBLOCKING BY HAND === #

    def _wizard(self, action):
        self.assertEqual(action["target"], "new")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_blocking_asks_first(self):
        """E-45, E-46, E-48: nothing changes before confirming, then one of two."""
        paul = self._create_member("Kent Paul")
        laura = self._create_member("Kent Laura")
        wizard = self._wizard((paul | laura).action_block_member())
        self.assertTrue(paul.access_granted and laura.access_granted)
        wizard.partner_ids -= laura
        wizard.action_confirm()
        self.assertEqual(paul.member_status_id, self.blocked)
        self.assertFalse(paul.access_granted)
        self.assertEqual(laura.member_status_id, self.active)
        self.assertTrue(laura.access_granted)

    def test_refused_blocking_changes_nothing(self):
        """E-45, E-59: closing the dialog leaves all as it was."""
        paul = self._create_member("Kent Paul")
        self._wizard(paul.action_block_member()).unlink()
        self.assertEqual(paul.member_status_id, self.active)

    def test_unblocking_asks_first(self):
        """E-57, E-59: by hand, with a confirmation; without it the status stays."""
        paul = self._create_member("Kent Paul", member_status_id=self.blocked.id)
        wizard = self._wizard(paul.action_unblock_member())
        self.assertEqual(paul.member_status_id, self.blocked)
        wizard.action_confirm()
        self.assertEqual(paul.member_status_id, self.active)
        self.assertTrue(paul.access_granted)

    def test_confirming_nobody_is_refused(self):
        """E-45: a dialog that lost all its members says so."""
        wizard = self._wizard(self._create_member("Kent Paul").action_block_member())
        wizard.partner_ids = False
        with self.assertRaisesRegex(UserError, "No member"):
            wizard.action_confirm()


class TestUnblocking(GymCommon):
    """What a payment does for who was blocked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.block_mode = "auto"
        cls.member = cls._create_member("Kent Paul")

    def _block_by_run(self, amount=100.0):
        """Remind the member up to the last level, which blocks."""
        invoice = self._create_invoice(self.member, amount=amount)
        runs, __ = self._run_levels(3)
        self.assertEqual(self.member.member_status_id, self.blocked)
        return invoice | runs.reminder_ids.fee_move_id

    def test_payment_does_not_unblock(self):
        """E-58: being up to date does not unblock by itself."""
        self._pay(self._block_by_run())
        self.assertEqual(self.member.member_status_id, self.blocked)

    def test_payment_unblocks_where_wanted(self):
        """E-58: with the company's switch on, paying all gives access back."""
        self.company.dunning_auto_unblock = True
        self._pay(self._block_by_run())
        self.assertEqual(self.member.member_status_id, self.active)

    def test_credit_note_unblocks_where_wanted(self):
        """E-58: cleared by a credit note is cleared."""
        self.company.dunning_auto_unblock = True
        moves = self._block_by_run()
        moves._reverse_moves(
            [{"date": TODAY, "invoice_date": TODAY} for __ in moves], cancel=True
        )
        self.assertEqual(self.member.member_status_id, self.active)

    def test_part_payment_does_not_unblock(self):
        """E-58: while something late is open the door stays closed."""
        self.company.dunning_auto_unblock = True
        moves = self._block_by_run()
        self._pay(moves[0], amount=99.0)
        self.assertEqual(self.member.member_status_id, self.blocked)
        self._pay(moves[0])
        self.assertEqual(self.member.member_status_id, self.blocked, "fee is open")

    def test_other_late_invoice_keeps_blocked(self):
        """E-58: another late invoice of the member keeps the door closed."""
        self.company.dunning_auto_unblock = True
        self._create_invoice(self.member, days=2)
        self._pay(self._block_by_run())
        self.assertEqual(self.member.member_status_id, self.blocked)

    def test_blocked_by_hand_stays_blocked(self):
        """E-58: a ban for other reasons is not lifted by a payment."""
        self.company.dunning_auto_unblock = True
        invoice = self._create_invoice(self.member)
        self.member._gym_set_member_status(self.blocked, "Fight in the sauna.")
        self._pay(invoice)
        self.assertEqual(self.member.member_status_id, self.blocked)

    def test_blocked_again_by_hand_stays_blocked(self):
        """E-58: unblocked after a reminder, then banned by hand: stays banned."""
        self.company.dunning_auto_unblock = True
        moves = self._block_by_run()
        self.member._gym_set_member_status(self.active, "Promised to pay.")
        self.member._gym_set_member_status(self.blocked, "Fight in the sauna.")
        self._pay(moves)
        self.assertEqual(self.member.member_status_id, self.blocked)

    def test_clerk_without_status_right_unblocks_by_payment(self):
        """E-58: who books payments needs no right to write statuses."""
        self.company.dunning_auto_unblock = True
        moves = self._block_by_run()
        user = new_test_user(
            self.env,
            "billing",
            "account.group_account_invoice",
            company_id=self.company.id,
        )
        register = self.env["account.payment.register"].with_user(user)
        register.with_context(active_model="account.move", active_ids=moves.ids).create(
            {"payment_date": TODAY + timedelta(days=30)}
        )._create_payments()
        self.assertEqual(self.member.member_status_id, self.active)
