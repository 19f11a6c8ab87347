from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date


class GymDunningReminder(models.Model):
    """Reminders whose items an agency works on: they are what it was given."""

    _inherit = "gym.dunning.reminder"

    def _agency_files(self):
        """Return the files of these reminders' items on which an agency works now."""
        # sudo: whether an item was handed over holds for whoever works on reminders
        files = self.env["gym.agency.handover.line"].sudo()
        items = self.line_ids.filtered("level_id").move_line_id
        return files.search(
            Domain("claim_ids.move_line_id", "in", items.ids)
            & files._at_agency_domain()
        )

    def _printed_refusal(self):
        # EXTENDS dunning: the agency was told that the member had been reminded
        refusal = super()._printed_refusal()
        if refusal or not (files := self._agency_files()):
            return refusal
        return self.env._(
            "%(reminder)s: its items are at %(agency)s. Take them back from there first.",
            reminder=self.display_name,
            agency=files[:1].agency_id.display_name,
        )

    def _cancel_refusals(self):
        # EXTENDS dunning: the level that the agency was told of does not fall silently
        refusals = super()._cancel_refusals()
        files = self._agency_files()
        items = {claim.move_line_id: claim.line_id for claim in files.claim_ids}
        for reminder in self if files else ():
            for item in reminder.line_ids.filtered("level_id").move_line_id & (
                self.env["account.move.line"].union(*items)
            ):
                refusals.setdefault(reminder, reminder._sentence_of_agency(items[item]))
        return refusals

    def _sentence_of_agency(self, file):
        return self.env._(
            "%(member)s has been at %(agency)s since %(date)s: %(reminder)s stays. Take the"
            " items back from the agency first.",
            member=self.partner_id.display_name,
            agency=file.agency_id.display_name,
            date=format_date(self.env, file.date),
            reminder=self.display_name,
        )
