from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

WINDOW = timedelta(minutes=10)
# In a window: links that open nothing, of one address; and looks at one page. A whole
# gym may sit behind an address, so good links are counted by page.
MAX_REFUSED = 20
MAX_LOOKS = 120
KEPT = timedelta(days=1)


class GymPageHit(models.Model):
    """A request that came lately, kept for a day so that too many are noticed.

    Rows are only added: two workers never wait for each other.
    """

    _name = "gym.page.hit"
    _description = "Request of a Member's Page"
    _log_access = False

    key = fields.Char(required=True)
    date = fields.Datetime(required=True)

    _key_idx = models.Index("(key, date)")

    @api.model
    def _note(self, key):
        # sudo: the visitor has no rights
        self.sudo().create({"key": self._hidden(key), "date": fields.Datetime.now()})

    @api.model
    def _note_look(self, address, page):
        """Note a look at a page.

        :param address, page: keys of who looks, and of the page
        :return: whether there were too many before: of bad links from this address, or
            looks at this page
        """
        self.flush_model(["key", "date"])
        now = fields.Datetime.now()
        hidden, looked = self._hidden(address), self._hidden(page)
        [(refused, looks)] = self.env.execute_query(
            SQL(
                """WITH look AS (INSERT INTO gym_page_hit (key, date)
                                 VALUES (%(looked)s, %(now)s))
                   SELECT count(*) FILTER (WHERE key = %(hidden)s),
                          count(*) FILTER (WHERE key = %(looked)s)
                     FROM gym_page_hit
                    WHERE key IN (%(hidden)s, %(looked)s) AND date > %(since)s""",
                hidden=hidden,
                looked=looked,
                now=now,
                since=now - WINDOW,
            )
        )
        return refused >= MAX_REFUSED or looks >= MAX_LOOKS

    @api.model
    def _is_refused(self, address):
        """Tell whether too many bad links came from this address lately."""
        self.flush_model(["key", "date"])
        since = fields.Datetime.now() - WINDOW
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM gym_page_hit WHERE key = %s AND date > %s",
                self._hidden(address),
                since,
            )
        )
        return count >= MAX_REFUSED

    @api.model
    def _hidden(self, key):
        """Return a key that says nothing of the address or person it stands for."""
        # sudo: the key is the database's
        return hmac(self.env(su=True), "gym_page_hit", key)[:32]

    @api.autovacuum
    def _forget(self):
        self.sudo().search([("date", "<", fields.Datetime.now() - KEPT)]).unlink()
