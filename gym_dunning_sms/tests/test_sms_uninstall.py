"""The module goes again; reminders stay, and reach their members by other ways."""

from odoo.addons.gym_dunning.tests.base.common_committed import CommittedGymCase

# One SMS was sent, one waits.
WORK = """
cron = type(env["ir.cron"])
cron._commit_progress = lambda *args, **kwargs: 60.0
policy = env["gym.dunning.policy"].browse(POLICY)
policy.level_ids[0].write({"sms_use": "instead",
    "sms_template_id": env.ref("gym_dunning_sms.sms_template_level_1").id})
partners = env["res.partner"].browse(MEMBERS)
for number, partner in enumerate(partners):
    partner.phone = f"+4178123456{number}"
wizard = env["gym.dunning.generate"].create({"date": "TODAY", "policy_id": policy.id})
run = env["gym.dunning.run"].browse(wizard.action_continue()["res_id"])
run.action_generate()
env["gym.process"]._cron_run()
run.action_send()
env["gym.process"]._cron_run()
first = env["sms.tracker"].search([], order="id", limit=1)
first._update_sms_notifications("pending")
env["sms.sms"].search([("uuid", "=", first.sms_uuid)]).unlink()
env.cr.commit()
"""

UNINSTALL = """
env["ir.module.module"].search([("name", "=", "gym_dunning_sms")]
    ).button_immediate_uninstall()
"""

AFTERWARDS = """
cron = type(env["ir.cron"])
cron._commit_progress = lambda *args, **kwargs: 60.0
arch = env["gym.dunning.level"].get_view(view_type="form")["arch"]
assert "sms_use" not in arch and "mail_template_id" in arch
run = env["gym.dunning.run"].search([], order="id desc", limit=1)
assert run.unsent_count == 1 and run.sent_count == 1, run.read()
run.action_send()
env["gym.process"]._cron_run()
assert run.to_print_count == 1, run.read()
env.cr.commit()
"""


class TestSmsUninstall(CommittedGymCase):
    """What was sent stays sent; what waited is sent in another way, once."""

    def test_uninstall(self):
        """AMB-20: gym_dunning works on without the module."""
        members = self._create_late_members(2, "By SMS")
        values = {"POLICY": self.policy_id, "MEMBERS": members, "TODAY": "2026-03-02"}
        work = WORK
        for name, value in values.items():
            work = work.replace(name, str(value))
        self.database.shell(work)
        self.assertEqual(self._ways(), [("sms", "pending"), ("sms", "sent")])
        self.database.shell(UNINSTALL)
        self.assertEqual(self._ways(), [(None, "pending"), (None, "sent")])
        states = self.database.sql("SELECT DISTINCT state FROM sms_sms")
        self.assertEqual(states, [("canceled",)])
        self.database.shell(AFTERWARDS)
        self.assertEqual(self._ways(), [("print", "pending"), (None, "sent")])

    def _ways(self):
        return self.database.sql(
            """SELECT delivery_channel, delivery_state FROM gym_dunning_reminder
                WHERE state = 'issued' ORDER BY delivery_state"""
        )
