from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AccountPaymentLine(models.Model):
    """A line that collects an item of a direct debit of ours."""

    _inherit = "account.payment.line"

    # the ledger asks whether a line collects an item
    move_line_id = fields.Many2one(index="btree_not_null")
    gym_debit_order_id = fields.Many2one(
        "gym.debit.order",
        string="Direct Debit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.constrains("move_line_id", "gym_debit_order_id")
    def _check_not_in_flight(self):
        """No item is collected twice, by a debit and by a line put in by hand."""
        for line in self:
            flying = line.move_line_id._flying_debit() - line.gym_debit_order_id
            if flying:
                raise ValidationError(
                    self.env._(
                        "%(document)s of %(member)s is collected by the direct debit"
                        " %(name)s already. Put that debit into the payment order, or"
                        " cancel it first.",
                        document=line.move_line_id.move_id.display_name,
                        member=line.partner_id.display_name,
                        name=flying.name,
                    )
                )

    @api.constrains("mandate_id", "company_id")
    def _check_company_constrains(self):
        # EXTENDS account_banking_mandate: the holding's mandates serve its centres
        foreign = self.filtered(
            lambda line: line.mandate_id.company_id not in line.company_id.parent_ids
        )
        return super(AccountPaymentLine, foreign)._check_company_constrains()

    def unlink(self):
        # a debit is collected as a whole: its other lines go as well
        others = self.order_id.payment_line_ids.filtered(
            lambda line: (
                line.gym_debit_order_id
                and line.gym_debit_order_id in self.gym_debit_order_id
            )
        )
        return super(AccountPaymentLine, self | others).unlink()

    # === PAYMENTS === #

    @api.model
    def _get_payment_line_grouping_fields(self):
        # EXTENDS account_payment_order: a payment collects one debit, so that its
        # return opens nothing else
        return [*super()._get_payment_line_grouping_fields(), "gym_debit_order_id"]

    def _prepare_account_payment_vals(self):
        # EXTENDS account_payment_order
        vals = super()._prepare_account_payment_vals()
        return vals | {"gym_debit_order_id": self.gym_debit_order_id.id}

    def draft2open_payment_line_check(self):
        # EXTENDS account_payment_order
        result = super().draft2open_payment_line_check()
        # sudo: whoever confirms need not read debits
        reason = self.gym_debit_order_id and self.sudo()._why_not_collect()
        if reason:
            raise UserError(
                self.env._(
                    "%(reason)s Remove the line %(line)s from the payment order.",
                    reason=reason,
                    line=self.name,
                )
            )
        return result

    def _why_not_collect(self):
        """Return why a line's debit cannot be collected any more, or None."""
        debit = self.gym_debit_order_id
        if debit.state != "draft":
            return debit._state_error("exported")
        return debit._why_no_mandate() or self._why_changed()

    def _why_changed(self):
        debit = self.gym_debit_order_id
        lines = debit.payment_line_ids.filtered(
            lambda line: line.order_id == self.order_id
        )
        if not debit.currency_id.compare_amounts(
            sum(lines.mapped("amount_currency")), debit.amount
        ):
            return None
        return self.env._(
            "The direct debit %(name)s collects %(amount)s, its lines another amount.",
            name=debit.name,
            amount=debit.currency_id.format(debit.amount),
        )
