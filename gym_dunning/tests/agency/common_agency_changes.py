from datetime import timedelta

from ..base.common import TODAY
from ..dunning.common_run import RunCommon

# The last deadline is over then.
HANDED_OVER = TODAY + timedelta(days=50)


class AgencyChangesCommon(RunCommon):
    """Two members who were handed to an agency after the last level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = cls.env["gym.collection.agency"].create(
            {"partner_id": cls.env["res.partner"].create({"name": "Fair Collect"}).id}
        )
        cls.paul = cls._create_member("Kent Paul", member_number="P-1")
        cls.laura = cls._create_member("Kent Laura", member_number="L-1")
        cls.of_paul = cls._create_invoice(cls.paul, days=40, amount=100.0)
        cls.of_laura = cls._create_invoice(cls.laura, days=30, amount=60.0)

    def _hand_over(self, **vals):
        """Run the levels that are left, and hand everybody over."""
        self._run_levels(3)
        return self._hand_over_now(**vals)

    def _hand_over_now(self, **vals):
        handover = self.env["gym.agency.handover"].create(
            {
                "company_id": self.company.id,
                "agency_id": self.agency.id,
                "date": HANDED_OVER,
            }
            | vals
        )
        handover._estimate()
        handover.action_generate()
        self._work()
        return handover

    def _line(self, handover, partner):
        return handover.line_ids.filtered(lambda line: line.partner_id == partner)

    def _changes(self, handover):
        """Return who, what and how much, as told to the agency."""
        changes = self.env["gym.agency.change"].search(
            [("handover_id", "=", handover.id)], order="id"
        )
        return [(one.partner_id, one.kind, one.amount) for one in changes]

    def _allocate(self, invoice, credit):
        """Reconcile an open credit note with an invoice."""
        lines = (invoice | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
