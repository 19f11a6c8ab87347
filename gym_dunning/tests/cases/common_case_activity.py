"""A case of Laura with both debts, and its activities."""

from datetime import datetime, time, timedelta

from ..base.common import TODAY
from .common_case import CaseCommon

DAY = timedelta(days=1)


class CaseActivityCommon(CaseCommon):
    """The case is worked by its manager, who has no other rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.tz = "Europe/Zurich"
        cls.payer = cls._create_member("Kent Maria")
        cls.laura.payment_contact_id = cls.payer
        cls.case = cls._create_case()
        cls.case._add_items(cls._receivable(cls.old | cls.new))
        cls.case = cls.case.with_user(cls.manager).with_context(tracking_disable=True)

    @classmethod
    def _type(cls, name):
        return cls.env.ref(f"gym_dunning.activity_type_{name}")

    @classmethod
    def _plan(cls, name="call", case=None, **vals):
        """Enter an activity by API, as the manager."""
        case = case or cls.case
        return case.env["mail.activity"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id(case._name),
                "res_id": case.id,
                "activity_type_id": cls._type(name).id,
                "date_start": datetime.combine(TODAY, time(9)),
            }
            | vals
        )

    @classmethod
    def _promise(cls, agreed=1200.0, days=5, **vals):
        """Record a promise that begins on TODAY."""
        return cls._plan(
            "promise", agreed_amount=agreed, date_end=TODAY + days * DAY, **vals
        )

    def _shares(self, case=None):
        return (case or self.case).item_ids.mapped("amount_promised")

    def _promise_holds(self):
        return self._holds(self.old | self.new).filtered(
            lambda hold: hold.reason == "promise"
        )

    def _last_note(self):
        return self.case.message_ids[:1].body
