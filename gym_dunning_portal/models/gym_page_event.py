from odoo import api, fields, models
from odoo.tools import SQL


class GymPageEvent(models.Model):
    """What members did on their page, once a day each: how well letters lead there.

    It is counted on the server, by the link; no cookie is set for it.
    """

    _name = "gym.page.event"
    _description = "Use of a Member's Page"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "kind"

    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("opened", "Opened"),
            ("known", "Said Who They Are"),
            ("paid", "Paid"),
            ("answered", "Answered"),
            ("mandate", "Gave an Account"),
        ],
        required=True,
        readonly=True,
    )
    purpose = fields.Selection(
        [
            ("letter", "Letter"),
            ("email", "E-Mail"),
            ("sms", "SMS"),
            ("desk", "Reception"),
            ("account", "Logged In"),
            ("pay", "Payment"),
            ("mandate", "New Account"),
        ],
        string="Came by",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Who", required=True, readonly=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        "gym.dunning.level",
        readonly=True,
        ondelete="set null",
        help="The highest level of what was open then.",
    )

    _once = models.UniqueIndex(
        "(partner_id, company_id, date, kind, purpose)",
        "What somebody did is counted once a day.",
    )

    @api.model
    def _note(self, visit, kind, items=None):
        """Count what a visitor did.

        :param items: what was open, where it is known already
        """
        if not visit.token:  # the office looks, as the member sees it
            return
        page = self.env["gym.page"].sudo()._of(visit.company)  # as for the page itself
        items = page._items(visit) if items is None else items
        levels = items.policy_id.level_ids.sorted("sequence") & items.level_id
        self.env.execute_query(
            SQL(
                """INSERT INTO gym_page_event
                          (date, kind, purpose, company_id, partner_id, level_id)
                   VALUES (%s, %s, %s, %s, %s, %s)
                   ON CONFLICT DO NOTHING RETURNING id""",
                page._day(),
                kind,
                visit.purpose,
                visit.company.id,
                visit.viewer.id,
                levels[-1:].id or None,
            )
        )
