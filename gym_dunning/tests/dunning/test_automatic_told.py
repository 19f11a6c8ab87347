"""Who is told what the scheduled action did, and what it could not do."""

from odoo.fields import Command

from .common_automatic import AutomaticCommon
from .common_run import day_after


class TestWhoIsTold(AutomaticCommon):
    """No failure is silent, and none stops another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._cell()
        cls._owe(cls.laura)

    def _broken_policy(self):
        """A policy of another gym that comes first and cannot run."""
        policy = self._create_policy(
            name="Broken",
            company_id=self.stranger.id,
            sequence=1,
            level_ids=[Command.create({"name": "Only", "report_id": False})],
            responsible_id=self.responsible.id,
        )
        policy.level_ids.mail_template_id = self.template
        self._cell(self.stranger, policy_id=policy.id)
        self._owe(self.paul, self.stranger)
        return policy

    def test_broken_policy_does_not_stop_the_others(self):
        """S-05: a policy that is not complete costs nobody else his run."""
        broken = self._broken_policy()
        self._cron_dunning()
        self.assertEqual(self._reminded().partner_id, self.laura)
        alert = self._alerts(broken)
        self.assertEqual(alert.user_id, self.responsible)
        self.assertIn(self.stranger.name, alert.summary)
        self.assertIn("Only", alert.note)

    def test_one_activity_until_it_is_done(self):
        """S-05: what fails every day is one activity, not one a day."""
        broken = self._broken_policy()
        self._cron_dunning()
        self._cron_dunning(day_after(1))
        self.assertEqual(len(self._alerts(broken)), 1)
        self._alerts(broken).action_done()
        self._cron_dunning(day_after(2))
        self.assertEqual(len(self._alerts(broken)), 1)

    def test_summary_goes_to_the_responsible(self):
        """S-05: the responsible is told the figures of each automatic run."""
        self._owe(self.paul)
        self.paul.email = False
        self._cron_dunning()
        message = self._runs().message_ids.filtered(
            lambda one: self.responsible.partner_id in one.notified_partner_ids
        )
        self.assertEqual(len(message), 1)
        self.assertRegex(
            str(message.body),
            "2 reminders issued, 0 skipped, 0 failed; 1 e-mails queued, 0 sent,"
            " 1 letters to print",
        )

    def test_summary_speaks_the_language_of_the_responsible(self):
        """S-05: who reads German is told in German."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.responsible.lang = "de_DE"
        self._cron_dunning()
        run, person = self._runs()._in_words_of_responsible()
        self.assertEqual((run.env.lang, person), ("de_DE", self.responsible))

    def test_absent_responsible_is_replaced(self):
        """S-05: when the responsible has left, the administrator is told."""
        admin = self.env.ref("base.user_admin")
        self.responsible.active = False
        self.assertEqual(self.policy._responsible(), admin)
        self.policy.responsible_id = False
        self._cron_dunning()
        self.assertIn(admin.partner_id, self._runs().message_ids.notified_partner_ids)

    def test_quiet_run_leaves_no_activity(self):
        """S-05: a run without failure asks nobody for anything."""
        self._cron_dunning()
        self.assertFalse(self._alerts(self._runs()))

    def test_stopped_job_becomes_an_activity(self):
        """S-05: a defect that stops the job reaches the responsible."""
        self._cron_dunning()
        run = self._runs()
        process = run.process_ids[0]
        process._close("failed", "The disk is full.")
        run._process_failed(process)
        alert = self._alerts(run)
        self.assertEqual(alert.user_id, self.responsible)
        self.assertIn("The disk is full.", alert.note)

    def test_stopped_job_by_hand_is_no_activity(self):
        """E-68b: who started a run by hand is told at once, nobody else."""
        run = self._generate()
        run._process_failed(run.process_ids[0])
        self.assertFalse(self._alerts(run))

    def test_failed_reminders_become_an_activity(self):
        """E-69c: what failed in an automatic run is somebody's to mend, once a day."""
        self._cron_dunning()
        run = self._runs()
        process = run.process_ids.filtered(lambda one: one.step == "generate")
        process.sudo()._add_failure(run.reminder_ids, "No account.")
        run._report_automatic()
        self.assertIn("No account.", self._alerts(run).note)

    def test_failed_e_mails_become_one_activity(self):
        """S-05, AMB-40: e-mails that fail later are one activity for the run."""
        self._owe(self.paul)
        self._cron_dunning()
        for number, reminder in enumerate(self._reminded(), start=1):
            reminder._set_delivery("failed", "No such mailbox")
            alert = self._alerts(self._runs())
            self.assertEqual(len(alert), 1)
            self.assertIn(f"failed: {number}.", alert.note)
