from odoo import api, fields, models
from odoo.exceptions import UserError


class GymDebitMandate(models.Model):
    """The mirror of a mandate that is kept with the payment orders.

    Only the review is ours: a mandate under review is not used, whatever the other
    says.
    """

    _inherit = "gym.debit.mandate"

    banking_mandate_id = fields.Many2one(
        "account.banking.mandate",
        string="Mandate of Payment Orders",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _one_mirror = models.UniqueIndex(
        "(banking_mandate_id) WHERE banking_mandate_id IS NOT NULL",
        "A mandate of the payment orders is mirrored once.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(not vals.get("banking_mandate_id") for vals in vals_list):
            raise UserError(self._unknown_sentence())
        return super().create(vals_list)

    def _unknown_sentence(self):
        return self.env._(
            "Mandates are kept with the payment orders. Enter the mandate under"
            " Invoicing > Customers > Mandates, with the member's account; it appears"
            " here by itself."
        )

    def _debtor_reasons(self):
        # EXTENDS gym_dunning: of a scheme that is not ours we do not know the file
        reasons = super()._debtor_reasons()
        is_theirs = self.scheme == "other" and self.partner_bank_id.active
        return [] if is_theirs else reasons

    # === ACTIONS: passed on === #

    def action_activate(self):
        # EXTENDS gym_dunning
        if self.filtered(lambda mandate: not mandate.banking_mandate_id):
            raise UserError(self._unknown_sentence())
        for mandate in self:
            if mandate.banking_mandate_id.state == "valid":
                mandate._set_state("active")
            else:
                mandate.banking_mandate_id.validate()
        return self._tell_refusals()

    def action_cancel(self):
        # EXTENDS gym_dunning
        mirrors = self.filtered("banking_mandate_id")
        mirrors.banking_mandate_id.cancel()
        return super(GymDebitMandate, self - mirrors).action_cancel()

    def action_draft(self):
        # EXTENDS gym_dunning
        mirrors = self.filtered("banking_mandate_id")
        mirrors.banking_mandate_id.back2draft()
        return super(GymDebitMandate, self - mirrors).action_draft()
