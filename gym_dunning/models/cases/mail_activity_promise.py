from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, format_date

from .mail_activity import CASE_MODEL

# What is found, not entered.
OUTCOME = {"promise_state", "collected_amount", "other_before"}
# What was agreed; it stays once the promise is recorded.
AGREED = {
    "active",
    "activity_type_id",
    "agreed_amount",
    "date_end",
    "res_id",
    "res_model",
    "res_model_id",
}


class MailActivity(models.Model):
    """A promise to pay: an activity whose type moves its case to Promise (G-66).

    It is done by being recorded, that is by having an agreed amount and an end
    (AMB-36); then it runs until it is kept, partly kept, broken or replaced.
    Amounts are in the currency of the case.
    """

    _inherit = "mail.activity"

    is_promise = fields.Boolean(compute="_compute_is_promise")
    agreed_amount = fields.Monetary(help="What the debtor promised to pay.")
    promise_state = fields.Selection(
        [
            ("running", "Running"),
            ("kept", "Kept"),
            ("partial", "Partly Kept"),
            ("broken", "Broken"),
            ("replaced", "Replaced"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    collected_amount = fields.Monetary(
        string="Came In",
        readonly=True,
        copy=False,
        help="Of the case between the promise and the day it was decided.",
    )
    other_before = fields.Monetary(
        string="Other Amount Collected Before",
        readonly=True,
        copy=False,
        help="For an amount that is not in the books and cannot be read again.",
    )

    _one_running_promise = models.UniqueIndex(
        "(res_id) WHERE promise_state = 'running'",
        "Somebody recorded a promise of this case at the same time. Reload the case.",
    )

    @api.depends("res_model", "activity_type_id.collection_state")
    def _compute_is_promise(self):
        for activity in self:
            state = activity.activity_type_id.collection_state
            activity.is_promise = (
                activity.res_model == CASE_MODEL and state == "promise"
            )

    # === RECORDING === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_entered(vals)
        activities = super().create(vals_list)
        activities._gym_carry_out_recorded()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            self._gym_refuse_outcome(OUTCOME & vals.keys())
            self._check_recorded(vals)
        if vals.keys() & {"agreed_amount", "date_end"}:
            self._gym_carry_out_recorded()
        return result

    def _check_entered(self, vals):
        if not self.env.su:
            self._gym_refuse_outcome({name for name in OUTCOME if vals.get(name)})

    def _gym_refuse_outcome(self, names):
        if names:
            raise UserError(
                self.env._(
                    "The outcome of a promise is derived from the payments and cannot "
                    "be entered by hand."
                )
            )

    def _check_recorded(self, vals):
        """A promise that was recorded is replaced, not changed."""
        if AGREED.isdisjoint(vals):
            return
        for promise in self.filtered("promise_state"):
            raise UserError(
                self.env._(
                    "The promise of case %s is recorded and is kept as agreed. Use "
                    "the button Promise of the case to replace it.",
                    promise._gym_case().name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running_promise(self):
        for promise in self.filtered(lambda one: one.promise_state == "running"):
            if not self.env.su:  # with its case it goes
                raise UserError(
                    self.env._(
                        "The promise of case %s is running: replace it, or reopen the "
                        "case, instead of deleting it.",
                        promise._gym_case().name,
                    )
                )

    def _gym_carry_out_recorded(self):
        """A promise with an amount or an end is one that was given."""
        given = self.filtered(
            lambda one: (
                one.active and one.is_promise and (one.agreed_amount or one.date_end)
            )
        )
        if given:
            given.action_feedback()

    def _gym_before_done(self):
        for promise in self.filtered("is_promise"):
            promise._check_agreement()
            promise._gym_case()._make_room_for_promise()
        return super()._gym_before_done()

    def _gym_after_done(self):
        for promise in self.filtered("is_promise"):
            promise._gym_case()._begin_promise(promise)
        return super()._gym_after_done()

    def _check_agreement(self):
        case = self._gym_case()
        case._check_open()
        if problem := self._gym_amount_problem(case) or self._gym_end_problem(case):
            raise UserError(problem)

    def _gym_amount_problem(self, case):
        currency = case.currency_id
        if currency.compare_amounts(self.agreed_amount, 0.0) <= 0:
            return self.env._(
                "Enter what was agreed for case %s: an amount above 0.", case.name
            )
        if currency.compare_amounts(self.agreed_amount, case.amount_current) > 0:
            return self.env._(
                "%(agreed)s cannot be agreed for case %(case)s: only %(open)s is "
                "still open. Agree on that amount or less.",
                agreed=format_amount(self.env, self.agreed_amount, currency),
                open=format_amount(self.env, case.amount_current, currency),
                case=case.name,
            )
        return None

    def _gym_end_problem(self, case):
        if not self.date_end:
            return self.env._("Enter the end of the promise of case %s.", case.name)
        start = self._gym_day_of(self.date_start)
        if self.date_end < start:
            return self.env._(
                "The promise of case %(case)s cannot end on %(end)s, before it starts"
                " on %(start)s.",
                case=case.name,
                end=format_date(self.env, self.date_end),
                start=format_date(self.env, start),
            )
        return None

    # === RUNNING === #

    def _gym_last_day(self):
        """Return the last day on which the promise can be kept."""
        return self.date_end + timedelta(days=self._gym_case()._promise_tolerance())

    def _check_of_deposit(self):
        """Return the planned activities that this promise triggered."""
        kind = self.activity_type_id
        domain = [
            ("res_model", "=", CASE_MODEL),
            ("res_id", "=", self.res_id),
            ("activity_type_id", "=", kind.triggered_next_type_id.id),
            ("previous_activity_type_id", "=", kind.id),
            ("active", "=", True),
        ]
        return self.search(domain)

    def _prepare_next_activity_values(self):
        # EXTENDS mail: the deposit is checked on the promise's last day
        vals = super()._prepare_next_activity_values()
        if self.is_promise:
            vals["date_deadline"] = self._gym_last_day()
        return vals
