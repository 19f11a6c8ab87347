"""Renewing more contracts costs no more queries than their invoices do."""

from .common_contract import ContractCommon

FEW, MANY = 5, 25

# What caches of the registry may add or save.
SLACK = 4

# Odoo itself needs about eight to create and post an invoice (benchmarks/README.md).
PER_CONTRACT = 14


class TestRenewalQueryCount(ContractCommon):
    """Set-based work: what a contract costs does not grow with their number."""

    def _estimate_of(self, prefix, count):
        """Return a run over `count` contracts; those before were renewed."""
        for number in range(count):
            self._create_contract(self._create_member(f"{prefix} {number}"))
        return self._estimate_renewal()

    def test_renewal(self):
        """E-66, AMB-18: the estimate's queries are as many for all sizes; those of a
        batch grow with its invoices only."""
        estimate, batch = {}, {}
        for prefix, count in (("Warm-up", FEW), ("Few", FEW), ("Many", MANY)):
            run = self._estimate_of(prefix, count)
            estimate[prefix] = self._count_queries(run._estimate)
            run.action_generate()
            batch[prefix] = self._count_queries(run.process_id.sudo()._work_batch)
            self.assertEqual(run.renewed_count, count)
        self.assertLessEqual(estimate["Many"], estimate["Few"] + SLACK)
        grown = batch["Many"] - batch["Few"]
        self.assertLessEqual(grown, PER_CONTRACT * (MANY - FEW))
