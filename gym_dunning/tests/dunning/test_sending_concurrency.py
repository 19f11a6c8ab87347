"""Two people send at once; the server is killed before and while e-mails leave."""

from collections import Counter

from ..base.common_committed import CommittedGymCase
from ..base.common_mail import open_postbox

QUEUE = "mail.ir_cron_mail_scheduler_action"


class TestSendingConcurrency(CommittedGymCase):
    """A real server with real commits sends to a real mail server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._start_server()

    @classmethod
    def _prepare(cls, env):  # pylint: disable=missing-return
        super()._prepare(env)
        policy = env["gym.dunning.policy"].browse(cls.policy_id)
        cls.postbox = open_postbox(cls, env, env.company, policy.level_ids)
        cls.queue_id = env.ref(QUEUE).id

    def setUp(self):
        super().setUp()
        self.postbox.received.clear()
        self.postbox.seconds = 0
        self._set_queue(True)
        if not self.server.is_up():  # a test that kills it has failed half-way
            self.server.start()
        self.addCleanup(self._forget_debts)

    # === STEPS === #

    def _set_queue(self, active):
        """Let Odoo's mail queue work at once, or not; an inactive one forgets that
        it was triggered."""
        self.database.sql(
            "UPDATE ir_cron SET active = %s, nextcall = now() AT TIME ZONE 'UTC'"
            " WHERE id = %s",
            active,
            self.queue_id,
        )

    def _forget_debts(self):
        with self.database.env() as env:
            env["account.move.line"].search([]).no_followup = True

    def _issue(self, count, name):
        """Let anna make a run over new members; return its id."""
        members = self._create_late_members(count, name)
        with self.database.env() as env:
            for number, member in enumerate(env["res.partner"].browse(members)):
                member.email = f"{name.lower()}.{number}@example.com"
        self.anna = self._browser("anna")
        run_id = self._estimate(self.anna)
        self.anna.call("gym.dunning.run", "action_generate", [run_id])
        self._wait_for(run_id)
        return run_id

    def _wait_until(self, run_id, state, count):
        def is_so():
            self.server.wake()
            return self._states(run_id)[state] == count

        self.server.wait(is_so, f"{count} reminders of run {run_id} are {state}")

    def _wait_for_outbox(self, count):
        def is_full():
            self.server.wake()
            query = "SELECT count(*) FROM mail_mail WHERE state = 'outgoing'"
            return self.database.value(query) == count

        self.server.wait(is_full, f"{count} e-mails wait in the outbox")

    # === ANSWERS === #

    def _states(self, run_id):
        rows = self.database.sql(
            "SELECT delivery_state FROM gym_dunning_reminder WHERE run_id = %s", run_id
        )
        return Counter(state for (state,) in rows)

    def _assert_one_each(self, count, in_the_air=0):
        """Each member has one e-mail; the one in the air at a kill may come twice."""
        got = Counter(rcpt for rcpt, __ in self.postbox.received)
        self.assertEqual(len(got), count)
        twice = [rcpt for rcpt, number in got.items() if number > 1]
        self.assertLessEqual(len(twice), in_the_air, twice)

    # === TESTS === #

    def test_two_people_send_one_run(self):
        """S-01: two people press Send at the same moment; one e-mail a member, and at
        most a sentence that says why."""
        run_id = self._issue(8, "Both")
        bert = self._browser("bert")
        answers = self._at_once(
            *(
                lambda browser=browser: browser.call(
                    "gym.dunning.run", "action_send", [run_id]
                )
                for browser in (self.anna, bert, self.anna)
            )
        )
        refusals = self._refusals(answers)
        self.assertEqual(len(refusals), 2, answers)
        for refusal in refusals:
            self.assertRegex(str(refusal), "nothing to send|being sent")
        self._wait_until(run_id, "sent", 8)
        self._assert_one_each(8)

    def test_run_and_reminders_at_once(self):
        """S-01: one sends the run, another its reminders: one e-mail a member."""
        run_id = self._issue(8, "Ways")
        bert = self._browser("bert")
        rows = self.database.sql(
            "SELECT id FROM gym_dunning_reminder WHERE run_id = %s", run_id
        )
        ids = [reminder_id for (reminder_id,) in rows]
        self._at_once(
            lambda: self.anna.call("gym.dunning.run", "action_send", [run_id]),
            lambda: bert.call("gym.dunning.reminder", "action_send", ids),
        )
        self._wait_until(run_id, "sent", 8)
        self._assert_one_each(8)

    def test_killed_between_outbox_and_sending(self):
        """S-01: kill -9 after the outbox was written and before the queue worked: the
        queue of the next server sends each once."""
        run_id = self._issue(20, "Between")
        self._set_queue(False)
        self.anna.call("gym.dunning.run", "action_send", [run_id])
        self._wait_for_outbox(20)
        self.server.kill()
        self.assertEqual(self._states(run_id), {"pending": 20})
        self.assertFalse(self.postbox.received)
        self._set_queue(True)
        self.server.start()
        self._wait_until(run_id, "sent", 20)
        self._assert_one_each(20)

    def test_killed_while_the_queue_sends(self):
        """S-01: kill -9 while e-mails leave: the rest is sent, and none twice but the
        one that was in the air."""
        run_id = self._issue(30, "Air")
        self.postbox.seconds = 0.2
        self.anna.call("gym.dunning.run", "action_send", [run_id])

        def has_begun():
            self.server.wake()
            return len(self.postbox.received) >= 5

        self.server.wait(has_begun, "five e-mails have left")
        self.server.kill()
        self.assertLess(len(self.postbox.received), 30, "it was killed too late")
        self.postbox.seconds = 0
        self.server.start()
        self._wait_until(run_id, "sent", 30)
        self._assert_one_each(30, in_the_air=1)

    def test_killed_while_the_outbox_is_written(self):
        """S-01, E-68a: kill -9 in the middle of the job: it goes on where it stood,
        and each member has one e-mail."""
        run_id = self._issue(130, "Middle")
        self._set_queue(False)
        self.anna.call("gym.dunning.run", "action_send", [run_id])
        self.server.wait(self._is_writing, "a batch is worked")
        self.server.kill()
        [(state, total, done, __)] = self._processes(run_id)[1:]
        self.assertIn(state, ("pending", "running"), "it was killed too late")
        outbox = self.database.value(
            "SELECT count(*) FROM mail_mail WHERE state = 'outgoing'"
        )
        self.assertEqual((total, outbox), (130, done), "a batch and its rows are one")
        self._set_queue(True)
        self.server.start()
        self._wait_until(run_id, "sent", 130)
        self._assert_one_each(130)

    def test_cancelled_while_mails_wait(self):
        """S-14: a run taken back while its e-mails wait is never sent."""
        run_id = self._issue(6, "Back")
        self._set_queue(False)
        self.anna.call("gym.dunning.run", "action_send", [run_id])
        self._wait_for_outbox(6)
        self.anna.call("gym.dunning.run", "action_cancel", [run_id])
        self._set_queue(True)
        with self.database.env() as env:
            env["mail.mail"].process_email_queue()
        self.assertFalse(self.postbox.received)
        query = "SELECT DISTINCT state FROM gym_dunning_reminder WHERE run_id = %s"
        self.assertEqual(self.database.sql(query, run_id), [("cancelled",)])
