from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...reports.debit import debit_file
from .reasons import OF_BATCH

# Reasons told in the message of a refused export; the batch shows them all.
MAX_SENTENCES_TOLD = 10


class GymDebitBatch(models.Model):
    """Whether the bank would take the file, looked at before it is written."""

    _inherit = "gym.debit.batch"

    refusal = fields.Text(
        string="What Is Missing", compute="_compute_refusals", compute_sudo=True
    )
    refused_ids = fields.Many2many(
        "gym.debit.order",
        string="Refused Debits",
        compute="_compute_refusals",
        compute_sudo=True,
    )
    refused_count = fields.Integer(
        string="Refused", compute="_compute_refusals", compute_sudo=True
    )
    date_passed = fields.Boolean(compute="_compute_date_passed")
    warning = fields.Text(compute="_compute_warning")

    @api.depends("order_ids.state", "order_ids.mandate_id", "execution_date", "scheme")
    @api.depends_context("allowed_company_ids", "dunning_date", "lang")
    def _compute_refusals(self):
        """The list shows those of the ticked centres; the number counts all."""
        for batch in self:
            of_batch, of_orders = batch._refusals()
            batch.refusal = "\n".join(of_batch)
            refused = self.env["gym.debit.order"].union(*of_orders)
            batch.refused_ids = refused.sudo(False)._filtered_access("read")
            batch.refused_count = len(of_orders)

    @api.depends("state", "execution_date")
    @api.depends_context("dunning_date")
    def _compute_date_passed(self):
        for batch in self:
            batch.date_passed = (
                batch.state == "draft" and batch.execution_date < batch._today()
            )

    @api.depends("state", "execution_date", "date_passed", "scheme")
    @api.depends_context("dunning_date", "lang")
    def _compute_warning(self):
        for batch in self:
            first = batch._working_day(batch._today() + timedelta(days=1))
            is_late = batch.state == "draft" and batch.execution_date < first
            late = is_late and not batch.date_passed and batch._late(first)
            ends = batch.state == "draft" and batch.company_id._lsv_warning(
                batch.scheme
            )
            batch.warning = "\n".join(filter(None, (late, ends))) or False

    def _late(self, first):
        return self.env._(
            "Banks need the file one working day in advance: the day of execution "
            "should be %(date)s or later.",
            date=format_date(self.env, first),
        )

    # === REFUSALS === #

    def _refusals(self, orders=None, file=None):
        """Return why the file would be refused, in words.

        :param orders: those to look at; None: all that are in the file
        :param file: what `_debit_file` made of them, where the caller writes it
        :return: list of sentences on the batch, and a dict of order to its sentences
        """
        self.ensure_one()
        if self.state != "draft":
            return [], {}
        orders = self._open_orders() if orders is None else orders
        by_name = {order.name: order for order in orders}
        of_batch, of_orders = [], {}
        file = file or self._debit_file(orders)
        for reason in self._reasons(orders, file):
            if reason.end_to_end_id is None:
                of_batch.append(self._sentence(reason))
            else:
                order = by_name[reason.end_to_end_id]
                of_orders.setdefault(order, []).append(order._sentence(reason))
        return of_batch, of_orders

    def _reasons(self, orders, file):
        """Return ours, and what the writer of the format finds besides."""
        ours = self._own_reasons()
        for order in orders:
            ours += order._own_reasons()
        # where we found something already, the writer only says it once more
        known = {reason.end_to_end_id for reason in ours if reason.end_to_end_id}
        has_account = all(reason.code != "creditor_account_missing" for reason in ours)
        found = debit_file.check(self._format_code(), file)
        return ours + [
            reason
            for reason in found
            if reason.end_to_end_id not in known
            and (has_account or reason.code != "creditor_iban_invalid")
        ]

    def _own_reasons(self):
        reasons = []
        day = self.execution_date
        if day < self._today():
            reasons.append(debit_file.Reason("date_passed"))
        elif (next_day := self._working_day(day)) != day:
            reasons.append(
                debit_file.Reason("date_holiday", params={"next_date": next_day})
            )
        if not self.company_id._gym_to_creditor().iban:
            reasons.append(debit_file.Reason("creditor_account_missing"))
        return reasons

    def _working_day(self, day):
        return self.company_id._gym_bank_working_day(day, self.scheme)

    def _sentence(self, reason):
        known = {
            "batch": self.name,
            "creditor": self.company_id.name,
            "date": format_date(self.env, self.execution_date),
        }
        params = dict(reason.params)
        for name in ("last_date", "next_date"):
            if name in params:
                params[name] = format_date(self.env, params[name])
        return self.env._(OF_BATCH[reason.code]) % (params | known)

    def _check_refusals(self, of_batch, of_orders):
        """Refuse a batch as a whole, naming the reasons that `_refusals` found."""
        sentences = of_batch + [one for some in of_orders.values() for one in some]
        if not sentences:
            return
        raise UserError(
            self.env._(
                "%(batch)s cannot be exported yet:\n%(reasons)s",
                batch=self.name,
                reasons="\n".join(self._first(sentences)),
            )
        )

    def _first(self, sentences):
        """Return as many sentences as a message holds, and how many are left."""
        left = len(sentences) - MAX_SENTENCES_TOLD
        if left <= 0:
            return sentences
        more = self.env._("... and %s more, listed in the batch.", left)
        return [*sentences[:MAX_SENTENCES_TOLD], more]
