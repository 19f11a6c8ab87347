from odoo import api, models
from odoo.tools import SQL

from .sms_tracker import SENT


class GymDunningOutcome(models.Model):
    """What reminders by SMS cost, and the SMS that were sent beside a letter."""

    _inherit = "gym.dunning.outcome"
    _depends = {
        "mail.notification": ["notification_status"],
        "res.company": ["dunning_cost_sms"],
        "sms.tracker": ["decides_delivery", "mail_notification_id", "reminder_id"],
    }

    @api.model
    def _channel_costs(self):
        # EXTENDS gym_dunning
        return super()._channel_costs() | {"sms": "dunning_cost_sms"}

    def _cost_sql(self):
        # EXTENDS gym_dunning: a notice is paid for, too; looked up where it costs
        return SQL(
            """(%s + CASE WHEN company.dunning_cost_sms > 0
                     THEN company.dunning_cost_sms * (
                         SELECT COUNT(*) FROM sms_tracker notice
                           JOIN mail_notification fate
                             ON fate.id = notice.mail_notification_id
                          WHERE notice.reminder_id = letter.id
                            AND notice.decides_delivery IS NOT TRUE
                            AND fate.notification_status IN %s)
                     ELSE 0 END)""",
            super()._cost_sql(),
            SENT,
        )
