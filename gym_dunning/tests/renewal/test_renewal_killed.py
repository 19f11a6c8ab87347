"""Renewals on a real server with real commits: killed at work, and two at once."""

from datetime import date

from odoo.fields import Command

from ..base.common_committed import CommittedGymCase

CONTRACTS = 320  # two batches
KILLS = 2
RANGE = ("2026-03-01", "2026-03-31")


class TestRenewalKilled(CommittedGymCase):
    """Nothing is lost and nothing is done twice, whatever kills the server."""

    @classmethod
    def _create_contracts(cls, count, name):
        """Return the ids of active contracts that end on the last of March 2026."""
        with cls.database.env() as env:
            article = env["product.product"].create(
                {"name": "Membership", "type": "service", "taxes_id": False}
            )
            partners = env["res.partner"].create(
                [{"name": f"{name} {number}"} for number in range(count)]
            )
            contracts = env["gym.contract"].create(
                [cls._prepare_contract(partner, article) for partner in partners]
            )
            return contracts.ids

    @classmethod
    def _prepare_contract(cls, partner, article):
        subscription = {"product_id": article.id, "price_unit": 100.0}
        return {
            "partner_id": partner.id,
            "state": "active",
            "date_start": date(2025, 4, 1),
            "subscription_ids": [Command.create(subscription)],
        }

    def _estimate_renewal(self):
        start, end = RANGE
        vals = {"date_from": start, "date_to": end, "date": "2026-03-02"}
        browser = self._browser("anna")
        [wizard] = browser.call("gym.renewal.generate", "create", [vals])
        action = browser.call("gym.renewal.generate", "action_continue", [wizard])
        return action["res_id"]

    def _start(self, *run_ids):
        for run_id in run_ids:
            self._browser("anna").call("gym.renewal.run", "action_generate", [run_id])

    def _state(self, run_id):
        return self.database.value(
            "SELECT state FROM gym_renewal_run WHERE id = %s", run_id
        )

    def _wait_for_renewal(self, run_id):
        def is_done():
            self.server.wake()
            return self._state(run_id) == "done"

        self.server.wait(is_done, f"renewal {run_id} is done")

    def _assert_renewed_once(self, contract_ids):
        rows = self.database.sql(
            """SELECT contract.date_end::text, count(period.id), count(period.move_id),
                      count(DISTINCT period.move_id), min(move.state)
                 FROM gym_contract contract
                 JOIN gym_contract_period period ON period.contract_id = contract.id
                 LEFT JOIN account_move move ON move.id = period.move_id
                WHERE contract.id = ANY(%s) GROUP BY contract.id""",
            contract_ids,
        )
        self.assertEqual(rows, [("2027-03-31", 2, 1, 1, "posted")] * len(contract_ids))
        drafts = "SELECT count(*) FROM account_move WHERE state = 'draft'"
        self.assertFalse(self.database.value(drafts), "a draft was left behind")

    def test_killed_in_the_middle(self):
        """E-68a: after kill -9 the renewal goes on, each contract once."""
        contracts = self._create_contracts(CONTRACTS, "Killed")
        self._start_server()
        run_id = self._estimate_renewal()
        self._start(run_id)
        for number in range(KILLS):
            with self.subTest(kill=number + 1):
                self.server.wait(self._is_writing, "a batch is worked")
                self.server.kill()
                self.assertEqual(self._state(run_id), "running", "killed too late")
                self.server.start()
        self._wait_for_renewal(run_id)
        self._assert_renewed_once(contracts)

        second = self._create_contracts(30, "Two runs")
        runs = self._estimate_renewal(), self._estimate_renewal()
        self._start(*runs)
        for run_id in runs:
            self._wait_for_renewal(run_id)
        with self.subTest("two renewals of one range"):
            self._assert_renewed_once(second)
