from odoo import models
from odoo.tools import SQL

RARE = "gym_ledger_rare"


class GymOpenItem(models.Model):
    """What many gyms do not have need not be planned and asked row by row: planning
    the evaluation would take longer than running it."""

    _inherit = "gym.open.item"

    def _knowing_what_is_rare(self):
        """Return the ledger that knows what the database holds at this moment; whatever
        a caller says in the context is overwritten."""
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
        found = self._rare_sql()
        answers = SQL(", ").join(SQL("EXISTS (%s)", rows) for rows in found.values())
        (row,) = self.env.execute_query(SQL("SELECT %s", answers))
        names = tuple(
            name for name, is_there in zip(found, row, strict=True) if is_there
        )
        return self.with_context(**{RARE: names})

    def _may_have(self, name):
        """Tell whether there may be any; who did not look takes it that there are."""
        return RARE not in self.env.context or name in self.env.context[RARE]
