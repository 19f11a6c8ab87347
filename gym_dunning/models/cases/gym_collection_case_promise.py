import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, format_date

from ..base.gym_process import CONCURRENCY_ERRORS
from .promise_shares import oldest_first, pro_rata

SPLITS = {"oldest": oldest_first, "pro_rata": pro_rata}
_logger = logging.getLogger(__name__)


class GymCollectionCase(models.Model):
    """The running promise of a case: spread over its debts, holding them (G-67).

    A case has one at most, and while it has one it is in the state Promise.
    """

    _inherit = "gym.collection.case"

    promise_id = fields.Many2one(
        "mail.activity", string="Running Promise", compute="_compute_promise"
    )
    promise_message = fields.Char(compute="_compute_promise")
    other_promised = fields.Monetary(
        string="Promised (Other Amount)",
        compute="_compute_promise",
        help="The part of the agreed amount that is not on the debts.",
    )

    @api.depends(
        "all_activity_ids.promise_state",
        "item_ids.amount_open",
        "item_ids.amount_promised",
        "other_collected",
    )
    def _compute_promise(self):
        running = {promise.res_id: promise for promise in self._running_promises()}
        for case in self:
            promise = running.get(case._origin.id, self.env["mail.activity"])
            case.promise_id = promise
            case.promise_message = promise and case._promise_message(promise)
            case.other_promised = promise and case._other_share(promise)

    def _promise_message(self, promise):
        missing = max(0.0, promise.agreed_amount - self._collected(promise))
        return self.env._(
            "Promise of %(agreed)s until %(end)s: %(missing)s still to come.",
            agreed=self._money(promise.agreed_amount),
            end=format_date(self.env, promise.date_end),
            missing=self._money(missing),
        )

    def _money(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _running_promises(self):
        # sudo: a promise belongs to whoever sees the case, whoever's activity it is
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        return activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self._origin.ids),
                ("promise_state", "=", "running"),
            ]
        )

    # === BEGIN === #

    def _make_room_for_promise(self):
        """Replace the running promise if that is wanted.

        :raise UserError: one runs, and the context lacks `replace_promise`
        """
        self.ensure_one()
        for promise in self._running_promises():
            if not self.env.context.get("replace_promise"):
                raise UserError(
                    self.env._(
                        "A promise is running in case %(case)s: %(agreed)s until "
                        "%(end)s. Use the button Promise of the case to replace it.",
                        case=self.name,
                        agreed=self._money(promise.agreed_amount),
                        end=format_date(self.env, promise.date_end),
                    )
                )
            promise._check_of_deposit().unlink()
            self._end_promise(promise, "replaced")

    def _ask_to_replace(self, kind):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replace the Promise?"),
            "res_model": "gym.case.promise.replace",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_case_id": self.id,
                "default_activity_type_id": kind.id,
            },
        }

    def _begin_promise(self, promise):
        """Let a promise run: spread it and keep the debts back from reminders."""
        self.ensure_one()
        # sudo: people record promises, the state of one is not theirs to write
        promise.sudo().write(
            {"promise_state": "running", "other_before": self.other_collected}
        )
        for item in self.item_ids.sudo():
            item.amount_before = item.amount_open
        self._spread_promise(promise)
        self._place_holds(
            self.item_ids.filtered("amount_open"),
            reason="promise",
            date_until=promise._gym_last_day(),
        )
        self.message_post(body=self._begin_text(promise))

    def _begin_text(self, promise):
        shares = [
            f"{item.move_id.display_name} {self._money(item.amount_promised)}"
            for item in self.item_ids.filtered("amount_promised")
        ]
        return self.env._(
            "%(agreed)s were promised until %(end)s. %(shares)s",
            agreed=self._money(promise.agreed_amount),
            end=format_date(self.env, promise.date_end),
            shares=", ".join(shares),
        )

    def _spread_promise(self, promise):
        """Spread the agreed amount over the debts, the other amount last (AMB-31)."""
        items = self.item_ids.sorted(
            lambda item: (item.move_line_id._gym_due_date(), item.id)
        )
        opens = [*items.mapped("amount_before"), self._other_room(promise)]
        split = SPLITS[self.company_id.sudo().root_id.promise_split]
        shares = split(promise.agreed_amount, opens, self.currency_id.rounding)
        # sudo: the one way for shares to come into being; people only correct them
        for item, share in zip(items.sudo(), shares, strict=False):
            item.amount_promised = share

    def _promise_tolerance(self):
        # sudo: the holding decides, whoever may see it
        return self.company_id.sudo().root_id.promise_tolerance_days

    # === END === #

    def _set_state(self, state):
        # EXTENDS gym_collection_case: a case that leaves the promise decides it, by
        # what has come in
        if state != "promise":
            for promise in self._running_promises():
                promise._check_of_deposit().unlink()
                case = self.browse(promise.res_id)
                case._end_promise(promise, case._outcome(promise))
        return super()._set_state(state)

    def _collected(self, promise):
        """Return what came in since the promise, as the books show it now.

        An item that was reset to draft is not collected; one that was added later
        was not promised.
        """
        posted = self.item_ids.filtered(
            lambda item: item.amount_before and item.status != "unposted"
        )
        of_items = sum(item.amount_before - item.amount_open for item in posted)
        other = self.other_collected - promise.other_before
        return self.currency_id.round(of_items + other)

    def _outcome(self, promise, date=None):
        """Return the state of a promise on a date; without one it is final now."""
        collected = self._collected(promise)
        if self.currency_id.compare_amounts(collected, promise.agreed_amount) >= 0:
            return "kept"
        if date and date <= promise._gym_last_day():
            return "running"
        return "partial" if collected > 0 else "broken"

    def _keep_promise(self):
        """End the running promise if it is kept already."""
        for promise in self._running_promises():
            if self._outcome(promise) == "kept":
                self._end_promise(promise, "kept")

    def _end_promise(self, promise, outcome):
        """Close a promise; its debts are free for reminders again."""
        self.ensure_one()
        collected = max(0.0, self._collected(promise))
        # sudo: see `_begin_promise`
        promise = promise.sudo()
        promise.write({"promise_state": outcome, "collected_amount": collected})
        promise.flush_recordset()  # before the index sees the next one
        holds = self._holds().filtered(lambda hold: hold.reason == "promise")
        holds.filtered("active").action_release()
        self.item_ids.sudo().write({"amount_promised": 0.0, "amount_before": 0.0})
        self.message_post(body=self._end_text(promise))

    def _end_text(self, promise):
        if promise.promise_state == "kept" and not self._is_owed():
            text = self.env._(
                "The promise of %(agreed)s until %(end)s is kept, and nothing is open"
                " any more: the case can be completed.",
                **self._end_figures(promise),
            )
        else:
            states = promise._fields["promise_state"]._description_selection(self.env)
            text = self.env._(
                "The promise of %(agreed)s until %(end)s is closed: %(state)s. "
                "%(collected)s was received, %(open)s is still open.",
                state=dict(states)[promise.promise_state],
                **self._end_figures(promise),
            )
        return text

    def _end_figures(self, promise):
        return {
            "agreed": self._money(promise.agreed_amount),
            "end": format_date(self.env, promise.date_end),
            "collected": self._money(promise.collected_amount),
            "open": self._money(self.amount_current),
        }

    # === DUE === #
    # What becomes of promises without anybody: kept, partly kept or broken.

    @api.model
    def _cron_promises(self, date=None):
        """Decide the promises that are kept or over, committed one by one.

        :param date: the day that counts; if empty, the day it is in each gym
        """
        date = fields.Date.to_date(date)
        cases = self._cases_to_decide(date)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(cases))
        for case in cases:
            case._decide_apart(date or case._gym_today())
            if not cron._commit_progress(1):
                break

    @api.model
    def _cases_to_decide(self, date):
        # sudo: a scheduled action works for all centres, whatever is ticked
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        running = activities.search(
            [("promise_state", "=", "running")], order="date_end, id"
        )
        cases = self.sudo().browse(running.mapped("res_id")).exists()
        return cases.filtered(
            lambda case: (
                case._outcome(case.promise_id, date or case._gym_today()) != "running"
            )
        )

    def _gym_today(self):
        return self.company_id._gym_today(self.debt_manager_id)

    def _decide_apart(self, date):
        """Decide one case; what goes wrong with it does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._decide_promise(date)
        except CONCURRENCY_ERRORS:
            raise
        except Exception:  # pylint: disable=broad-except
            # tried again tomorrow; nobody watches a scheduled action
            _logger.exception("The promise of case %s was not decided", self.name)

    def _decide_promise(self, date):
        """End the running promise if it is kept or over on the date (AMB-36)."""
        lang = self.debt_manager_id.lang or self.company_id.partner_id.lang
        case = self.with_context(lang=lang)
        for promise in case._running_promises():
            outcome = case._outcome(promise, date)
            if outcome == "kept":
                case._end_promise(promise, outcome)
            elif outcome != "running":
                case._give_back(promise, outcome, date)

    def _give_back(self, promise, outcome, date):
        """Return a case whose promise was not kept to its manager, with a call."""
        promise._check_of_deposit().unlink()
        self._end_promise(promise, outcome)
        if self.state == "promise":
            self._set_state("in_progress")
        activities = self.env["mail.activity"]
        kind = self.env.ref(
            "gym_dunning.activity_type_call", raise_if_not_found=False
        ) or activities._default_activity_type_for_model(self._name)
        self.activity_schedule(
            activity_type_id=kind.id,
            date_deadline=date,
            summary=self.env._(
                "Call: %(collected)s received of the %(agreed)s promised",
                agreed=self._money(promise.agreed_amount),
                collected=self._money(promise.collected_amount),
            ),
            user_id=self._active_manager().id,
        )
