from odoo import api, models
from odoo.fields import Domain

# So many of the viewer's own messages the page lists.
SHOWN = 5


class GymPage(models.AbstractModel):
    """What the viewer told us on the page, and what we answered."""

    _inherit = "gym.page"

    @api.model
    def _answers(self, visit):
        """Return the viewer's last answers to this creditor, the newest first."""
        # sudo: see `Visit`
        return (
            self.env["gym.member.answer"]
            .sudo()
            .search(
                Domain("viewer_id", "=", visit.viewer.id)
                & Domain("company_id", "=", visit.company.id)
                & Domain("evidence_date", "!=", False),
                limit=SHOWN,
            )
        )

    @api.model
    def _answer_state(self, answer):
        """Return what became of an answer, as the member is told."""
        if answer.reply_text:
            return answer.reply_text
        if answer.state == "new":
            return self.env._("We are looking at it.")
        if answer.kind == "promise" and answer.state == "done":
            return self._promise_state(answer)
        if answer.state == "refused":
            return self.env._("A newer message of yours stands in its place.")
        return self.env._("We have looked at it.")

    def _promise_state(self, answer):
        answer._look_again()
        if not answer.item_ids:
            return self.env._("Paid. Thank you.")
        if answer.promised_date < answer._day():
            return self.env._("The day has passed, and it is still open.")
        return self.env._("We are waiting until then.")

    @api.model
    def _may_dispute(self, visit, item):
        """Tell whether the page offers to dispute an item; asked without a query."""
        return (
            item.amount_residual > 0
            and item.hold_reason != "dispute"
            and self._may(visit, "dispute", item)
        )
