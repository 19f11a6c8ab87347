import base64

from odoo import models


class GymDunningReminder(models.Model):
    """The link to the page, in letters, e-mails and SMS."""

    _inherit = "gym.dunning.reminder"

    def _page_link(self, purpose):
        """Return the link of who gets this reminder: the addressee's own page where the
        member is on it, as a guardian's, else the member's."""
        self.ensure_one()
        # sudo: a letter leads to a page whoever makes it
        person = (self.member_id or self.partner_id).sudo()
        addressee = self.addressee_id.sudo()
        is_own = addressee == person or person not in addressee._gym_page_people()
        viewer = person if is_own else addressee
        policy = self.run_id.policy_id  # not looked up for each of many letters
        return viewer._gym_link(self.company_id, purpose, policy)

    def _page_code(self):
        """Return the QR code of the link as a data URI, for the letter."""
        # sudo: drawing a code is nobody's secret
        reports = self.env["ir.actions.report"].sudo()
        image = reports.barcode(
            "QR", self._page_link("letter"), width=180, height=180, barLevel="M"
        )
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _payment_sentence(self):
        # EXTENDS gym_dunning: in an SMS the page stands behind the sentence
        sentence = super()._payment_sentence()
        if not self.env.context.get("gym_sms") or not self._has_payment_part():
            return sentence
        return f"{sentence} {self._page_link('sms')}"
