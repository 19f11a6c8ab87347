from odoo import models
from odoo.tools import groupby


class ReportGymAgency(models.AbstractModel):
    """Values of the printed list for the agency: by centre, then member."""

    _name = "report.gym_dunning.gym_agency_report"
    _description = "List for the Collection Agency (PDF)"

    _printed_model = "gym.agency.report"

    def _get_report_values(self, docids, data=None):
        docs = self.env[self._printed_model].browse(docids)
        self._log_printed(docs)
        return {
            "docs": docs,
            "lists": {doc.id: self._list(self._claims(doc), doc.date) for doc in docs},
        }

    def _log_printed(self, docs):
        docs._log_printed()

    def _claims(self, wizard):
        return self.env["gym.agency.list"]._claims(wizard._listed())

    def _list(self, claims, date):
        claims = sorted(claims, key=self._order_key)
        items = self.env["account.move.line"].browse(one.item.id for one in claims)
        return {
            "date": date,
            "centres": [
                (centre, self._members(group, date), self._totals(group))
                for centre, group in groupby(claims, lambda one: one.item.company_id)
            ],
            "dates": self.env["gym.agency.list"]._reminder_dates(items),
            "totals": self._totals(claims),
            "member_count": len({self._person(claim) for claim in claims}),
            "claim_count": len(claims),
        }

    def _person(self, claim):
        return claim.person or claim.item.partner_id

    def _order_key(self, claim):
        item, person = claim.item, self._person(claim)
        return (
            item.company_id.id,
            person.name or "",
            person.id,
            item.currency_id.id,
            claim.amount < 0,
            item._gym_due_date(),
            item.id,
        )

    def _members(self, claims, date):
        def debtor(claim):
            return self._person(claim), claim.item.currency_id

        return [
            {
                # of age or not on the day of the list
                "partner": partner.with_context(dunning_date=date),
                "number": group[0].number,
                "currency": currency,
                "claims": group,
                "amount": sum(claim.amount for claim in group),
            }
            for (partner, currency), group in groupby(claims, debtor)
        ]

    def _totals(self, claims):
        """Return currency, count and sum, for each currency."""
        return [
            (currency, len(group), sum(claim.amount for claim in group))
            for currency, group in groupby(claims, lambda one: one.item.currency_id)
        ]


class ReportGymAgencyHandover(models.AbstractModel):
    """The same list of a hand-over: the claims as they were handed over."""

    _name = "report.gym_dunning.gym_agency_handover_report"
    _inherit = "report.gym_dunning.gym_agency_report"
    _description = "List of a Hand-Over (PDF)"

    _printed_model = "gym.agency.handover"

    def _log_printed(self, docs):
        """A hand-over logs by itself what is printed of it."""

    def _claims(self, handover):
        return handover._claims()
