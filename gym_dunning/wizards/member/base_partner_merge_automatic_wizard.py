from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts: a member into a mere contact."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        # EXTENDS base: the number would be copied while the source still has it
        member = src_partners.filtered("member_number")[-1:]
        if member and not dst_partner.member_number:
            self._hand_over_membership(member, dst_partner)
        self._hand_over_client_status(src_partners, dst_partner)
        return super()._update_values(src_partners, dst_partner)

    @api.model
    def _hand_over_membership(self, member, partner):
        """Give number and status to the contact that stays; together, because a
        number without a status would make an active member of a blocked one."""
        number = member.member_number
        # the source is deleted in a moment; until then it cannot keep the number
        member.member_number = self.env._("%s (merged)", number)
        # sudo: nobody gains access, both contacts are one person
        partner.sudo().write(
            {
                "member_number": number,
                "member_status_id": member.member_status_id.id,
            }
        )

    @api.model
    def _hand_over_client_status(self, sources, partner):
        """A status and its last day go together, from one contact, or not at all."""
        # sudo: one person has the status before and after, whoever merges
        known = sources.sudo().filtered("client_status_id")[-1:]
        if known and not partner.client_status_id:
            partner.sudo().write(
                {
                    "client_status_id": known.client_status_id.id,
                    "client_status_until": known.client_status_until,
                }
            )
        # what the sources still say would be copied; they are deleted in a moment
        sources.sudo().write({"client_status_id": False, "client_status_until": False})
