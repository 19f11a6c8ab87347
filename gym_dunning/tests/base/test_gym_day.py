"""What happens by itself is dated by the day it is in the gym, not on the server."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError

from ..cases.common_case_activity import CaseActivityCommon
from ..dunning.common_automatic import AutomaticCommon
from ..renewal.common_contract import END
from ..renewal.test_renewal_automatic import RenewalAutomaticCommon

# 00:30 in Auckland on 3 March, and in Honolulu on 3 March
AUCKLAND = "Pacific/Auckland", datetime(2026, 3, 2, 11, 30)
HONOLULU = "Pacific/Honolulu", datetime(2026, 3, 3, 10, 30)
LAST_MINUTES = "Pacific/Honolulu", datetime(2026, 3, 3, 9, 30)
DAY_BEFORE, DAY = date(2026, 3, 2), date(2026, 3, 3)
MOMENTS = ((*AUCKLAND, DAY), (*HONOLULU, DAY), (*LAST_MINUTES, DAY_BEFORE))


class TestGymDay(AutomaticCommon):
    """The helper, and automatic reminders (house L14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group.partner_id.tz = False
        cls._cell()
        cls._owe(cls.laura)

    def _dated(self):
        """Let the scheduled action work; return the day of its run."""
        self._cron_dunning(day=None)
        run = self._runs()
        self.assertEqual(run.reminder_ids.partner_id, self.laura)
        return run.date

    def test_zone_of_the_gym(self):
        """L14: the gym's contact, that of the holding, the person, else UTC."""
        zone = self.centre_a._gym_timezone
        self.assertEqual(zone(), "UTC")
        self.responsible.tz = "Europe/Paris"
        self.assertEqual(zone(self.responsible), "Europe/Paris")
        self.holding.partner_id.tz = "Europe/Zurich"
        self.assertEqual(zone(self.responsible), "Europe/Zurich")
        self.centre_a.partner_id.tz = "Europe/London"
        self.assertEqual(zone(self.responsible), "Europe/London")

    def test_reminders_half_an_hour_after_midnight(self):
        """L14: a run at 00:30 in Auckland is not dated the day before."""
        for zone, moment, day in MOMENTS:
            with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                self.holding.partner_id.tz = zone
                with self.env.cr.savepoint() as savepoint:
                    self.assertEqual(self._dated(), day)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_zone_of_the_responsible(self):
        """L14: where the gym has no zone, the responsible's counts."""
        zone, moment = AUCKLAND
        self.responsible.tz = zone
        with freeze_time(moment):
            self.assertEqual(self._dated(), DAY)

    def test_once_a_day_by_the_gym(self):
        """E-08: twice on a day of the gym is one run, although UTC changes between."""
        self.holding.partner_id.tz = "Pacific/Auckland"
        with freeze_time(datetime(2026, 3, 2, 11, 30)):
            self._cron_dunning(day=None)
        self._owe(self.paul)
        with freeze_time(datetime(2026, 3, 3, 1, 0)):
            self._cron_dunning(day=None)
        self.assertEqual(len(self._runs()), 2, "who was not reminded is, that day")
        self.assertEqual(set(self._runs().mapped("date")), {DAY})

    def test_tomorrow_is_refused_still(self):
        """E-29: a run of a day that has not begun in the gym is refused."""
        self.holding.partner_id.tz = "Pacific/Honolulu"
        with (
            freeze_time(datetime(2026, 3, 3, 9, 30)),
            self.assertRaisesRegex(UserError, "in the future"),
        ):
            self.env["gym.dunning.run"].create(
                {"date": date(2026, 3, 4), "policy_id": self.policy.id}
            )


class TestRenewalDay(RenewalAutomaticCommon):
    """Automatic renewals, and contracts that end."""

    def test_renewals_half_an_hour_after_midnight(self):
        """L14: on the last day of the term, by the gym's day, and not before it."""
        for zone, moment, is_last_day in (
            ("Pacific/Auckland", datetime(2026, 3, 30, 11, 30), True),
            ("Pacific/Honolulu", datetime(2026, 3, 31, 10, 30), True),
            ("Pacific/Honolulu", datetime(2026, 3, 31, 9, 30), False),
        ):
            with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                self.company.partner_id.tz = zone
                with self.env.cr.savepoint() as savepoint:
                    self._cron_renewal(day=None)
                    dates = self._runs().line_ids.move_id.mapped("invoice_date")
                    self.assertEqual(dates, [END] * is_last_day)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_contracts_end_by_the_day_of_the_gym(self):
        """L14: a contract gives access until midnight in the gym."""
        self.contract.auto_renew = False
        self.company.partner_id.tz = "Pacific/Honolulu"
        for hour, state in ((9, "active"), (10, "ended")):
            with freeze_time(datetime(2026, 4, 1, hour, 30)):
                self._cron_renewal(day=None)
            self.assertEqual(self.contract.state, state)


class TestPromiseDay(CaseActivityCommon):
    """Promises to pay that are over."""

    def test_promise_ends_by_the_day_of_the_gym(self):
        """L14: a promise until the tenth can be kept until midnight in the gym."""
        promise = self._promise()
        over = promise.date_end.toordinal() + self.company.promise_tolerance_days + 1
        day = date.fromordinal(over)
        self.company.partner_id.tz = "Pacific/Honolulu"
        for hour, state in ((9, "running"), (10, "broken")):
            moment = datetime(day.year, day.month, day.day, hour, 30)
            with (
                freeze_time(moment),
                patch.object(
                    type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
                ),
            ):
                self.env["gym.collection.case"]._cron_promises()
            self.assertEqual(promise.promise_state, state)
