from odoo import api, fields, models
from odoo.fields import Domain

# State of the mirror by the state of the mandate.
STATES = {
    "draft": "draft",
    "valid": "active",
    "expired": "cancelled",
    "cancel": "cancelled",
}
# What the mirror shows; a change of it is passed on.
MIRRORED = {
    "company_id",
    "format",
    "last_debit_date",
    "partner_bank_id",
    "signature_date",
    "state",
    "unique_mandate_reference",
}
# A reference has no more in ISO 20022, nor in the mirror.
REFERENCE_SIZE = 35


class AccountBankingMandate(models.Model):
    """The mandate is kept here; the member's `gym.debit.mandate` mirrors it."""

    _inherit = "account.banking.mandate"
    # the holding's mandates serve its centres
    _check_company_domain = models.check_company_domain_parent_of

    gym_mandate_ids = fields.One2many("gym.debit.mandate", "banking_mandate_id")

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        mandates._mirror()
        return mandates

    def write(self, vals):
        result = super().write(vals)
        if MIRRORED & vals.keys():
            self._mirror()
        return result

    def unlink(self):
        # sudo: whoever may delete the mandate; refused once a debit used it
        self.sudo().gym_mandate_ids.unlink()
        return super().unlink()

    # === MIRROR === #

    def _mirror(self):
        """Make the members' mandates agree with these."""
        # sudo: the mirror has no rights of its own
        for mandate in self.sudo().filtered("partner_id"):
            mirror = mandate.gym_mandate_ids or mandate._same_of_ours()
            vals = mandate._prepare_mirror(mirror)
            if mirror:
                mirror.write(vals)
            else:
                mirror.create(vals)

    def _same_of_ours(self):
        """Return the member's mandate from before the payment orders were here."""
        self.ensure_one()
        return self.env["gym.debit.mandate"].search(
            Domain("banking_mandate_id", "=", False)
            & Domain("creditor_id", "=", self.company_id.root_id.id)
            & Domain("partner_bank_id", "=", self.partner_bank_id.id)
            & Domain("name", "=", self.unique_mandate_reference),
            limit=1,
        )

    def _prepare_mirror(self, mirror):
        state = STATES[self.state]
        # what we found out about it is not settled by any change over there
        is_reviewed = state == "active" and mirror.state == "review"
        return {
            "banking_mandate_id": self.id,
            "name": self._free_reference(mirror),
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "partner_bank_id": self.partner_bank_id.id,
            "signature_date": self.signature_date,
            "earlier_use_date": self.last_debit_date,
            "scheme": "sepa_core" if self.format == "sepa" else "other",
            "state": "review" if is_reviewed else state,
        }

    def _free_reference(self, mirror):
        """Return the reference; numbered where a sister company uses it as well."""
        reference = (self.unique_mandate_reference or "")[:REFERENCE_SIZE]
        taken = mirror.search_count(
            Domain("creditor_id", "=", self.company_id.root_id.id)
            & Domain("name", "=", reference)
            & Domain("id", "not in", mirror.ids),
            limit=1,
        )
        suffix = f" #{self.id}" if taken else ""
        return reference[: REFERENCE_SIZE - len(suffix)] + suffix
