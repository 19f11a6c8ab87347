"""A usual PostgreSQL compiles what it takes for long (`jit`): with half a million open
items, grouping them by *Due for* took 15.6 s instead of 1.4."""

from odoo.tools import SQL

from .common import TODAY, GymCommon


class TestNotCompiled(GymCommon):
    """What reads many rows tells PostgreSQL first, in the same transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_invoice(cls._create_member("Kent Paul"))

    def _jit_after(self, read):
        self.env.cr.execute(SQL("SET LOCAL jit = on"))
        read()
        ((setting,),) = self.env.execute_query(SQL("SHOW jit"))
        return setting

    def _searched(self, model, *leaf):
        return lambda: self.env[model].search([leaf] if leaf else [], limit=1)

    def _grouped(self, model, name):
        records = self.env[model].with_context(dunning_date=TODAY)
        return lambda: records._read_group([], [name], ["__count"])

    def test_not_compiled(self):
        """Issue 17, point 4: lists, groups and figures over all items, letters, cases."""
        level = self.policy.level_ids[0]
        reads = {
            "items": self._searched("gym.open.item"),
            "items by level": self._grouped("gym.open.item", "due_level"),
            "ageing": self._grouped("gym.receivable.ageing", "bucket"),
            "months": self._searched("gym.receivable.month"),
            "outcome": self._grouped("gym.dunning.outcome", "level_id"),
            "customers": self._searched("gym.case.customer"),
            "cases": self._grouped("gym.collection.case", "company_id"),
            "invoices of a level": self._searched(
                "account.move", "dunning_level_id", "=", level.id
            ),
            "invoices due for one": self._searched(
                "account.move", "dunning_due_level", "=", "1"
            ),
            "members of a level": self._searched(
                "res.partner", "dunning_level_id", "=", level.id
            ),
            "overview": lambda: self.env["gym.overview"].read_tile("remind"),
        }
        for name, read in reads.items():
            with self.subTest(name):
                self.assertEqual(self._jit_after(read), "off")
