"""Answers to who somebody is, given at the same moment, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from odoo.service.model import retrying
from odoo.tools import mute_logger

from odoo.addons.gym_dunning.tests.base.common_committed import CommittedGymCase

AT_ONCE = 6


class TestPageAtOnce(CommittedGymCase):
    """Issue 18, 1: three tries, whichever of two workers hears them."""

    def _try(self, partner_id, said, barrier=None):
        if barrier:
            barrier.wait()
        with self.database.env() as env:

            def judge():
                page = env["gym.page"].sudo()
                partner = env["res.partner"].browse(partner_id)
                visit = page._visit_of(partner, env.company, "letter", token="x")
                return env["gym.page.lock"]._try(visit, said)

            return retrying(judge, env)

    def test_tries_at_once(self):
        """Of many wrong answers at one moment three are heard, and the pause begins;
        the right one is not taken in it."""
        with self.database.env() as env:
            born = {"name": "Tried", "birthdate_date": "1990-05-17"}
            partner_id = env["res.partner"].create(born).id
        barrier = Barrier(AT_ONCE)
        with (
            mute_logger("odoo.sql_db", "odoo.service.model"),
            ThreadPoolExecutor(AT_ONCE) as pool,
        ):
            answers = list(
                pool.map(
                    lambda __: self._try(partner_id, "01.01.1971", barrier),
                    range(AT_ONCE),
                )
            )
        self.assertEqual(answers, [False] * AT_ONCE)
        [(tries, paused)] = self.database.sql(
            "SELECT tries, paused_until > now() at time zone 'UTC'"
            " FROM gym_page_lock WHERE partner_id = %s",
            partner_id,
        )
        self.assertEqual((tries, paused), (3, True))
        self.assertFalse(self._try(partner_id, "17.05.1990"))
