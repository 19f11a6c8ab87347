"""Who gets an e-mail, and that nobody gets two."""

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..base.common_mail import MailCommon
from .common_run import day_after


class TestSending(MailCommon):
    """Through gym.process, Odoo's mail queue and a real mail server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")
        cls.laura = cls._create_late_member("Kent Laura", amount=59.0)

    def test_addressees_get_their_own(self):
        """S-01, S-02: each addressee gets the level's e-mail with his own amount."""
        run = self._send_new()
        self.assertEqual(self._states(run), {"Kent Paul": "sent", "Kent Laura": "sent"})
        self.assertEqual(len(self.postbox.received), 2)
        paul = self._reminder(run, self.paul)
        [message] = self.postbox.to("kent.paul@example.com")
        self.assertEqual(message["Subject"], f"Reminder 1 {paul.name}")
        self.assertIn("office@gym.example.com", message["From"])
        text = self.postbox.text("kent.paul@example.com")
        self.assertRegex(text, r"Dear Kent Paul, pay \S?\s?100\.00\s?\S? by 03/12/2026")
        self.assertIn("59.00", self.postbox.text("kent.laura@example.com"))

    def test_fate_is_noted(self):
        """S-07, S-14: sent is what the mail server took, with its time; queued is not
        sent, and counts for nothing yet."""
        run = self._generate()
        run.action_send()
        paul = self._reminder(run, self.paul)
        self.assertTrue(paul.is_in_outbox)
        self.assertEqual((run.outbox_count, run.sent_count), (2, 0))
        item = self._item(self._invoices(self.paul), day_after(11))
        self.assertEqual((item.sent_count, item.due_level), (0, False))
        self._empty_outbox()
        self.assertEqual(self._fate(paul), ("email", "sent"))
        self.assertTrue(paul.delivery_date)
        self.assertFalse(paul.delivery_message)
        self.assertEqual((run.outbox_count, run.sent_count), (0, 2))
        item = self._item(self._invoices(self.paul), day_after(11))
        self.assertEqual((item.sent_count, item.due_level), (1, "2"))

    def test_members_see_the_answer_address(self):
        """S-01: an answer goes to the address that Odoo fetches, where there is one."""
        self.company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "gym.example.com", "catchall_alias": "answers"}
        )
        self._send_new()
        [message] = self.postbox.to("kent.paul@example.com")
        self.assertIn("answers@gym.example.com", message["Reply-To"])

    def test_guardian_gets_it(self):
        """AMB-28, E-25: the guardian of a minor is written to, in his language."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.one.with_context(lang="de_DE").subject = "Mahnung 1"
        mother = self._create_member("Mother", lang="de_DE")
        self.paul.write(
            {"birthdate_date": "2015-01-01", "guardian_ids": [(4, mother.id)]}
        )
        self._send_new()
        self.assertFalse(self.postbox.to("kent.paul@example.com"))
        [message] = self.postbox.to("mother@example.com")
        self.assertIn("Mahnung 1", message["Subject"])
        self.assertIn("12.03.2026", self.postbox.text("mother@example.com"))

    def test_centres_write_in_their_own_name(self):
        """S-03, AMB-21: an e-mail comes from the centre that claims."""
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        branch.email = "branch@gym.example.com"
        mike = self._create_member("Kent Mike")
        self._create_invoice(mike, company=branch)
        env = self.env(
            context=dict(
                self.env.context, allowed_company_ids=(self.company | branch).ids
            )
        )
        wizard = env["gym.dunning.generate"].create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "date": day_after(0),
            }
        )
        run = env["gym.dunning.run"].browse(wizard.action_continue()["res_id"])
        run.action_generate()
        self._work()
        self._send(run)
        [message] = self.postbox.to("kent.mike@example.com")
        self.assertIn("branch@gym.example.com", message["From"])
        [message] = self.postbox.to("kent.paul@example.com")
        self.assertIn("office@gym.example.com", message["From"])

    # === ONCE === #

    def test_not_sent_twice(self):
        """S-01: what is queued or sent is refused with a sentence, and not repeated."""
        run = self._generate()
        run.action_send()
        with self.assertRaisesRegex(UserError, "nothing to send"):
            run.action_send()
        with self.assertRaisesRegex(UserError, "Nothing to send"):
            run.reminder_ids.action_send()
        self._empty_outbox()
        with self.assertRaisesRegex(UserError, "nothing to send"):
            run.action_send()
        with self.assertRaisesRegex(UserError, "Nothing to send"):
            run.reminder_ids.action_send()
        self._empty_outbox()
        self.assertEqual(len(self.postbox.received), 2)

    def test_second_press_while_it_works(self):
        """S-01: a job that sends is not joined by a second one, whatever came after."""
        run = self._generate()
        run._start_sending(2)
        self.env["gym.process"]._start(run, "Letters", "print", 2)
        with self.assertRaisesRegex(UserError, "being sent already"):
            run.action_send()

    def test_estimate_is_not_sent(self):
        """S-14: proposals are nobody's reminders yet; no e-mail leaves for them."""
        run = self._estimate()
        with self.assertRaisesRegex(UserError, "Estimated"):
            run.action_send()
        with self.assertRaisesRegex(UserError, "Nothing to send"):
            run.reminder_ids.action_send()

    def test_cancelled_run_is_never_sent(self):
        """S-14: e-mails of a run taken back do not leave the outbox any more."""
        run = self._generate()
        run.action_send()
        run.action_cancel()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)
        self.assertEqual(set(run.reminder_ids.mapped("state")), {"cancelled"})

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_failed_mail_of_a_cancelled_run(self):
        """S-14: nor do those that failed, when an administrator retries them all."""
        self.postbox.refused["kent.paul@example.com"] = "550 unknown"
        run = self._send_new()
        self.postbox.refused.clear()
        self.postbox.received.clear()
        run.action_cancel()
        self.env["mail.mail"].search([]).action_retry()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)

    def test_printed_instead(self):
        """AMB-40: who waits in the outbox is not marked as printed beside it."""
        run = self._generate()
        run.action_send()
        run.reminder_ids._mark_delivered("printed")
        self.assertEqual(set(run.reminder_ids.mapped("delivery_state")), {"pending"})
        self._empty_outbox()
        self.assertEqual(set(run.reminder_ids.mapped("delivery_state")), {"sent"})

    # === MANY === #

    def _count_queue_queries(self, count, name):
        """Return the queries of queueing so many e-mails with their letters."""
        self._create_late_members(count, name)
        run = self._generate()
        reminders = run.reminder_ids
        self.env["ir.attachment"].create(
            [
                {
                    "name": reminder._letter_name(),
                    "raw": f"%PDF {reminder.name}".encode(),
                    "res_model": reminder._name,
                    "res_id": reminder.id,
                }
                for reminder in reminders
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run._unsent().sudo()._send()
        self.env.flush_all()
        self.assertEqual(len(self._outbox(reminders).attachment_ids), len(reminders))
        return self.env.cr.sql_log_count - before, len(reminders)

    def test_queries_of_the_outbox(self):
        """S-01, P5: one query an e-mail at most, its letter attached."""
        self._count_queue_queries(2, "Warm")
        few, count_few = self._count_queue_queries(8, "Few")
        many, count_many = self._count_queue_queries(108, "Many")
        self.assertLessEqual(many - few, count_many - count_few, (few, many))

    def test_one_failing_among_fifty(self):
        """S-01: an e-mail that cannot be made stops nobody; listed, mended, retried."""
        self._create_late_members(48, "Member")
        template = self.one.mail_template_id
        template.body_html = (
            "<p t-out=\"1 // (object.partner_id.ref != 'broken')\"/>" + BODY_OF_ALL
        )
        self.paul.ref = "broken"
        run = self._generate()
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            run._start_sending(50)
            self._work()
        self._empty_outbox()
        self.assertEqual(len(self.postbox.received), 49)
        process = run.process_id
        self.assertEqual(process.failure_ids.res_id, self._reminder(run, self.paul).id)
        self.assertIn("render", process.failure_ids.message)
        self.assertEqual(
            (process.state, process.done_count, process.failed_count), ("done", 49, 1)
        )
        self.paul.ref = False
        run.action_retry_failed()
        self._work()
        self._empty_outbox()
        self.assertEqual(len(self.postbox.received), 50)
        self.assertEqual(len(self.postbox.to("kent.paul@example.com")), 1)
        self.assertEqual(set(run.reminder_ids.mapped("delivery_state")), {"sent"})

    def test_summary(self):
        """S-01: "n queued, m to print" stands in the chatter, with lists behind."""
        self.laura.email = False
        run = self._send_new()
        self.assertIn("1 e-mails queued", str(run.message_ids[0].body))
        self.assertIn("1 to print", str(run.message_ids[0].body))
        self.assertEqual((run.sent_count, run.to_print_count), (1, 1))
        for action, member in (
            (run.action_open_sent(), self.paul),
            (run.action_open_to_print(), self.laura),
        ):
            found = self.env["gym.dunning.reminder"].search(action["domain"])
            self.assertEqual(found.partner_id, member)


BODY_OF_ALL = "<p>Please pay.</p>"
