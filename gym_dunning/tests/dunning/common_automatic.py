"""A holding whose reminders can be sent by e-mail, and what the scheduler does."""

from datetime import datetime
from unittest.mock import patch

from ..base.common import TODAY
from ..base.common_centres import CentresCommon


class AutomaticCommon(CentresCommon):
    """Levels with e-mail templates; `responsible` is told what happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("gym_dunning.mail_template_level_1")
        cls.policy.level_ids.mail_template_id = cls.template
        cls.responsible = cls._user("manager", cls.group)
        cls.policy.responsible_id = cls.responsible
        cls.cron = cls.env.ref("gym_dunning.ir_cron_dunning").sudo()
        cls.laura = cls._create_member("Kent Laura")
        cls.paul = cls._create_member("Kent Paul")

    # === FACTORIES === #

    @classmethod
    def _cell(cls, company=None, auto_send=True, **vals):
        return cls.env["gym.dunning.activation"].create(
            {
                "policy_id": cls.policy.id,
                "company_id": (company or cls.holding).id,
                "auto_send": auto_send,
            }
            | vals
        )

    @classmethod
    def _owe(cls, partner, company=None, **vals):
        return cls._create_invoice(partner, company=company or cls.holding, **vals)

    # === THE SCHEDULER === #

    def _switch_cron(self, on):
        """What the system administrator does."""
        self.cron.write({"active": on, "nextcall": datetime(2020, 1, 1)})
        self.cron.flush_recordset()

    def _is_picked(self):
        """Whether Odoo's own scheduler would start the action now."""
        jobs = self.env["ir.cron"]._get_all_ready_jobs(self.env.cr)
        return self.cron.id in [job["id"] for job in jobs]

    def _cron_dunning(self, day=TODAY, seconds=60.0):
        """Run the action, without its commits, then all background jobs."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=seconds
        ) as progress:
            self.env["gym.dunning.run"]._cron_dunning(day)
        self._work()
        return progress

    # === ANSWERS === #

    def _runs(self):
        return self.env["gym.dunning.run"].search([("is_automatic", "=", True)])

    def _mails(self):
        """Return the e-mails to members that wait in the outbox."""
        return self.env["mail.mail"].search([("model", "=", "gym.dunning.reminder")])

    def _alerts(self, record):
        """Return the open activities that the responsible has on the record."""
        return record.activity_ids.filtered(lambda one: one.automated)

    def _reminded(self):
        return self._runs().reminder_ids.filtered(lambda one: one.state == "issued")
