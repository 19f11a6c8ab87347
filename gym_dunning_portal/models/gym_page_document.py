from odoo import api, models
from odoo.fields import Domain

MAX_LETTERS = 20
DELIVERED = ("sent", "printed")
# What the list reads of a letter, and how to pay of the last one.
SHOWN = (
    "company_id",
    "currency_id",
    "date",
    "level_id",
    "name",
    "payment_key",
    "state",
)
STATEMENT = "gym_dunning_portal.statement"


class GymPage(models.AbstractModel):
    """The documents that a visitor may fetch: those of the page, and no other."""

    _inherit = "gym.page"

    @api.model
    def _letters(self, visit):
        """Return the reminders whose letters were sent to these people, newest first."""
        # sudo: see `Visit`
        reminders = self.env["gym.dunning.reminder"].sudo()
        return reminders.search_fetch(
            self._letters_domain(visit),
            SHOWN,
            order="date desc, id desc",
            limit=MAX_LETTERS,
        )

    @api.model
    def _letters_domain(self, visit):
        """Return the letters to these people; as for items, who is written to counts."""
        ids = visit.people.ids
        debtor = Domain("partner_id", "in", ids) & Domain(
            "member_id", "in", [False, *ids]
        )
        return (
            (Domain("member_id", "in", ids) | debtor)
            & Domain("company_id", "=", visit.company.id)
            & Domain("state", "=", "issued")
            & Domain("delivery_state", "in", DELIVERED)
            & Domain("level_id.send_document", "=", True)
        )

    @api.model
    def _letter(self, visit, reminder_id):
        """Return (name, content) of a letter as it was sent; None if it is none of
        this page."""
        reminder = self._letters(visit).filtered(lambda one: one.id == reminder_id)
        letter = reminder._kept_letters().get(reminder_id)
        return letter and (letter.name, letter.raw)

    @api.model
    def _invoice(self, visit, move_id):
        """Return (name, content) of an invoice as it was sent, else as it is; None if
        it is none of this page."""
        moves = self._items(visit).move_id.filtered(
            lambda move: move.id == move_id and move.is_invoice()
        )
        # sudo: see `Visit`
        return self.env["gym.invoice.copy"].sudo()._contents(moves).get(move_id)

    @api.model
    def _statement(self, visit):
        """Return (name, content) of a statement of what is open."""
        # sudo: see `Visit`
        report = self.env["ir.actions.report"].sudo()
        content, extension = report._render_qweb_pdf(
            STATEMENT, visit.viewer.ids, data={"visit": visit}
        )
        name = self.env._("Statement %s", self._day().isoformat())
        return f"{name}.{extension}", content
