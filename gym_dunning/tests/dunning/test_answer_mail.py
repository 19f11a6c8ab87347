"""Whose e-mail stops the clock: a person's who answers a reminder, nobody else's."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..base.common import TODAY
from .common_answer import PAUL, AnswerCommon
from .common_run import day_after

# What machines send, as their programs write it.
MACHINES = {
    "RFC 3834": {"Auto_Submitted": "auto-replied"},
    "vacation (Unix)": {"Auto_Submitted": "auto-replied (vacation)"},
    "ticket system": {"Auto_Submitted": "auto-generated; owner=desk"},
    "cPanel": {"X_Autorespond": "Re: Reminder"},
    "Groupwise": {"X_Autoreply": "yes"},
    "Plesk": {"Precedence": "auto_reply"},
    "newsletter": {"Precedence": "bulk"},
    "old Unix": {"Precedence": "junk"},
    "empty sender": {"Return_Path": "<>"},
    "Outlook (de)": {"Subject": "Automatische Antwort: Mahnung"},
    "Outlook (fr)": {"Subject": "Réponse automatique : Rappel"},
    "Outlook (el)": {"Subject": "Αυτόματη απάντηση: Υπενθύμιση"},
    "old Outlook (de)": {"Subject": "Abwesenheitsnotiz: Mahnung"},
    "old Outlook": {"Subject": "Out of Office: Reminder"},
}
# What looks like it, and is a person.
PEOPLE = {
    "says so itself": {"Auto_Submitted": "no"},
    "office is a Google group": {"Precedence": "list", "List_Id": "<office.gym>"},
    "answers our notice of absence": {"Subject": "Re: Automatische Antwort: Mahnung"},
    "writes about it": {"Subject": "Re: was abwesend, zahle morgen"},
    "Outlook": {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
    "important": {"Precedence": "first-class", "Return_Path": f"<{PAUL}>"},
}


@tagged("post_install", "-at_install")
class TestAnswerMail(AnswerCommon):
    """Issue 16.6, F4: real reminders, real replies, Odoo's own gateway."""

    # === PEOPLE === #

    def test_reply_stops_the_clock(self):
        """F4: one row, open, with what they wrote; the item is held for seven days and
        the next run leaves it out, saying so."""
        answer = self._answered(self.sent)
        self.assertRecordValues(
            answer,
            [
                {
                    "reminder_id": self.reminder.id,
                    "partner_id": self.paul.id,
                    "company_id": self.company.id,
                    "policy_id": self.policy.id,
                    "state": "new",
                    "text": "I paid yesterday.",
                    "amount_open": 100.0,
                    "hold_state": "held",
                    "hold_until": day_after(7),
                }
            ],
        )
        self.assertIn(PAUL, answer.sender)
        self.assertEqual(self._held(self.invoice), "answer")
        self._create_late_member("Kent Laura")  # else there is no run
        answer._holds().date_until = day_after(11)
        run = self._estimate(day_after(11))
        self.assertEqual(self._reasons(run, self.invoice), ["answer"])
        [left_out] = run.exclusion_ids.filtered(lambda one: one.move_id == self.invoice)
        self.assertIn(
            "decide under Answers, or take the decision", left_out.explanation
        )

    def test_hold_ends_by_itself(self):
        """F4: after the days of the policy the run goes on, and the row says so."""
        self.policy.answer_hold_days = 3
        answer = self._answered(self.sent)
        self.assertEqual(self._held(self.invoice, day_after(3)), "answer")
        self.assertFalse(self._held(self.invoice, day_after(4)))
        later = answer.with_context(dunning_date=day_after(4))
        self.assertEqual(later.hold_state, "over")
        over = later.search([("hold_state", "=", "over")])
        self.assertEqual(over, answer)
        self.assertFalse(answer.search([("hold_state", "=", "over")]))
        self.assertEqual(answer.search([("hold_state", "=", "held")]), answer)
        self.assertFalse(answer.search([("hold_state", "=", "none")]))
        run = self._estimate(day_after(11))
        self.assertEqual(run.reminder_ids.partner_id, self.paul)

    def test_policy_may_not_hold(self):
        """Policy: a gym may let replies stop nothing; the row is there to be read."""
        self.policy.answer_holds = False
        answer = self._answered(self.sent)
        self.assertEqual((answer.state, answer.hold_state), ("new", "none"))
        self.assertFalse(self._held(self.invoice))
        answer.action_go_on()
        self.assertEqual(answer.outcome, "go_on")

    def test_another_address(self):
        """Whoever writes: what counts is the reminder that they answer."""
        answer = self._answered(self.sent, From="Paula <paula@private.example.net>")
        self.assertEqual(answer.partner_id, self.paul)
        self.assertIn("paula@private.example.net", answer.sender)
        self.assertEqual(self._held(self.invoice), "answer")

    def test_people_are_no_machines(self):
        """Headers that look like a machine's do not keep a member's words away."""
        for name, headers in PEOPLE.items():
            with self.subTest(name):
                self._receive(self._reply(self.sent, name, **headers))
                self.assertIn(name, self._answers().text)

    def test_who_was_written_to(self):
        """A guardian, or whoever pays, answers for the member: the items of the
        reminder are held, whoever's address it is."""
        mother = self._create_member("Kent Maria")
        child = self._create_late_member(
            "Kent Lilly",
            birthdate_date="2015-01-01",
            guardian_ids=[Command.set(mother.ids)],
        )
        run = self._send_new()
        reminder = run.reminder_ids.filtered(lambda one: one.partner_id == child)
        self.assertEqual(reminder.addressee_id, mother)
        [sent] = self.postbox.to(mother.email)
        answer = self._answered(sent, From=mother.email_formatted)
        self.assertEqual((answer.reminder_id, answer.partner_id), (reminder, child))
        self.assertEqual(self._held(self._invoices(child)), "answer")
        self.assertFalse(self._held(self.invoice), "of nobody else")

    def test_two_items_and_a_credit(self):
        """All that the reminder claims is held, a credit is not."""
        laura = self._create_late_member("Kent Laura")
        second = self._create_invoice(laura, amount=30.0, days=20)
        self._create_credit(laura, 5.0)
        answer = self._answer_of(laura)
        self.assertEqual(answer.amount_open, 130.0)
        self.assertEqual(len(answer._holds()), 2)
        self.assertEqual(self._held(second), "answer")

    # === MACHINES AND OURSELVES === #

    def test_machines_stop_nothing(self):
        """F4: absence, tickets, newsletters: in the chatter, not in the list."""
        for name, headers in MACHINES.items():
            with self.subTest(name):
                reply = self._reply(self.sent, name, **headers)
                self._receive(reply)
                self.assertIn(name, self.reminder.message_ids[0].body)
                self.assertFalse(self._answers())
                self.assertFalse(self._held(self.invoice))

    def test_receipt_of_reading(self):
        """Odoo takes a receipt of reading for a report: nothing is stopped."""
        report = self._reply(self.sent, "Your message was displayed.")
        report.replace_header(
            "Content-Type",
            'multipart/report; report-type=disposition-notification; boundary="B"',
        )
        report.set_payload("--B\nContent-Type: text/plain\n\nDisplayed.\n--B--\n")
        self._receive(report)
        self.assertFalse(self._answers())
        self.assertNotIn(
            "Displayed.", "".join(self.reminder.message_ids.mapped("body"))
        )

    def test_colleague(self):
        """A colleague who answers the copy in his inbox is no member."""
        colleague = new_test_user(
            self.env,
            "colleague",
            "gym_dunning.group_dunning_user",
            email="colleague@gym.example.com",
        )
        self.assertFalse(self._answered(self.sent, From=colleague.email))
        self.assertIn("I paid", self.reminder.message_ids[0].body)

    def test_trainer_who_owes(self):
        """A colleague who trains and owes is a member when they answer their own."""
        new_test_user(self.env, "trainer", partner_id=self.paul.id, email=PAUL)
        self.assertTrue(self._answered(self.sent))

    def test_our_own_address(self):
        """What comes from an address of ours is a loop, whoever else has it: a member
        without one was given the office's."""
        self.paul.email = self.company.email
        office = f"Office <{self.company.email.upper()}>"
        self.assertFalse(self._answered(self.sent, From=office))
        domain = self.env["mail.alias.domain"].create({"name": "odoo.gym.example.com"})
        for address in (domain.catchall_email, domain.default_from_email):
            with self.subTest(address):
                self.assertFalse(self._answered(self.sent, From=address))

    # === AGAIN, LATE, AND WHAT FAILS === #

    def test_second_reply(self):
        """A second e-mail joins the open answer: one row with both texts, the hold is
        not doubled and lasts from then on."""
        self._answered(self.sent, "I paid.", Date="Mon, 02 Mar 2026 09:00:00 +0000")
        later = self.env(context=dict(self.env.context, dunning_date=day_after(2)))
        second = self._reply(
            self.sent, "See the slip.", Date="Wed, 04 Mar 2026 09:00:00 +0000"
        )
        second.add_attachment(
            b"%PDF", maintype="application", subtype="pdf", filename="slip.pdf"
        )
        self._receive(second, later)
        answer = self._answers().with_user(self.clerk)
        self.assertEqual(len(answer), 1)
        self.assertEqual(
            answer.text, "03/04/2026\nSee the slip.\n\n03/02/2026\nI paid."
        )
        self.assertEqual(answer.excerpt, "See the slip.")
        self.assertEqual(answer.attachment_ids.mapped("name"), ["slip.pdf"])
        self.assertEqual(len(answer._holds()), 1)
        self.assertEqual(answer.hold_until, day_after(9))

    def test_the_same_e_mail_twice(self):
        """A mail server that delivers twice makes one answer of one e-mail."""
        reply = self._reply(self.sent)
        self._receive(reply)
        self._receive(reply)
        self.assertEqual(len(self._answers().message_ids), 1)

    def test_after_a_decision(self):
        """Who writes again after the decision makes a new answer, held anew."""
        self._answered(self.sent).action_go_on()
        self.assertFalse(self._held(self.invoice))
        again = self._answered(self.sent, "But I did pay!")
        self.assertEqual(len(self._answers()), 2)
        self.assertEqual(again.state, "new")
        self.assertEqual(self._held(self.invoice), "answer")

    def test_reply_to_our_reply(self):
        """What answers the office's own e-mail at the reminder is an answer, too."""
        answer = self._answered(self.sent)
        action = answer.action_reply()
        self.assertEqual(action["context"]["default_partner_ids"], self.paul.ids)
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({"body": "<p>Which day?</p>"})
        )
        with self._sending():
            composer.action_send_mail()
        self._empty_outbox()
        ours = self.postbox.to(PAUL)[-1]
        self.assertIn("Which day?", ours.get_body(("plain",)).get_content())
        answer = self._answered(ours, "On Monday.")
        self.assertIn("On Monday.", answer.text)

    def test_reply_to_an_unknown_sender(self):
        """Whose address is nobody's gets no e-mail about a debt: the reply goes to whom
        the reminder was addressed."""
        answer = self._answered(self.sent, From="Paula <paula@private.example.net>")
        receivers = answer.action_reply()["context"]["default_partner_ids"]
        self.assertEqual(receivers, self.reminder.addressee_id.ids)

    def test_its_own_costs(self):
        """What the reminder itself costs is claimed by it, held and disputed with it;
        who asked about a fee can have it waived."""
        self._deliver(self.run_)
        run = self._send_new(day=day_after(11))
        reminder = run.reminder_ids
        fee = reminder.fee_move_id
        self.assertEqual(reminder.level_id, self.two)
        answer = self._answered(self.postbox.to(PAUL)[-1], "Why this fee?")
        self.assertEqual(answer.reminder_id, reminder)
        self.assertEqual(answer.amount_open, 120.0)
        self.assertEqual(self._held(fee), "answer")
        reminder.with_user(self.clerk).action_waive_fee()
        self.env.invalidate_all()
        self.assertEqual(answer.amount_open, 100.0)

    def test_costs_in_an_entry(self):
        """Of the entry that books the fees of many, only the line of this reminder."""
        self.policy.fee_booking = "entry"
        other = self._create_late_member("Kent Laura")
        self._send_new()
        self._deliver(self.reminder.search([]).run_id)
        run = self._send_new(day=day_after(11))
        self.assertEqual(len(run.reminder_ids), 2)
        answer = self._answered(self.postbox.to(other.email)[-1], From=other.email)
        self.assertEqual(answer.amount_open, 120.0)
        self.assertEqual(answer._holds().move_line_id.partner_id, other)

    def test_after_the_payment(self):
        """What is paid is not held; the row is there to be read, and says so."""
        self._pay(self.invoice)
        answer = self._answered(self.sent)
        self.assertEqual((answer.amount_open, answer.hold_state), (0.0, "none"))
        self.assertFalse(answer._holds())

    def test_after_cancelling(self):
        """Of a reminder that was taken back nothing runs; the row is there."""
        self.reminder.action_cancel()
        answer = self._answered(self.sent)
        self.assertEqual(answer.reminder_state, "cancelled")
        self.assertEqual((answer.state, answer.hold_state), ("new", "none"))

    def test_two_centres(self):
        """An answer to the letter of one centre holds nothing of the other."""
        other = self._create_company(name="Other Centre", parent_id=self.company.id)
        self.env.user.company_ids += other
        theirs = self._create_invoice(self.paul, company=other)
        self._answered(self.sent)
        self.assertEqual(self._held(self.invoice), "answer")
        self.assertFalse(self._held(theirs))

    def test_a_fault_loses_no_e_mail(self):
        """A fault of ours: the e-mail stands at the reminder, nobody gets a bounce, and
        the responsible has a task. The next e-mail is taken."""
        answers = type(self.env["gym.member.answer"])
        with (
            patch.object(answers, "_hold", side_effect=ZeroDivisionError),
            self.assertLogs("odoo.addons.gym_dunning.models.dunning.mail_thread"),
        ):
            self._receive(self._reply(self.sent))
        self.assertIn("I paid yesterday.", self.reminder.message_ids[0].body)
        self.assertFalse(self._answers(), "all or nothing")
        [task] = self.policy.activity_ids
        self.assertEqual(task.user_id, self.run_._responsible())
        self.assertIn(self.reminder.name, task.summary)
        self._empty_outbox()
        self.assertEqual(len(self.postbox.to(PAUL)), 1)
        self.assertTrue(self._answered(self.sent))

    def test_a_fault_of_the_database(self):
        """A statement that fails undoes itself alone."""
        answers = type(self.env["gym.member.answer"])

        def broken(answer, *args, **kwargs):
            answer.env.cr.execute("SELECT nothing FROM nowhere")

        with (
            patch.object(answers, "_hold", broken),
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.gym_dunning.models.dunning.mail_thread"),
        ):
            self._receive(self._reply(self.sent))
        self.assertIn("I paid yesterday.", self.reminder.message_ids[0].body)

    def test_somebody_else_at_the_same_moment(self):
        """A call of the mail server's script is repeated by Odoo where somebody else
        changed the same rows; nobody repeats what Odoo fetched itself, so that goes the
        way of other faults."""
        answers = type(self.env["gym.member.answer"])
        lost = SerializationFailure()
        with patch.object(answers, "_hold", side_effect=lost):
            with self.assertRaises(SerializationFailure), self.env.cr.savepoint():
                self._receive(self._reply(self.sent))
            server = self.env["fetchmail.server"].create({"name": "Mailbox"})
            context = dict(self.env.context, default_fetchmail_server_id=server.id)
            with self.assertLogs("odoo.addons.gym_dunning.models.dunning.mail_thread"):
                self._receive(self._reply(self.sent), self.env(context=context))
        self.assertIn("I paid yesterday.", self.reminder.message_ids[0].body)
        self.assertTrue(self.policy.activity_ids)

    def test_many_reminders(self):
        """Each of many letters has its own e-mail: a reply finds its own reminder, and
        the list reads them all with as many queries as few."""
        members = self._create_late_members(12, "Late")
        self._send_new()
        for member in members:
            [sent] = self.postbox.to(member.email)
            self._receive(self._reply(sent, f"{member.name} pays", From=member.email))
        answers = self._answers().with_user(self.clerk)
        self.assertEqual(answers.partner_id, members)
        for answer in answers:
            self.assertEqual(answer.text, f"{answer.partner_id.name} pays")
        counts = []
        for some in (answers[:1], answers[:3], answers):  # the first warms caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.web_read(
                {"excerpt": {}, "amount_open": {}, "hold_until": {}, "hold_state": {}}
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_today_without_a_date(self):
        """Where nobody gives a date it is the gym's day that counts."""
        context = dict(self.env.context)
        context.pop("dunning_date")
        self._receive(self._reply(self.sent), self.env(context=context))
        today = self.company._gym_today()
        self.assertEqual((self._answers().date_hold_end - today).days, 7)
        self.assertNotEqual(today, TODAY)

    def test_one_clock(self):
        """Whoever looks, and from where: the day is the gym's."""
        context = dict(self.env.context)
        context.pop("dunning_date")
        env = self.env(context=context)
        self._receive(self._reply(self.sent), env)
        answer = self._answers().with_env(env)
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # a day apart
            self.company.partner_id.tz = zone
            today = self.company._gym_today()
            for viewer in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
                seen = answer.with_context(tz=viewer)
                self.assertEqual(seen._day(), today)
                self.assertEqual(self._dialog(seen, "paid")._day(), today)
            answer._holds().date_until = today - timedelta(days=1)
            self.env.invalidate_all()
            self.assertEqual(answer.hold_state, "over")
            self.assertEqual(answer.search([("hold_state", "=", "over")]), answer)
