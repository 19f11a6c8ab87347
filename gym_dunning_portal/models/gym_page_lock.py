import re
from datetime import date, timedelta
from hmac import compare_digest

from odoo import api, fields, models
from odoo.tools import SQL

TRIES = 3
# Minutes; it doubles with each pause, up to a day.
FIRST_PAUSE, LONGEST_PAUSE = 15, 24 * 60
SIZE = 64
NUMBERS = re.compile(r"\d+")


class GymPageLock(models.Model):
    """Wrong answers to who somebody is: after three there is a pause, each longer.

    One row for each person that was asked about, locked while an answer is judged, so
    that two workers cannot let more tries pass than one.
    """

    _name = "gym.page.lock"
    _description = "Tries at a Member's Page"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    tries = fields.Integer(default=0, help="Wrong ones since the last right one.")
    paused_until = fields.Datetime()

    _once = models.UniqueIndex("(partner_id)", "Tries are counted once for a person.")

    @api.model
    def _try(self, visit, said):
        """Judge an answer.

        :param said: a birth date or a member number, as it was typed
        :return: whether it is right; during a pause none is
        """
        lock = self.sudo()._locked(visit.viewer)  # sudo: the visitor has no rights
        if lock._is_paused():
            return False
        if self._is_right(visit, said):
            lock.write({"tries": 0, "paused_until": False})
            return True
        lock._count_wrong()
        return False

    @api.model
    def _locked(self, partner):
        """Return the row of a person, which nobody else judges meanwhile."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO gym_page_lock (partner_id, tries) VALUES (%s, 0)
                   ON CONFLICT (partner_id) DO UPDATE SET tries = gym_page_lock.tries
                   RETURNING id""",
                partner.id,
            )
        )
        self.invalidate_model()
        return self.browse(rows[0][0])

    @api.model
    def _paused_until(self, visit):
        """Return until when nobody is asked, if there is a pause."""
        # sudo: the visitor has no rights
        lock = self.sudo().search([("partner_id", "=", visit.viewer.id)])
        return lock.paused_until if lock and lock._is_paused() else None

    def _is_paused(self):
        return bool(self.paused_until) and self.paused_until > fields.Datetime.now()

    def _count_wrong(self):
        tries = self.tries + 1
        vals = {"tries": tries}
        if tries % TRIES == 0:
            minutes = min(FIRST_PAUSE * 2 ** min(tries // TRIES - 1, 10), LONGEST_PAUSE)
            vals["paused_until"] = fields.Datetime.now() + timedelta(minutes=minutes)
        self.write(vals)

    @api.model
    def _forget(self, partners):
        """Start anew for these people, as when their links were withdrawn."""
        # sudo: whoever may withdraw links
        self.sudo().search([("partner_id", "in", partners.ids)]).unlink()

    # === THE ANSWER === #

    @api.model
    def _is_right(self, visit, said):
        """Tell whether it is the birth date or the number of somebody on the page."""
        said = (said or "")[:SIZE].strip()
        spelt = said.casefold().encode()
        dates = self._dates(said)
        right = False
        for person in visit.people:  # all of them: the time it takes tells nothing
            number = (person.member_number or "").strip().casefold().encode()
            right |= bool(number) and compare_digest(number, spelt)
            right |= bool(person.birthdate_date) and person.birthdate_date in dates
        return right

    @api.model
    def _dates(self, said):
        """Return the days that a text can mean: with the year first or last, the day
        before the month; where no points stand between, also after it, as some write."""
        parts = NUMBERS.findall(said)
        if len(parts) == 1 and len(parts[0]) == 8:
            text = parts[0]
            parts = [text[:2], text[2:4], text[4:]]
        if len(parts) != 3:
            return set()
        first, second, third = map(int, parts)
        if len(parts[0]) == 4:
            orders = [(first, second, third)]
        else:
            orders = [(third, second, first)]
            if "." not in said:
                orders.append((third, first, second))
        return {day for day in map(_day, orders) if day}


def _day(parts):
    try:
        return date(*parts)
    except (ValueError, OverflowError):
        return None
