from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# What is proposed for a promise, and for a transfer that is under way.
DAYS = {"promise": 14, "paid": 7}


class GymMemberAnswerDecide(models.TransientModel):
    """Ask what an outcome needs: why, how much, until when."""

    _name = "gym.member.answer.decide"
    _description = "Decide about an Answer"
    _inherit = ["gym.dialog"]

    answer_id = fields.Many2one(
        "gym.member.answer", required=True, readonly=True, ondelete="cascade"
    )
    outcome = fields.Selection(
        [("dispute", "Dispute"), ("promise", "Promise"), ("paid", "Paid")],
        required=True,
        readonly=True,
    )
    # not with superuser rights: a dialog can be opened for any answer, by its id
    text = fields.Text(related="answer_id.text", related_sudo=False)
    currency_id = fields.Many2one(related="answer_id.currency_id", related_sudo=False)
    amount_open = fields.Monetary(related="answer_id.amount_open", related_sudo=False)
    amount = fields.Monetary(
        string="Promised Amount",
        compute="_compute_proposed",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    date_until = fields.Date(
        string="Until",
        compute="_compute_proposed",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Last day of the hold. Then reminders go on by themselves.",
    )
    note = fields.Char()
    can_find_money = fields.Boolean(compute="_compute_can_find_money")
    running_promise = fields.Text(compute="_compute_running_promise")

    @api.depends("answer_id", "outcome")
    def _compute_proposed(self):
        for wizard in self:
            days = DAYS.get(wizard.outcome)
            wizard.date_until = days and wizard._day() + timedelta(days=days)
            wizard.amount = wizard.answer_id.amount_open

    @api.depends("answer_id", "outcome")
    def _compute_running_promise(self):
        self.running_promise = False
        for wizard in self.filtered(lambda one: one.outcome == "promise"):
            wizard.running_promise = wizard.answer_id.item_ids._running_promise()

    @api.depends("answer_id")
    def _compute_can_find_money(self):
        for wizard in self:
            wizard.can_find_money = bool(wizard.answer_id._find_money())

    def _day(self):
        return self.answer_id._day()

    def action_confirm(self):
        """Decide, and say what that did.

        :raise UserError: the day is missing or over, or the amount is not what is open
        """
        self.ensure_one()
        answer = self.answer_id
        answer.check_access("write")
        self._check_date()
        if self.outcome == "dispute":
            answer._dispute(self.note, self.date_until)
        elif self.outcome == "promise":
            self._promise()
        else:
            answer._wait_for_payment(self.date_until, self.note)
        return answer._told()

    def action_replace(self):
        """Note the promise in place of the one that runs, and say so.

        :raise UserError: the day is missing or over, or the amount is not what is open
        """
        self.ensure_one()
        self.answer_id.check_access("write")
        self._check_date()
        self._promise(replace=True)
        return self.answer_id._told()

    def _promise(self, replace=False):
        self._check_amount()
        self.answer_id._promise(self.amount, self.date_until, self.note, replace)

    def action_find_money(self):
        """List the money that came in and may be this member's."""
        self.ensure_one()
        return self.answer_id._find_money()

    def _check_date(self):
        if self.outcome != "dispute" and not self.date_until:
            raise UserError(self.env._("Enter until when reminders shall wait."))
        if self.date_until and self.date_until < self._day():
            raise UserError(
                self.env._("The hold would already be over: choose a later day.")
            )

    def _check_amount(self):
        compare = self.currency_id.compare_amounts
        if compare(self.amount, 0.0) <= 0 or compare(self.amount, self.amount_open) > 0:
            raise UserError(
                self.env._(
                    "Enter what was promised: more than 0, and not more than the"
                    " %(open)s that are open of %(reminder)s.",
                    open=self.currency_id.format(self.amount_open),
                    reminder=self.answer_id._subject(),
                )
            )

    def _action_open(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": labels[self.outcome],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
