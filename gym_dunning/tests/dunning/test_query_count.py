"""The number of queries does not grow with the number of members."""

from ..base.common import TODAY
from .common_run import RunCommon

# What caches of the registry may add or save; one query a member would be twenty.
SLACK = 4


class TestQueryCount(RunCommon):
    """Set-based work: no more queries for 25 members than for 5."""

    def _create_members(self, prefix, count):
        for number in range(count):
            member = self._create_late_member(f"{prefix} {number}")
            if not number % 2:
                self._create_credit(member, 10.0)
            if not number % 5:
                self._hold(self._create_invoice(member), "manual")

    def _run_of(self, prefix, count):
        """Return an empty run over `count` members, and nobody else."""
        self.env["gym.dunning.hold"].search([]).unlink()
        for invoice in self._open_invoices():
            self._hold(invoice, "dispute")
        self._create_members(prefix, count)
        return self.env["gym.dunning.run"].create(
            {"company_id": self.company.id, "date": TODAY}
        )

    def _open_invoices(self):
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "=", "not_paid"),
            ]
        )

    def test_estimate(self):
        """E-01: proposals and exclusions of many members cost no more queries."""
        self._run_of("Warm-up", 5)._estimate()
        few = self._run_of("Few", 5)
        few_queries = self._count_queries(few._estimate)
        many = self._run_of("Many", 25)
        many_queries = self._count_queries(many._estimate)
        self.assertEqual((few.reminder_count, many.reminder_count), (5, 25))
        self.assertLessEqual(many_queries, few_queries + SLACK)

    def test_batch_without_fees(self):
        """E-01: issuing a batch of free reminders costs the same for all sizes."""
        queries = {}
        for prefix, count in (("Warm-up", 5), ("Few", 5), ("Many", 25)):
            run = self._run_of(prefix, count)
            run._estimate()
            run.action_generate()
            queries[prefix] = self._count_queries(run.process_id.sudo()._work_batch)
            self.assertEqual(run.issued_count, count)
        self.assertLessEqual(queries["Many"], queries["Few"] + SLACK)
