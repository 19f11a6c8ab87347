"""Members who passed the last level, and an agency that takes them."""

from datetime import timedelta

from ..base.common import TODAY
from .common_agency import AgencyCommon

AMOUNTS = (534.96, 1148.14)
# The third level is issued 22 days after the first and has a deadline of ten days.
LAST_LEVEL_DAY = TODAY + timedelta(days=22)
READY_DAY = LAST_LEVEL_DAY + timedelta(days=11)


class ReadyCommon(AgencyCommon):
    """Paul owes two invoices, Laura one; both were reminded three times."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, mail_notify_force_send=False))
        cls.in_collection = cls.env.ref("gym_dunning.client_status_collection")
        cls.paul = cls._create_member("Kent Paul", member_number="P-1")
        cls.laura = cls._create_member("Kent Laura", member_number="L-1")
        cls.invoices = [
            cls._create_invoice(cls.paul, days=40, amount=AMOUNTS[0]),
            cls._create_invoice(cls.paul, days=30, amount=AMOUNTS[1]),
            cls._create_invoice(cls.laura, days=20, amount=59.9),
        ]
        # what this class has in common costs its three runs once
        case = cls("_run_levels")
        case.env, case.company, case.policy = cls.env, cls.company, cls.policy
        case._run_levels(3)

    def _preview(self, date=READY_DAY, **vals):
        """Make the preview through the wizard; return the hand-over."""
        wizard = self.env["gym.agency.generate"].create(
            {
                "company_id": self.company.id,
                "agency_id": self.agency.id,
                "date": date,
            }
            | vals
        )
        return self._estimated(wizard)

    def _hand_over(self, **vals):
        """Hand everybody over who is chosen; return the hand-over."""
        handover = self._preview(**vals)
        handover.action_generate()
        self._work()
        return handover

    def _line(self, handover, partner):
        return handover.line_ids.filtered(lambda line: line.partner_id == partner)

    def _hold_reasons(self, invoice):
        line = invoice.line_ids.filtered(lambda one: one.date_maturity)
        holds = self.env["gym.dunning.hold"].search([("move_line_id", "in", line.ids)])
        return holds.mapped("reason")
