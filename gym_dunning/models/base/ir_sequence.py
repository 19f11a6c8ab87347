from odoo import api, models
from odoo.tools import SQL


class IrSequence(models.Model):
    """Numbers for what a run makes by the thousand."""

    _inherit = "ir.sequence"

    @api.model
    def _gym_draw_by_code(self, code, count):
        """Draw `count` numbers at once, as `next_by_code` does one by one."""
        companies = [self.env.company.id, False]
        # sudo: who makes the records need not read sequences
        sequences = self.sudo().search(
            [("code", "=", code), ("company_id", "in", companies)], order="company_id"
        )
        return sequences[0]._gym_draw(count) if sequences else [False] * count

    def _gym_draw(self, count, date=None):
        """Draw `count` numbers at once.

        :param date: the day that prefix and suffix name; None: today
        :return: list of numbers with prefix and suffix
        """
        self.ensure_one()
        if self.implementation != "standard" or self.use_date_range:
            return [self.next_by_id(sequence_date=date) for __ in range(count)]
        prefix, suffix = self._get_prefix_suffix(date=date)
        # one query for all: by `next_by_id` it would be one for each
        numbers = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{self.id:03d}",
                count,
            )
        )
        return [f"{prefix}{number:0{self.padding}d}{suffix}" for (number,) in numbers]
