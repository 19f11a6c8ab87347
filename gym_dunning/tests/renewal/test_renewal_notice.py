"""Notices of renewal: who is told, when, how, and what proves it."""

from datetime import date
from email.utils import make_msgid

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, new_test_user
from odoo.tools import mute_logger
from odoo.tools.date_utils import add

from ..base.common_mail import MailCommon
from ..base.common_pdf import PdfCommon
from ..base.test_reply_bounce import REPORT
from .common_contract import END, TODAY, ContractCommon

FIRST, LAST = date(2026, 1, 1), date(2026, 2, 28)  # of the French window before END
IN_TIME = date(2026, 2, 2)
PAUL = "kent.paul@example.com"


class NoticeCommon(ContractCommon, MailCommon):
    """A French gym: notices 89 to 31 days before the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.fr")
        cls.profile = cls.env.ref("gym_dunning.renewal_profile_fr")

    def _estimate_notices(self, day=IN_TIME, env=None, **vals):
        wizard = (env or self.env)["gym.renewal.notice.generate"].create(
            {"company_id": self.company.id, "date": day} | vals
        )
        return self._estimated(wizard)

    def _notify(self, day=IN_TIME, **vals):
        """Tell everybody on that day; return the run."""
        with freeze_time(day):
            run = self._estimate_notices(day, **vals)
            run.action_generate()
            self._work()
            self._empty_outbox()
        return run


class TestServerSilent(NoticeCommon):
    """M8: no mail server: nobody is to blame, and nothing goes on paper for that."""

    def setUp(self):
        super().setUp()
        self.contract = self._create_contract(
            self._create_member("Kent Paul", email=PAUL)
        )
        self.server = self.env["ir.mail_server"].search([])
        self.server.smtp_port = 9
        self.run_ = self._notify()
        self.notice = self.run_.notice_ids

    def _send_again(self):
        self.server.smtp_port = self.postbox.port
        self.run_.action_send_again()
        self._empty_outbox()

    def _searched(self, name):
        return self.run_.notice_ids.search(
            [(name, "=", True), ("run_id", "=", self.run_.id)]
        )

    @freeze_time(IN_TIME)
    def test_sent_again(self):
        """It waits as before, the run says so once, and sent again it arrives once."""
        self.assertEqual(self._searched("is_unsent"), self.notice)
        self.assertRecordValues(self.notice, [{"state": "pending", "channel": "email"}])
        self.assertIn("refused", self.notice.delivery_message)
        self.assertRecordValues(self.run_, [{"unsent_count": 1, "to_print_count": 0}])
        told = self.run_.message_ids.filtered(
            lambda one: "does not answer" in (one.body or "")
        )
        self.assertEqual(len(told), 1)
        self._send_again()
        self.assertEqual(self.notice.state, "sent")
        self.assertFalse(self.notice.delivery_message)
        self.assertEqual(len(self.postbox.received), 1)
        with self.assertRaisesRegex(UserError, "No e-mail of these"):
            self.run_.action_send_again()

    @freeze_time(IN_TIME)
    def test_contract_ended_meanwhile(self):
        """Who has left since is not told that the contract will be renewed."""
        self.contract.action_end()
        self._assert_too_late()

    def test_last_day_to_cancel_is_over(self):
        """Who cannot cancel any more is not told that he can; the last day is in time,
        and button, filter, count and banner say the same."""
        with freeze_time(self.notice.date_cancel):
            self.env.invalidate_all()
            self.assertEqual(self._searched("is_unsent"), self.notice)
            self.assertFalse(self._searched("is_too_late"))
            self.assertEqual(self.run_.unsent_count, 1)
        with freeze_time(add(self.notice.date_cancel, days=1)):
            self.env.invalidate_all()
            self._assert_too_late()

    def _assert_too_late(self):
        self.assertRecordValues(self.run_, [{"unsent_count": 0, "too_late_count": 1}])
        self.assertFalse(self._searched("is_unsent"))
        self.assertEqual(self._searched("is_too_late"), self.notice)
        shown = self.run_.action_open_too_late()["domain"]
        self.assertEqual(self.notice.search(shown), self.notice)
        with self.assertRaisesRegex(UserError, "Speak with the member"):
            self._send_again()
        self.assertFalse(self.postbox.received)

    @freeze_time(IN_TIME)
    def test_retried_in_the_outbox(self):
        """Nothing is left behind for somebody to retry beside."""
        self.server.smtp_port = self.postbox.port
        self.env["mail.mail"].search([]).action_retry()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)


class TestWhoIsTold(NoticeCommon):
    """Contracts that will be renewed, in the window of their country, once."""

    def _is_told(self, day):
        try:
            return bool(self._estimate_notices(day))
        except UserError:
            return False

    def test_window(self):
        """Market 2.3: members are told from the first to the last day of the window."""
        self._create_contract(self._create_member("Kent Paul"))
        for day, told in (
            (date(2025, 12, 31), False),
            (FIRST, True),
            (LAST, True),
            (date(2026, 3, 1), False),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._is_told(day), told)

    def test_window_ends_with_the_right_to_cancel(self):
        """Market 2.3: days count back from the last day to cancel."""
        self._create_contract(self._create_member("Kent Paul"))
        self.profile.cancel_months = 1
        run = self._estimate_notices(date(2025, 12, 1))
        self.assertEqual(run.notice_ids.date_cancel, date(2026, 2, 28))
        self.assertFalse(self._is_told(LAST))

    def test_only_what_will_be_renewed(self):
        """AMB-16: whom nobody renews, and companies, get no notice."""
        make = self._create_member
        self._create_contract(make("Off"), auto_renew=False)
        self._create_contract(make("Pack"), self.starter)
        self._create_contract(make("Paused", client_status_id=self.paused.id))
        self._create_contract(make("Firm", is_company=True))
        self._create_contract(make("Gone"))._cancel(END)
        with self.assertRaisesRegex(UserError, "no contract is due for a notice"):
            self._estimate_notices()
        self.assertFalse(self.env["gym.renewal.notice.run"].search([]))

    def test_other_centres(self):
        """E-65a: only the centre's contracts."""
        other = self._create_company(name="Other gym")
        other.country_id = self.company.country_id
        self._create_contract(self._create_member("Kent Paul"), company_id=other.id)
        self.assertFalse(self._is_told(IN_TIME))

    def test_not_twice_for_the_same_end(self):
        """Market 2.3: told once about an end; the next end is another matter."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        self._notify()
        self.assertFalse(self._is_told(date(2026, 2, 20)))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            contract.notice_ids.sudo().copy({"state": "pending"})
        self._renew()
        self.assertTrue(self._is_told(date(2027, 2, 2)))

    def test_open_ended_is_told_once(self):
        """Market 2.3: the first end without an end is told, the months after not."""
        self.profile.write({"notice_from": 25, "notice_to": 0})
        contract = self._create_contract(self._create_member("Kent Paul"))
        contract.subscription_ids.renewal_mode = "open"
        run = self._estimate_notices(date(2026, 3, 10))
        self.assertTrue(run.notice_ids.is_open_ended)
        self.assertEqual(run.notice_ids.amount, 50.0)
        self._renew()
        self.assertFalse(self._is_told(date(2026, 4, 10)))

    def test_changed_since_the_estimate(self):
        """Market 2.3: who cancelled meanwhile is not told about a renewal."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        self._create_contract(self._create_member("Kent Laura"))
        run = self._estimate_notices()
        contract._cancel(END)
        run.action_generate()
        self._work()
        self.assertEqual(run.notice_ids.partner_id.name, "Kent Laura")
        self.assertEqual((run.skipped_count, run.state), (1, "done"))

    def test_guardian_of_a_minor(self):
        """Market 2.5: for a minor who answers for him is told."""
        mother = self._create_member("Kent Maria")
        child = self._create_member(
            "Kent Tim",
            birthdate_date="2012-01-01",
            guardian_ids=[Command.set(mother.ids)],
        )
        self._create_contract(child)
        run = self._estimate_notices()
        self.assertEqual(run.notice_ids.addressee_id, mother)


class TestHowTheyAreTold(NoticeCommon):
    """By e-mail, else by letter; the day is proven on the contract."""

    def test_by_email(self):
        """Market 2.3: number, end, new term, price and last day to cancel; the date
        and the e-mail stand on the contract."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        self._notify(price_change="percent", price_percent=10.0)
        text = self.postbox.text(PAUL)
        for words in (
            contract.name,
            "ends on 03/31/2026",
            "until 03/31/2027",
            "660.00",
            "can cancel until 03/31/2026",
        ):
            self.assertIn(words, text)
        notice = contract.notice_ids
        self.assertEqual((notice.channel, notice.state), ("email", "sent"))
        self.assertEqual(notice.delivery_date.date(), IN_TIME)
        self.assertEqual((notice.date_end, notice.email), (END, PAUL))
        self.assertIn(contract.name, notice.mail_message_id.body)

    def test_language_of_the_member(self):
        """Market 2.3: each is told in his own language."""
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.env.ref("gym_dunning.mail_template_renewal_notice")
        template.with_context(lang="de_DE").subject = "Ihr Vertrag"
        self._create_contract(self._create_member("Kent Paul", lang="de_DE"))
        self._create_contract(self._create_member("Kent Laura"))
        self._notify()
        [german] = self.postbox.to(PAUL)
        [english] = self.postbox.to("kent.laura@example.com")
        self.assertEqual(german["Subject"], "Ihr Vertrag")
        self.assertIn("will be renewed", english["Subject"])
        self.assertIn("31.03.2027", self.postbox.text(PAUL))

    def test_letter_without_address(self):
        """Market 2.3: without an e-mail address a letter; one document for all."""
        contracts = self._create_contract(self._create_member("Kent Paul", email=False))
        contracts |= self._create_contract(
            self._create_member("Kent Laura", email=False)
        )
        run = self._notify()
        notices = contracts.notice_ids
        self.assertEqual(notices.mapped("state"), ["pending", "pending"])
        self.assertEqual(run.to_print_count, 2)
        self.assertFalse(self.postbox.received)
        with freeze_time(date(2026, 2, 5)):
            run.action_print()
            self.assertEqual(notices.mapped("state"), ["pending", "pending"])
            run.action_confirm_printed()
        [document] = self.env["ir.attachment"].search(
            [("res_model", "=", run._name), ("res_id", "=", run.id)]
        )
        for contract in contracts:
            self.assertIn(contract.name, document.raw.decode())
        self.assertEqual(notices.mapped("state"), ["printed", "printed"])
        self.assertEqual(notices[0].delivery_date.date(), date(2026, 2, 5))

    def test_refused_is_printed(self):
        """AMB-40: a refused e-mail has failed, somebody is told, and it is printed."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        self.postbox.refused[PAUL] = "550 No such user"
        run = self._notify()
        notice = contract.notice_ids
        self.assertEqual((notice.state, run.to_print_count), ("failed", 1))
        self.assertIn("No such user", notice.delivery_message)
        self.assertFalse(notice.delivery_date)
        self.assertIn("did not arrive", run.activity_ids.summary)
        run.action_print()
        run.action_confirm_printed()
        self.assertEqual((notice.channel, notice.state), ("print", "printed"))
        waiting = self.env["mail.mail"].search(
            [("model", "=", notice._name), ("state", "in", ("outgoing", "exception"))]
        )
        self.assertFalse(waiting)

    def test_bounce_is_printed(self):
        """AMB-40: an e-mail that comes back has failed, though it was sent."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        run = self._notify()
        [sent] = self.postbox.to(PAUL)
        report = REPORT.format(
            id=make_msgid(),
            bounce_to="office@gym.example.com",
            to=PAUL,
            recipient=f"Final-Recipient: rfc822; {PAUL}\n",
            action="failed",
            status="5.1.1",
            sender=sent["From"],
            subject=sent["Subject"],
            message_id=sent["Message-Id"],
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            root = self.env.ref("base.user_root")
            self.env["mail.thread"].with_user(root).message_process(False, report)
        self.env.invalidate_all()
        self.assertEqual(contract.notice_ids.state, "failed")
        self.assertFalse(contract.notice_ids.delivery_date)
        self.assertEqual(run.to_print_count, 1)

    def test_without_sender(self):
        """AMB-18: what cannot be sent is listed with its reason, and sent after the
        repair."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        template = self.env.ref("gym_dunning.mail_template_renewal_notice")
        template.email_from = False
        self.env["ir.mail_server"].search([]).from_filter = False
        run = self._estimate_notices()
        nobody = self.env["res.users"].browse(self.env.uid).partner_id
        nobody.email = False
        run.action_generate()
        self._work()
        self.assertEqual(run.failed_count, 1)
        self.assertIn("no e-mail address to send from", run.failure_ids.message)
        self.assertFalse(contract.notice_ids)
        template.email_from = "office@gym.example.com"
        run.action_retry_failed()
        self._work()
        self.assertEqual(contract.notice_ids.state, "pending")

    def test_proof_stays(self):
        """Rights: a clerk takes people out of the estimate, and removes no proof;
        reception sees nothing of it."""
        clerk = new_test_user(
            self.env, "clerk", "gym_dunning.group_dunning_user", lang="en_US"
        )
        clerk.company_ids = clerk.company_id = self.company
        self._create_contract(self._create_member("Kent Paul"))
        self._create_contract(self._create_member("Kent Laura"))
        run = self._estimate_notices(env=self.env(user=clerk))
        run.notice_ids[0].unlink()
        run.action_generate()
        self._work()
        self.assertEqual(len(run.notice_ids), 1)
        with self.assertRaisesRegex(UserError, "proof"):
            run.notice_ids.unlink()
        reception = new_test_user(self.env, "desk", "gym_dunning.group_gym_reception")
        with self.assertRaises(AccessError):
            run.notice_ids.with_user(reception).read(["date"])


class TestLetters(PdfCommon, NoticeCommon, HttpCase):
    """Real PDF files, in the language of the member."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("de_DE")

    def test_one_document_and_one_proof_each(self):
        """Market 2.3: one PDF for all to print; each letter is kept as it was."""
        for name, lang in (("Kent Paul", "de_DE"), ("Kent Laura", "en_US")):
            self._create_contract(self._create_member(name, email=False, lang=lang))
        run = self._notify()
        with self.allow_pdf_render():
            action = run.with_context(force_report_rendering=True).action_print()
            document = self._downloaded(action)
            run.with_context(force_report_rendering=True).action_print()
        pages = self._pages(document)
        self.assertEqual(len(pages), 2)
        for notice in run.notice_ids:
            [page] = self._pages(notice.attachment_id.raw)
            self.assertIn(notice.contract_id.name, page)
            self.assertIn(page, pages)
        text = "\n".join(pages)
        self.assertIn("31.03.2027", text)
        self.assertIn("03/31/2027", text)
        self.assertIn("Sie können bis zum 31.03.2026 kündigen.", text)
        self.assertIn("You can cancel until 03/31/2026.", text)
        made = [("res_model", "=", run.notice_ids._name), ("name", "like", ".pdf")]
        self.assertEqual(self.env["ir.attachment"].search_count(made), 2)


class TestWarnings(NoticeCommon):
    """Facts are compared with the rules of the country; nothing is hindered."""

    def _warning(self, contract):
        run = self._estimate_renewal()
        self.assertEqual(run.line_ids.contract_id, contract)
        return run.line_ids.warning or ""

    def test_no_notice_in_the_window(self):
        """Market 2.3: a French renewal without a notice in time is marked, on the
        contract as well, and done all the same."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        self.assertIn("no notice of this renewal", self._warning(contract))
        late = contract.with_context(dunning_date=TODAY)
        early = contract.with_context(dunning_date=IN_TIME)
        self.assertIn("at any time after the renewal", late.warning)
        self.assertFalse(early.warning)
        self._renew()
        self.assertEqual(contract.date_end, date(2027, 3, 31))

    def test_notice_in_time(self):
        """Market 2.3: a notice that left in the window takes the warning away."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        self._notify()
        self.assertFalse(self._warning(contract))
        self.assertFalse(contract.with_context(dunning_date=TODAY).warning)

    def test_printed_too_late(self):
        """Market 2.3: what counts is the day on which the letter left."""
        contract = self._create_contract(self._create_member("Kent Paul", email=False))
        run = self._notify()
        with freeze_time(TODAY):
            run.action_confirm_printed()
        self.assertIn("no notice", self._warning(contract))

    def test_german_consumer(self):
        """Market 2.3: contracts from March 2022 are renewed without an end only."""
        self.company.country_id = self.env.ref("base.de")
        contract = self._create_contract(self._create_member("Kent Paul"))
        self.assertIn("for a fixed term of 12 months", self._warning(contract))
        self.assertIn("for a fixed term", contract.warning)
        contract.subscription_ids.renewal_mode = "open"
        self.assertFalse(self._warning(contract))

    def test_older_german_contract(self):
        """Market 2.3: older ones for a year at most."""
        self.company.country_id = self.env.ref("base.de")
        contract = self._create_contract(
            self._create_member("Kent Paul"),
            date_start=date(2022, 2, 28),
            date_end=END,
        )
        self.assertFalse(self._warning(contract))
        contract.subscription_ids.term_months = 24
        contract.subscription_ids.date_end = END
        self.assertIn("24 months, longer than 12", self._warning(contract))

    def test_consumers_only(self):
        """Market 2.3: who pays as a company is no consumer."""
        firm = self._create_member("Firm", is_company=True)
        contract = self._create_contract(
            self._create_member("Kent Paul"), payer_id=firm.id
        )
        self.assertFalse(contract.renewal_profile_id)
        self.assertFalse(self._warning(contract))

    def test_recommended_only(self):
        """Market 2.3: Swiss members are told too, without a warning when not."""
        self.company.country_id = self.env.ref("base.ch")
        contract = self._create_contract(self._create_member("Kent Paul"))
        self.assertFalse(self._warning(contract))
        self.assertTrue(self._estimate_notices(date(2026, 1, 20)))

    def test_austrian_consumer(self):
        """Market 2.3: an Austrian renewal without a notice is marked."""
        self.company.country_id = self.env.ref("base.at")
        contract = self._create_contract(self._create_member("Kent Paul"))
        self.assertIn("no notice of this renewal", self._warning(contract))

    def test_rules_of_all_others(self):
        """Market 2.3: rules without a country are for those that have none."""
        self.company.country_id = self.env.ref("base.gr")
        contract = self._create_contract(self._create_member("Kent Paul"))
        self.assertFalse(contract.renewal_profile_id)
        others = self.profile.copy({"name": "Others", "country_id": False})
        contract.invalidate_recordset()
        self.assertEqual(contract.renewal_profile_id, others)

    def test_window_reversed(self):
        """Market 2.3: a window that ends before it begins is refused in words."""
        with self.assertRaisesRegex(UserError, "begin before they end"):
            self.profile.notice_to = 100
