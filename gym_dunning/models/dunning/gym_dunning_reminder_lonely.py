import logging

from odoo import api, fields, models
from odoo.tools import split_every

_logger = logging.getLogger(__name__)
BATCH = 100


class GymDunningReminder(models.Model):
    """Reminders of which the fee alone is left: their centre may waive it."""

    _inherit = "gym.dunning.reminder"

    @api.model
    def _cron_waive_lonely_fees(self, date=None):
        """Waive the fees that were left alone for long enough, batch by batch; who
        fails is tried again the next day.

        :param date: the day that counts; if empty, the day it is in each gym
        """
        # sudo: a scheduled action works for all centres, whatever is ticked
        companies = self.env["res.company"].sudo()
        for company in companies.search([("dunning_lonely_fee", "=", "waive")]):
            day = fields.Date.to_date(date) or company._gym_today()
            lang = company.partner_id.lang
            if not self.sudo().with_context(lang=lang)._waive_batches(company, day):
                break

    @api.model
    def _waive_batches(self, company, date):
        """Waive the fees of a centre, each batch committed; return whether time is
        left."""
        cron = self.env["ir.cron"]
        paid_on = self.env["gym.dunning.fee"]._lonely(company, date)
        cron._commit_progress(remaining=len(paid_on))
        for ids in split_every(BATCH, [reminder.id for reminder in paid_on]):
            self.browse(ids)._waive_fees(paid_on, date)
            if not cron._commit_progress(len(ids)):
                return False
        return True

    def _waive_fees(self, paid_on, date):
        fees = self.env["gym.dunning.fee"]
        failures = self.env["gym.process"]._apply_halving(
            self, lambda some: fees._waive(some, paid_on, date)
        )
        for reminder, sentence in failures:
            # nobody watches a scheduled action
            _logger.warning("Fee of %s is not waived: %s", reminder.name, sentence)
