from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..reports import debit_file
from .gym_debit_reasons import OF_BATCH
from .res_company_debit import working_day

# Reasons told in the message of a refused export; the batch shows them all.
TOLD = 10


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

    @api.depends("state", "execution_date", "date_passed")
    @api.depends_context("dunning_date", "lang")
    def _compute_warning(self):
        for batch in self:
            first = working_day(batch._today() + timedelta(days=1))
            is_late = batch.state == "draft" and batch.execution_date < first
            batch.warning = is_late and not batch.date_passed and batch._late(first)

    def _late(self, first):
        return self.env._(
            "Banks want the file a working day before: the day of execution should be"
            " %(date)s or later.",
            date=format_date(self.env, first),
        )

    # === REFUSALS === #

    def _refusals(self):
        """Return why the file would be refused, in words.

        :return: list of sentences on the batch, and a dict of order to its sentences
        """
        self.ensure_one()
        if self.state != "draft":
            return [], {}
        orders = self._open_orders()
        by_name = {order.name: order for order in orders}
        of_batch, of_orders = [], {}
        for reason in self._reasons(orders):
            if reason.end_to_end_id is None:
                of_batch.append(self._sentence(reason))
            else:
                order = by_name[reason.end_to_end_id]
                of_orders.setdefault(order, []).append(order._sentence(reason))
        return of_batch, of_orders

    def _reasons(self, orders):
        """Return ours, and what the writer of the format finds besides."""
        ours = self._own_reasons()
        for order in orders:
            ours += order._own_reasons()
        # where we found something already, the writer only says it once more
        known = {reason.end_to_end_id for reason in ours if reason.end_to_end_id}
        has_account = all(reason.code != "creditor_account_missing" for reason in ours)
        found = debit_file.check(self._format_code(), self._debit_file(orders))
        return ours + [
            reason
            for reason in found
            if reason.end_to_end_id not in known
            and (has_account or reason.code != "creditor_iban_invalid")
        ]

    def _own_reasons(self):
        codes = []
        if self.execution_date < self._today():
            codes.append("date_passed")
        if not self._creditor_account().acc_number:
            codes.append("creditor_account_missing")
        return [debit_file.Reason(code) for code in codes]

    def _sentence(self, reason):
        known = {
            "batch": self.name,
            "creditor": self.company_id.name,
            "date": format_date(self.env, self.execution_date),
        }
        params = dict(reason.params)
        if "last_date" in params:
            params["last_date"] = format_date(self.env, params["last_date"])
        return self.env._(OF_BATCH[reason.code]) % (params | known)

    def _check_refusals(self):
        """Refuse a batch as a whole, naming the reasons."""
        of_batch, of_orders = self._refusals()
        sentences = of_batch + [one for some in of_orders.values() for one in some]
        if not sentences:
            return
        told = sentences[:TOLD]
        if len(sentences) > TOLD:
            told.append(
                self.env._(
                    "... and %s more, listed in the batch.", len(sentences) - TOLD
                )
            )
        raise UserError(
            self.env._(
                "%(batch)s cannot be exported yet:\n%(reasons)s",
                batch=self.name,
                reasons="\n".join(told),
            )
        )
