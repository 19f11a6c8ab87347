from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class GymDebitMove(models.TransientModel):
    """Move drafts, or their whole batch, to another day."""

    _name = "gym.debit.move"
    _description = "Move Direct Debits"
    _inherit = ["gym.dialog"]

    batch_id = fields.Many2one("gym.debit.batch", readonly=True)
    order_ids = fields.Many2many(
        "gym.debit.order", string="Direct Debits", help="Or choose a whole batch."
    )
    date = fields.Date(
        string="Day of Execution", required=True, default=lambda self: self._first_day()
    )
    warning = fields.Text(compute="_compute_warning")

    def _first_day(self):
        return self.env.company._debit_date(self.env["gym.debit.plan"]._today())

    @api.depends("batch_id", "order_ids", "date")
    def _compute_warning(self):
        for move in self:
            announced = move._orders().filtered(
                lambda order, move=move: (
                    order.reminder_id and order.execution_date != move.date
                )
            )
            sentences = [move._announced_warning(announced)] if announced else []
            if holiday := move._holiday_warning():
                sentences.append(holiday)
            move.warning = "\n".join(sentences) or False

    def _holiday_warning(self):
        orders = self._orders().sudo()  # only whose they are and their scheme
        company = orders.company_id.root_id[:1] or self.env.company
        return company._holiday_warning(self.date, orders[:1].scheme)

    def _announced_warning(self, orders):
        days = sorted(set(orders.mapped("execution_date")))
        return self.env._(
            "Letters announced %(count)s of these debits for another day (%(date)s):"
            " tell the members.",
            count=len(orders),
            date=", ".join(format_date(self.env, day) for day in days),
        )

    def _orders(self):
        """Return what is to be moved, of a batch with all its centres."""
        if self.batch_id:
            self.batch_id.check_access("read")
            # sudo: a batch has debits of all centres, also of those not ticked
            return self.batch_id.sudo()._open_orders()
        return self.order_ids

    def action_confirm(self):
        """Move them; a batch that is moved whole stays one.

        :raise UserError: the day has passed, or a debit was sent meanwhile
        """
        self.ensure_one()
        if self.date < self.env["gym.debit.plan"]._today():
            raise UserError(
                self.env._("The day of execution has passed: choose a later one.")
            )
        orders = self._orders()
        orders.check_access("read")
        orders._check_clerk()
        orders._move(self.date)
        return {"type": "ir.actions.act_window_close"}
