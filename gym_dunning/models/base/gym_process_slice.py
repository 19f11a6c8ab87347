from itertools import pairwise

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .gym_process import try_lock

# Each worker gets some, so that the last of them is not waited for alone.
SLICES_PER_WORKER = 2
# For fewer records no second worker is called.
LEAST = 100


class GymProcessSlice(models.Model):
    """A part of a process that one worker at a time works; others work the others.

    The owner names them (`_process_slices`): by debtor, so that nobody's letter is torn.
    Each counts for itself: two workers never write the same row.
    """

    _name = "gym.process.slice"
    _description = "Slice of a Background Process"
    _order = "id"
    _rec_name = "key"

    process_id = fields.Many2one(
        "gym.process", required=True, readonly=True, ondelete="cascade", index=True
    )
    key = fields.Char(
        readonly=True, help="What the owner knows it by; empty: all there is to do."
    )
    is_done = fields.Boolean(readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    skipped_count = fields.Integer(string="Skipped", readonly=True)

    # === KEYS === #
    # From and below which id of a contact: `12-40`, `-12`, `40-`.

    @api.model
    def _keys(self, model, domain, field, batch_size):
        """Return the keys of slices of about as many records, of whole contacts.

        :param domain: what there is to do, of the model
        :param field: name of the many2one to the contact that is never torn
        :param batch_size: less is no slice
        """
        count = model.search_count(domain)
        number = min(self._most(), count // max(batch_size, LEAST))
        if number < 2:
            return [""]
        cuts = self._cuts(model, domain, field, number)
        bounds = ["", *map(str, cuts), ""]
        return ["-".join(pair) for pair in pairwise(bounds)]

    @api.model
    def _cuts(self, model, domain, field, number):
        """Return the ids of contacts that begin a slice, but for the first slice."""
        query = model._search(domain)
        column = model._field_to_sql(model._table, field, query)
        shares = [position / number for position in range(1, number)]
        [(found,)] = self.env.execute_query(
            query.select(
                SQL(
                    "percentile_disc(%s::float[]) WITHIN GROUP (ORDER BY %s)",
                    shares,
                    column,
                )
            )
        )
        return sorted({last + 1 for last in found or () if last})

    @api.model
    def _most(self):
        """Return into how many slices a process is cut at most."""
        workers = self.env["gym.process"]._worker_count()
        return SLICES_PER_WORKER * workers if workers > 1 else 1

    def _bounds(self):
        """Return the first contact's id of the slice and the first of the next, or
        None."""
        first, __, after = (self.key or "").partition("-")
        return first and int(first) or None, after and int(after) or None

    def _domain(self, field):
        """Return the domain of what this slice works; all, where there is no other."""
        first, after = self._bounds()
        domain = Domain(f"{field}.id", ">=", first) if first else Domain(True)
        if after:
            below = Domain(f"{field}.id", "<", after)
            # who is nobody's is the first slice's
            domain &= below if first else below | Domain(field, "=", False)
        return domain

    def _sql(self, column):
        """Return the condition of `_domain` on the ids of contacts in a column."""
        first, after = self._bounds()
        below = SQL("%s < %s", column, after) if after else SQL("true")
        if first:
            return SQL("%s >= %s AND %s", column, first, below)
        return SQL("(%s IS NULL OR %s)", column, below)

    # === WORKING === #

    def _work(self):
        """Work the next batch; return the number of records handled, 0: there is none,
        or another worker has it."""
        self.ensure_one()
        # No row is locked: batches follow each other at once, and a user who cancels
        # would meet a locked row whenever he tries. A batch that was cancelled under
        # way fails on its figures, rolled back.
        if not try_lock(self.env.cr, self._table, self.id):
            return 0
        process = self.process_id
        owner = process._owner()
        return process._attempt(owner, lambda: self._work_batch(process, owner))

    def _work_batch(self, process, owner):
        handled = owner._process_batch(process, self)
        if not handled and process.state == "running":
            self.is_done = True
        return handled
