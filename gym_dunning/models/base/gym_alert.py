from markupsafe import Markup

from odoo import models
from odoo.fields import Domain

ALERT_TYPE = "mail.mail_activity_data_warning"


class GymAlert(models.AbstractModel):
    """What nobody watches must reach a person: an activity, one for each matter.

    For models that have activities (`mail.activity.mixin`).
    """

    _name = "gym.alert"
    _description = "Alert"

    def _schedule_alert(self, person, summary, message):
        """Leave the person an activity, or bring the open one up to date."""
        self.ensure_one()
        note = Markup("<p>%s</p>") % message
        same = Domain("summary", "=", summary)
        if open_ones := self.activity_search(
            [ALERT_TYPE], user_id=person.id, additional_domain=same
        ):
            open_ones.note = note
            return
        self.activity_schedule(
            ALERT_TYPE, summary=summary, note=note, user_id=person.id
        )
