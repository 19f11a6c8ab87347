"""What reminding at once needs besides what a room's tests have."""

from unittest.mock import patch

from ..base.common import TODAY


class AtOnceMixin:
    """The policy reminds at once all that its company sends automatically."""

    @classmethod
    def _set_up_at_once(cls, *centres):
        cls.policy.level_ids.mail_template_id = cls.env.ref(
            "gym_dunning.mail_template_level_1"
        )
        cls.policy.remind_at_once = True
        cls.env["gym.dunning.activation"].create(
            [
                {"policy_id": cls.policy.id, "company_id": one.id, "auto_send": True}
                for one in centres or cls.company
            ]
        )
        cls.env.ref("gym_dunning.ir_cron_dunning").sudo().active = True

    # === THE SCHEDULER === #

    def _cron_at_once(self, day=TODAY, seconds=60.0):
        """Run the action a minute after what it was woken for, without its commits,
        then all background jobs."""
        self._triggers().unlink()  # as Odoo's scheduler does
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=seconds
        ):
            self.env["gym.dunning.run"]._cron_at_once(day)
        self._work()

    # === ANSWERS === #

    def _occasions(self):
        return self.env["gym.dunning.occasion"].search([])

    def _waiting(self):
        return self.env["gym.dunning.occasion"]._waiting()

    def _triggers(self):
        """Return when the scheduled action was woken for."""
        cron = self.env.ref("gym_dunning.ir_cron_dunning_at_once").sudo()
        triggers = self.env["ir.cron.trigger"].sudo()
        return triggers.search([("cron_id", "=", cron.id)])

    def _runs_at_once(self):
        return self.env["gym.dunning.run"].search([("occasion_ids", "!=", False)])

    def _reminded_at_once(self):
        return self._runs_at_once().reminder_ids.filtered(
            lambda one: one.state == "issued"
        )
