from odoo import api, models
from odoo.exceptions import AccessError

from ..models.gym_page import Visit


class GymPageStatement(models.AbstractModel):
    """What is open on a day, for who looks at the page."""

    _name = "report.gym_dunning_portal.statement"
    _description = "Statement of What Is Open"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the statement prints.

        :raise AccessError: somebody asks for it past the page, which says for whom
        """
        visit = (data or {}).get("visit")
        if not isinstance(visit, Visit):
            raise AccessError(self.env._("A statement is made on the member's page."))
        lang = visit.viewer.lang or self.env.lang
        page = self.env["gym.page"].sudo().with_context(lang=lang)  # see `Visit`
        items = page._items(visit)
        return {
            "docs": visit.viewer,
            "visit": visit,
            "page": page,
            "rows": page._rows(visit, items),
            "sums": page._sums(items),
            "transfer": page._transfer(visit, items),
            "day": page._day(),
        }
