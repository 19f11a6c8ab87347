from odoo import fields, models
from odoo.fields import Domain


class GymDebitMandate(models.Model):
    """A mandate that was signed on the member's page."""

    _inherit = "gym.debit.mandate"

    answer_ids = fields.One2many(
        "gym.member.answer", "mandate_id", string="Given on the Page", readonly=True
    )

    def _set_state(self, state):
        # EXTENDS gym_dunning: the old account ends when the new one is used
        result = super()._set_state(state)
        # sudo: whose mandate it is, and what waited for it, follows from the state
        given = self.sudo().filtered("answer_ids")
        if state == "active":
            for mandate in given:
                mandate._replaced()._set_state("cancelled")
        decides = self.env.context.get("gym_answer_decides")
        if state in ("active", "cancelled") and not decides:
            # as who acts, so that the note says who it was
            given.answer_ids.with_user(self.env.user).sudo()._note_mandate(state)
        return result

    def _replaced(self):
        """Return the mandates of the same person and creditor that this one ends."""
        return self.search(
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("creditor_id", "=", self.creditor_id.id)
            & Domain("state", "in", ("active", "review"))
            & Domain("id", "!=", self.id)
        )

    def _signed_on_page(self):
        """Return the answer by which it was signed on the page; empty: on paper."""
        self.ensure_one()
        # sudo: the form names who signed it, whoever prints it
        return self.sudo().answer_ids[:1]
