from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merge a member into a contact that is none so far."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        # EXTENDS base: the number would be copied while the source still has it
        member = src_partners.filtered("member_number")[-1:]
        if member and not dst_partner.member_number:
            self._hand_over_membership(member, dst_partner)
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
