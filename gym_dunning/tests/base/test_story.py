"""The main job as a story: Kent Paul and Kent Laura do not pay."""

from datetime import timedelta

from .common import TODAY, GymCommon


class TestStory(GymCommon):
    """Three reminders, a fee, a blocked door and an unblocked one (E-01..E-08)."""

    def test_three_levels(self):
        """E-01..E-06, E-51, E-52: from the first reminder to the blocked door."""
        paul = self._create_member("Kent Paul")
        laura = self._create_member("Kent Laura")
        invoice = self._create_invoice(paul, days=30, amount=100.0)
        self._create_invoice(laura, days=15, amount=59.0)

        # First reminder: no fee
        run = self._generate(TODAY)
        self.assertEqual(run.state, "done")
        self.assertRecordValues(
            run.reminder_ids.sorted("amount_total", reverse=True),
            [
                {"state": "issued", "amount_fee": 0.0, "amount_total": 100.0},
                {"state": "issued", "amount_fee": 0.0, "amount_total": 59.0},
            ],
        )
        self.assertEqual(paul.dunning_level_id, self.policy.level_ids[0])
        self._deliver(run)

        # Second reminder: with a fee, booked as an invoice due on the deadline
        second_day = TODAY + timedelta(days=11)
        run = self._generate(second_day)
        reminder = self._reminder(run, paul)
        self.assertEqual(reminder.level_id, self.policy.level_ids[1])
        self.assertEqual((reminder.amount_fee, reminder.amount_total), (20.0, 120.0))
        self.assertRecordValues(
            reminder.fee_move_id,
            [
                {
                    "state": "posted",
                    "amount_total": 20.0,
                    "invoice_date_due": second_day + timedelta(days=10),
                    "is_dunning_fee": True,
                }
            ],
        )
        self._deliver(run)

        # Last level: Paul is blocked, Laura is not
        run = self._generate(second_day + timedelta(days=11))
        self.assertEqual(run.blocking_ids.partner_id, paul | laura)
        self._reminder(run, laura).block_access = False
        action = run.action_block_members()
        self.env[action["res_model"]].browse(action["res_id"]).action_confirm()
        self.assertEqual(paul.member_status_id, self.blocked)
        self.assertFalse(paul.access_granted)
        self.assertEqual(laura.member_status_id, self.active)
        self.assertTrue(laura.access_granted)
        self.assertEqual((paul | laura).client_status_id, self.barred)
        self.assertEqual(self._item(invoice, second_day).due_level, "done")
