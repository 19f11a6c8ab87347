from odoo import api, fields, models
from odoo.fields import Domain

from .gym_agency_change import OPEN_FILE_STATES
from .gym_agency_handover_line import RETURNED


class GymAgencyHandoverLine(models.Model):
    """A claim after the hand-over: what becomes of it at the gym, and what outlives the
    person."""

    _inherit = "gym.agency.handover.line"

    amount_open_kept = fields.Monetary(
        string="Open at the End",
        readonly=True,
        help="What was open when the claim was returned or anonymised.",
    )

    def _place_holds(self):
        # EXTENDS gym_agency_handover_line: what is settled up to now is no change
        self.claim_ids._note_settled()
        return super()._place_holds()

    def _reported(self):
        """Return what the agency itself reported as paid, in the line's currency."""
        return self.amount_recovered

    @api.model
    def _alert_changes(self, concerned):
        """Tell the responsible of hand-overs whose open lines are concerned.

        One query where nobody is at an agency.
        """
        # sudo: who books a payment may not read hand-overs
        lines = self.sudo().search(
            Domain("file_state", "in", OPEN_FILE_STATES) & concerned
        )
        lines.handover_id._alert_changes()

    # === RETENTION === #
    # The figures of a file outlive the person.

    @api.depends("handover_id.date_anonymised", "amount_open_kept")
    def _compute_amount_open(self):
        # EXTENDS gym_agency_handover_line: an anonymised line has no items left to look
        # at
        result = super()._compute_amount_open()
        for line in self.filtered("handover_id.date_anonymised"):
            line.amount_open = line.amount_open_kept
        return result

    def _release(self):
        # EXTENDS gym_agency_handover_line: what is paid later is not the agency's
        # success
        self._keep_amount_open()
        return super()._release()

    def _keep_amount_open(self):
        for line in self:
            line.amount_open_kept = line.amount_open

    def _forget_person(self):
        """Cut every tie to the member; amounts, numbers and states stay."""
        self.filtered(lambda line: not line._is_returned())._keep_amount_open()
        self._forget_items()
        self.payment_ids.note = False
        self.write(
            {
                "partner_id": False,
                "warning": False,
                "reason": False,
                "agency_reference": False,
                "age": 0,
            }
        )

    def _is_returned(self):
        return self.file_state in RETURNED

    def _forget_items(self):
        """An item leads to its member: claims and holds let it go."""
        self.claim_ids.move_line_id = False
        holds = self.env["gym.dunning.hold"].with_context(active_test=False)
        mine = holds.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        # what the agency could not collect is still held, nobody knows for whom
        mine.filtered("active").write(
            {"res_model": False, "res_id": False, "note": False}
        )
        mine.filtered(lambda hold: not hold.active).unlink()
