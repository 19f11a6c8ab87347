"""Payments at the same moment, with real commits (issue 18, point 3 and speed)."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg2
import requests

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tools import mute_logger

from odoo.addons.gym_dunning.tests.base.common import TODAY
from odoo.addons.gym_dunning.tests.debit.common_debit_committed import (
    CommittedDebitCase,
)

from .common_pay import PayMixin

PAYERS = 100
AT_ONCE = 8


class TestPayAtOnce(PayMixin, CommittedDebitCase):
    """Issue 18, 3: whatever happens at the same moment, it is paid once."""

    @classmethod
    def _set_up_bank(cls, env):
        result = super()._set_up_bank(env)
        cls.env = env  # for the factory
        cls.provider_id = cls._create_provider(env.company).id
        env.ref("payment.cron_post_process_payment_tx").active = False
        return result

    # === FACTORIES === #

    def _create_invoices(self, count, name):
        """Return the ids of the items of members who owe 100 each."""
        with self.database.env() as env:
            members = env["res.partner"].create(
                [
                    {"name": f"{name} {number}", "street": "Road 1", "city": "Town"}
                    for number in range(count)
                ]
            )
            moves = env["account.move"].create(
                [self._prepare_invoice(member) for member in members]
            )
            moves.action_post()
            return self._lines(*moves).ids

    def _prepare_invoice(self, member):
        line = {"name": "Month", "price_unit": 100, "tax_ids": [Command.clear()]}
        due = TODAY - timedelta(days=30)
        return {
            "move_type": "out_invoice",
            "partner_id": member.id,
            "invoice_date": due,
            "invoice_date_due": due,
            "invoice_line_ids": [Command.create(line)],
        }

    def _visit_pays(self, env, item_id):
        """Begin to pay an item, as the page does; return the payment's id."""
        page = env["gym.page"].sudo()
        member = env["account.move.line"].browse(item_id).partner_id
        visit = page._visit_of(member, env.company, "letter", is_known=True, token="x")
        offer = page._pay_offer(visit, [item_id])
        provider = env["payment.provider"].browse(self.provider_id)
        choice = {
            "flow": "direct",
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[:1].id,
        }
        seen = page._pay_signature(visit, offer)
        return page._pay_begin(visit, [item_id], seen, choice).id

    def _begun(self, *item_ids):
        with self.database.env() as env:
            return [self._visit_pays(env, item_id) for item_id in item_ids]

    # === WHAT HAPPENS === #

    def _request(self, work):
        """Do something as a request does, again where another one was faster.

        :return: what it returned, or the sentence that refused it
        """

        def answer():
            try:
                with self.database.env() as env:
                    return retrying(lambda: work(env), env)
            except UserError as refusal:
                return refusal

        return answer

    def _confirmed(self, transaction_id):
        def confirm(env):
            transaction = env["payment.transaction"].browse(transaction_id)
            data = {"reference": transaction.reference, "simulated_state": "done"}
            transaction._process("demo", data)

        return self._request(confirm)

    def _looked_at(self, transaction_id):
        """As the status page: it asks again until somebody has booked it."""

        def poll():
            for __ in range(60):
                try:
                    with self.database.env() as env:
                        transaction = env["payment.transaction"].browse(transaction_id)
                        if transaction.is_post_processed:
                            return
                        transaction._post_process()
                    return
                except (psycopg2.OperationalError, psycopg2.IntegrityError):
                    time.sleep(0.05)
            raise AssertionError("nobody could book it")

        return poll

    def _all_at_once(self, calls):
        barrier = Barrier(min(len(calls), AT_ONCE))
        first = set(range(barrier.parties))

        def make(numbered):
            number, call = numbered
            if number in first:
                barrier.wait()
            return call()

        with (
            mute_logger("odoo.sql_db", "odoo.service.model"),
            ThreadPoolExecutor(AT_ONCE) as pool,
        ):
            return list(pool.map(make, enumerate(calls)))

    # === ANSWERS === #

    def _payments(self, *transaction_ids):
        return self.database.sql(
            """SELECT payment.amount::float, move.state FROM account_payment payment
                 JOIN account_move move ON move.id = payment.move_id
                WHERE payment.payment_transaction_id = ANY(%s)""",
            list(transaction_ids),
        )

    def _left(self, *item_ids):
        """Return what is open of items, and of all of their debtors in sum."""
        return self.database.sql(
            """SELECT sum(line.amount_residual) FILTER (WHERE line.id = ANY(%s)),
                      sum(line.amount_residual)
                 FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                WHERE account.account_type = 'asset_receivable'
                  AND line.parent_state = 'posted'
                  AND line.partner_id IN (SELECT partner_id FROM account_move_line
                                           WHERE id = ANY(%s))""",
            list(item_ids),
            list(item_ids),
        )[0]

    # === TESTS === #

    def test_hundred_payments(self):
        """Issue 18, speed: 100 payments at once by the demo provider: all are booked
        once, nothing is lost."""
        items = self._create_invoices(PAYERS, "Hundred")
        begun = self._begun(*items)
        references = self.database.sql(
            "SELECT reference FROM payment_transaction WHERE id = ANY(%s)", begun
        )
        started = time.monotonic()

        def pay(reference):
            answer = requests.post(
                f"{self.server.url}/payment/demo/simulate_payment",
                json={
                    "params": {"reference": reference, "simulated_state": "done"},
                    "jsonrpc": "2.0",
                },
                timeout=120,
            ).json()
            self.assertNotIn("error", answer)

        self._all_at_once([lambda one=one: pay(one) for (one,) in references])
        self._all_at_once([self._looked_at(number) for number in begun])
        took = time.monotonic() - started
        self.assertEqual(self._payments(*begun), [(100.0, "posted")] * PAYERS)
        self.assertEqual(self._left(*items), (0, 0))
        self.assertLess(took, 300, "it waits for nobody")

    def test_double_click(self):
        """Issue 18, 3: pressed four times at once: one payment is begun."""
        items = self._create_invoices(1, "Double click")
        click = self._request(lambda env: self._visit_pays(env, items[0]))
        answers = self._all_at_once([click] * 4)
        self.assertEqual(len(set(answers)), 1, answers)

    def test_looked_at_by_two(self):
        """Issue 18, 3: page and scheduled action look at the same payment: booked
        once."""
        items = self._create_invoices(1, "Two look")
        [number] = self._begun(*items)
        self._confirmed(number)()
        self._all_at_once([self._looked_at(number)] * 4)
        self.assertEqual(self._payments(number), [(100.0, "posted")])

    def test_two_payments_of_one_item(self):
        """Issue 18, 3: really paid twice: the item once, the rest is a credit."""
        items = self._create_invoices(1, "Paid twice")
        with self.database.env() as env:
            lines = env["account.move.line"].browse(items)
            provider = env["payment.provider"].browse(self.provider_id)
            self.env = env
            begun = [self._begin(lines, provider=provider).id for __ in range(2)]
        self._all_at_once([self._confirmed(number) for number in begun])
        self._all_at_once([self._looked_at(number) for number in begun])
        self.assertEqual(self._payments(*begun), [(100.0, "posted")] * 2)
        self.assertEqual(self._left(*items), (0, -100))

    def test_while_a_debit_is_exported(self):
        """Issue 18, 3: begun while the file for the bank is made: it is in the file, or
        it is paid, never both."""
        for number in range(4):
            orders = self._create_orders(2, f"Exported {number}")
            batch_id = self._put_into_batch(orders)
            [(item,)] = self.database.sql(
                "SELECT move_line_id FROM gym_debit_order_line WHERE order_id = %s",
                orders[0],
            )
            answers = self._all_at_once(
                [
                    self._request(lambda env, item=item: self._visit_pays(env, item)),
                    lambda batch_id=batch_id: self.anna.call(
                        "gym.debit.batch", "action_export", [batch_id]
                    ),
                ]
            )
            [(state,)] = self.database.sql(
                "SELECT state FROM gym_debit_order WHERE id = %s", orders[0]
            )
            if isinstance(answers[0], int):
                self.assertEqual(state, "cancelled", "paid, and collected as well")
            else:
                self.assertIn("is collected from your account", str(answers[0]))
                self.assertEqual(state, "exported")

    def test_while_a_run_generates(self):
        """Issue 18, 3: paid while reminders are made: paid once, and reminded at most
        for what was open when the letter was made."""
        items = self._create_invoices(5, "Generated")
        run_id = self._estimate(self.anna)
        begun = self._begun(*items)
        for number in begun:
            self._confirmed(number)()
        self._all_at_once(
            [
                lambda: self.anna.call("gym.dunning.run", "action_generate", [run_id]),
                *(self._looked_at(number) for number in begun),
            ]
        )
        self.server.wait(
            lambda: (
                self.server.wake()
                or self.database.value(
                    "SELECT state FROM gym_dunning_run WHERE id = %s", run_id
                )
                == "done"
            ),
            "the run is done",
        )
        self.assertEqual(self._payments(*begun), [(100.0, "posted")] * 5)
        self.assertEqual(self._left(*items)[0], 0)
