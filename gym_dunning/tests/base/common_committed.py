"""A gym in a database of its own, with many members, made fast."""

from contextlib import closing, contextmanager
from datetime import timedelta
from types import SimpleNamespace

from odoo import sql_db
from odoo.fields import Command

from .common import TODAY, GymCommon
from .common_database import Browser, OwnDatabaseCase

FEE = 20.0
PASSWORD = "two clerks, one run"


class CommittedGymCase(OwnDatabaseCase):
    """A policy whose first level costs a fee already, and two clerks."""

    @classmethod
    def _prepare(cls, env):
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company)
        company.dunning_fee_agreed = True
        env["gym.dunning.profile"]._of(company).first_reminder_fee = True
        # nothing but ours is due, and only our job is at work
        env["account.move.line"].search([]).no_followup = True
        env["ir.cron"].search(
            [("id", "!=", env.ref("gym_dunning.ir_cron_process").id)]
        ).active = False
        fee = env["product.product"].create(
            {"name": "Fee", "type": "service", "list_price": FEE, "taxes_id": False}
        )
        cls.policy_id = cls._create_policy(env, fee).id
        for login in ("anna", "bert"):
            cls._create_clerk(env, login)

    @classmethod
    def _create_policy(cls, env, fee):
        factory = SimpleNamespace(
            env=env,
            company=env.company,
            fee_product=fee,
            blocked=env.ref("gym_dunning.member_status_blocked"),
            barred=env.ref("gym_dunning.client_status_barred"),
        )
        policy = GymCommon._create_policy.__func__(factory)
        policy.level_ids[0].fee_product_id = fee
        return policy

    @classmethod
    def _create_clerk(cls, env, login):
        env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "password": PASSWORD,
                "group_ids": [
                    Command.set(env.ref("gym_dunning.group_dunning_user").ids)
                ],
            }
        )

    # === FACTORIES === #

    @classmethod
    def _create_late_members(cls, count, name):
        """Make members who owe a month, taken over as opening balances.

        One entry with a line for each: invoices would take most of the test's time.

        :return: ids of the members
        """
        with cls.database.env() as env:
            partners = env["res.partner"].create(
                [
                    {"name": f"{name} {number}", "street": "Road 1", "city": "Town"}
                    for number in range(count)
                ]
            )
            move = env["account.move"].create(cls._prepare_opening(env, partners))
            move.action_post()
            move.line_ids.filtered("partner_id").no_followup = False
            return partners.ids

    @classmethod
    def _prepare_opening(cls, env, partners):
        receivable = partners[0].property_account_receivable_id
        other = env["account.account"].search(
            [("account_type", "=", "equity")], limit=1
        )
        due = TODAY - timedelta(days=30)
        lines = [
            {
                "name": partner.name,
                "partner_id": partner.id,
                "account_id": receivable.id,
                "date_maturity": due,
                "debit": 100.0,
            }
            for partner in partners
        ]
        lines.append({"account_id": other.id, "credit": 100.0 * len(partners)})
        return {
            "move_type": "entry",
            "date": due,
            "line_ids": [Command.create(vals) for vals in lines],
        }

    # === WHAT A CLERK DOES === #

    @classmethod
    def _browser(cls, login):
        return Browser(cls.server, login, PASSWORD)

    def _estimate(self, browser):
        """Estimate through the wizard; return the run's id."""
        vals = {"policy_id": self.policy_id, "date": str(TODAY)}
        [wizard] = browser.call("gym.dunning.generate", "create", [vals])
        return browser.call("gym.dunning.generate", "action_continue", [wizard])[
            "res_id"
        ]

    def _wait_for(self, run_id, state="done"):
        def is_so():
            self.server.wake()
            query = "SELECT state FROM gym_dunning_run WHERE id = %s"
            return self.database.value(query, run_id) == state

        self.server.wait(is_so, f"run {run_id} is {state}")

    def _is_writing(self):
        """The worker has written something and did not commit it yet."""
        self.server.wake()
        return self.database.sql(
            """SELECT pid FROM pg_stat_activity
                WHERE datname = %s AND backend_xid IS NOT NULL
                  AND xact_start < clock_timestamp() - interval '0.7 s'""",
            self.database.name,
        )

    # === FAULTS === #

    @contextmanager
    def _held_up(self, row, *params):
        """Let the worker wait at this row: in the middle of its batch, however fast the
        machine is.

        :param row: a query of the row, that ends where FOR NO KEY UPDATE may follow
        """
        with closing(sql_db.db_connect(self.database.name).cursor()) as cr:
            cr.execute(f"{row} FOR NO KEY UPDATE", params)  # a text of the test's own
            self.assertTrue(cr.rowcount, "there is no such row")
            yield

    def _is_held_up(self):
        self.server.wake()
        return self.database.sql(
            """SELECT pid FROM pg_stat_activity
                WHERE datname = %s AND backend_xid IS NOT NULL
                  AND wait_event_type = 'Lock'""",
            self.database.name,
        )

    def _kill_at(self, row, *params, begin=None):
        """End the server, as by kill -9, while it waits at this row; see `_held_up`.

        :param begin: what starts the work, if it is not under way
        """
        with self._held_up(row, *params):
            if begin:
                begin()
            self.server.wait(self._is_held_up, "a batch is worked")
            self.server.kill()

    # === ANSWERS === #

    def _assert_once_each(self, run_id, partner_ids):
        """Each of these members was reminded once and pays one posted fee."""
        rows = self.database.sql(
            """SELECT r.partner_id, r.state, r.name IS NOT NULL, move.state,
                      move.amount_total::float
                 FROM gym_dunning_reminder r
                 LEFT JOIN account_move move ON move.id = r.fee_move_id
                WHERE r.run_id = %s AND r.partner_id = ANY(%s)
                ORDER BY r.partner_id""",
            run_id,
            partner_ids,
        )
        expected = [(p, "issued", True, "posted", FEE) for p in sorted(partner_ids)]
        self.assertEqual(rows, expected)
        self._assert_no_stray_fees()

    def _assert_no_stray_fees(self):
        """Fee invoices and reminders belong together, one to one, none in draft."""
        invoices, drafts = self.database.sql(
            """SELECT count(*) FILTER (WHERE state = 'posted'),
                      count(*) FILTER (WHERE state = 'draft')
                 FROM account_move WHERE move_type = 'out_invoice'
                  AND partner_id IN (SELECT partner_id FROM gym_dunning_reminder)"""
        )[0]
        issued, names, moves = self.database.sql(
            """SELECT count(*), count(DISTINCT name), count(DISTINCT fee_move_id)
                 FROM gym_dunning_reminder WHERE state = 'issued'"""
        )[0]
        self.assertFalse(drafts, "draft invoices were left behind")
        self.assertEqual(issued, names, "a number was given twice")
        self.assertEqual(issued, moves, "a fee is shared or missing")
        self.assertEqual(issued, invoices, "a fee was booked twice or is lost")

    def _processes(self, run_id):
        return self.database.sql(
            """SELECT state, total, COALESCE(done, 0), COALESCE(skipped, 0)
                 FROM gym_process
                 JOIN LATERAL (
                      SELECT sum(done_count) AS done, sum(skipped_count) AS skipped
                        FROM gym_process_slice WHERE process_id = gym_process.id
                      ) AS of_slices ON true
                WHERE res_model = 'gym.dunning.run' AND res_id = %s""",
            run_id,
        )
