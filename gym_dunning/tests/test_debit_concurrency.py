"""Two people export one batch at the same moment, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from odoo import fields

from .common_committed import CommittedGymCase
from .common_database import Refused
from .common_debit import CREDITOR_IBAN, CREDITOR_ID, IBAN


class TestDebitConcurrency(CommittedGymCase):
    """A file for the bank is made once (debits 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        members = cls._create_late_members(3, "Two exporters")
        with cls.database.env() as env:
            cls.batch_id = cls._create_batch(env, env["res.partner"].browse(members)).id
        cls._start_server()
        cls.anna, cls.bert = cls._browser("anna"), cls._browser("bert")

    @classmethod
    def _create_batch(cls, env, members):
        euro = env.ref("base.EUR")
        bank = env["account.journal"].create(
            {"name": "Debits", "type": "bank", "code": "BDD"}
            | {"bank_acc_number": CREDITOR_IBAN}
        )
        env.company.write(
            {"debit_creditor_identifier": CREDITOR_ID, "debit_journal_id": bank.id}
        )
        ledger = env["gym.open.item"].search([("partner_id", "in", members.ids)])
        day = fields.Date.context_today(ledger) + timedelta(days=20)
        orders = env["gym.debit.order"].create(
            [
                {
                    "mandate_id": cls._create_mandate(env, row.partner_id).id,
                    "partner_id": row.partner_id.id,
                    "company_id": env.company.id,
                    "currency_id": euro.id,
                    "execution_date": day,
                    "line_ids": [
                        fields.Command.create(
                            {"move_line_id": row.move_line_id.id, "amount": 100.0}
                        )
                    ],
                }
                for row in ledger
            ]
        )
        return orders._put_into_batches()

    @classmethod
    def _create_mandate(cls, env, member):
        account = env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": member.id}
        )
        mandate = env["gym.debit.mandate"].create(
            {
                "partner_id": member.id,
                "partner_bank_id": account.id,
                "signature_date": date(2025, 12, 1),
                "earlier_use_date": fields.Date.context_today(account),
            }
        )
        mandate.action_activate()
        return mandate

    def test_two_people_export(self):
        """Debits 3: two people export at once; one file is made, and logged once."""
        barrier = Barrier(2)

        def export(browser):
            barrier.wait()
            try:
                return browser.call("gym.debit.batch", "action_export", [self.batch_id])
            except Refused as refusal:
                return refusal

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(export, (self.anna, self.bert)))
        self.assertFalse(
            [answer for answer in answers if isinstance(answer, Refused)], answers
        )
        kinds = self.database.sql(
            "SELECT kind FROM gym_debit_export WHERE batch_id = %s", self.batch_id
        )
        self.assertEqual(kinds, [("file",)])
        files = self.database.value(
            """SELECT count(*) FROM ir_attachment
                WHERE res_model = 'gym.debit.batch' AND res_id = %s""",
            self.batch_id,
        )
        self.assertEqual(files, 1)
        states = self.database.sql(
            "SELECT DISTINCT state FROM gym_debit_order WHERE batch_id = %s",
            self.batch_id,
        )
        self.assertEqual(states, [("exported",)])
