import logging

from odoo import api, fields, models

from .gym_process import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)


class GymCollectionCase(models.Model):
    """What becomes of promises without anybody: kept, partly kept or broken."""

    _inherit = "gym.collection.case"

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
                "Call: of %(agreed)s promised, %(collected)s came in",
                agreed=self._money(promise.agreed_amount),
                collected=self._money(promise.collected_amount),
            ),
            user_id=self._active_manager().id,
        )
