from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class GymDemo(models.AbstractModel):
    """An agency, members ready for it, and two who were handed over already."""

    _inherit = "gym.demo"

    @api.model
    def _make_agency(self, holding):
        """Make the agency and a hand-over that it accepted; a part was paid since.

        :return: how many are ready now, as text
        """
        # else nobody is ready before the deadline of today's letters is over
        holding.handover_at_once = True
        agency = self.env["gym.collection.agency"].create(
            {
                "partner_id": self._make_agency_partner().id,
                "company_id": holding.id,
                "min_claim": 50.0,
            }
        )
        ready = self.env["gym.agency.handover"]._ready_items().partner_id
        others = ready.filtered(
            lambda member: not member.is_minor and not member.name.startswith("Kent")
        )
        # for the preview to have one to warn of: the birth date was wrong, and
        # nobody had asked for a guardian
        others[-1:].birthdate_date = fields.Date.context_today(self) - relativedelta(
            years=16
        )
        self._hand_over(holding, agency, others[:2])
        return self.env._(
            "Ready for the agency: %(members)s members; menu Gym Dunning > Collection"
            " > Hand-Overs",
            members=len(ready) - len(others[:2]),
        )

    def _make_agency_partner(self):
        return self.env["res.partner"].create(
            {
                "name": "Nordlicht Inkasso GmbH",
                "is_company": True,
                "email": "akten@nordlicht.example.com",
                "street": "Hafenstrasse 3",
                "zip": "20457",
                "city": "Hamburg",
                "country_id": self.env.ref("base.de").id,
            }
        )

    def _hand_over(self, holding, agency, members):
        """Hand two members over; one of them pays a part to the gym afterwards."""
        wizard = self.env["gym.agency.generate"].create(
            {
                "company_id": holding.id,
                "agency_id": agency.id,
                "partner_ids": members.ids,
            }
        )
        action = wizard.action_continue()
        handover = self.env["gym.agency.handover"].browse(action["res_id"])
        handover.action_generate()
        handover.process_id._work_now()  # the demo waits for its worker
        handover.action_confirm()
        invoice = handover.line_ids[:1].claim_ids.move_id.filtered(
            lambda move: move.move_type == "out_invoice" and not move.is_dunning_fee
        )[:1]
        self._pay(invoice, 20.0, fields.Date.context_today(self))
