"""Mass creation for more customers costs no more queries."""

from odoo.fields import Command

from .common_case_run import CaseRunCommon

FEW, MANY = 5, 40

# What caches of the registry may add or save.
SLACK = 4

# Rows are written in lots; each customer may cost a part of a query, not one.
PER_CUSTOMER = 0.2


class TestCaseRunQueryCount(CaseRunCommon):
    """Set-based work: what a customer costs does not grow with their number."""

    def _members(self, prefix, count):
        members = self.env["res.partner"].union(
            *(self._create_member(f"{prefix} {number}") for number in range(count))
        )
        for member in members:
            self._create_invoice(member)
        return {"partner_ids": [Command.set(members.ids)]}

    def _measure(self, run):
        """Return the queries of the summary and of the batch."""
        estimate = self._count_queries(run._estimate)
        run.action_generate()
        work = self._count_queries(run.process_id.sudo()._work_batch)
        return estimate, work

    def test_new_cases(self):
        """G-81a "fast": queries of summary and batch are as many for all sizes."""
        counts = {}
        for prefix, count in (("Warm-up", FEW), ("Few", FEW), ("Many", MANY)):
            run = self._summary(**self._members(prefix, count))
            counts[prefix] = self._measure(run)
            self.assertEqual(run.create_count, count)
        grown = [
            many - few for many, few in zip(counts["Many"], counts["Few"], strict=True)
        ]
        self.assertLessEqual(grown[0], SLACK, counts)
        self.assertLessEqual(grown[1], PER_CUSTOMER * (MANY - FEW) + SLACK, counts)

    def test_replaced_cases(self):
        """G-86: the same for cases that are replaced."""
        counts = {}
        for prefix, count in (("Warm-up", FEW), ("Few", FEW), ("Many", MANY)):
            who = self._members(prefix, count)
            self._mass_create(**who)
            run = self._summary(
                **who, create_new=False, update_not_started=True, date="2026-03-09"
            )
            counts[prefix] = self._measure(run)
            self.assertEqual(run.replace_count, count)
        grown = [
            many - few for many, few in zip(counts["Many"], counts["Few"], strict=True)
        ]
        self.assertLessEqual(grown[0], SLACK, counts)
        self.assertLessEqual(grown[1], PER_CUSTOMER * (MANY - FEW) + SLACK, counts)
