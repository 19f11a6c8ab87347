"""Two people export one batch, or bring the bank's files, at the same moment."""

from datetime import timedelta

from odoo import fields
from odoo.tools import mute_logger

from ..base.common import TODAY
from ..base.common_committed import CommittedGymCase
from .bank_files import CAMT_053, booking, camt, detail
from .common_debit_committed import CommittedDebitCase


class TestDebitConcurrency(CommittedDebitCase):
    """A file for the bank is made once (debits 3)."""

    def _refused_at_once(self, *calls):
        """Make the calls at the same moment; return the refusals."""
        return self._refusals(self._at_once(*calls))

    def _export(self, browser, batch_id):
        return lambda: browser.call("gym.debit.batch", "action_export", [batch_id])

    def _states(self, batch_id):
        rows = self.database.sql(
            "SELECT DISTINCT state FROM gym_debit_order WHERE batch_id = %s", batch_id
        )
        return {state for (state,) in rows}

    def test_two_people_export(self):
        """Debits 3: two people export at once; one file is made, and logged once."""
        batch_id = self._put_into_batch(self._create_orders(3, "Two exporters"))
        refusals = self._refused_at_once(
            self._export(self.anna, batch_id), self._export(self.bert, batch_id)
        )
        self.assertFalse(refusals)
        kinds = self.database.sql(
            "SELECT kind FROM gym_debit_export WHERE batch_id = %s", batch_id
        )
        self.assertEqual(kinds, [("file",)])
        files = self.database.value(
            """SELECT count(*) FROM ir_attachment
                WHERE res_model = 'gym.debit.batch' AND res_id = %s""",
            batch_id,
        )
        self.assertEqual(files, 1)
        self.assertEqual(self._states(batch_id), {"exported"})

    def test_joining_while_it_is_exported(self):
        """Debits 3: what joins a batch while it is exported is in the file, or in
        another batch; never a draft in an exported one."""
        for number in range(3):
            first, *others = self._create_orders(3, f"Joining {number}")
            batch_id = self._put_into_batch(others)
            refusals = self._refused_at_once(
                self._export(self.anna, batch_id),
                lambda first=first: self.bert.call(
                    "gym.debit.order", "action_put_into_batches", [first]
                ),
            )
            self.assertFalse(refusals)
            self.assertEqual(self._states(batch_id), {"exported"})
            joined = self.database.value(
                "SELECT batch_id FROM gym_debit_order WHERE id = %s", first
            )
            self.assertTrue(joined)
            with self.database.env() as env:  # the next round has a batch of its own
                env["gym.debit.order"].search([("state", "=", "draft")])._set_state(
                    "cancelled"
                )

    def _import(self, browser, content):
        dialog = self._dialog(browser, content)
        return lambda: browser.call(
            "gym.debit.return.import", "action_import", [dialog]
        )

    def test_advice_and_statement_at_once(self):
        """Kind 9: camt.054 and camt.053 with the same bookings are imported at once:
        both are read, each return is booked once and known to the other."""
        for number in range(3):
            orders = self._create_orders(4, f"Told twice {number}")
            with self.database.env() as env:
                records = env["gym.debit.order"].browse(orders)
                records._set_state("exported")
                bookings = "".join(
                    booking(
                        "100.00", detail(order.name, "100.00"), reference=order.name
                    )
                    for order in records
                )
            refusals = self._refused_at_once(
                self._import(self.anna, camt(bookings)),
                self._import(self.bert, camt(bookings, CAMT_053)),
            )
            self.assertFalse(refusals)
            states = self.database.sql(
                """SELECT o.state, r.state, count(*) FROM gym_debit_order o
                     JOIN gym_debit_return r ON r.order_id = o.id
                    WHERE o.id = ANY(%s) GROUP BY o.state, r.state""",
                orders,
            )
            self.assertEqual(states, [("returned", "booked", 4)])
            known = self.database.value(
                """SELECT SUM(known_count) FROM
                   (SELECT known_count FROM gym_debit_return_file
                     ORDER BY id DESC LIMIT 2) last"""
            )
            self.assertEqual(known, 4)


class TestCollectedMeanwhile(CommittedGymCase):
    """A run makes debits while somebody collects the same items (house M9)."""

    @classmethod
    def _prepare(cls, env):
        result = super()._prepare(env)
        TestDebitConcurrency._set_up_bank.__func__(cls, env)
        euro = env.ref("base.EUR")
        euro.active = True
        if euro != env.company.currency_id and not euro.rate_ids:
            euro.rate_ids = [fields.Command.create({"name": "2020-01-01", "rate": 1.0})]
        by_debit = env.company.debit_journal_id._allow_direct_debits()
        cls.members = [cls._create_debtor(env, by_debit, n).id for n in range(5)]
        return result

    @classmethod
    def _create_debtor(cls, env, by_debit, number):
        member = env["res.partner"].create(
            {
                "name": f"Debtor {number}",
                "street": "Road 1",
                "city": "Town",
                "property_inbound_payment_method_line_id": by_debit.id,
            }
        )
        CommittedDebitCase._create_mandate(env, member)
        line = {"name": "Membership", "price_unit": 100.0, "tax_ids": False}
        due = TODAY - timedelta(days=30)
        env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": member.id,
                "currency_id": env.ref("base.EUR").id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [fields.Command.create(line)],
            }
        ).action_post()
        return member

    def _started_run(self):
        with self.database.env() as env:
            run = env["gym.dunning.run"].create(
                {
                    "policy_id": self.policy_id,
                    "date": TODAY,
                    "include_direct_debit": True,
                }
            )
            run._estimate()
            run.action_generate()
            return run.id

    def _collect(self, env, member_id):
        """Somebody else makes the debit of a member's items."""
        plan = env["gym.debit.plan"]
        lines = env["account.move.line"].search(
            [
                ("partner_id", "=", member_id),
                ("account_id.account_type", "=", "asset_receivable"),
            ]
        )
        items = plan._collectable(lines, TODAY)
        return plan._make(plan._debits({"one": (items, 0.0)}, TODAY).values())

    def test_one_item_collected_meanwhile(self):
        """M9: the job goes on; the one member fails by name, in a sentence, and is
        left out when it is tried again."""
        run_id = self._started_run()
        with self.database.env() as job:
            run = job["gym.dunning.run"].browse(run_id)
            self.assertEqual(len(run.reminder_ids), 5)  # its snapshot is taken
            with self.database.env() as other:
                self.assertTrue(self._collect(other, self.members[2]))
            with mute_logger("odoo.sql_db"):
                run.process_id._work_now()
            self.assertEqual((run.state, run.process_state), ("done", "done"))
            self.assertEqual((run.issued_count, run.failed_count), (4, 1))
            [failure] = run.failure_ids
            self.assertIn("Debtor 2", failure.record_name)
            self.assertIn("collected by another direct debit", failure.message)
            for noise in ("duplicate key", "DETAIL", "gym_debit_order_line"):
                self.assertNotIn(noise, failure.message)
        with self.database.env() as later:
            run = later["gym.dunning.run"].browse(run_id)
            run.action_retry_failed()
            run.process_id._work_now()
            self.assertEqual((run.state, run.failed_count), ("done", 0))
            self.assertEqual(run.exclusion_ids.reason, "debit_in_flight")
        debits = self.database.sql(
            """SELECT "order".partner_id, count(*) FROM gym_debit_order_line line
                 JOIN gym_debit_order "order" ON "order".id = line.order_id
                WHERE line.in_flight AND NOT EXISTS (
                      SELECT 1 FROM account_move fee
                        JOIN account_move_line item ON item.move_id = fee.id
                       WHERE item.id = line.move_line_id AND fee.ref LIKE 'REM%%')
                GROUP BY "order".partner_id"""
        )
        self.assertEqual(dict(debits), dict.fromkeys(self.members, 1))
