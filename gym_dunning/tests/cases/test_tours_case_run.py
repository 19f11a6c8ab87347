"""Mass creation and report, clicked through as a debt manager does it."""

from odoo.fields import Command

from ..base.common import GymCommon
from ..base.common_tours import READS_BEFORE_WORK, TourCommon


class TestToursCaseRun(TourCommon, GymCommon):
    """Laura owes 534.96 and 1148.14, Paul 100.00; a case of Nick is paid."""

    def test_mass_creation(self):
        """G-81c to G-87c: the four screens by clicking only, then the cases."""
        worker = self._create_user("worker", "gym_dunning.group_debt_manager")
        self.env["gym.collection.team"].create(
            {"name": "Collections", "member_ids": [Command.link(worker.id)]}
        )
        laura, paul, nick = map(
            self._create_member, ("Kent Laura", "Kent Paul", "Kent Nick")
        )
        for partner, amount in ((laura, 534.96), (laura, 1148.14), (paul, 100.0)):
            self._create_invoice(partner, amount=amount, today=self.today)
        paid = self._create_invoice(nick, today=self.today)
        case = self.env["gym.collection.case"].create({"partner_id": nick.id})
        case._add_items(
            paid.line_ids.filtered(lambda one: one.account_type == "asset_receivable")
        )
        self._pay(paid, day=self.today)
        reads = self._worker_wakes_later("gym.case.run")
        self._tour("gym_case_run", "/odoo/gym-case-runs", login="worker")
        self.assertGreaterEqual(len(reads), READS_BEFORE_WORK, "nobody polled")
        self.assertEqual(case.state, "completed")
        made = self.env["gym.collection.case"].search(
            [("partner_id", "in", (laura | paul).ids)]
        )
        self.assertEqual(sorted(made.mapped("amount_debt")), [100.0, 1683.10])
        self.assertEqual(made.create_uid, worker)

    def test_report(self):
        """G-89a: the report's definition screen opens from the menu."""
        self._tour("gym_case_report", "/odoo/gym-cases")
