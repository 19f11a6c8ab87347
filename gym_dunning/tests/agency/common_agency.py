"""Members handed over to an agency, without the runs before it."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from ..base.common import TODAY
from ..base.common_english import EnglishCommon

# after three levels, each eleven days later, and the last one's deadline
HANDED_OVER = TODAY + timedelta(days=60)


class AgencyCommon(EnglishCommon):
    """An agency, and hand-overs to it as the back office makes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"  # a background job speaks its starter's language
        cls.agency = cls.env["gym.collection.agency"].create(
            {
                "partner_id": cls.env["res.partner"]
                .create({"name": "Fair Collection", "email": "in@agency.example.com"})
                .id,
                "company_id": cls.company.id,
            }
        )

    def _create_clerk(self):
        return new_test_user(
            self.env,
            "agency.clerk",
            groups="gym_dunning.group_dunning_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _hand_over(self, members=None, date=HANDED_OVER):
        """Hand members over whatever their level; None: who passed the last one."""
        wizard = self.env["gym.agency.generate"].create(
            {
                "company_id": self.company.id,
                "agency_id": self.agency.id,
                "date": date,
                "partner_ids": members.ids if members else [],
            }
        )
        handover = self._estimated(wizard)
        handover.action_generate()
        self._work()
        return handover
