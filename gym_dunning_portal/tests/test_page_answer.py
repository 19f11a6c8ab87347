"""Paid already, I pay on, this is not right: on the page, and at the office."""

import re
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import tagged

from odoo.addons.gym_dunning.exceptions import NothingToDo
from odoo.addons.gym_dunning_portal.models.evidence import Evidence

from .common_page import PASSWORD
from .common_page_answer import PDF, PageAnswerCommon, picture


@tagged("post_install", "-at_install")
class TestPagePaid(PageAnswerCommon):
    """Issue 18, 4: paid already, with day and a picture or PDF."""

    def test_paid(self):
        """It is held for the days of the policy, is a task, and carries evidence."""
        response = self._say_paid(files={"file": ("slip.pdf", PDF, "text/html")})
        self.assertIn("Thank you", response.text)
        answer = self._answers()
        self.assertRecordValues(
            answer,
            [
                {
                    "kind": "paid",
                    "state": "new",
                    "partner_id": self.paul.id,
                    "member_id": self.paul.id,
                    "company_id": self.company.id,
                    "amount_open": 100.0,
                    "paid_date": self.today - timedelta(days=3),
                }
            ],
        )
        days = self.policy.answer_hold_days
        self.assertEqual(self._held(self.invoice, days), "answer")
        self.assertFalse(self._held(self.invoice, days + 1))
        self.assertEqual(answer.attachment_ids.name, "slip.pdf")
        self.assertEqual(answer.attachment_ids.mimetype, "application/pdf")
        self.assertEqual(answer.attachment_ids.raw, PDF)
        self.assertEqual(answer.activity_id.res_id, self.paul.id)
        self.assertIn("127.0.0.1", answer.evidence_ip)
        self.assertTrue(answer.evidence_browser)
        self.assertIn("I have paid this already", answer.evidence_text)
        self.assertIn(self.invoice.name, answer.evidence_text)
        self.assertEqual(self.invoice.amount_residual, 100.0, "no money moved")

    def test_one_click_accepts(self):
        """The clerk waits for the money with one click; the task is done and Paul
        reads it on his page."""
        self._say_paid()
        answer = self._answers()
        task = answer.sudo().activity_id
        answer.action_done()
        self.assertEqual((answer.state, answer.outcome), ("done", "paid"))
        self.assertEqual(self._held(self.invoice), "answer")
        self.assertFalse(task.exists().active)
        self.assertIn("waiting for your payment", self._mails()[0].body)
        self.assertIn("waiting for your payment", self._open(self.path).text)

    def test_refused_then_sent_again(self):
        """A refusal says why; the same again is taken, and stops no reminders."""
        self._say_paid()
        answer = self._answers()
        with self.assertRaisesRegex(UserError, "why it is refused"):
            self._dialog(answer, "refuse", text="  ")
        self._dialog(answer, "refuse", text="We <b>find</b> no payment.")
        self.assertEqual((answer.state, answer.outcome), ("refused", "refused"))
        self.assertFalse(self._held(self.invoice))
        page = self._open(self.path).text
        self.assertIn("We &lt;b&gt;find&lt;/b&gt; no payment.", page)
        self.assertIn("&lt;b&gt;find", self._mails()[0].body)
        self._say_paid()
        self.assertEqual(len(self._answers()), 2)
        self.assertFalse(self._held(self.invoice), "told once before")

    def test_answered_twice(self):
        """While it is open, the same need not be said again; another item may."""
        self._say_paid()
        other = self._owe(self.paul, 30.0)
        response = self._say_paid(self.invoice, other)
        self.assertEqual(response.status_code, 200)
        answers = self._answers()
        self.assertEqual(len(answers), 2)
        self.assertEqual(sorted(answers.mapped("amount_open")), [30.0, 100.0])
        self._open(f"{self.path}/answer/paid")
        item = self._ledger(self.invoice).id
        page = self._open(f"{self.path}/answer/paid")
        self.assertIn("need not send anything", page.text)
        self.assertNotIn(f'value="{item}"', page.text)

    def test_double_click(self):
        """The same form posted twice is one answer."""
        page = self._open(f"{self.path}/answer/paid").text
        key = page.split('name="key" value="')[1][:32]
        data = {"item": self._ledger(self.invoice).id, "day": self._day(0), "key": key}
        self._send("paid", data)
        self.assertIn("We have this already", self._send_raw("paid", data))
        self.assertEqual(len(self._answers()), 1)

    def _send_raw(self, kind, data):
        csrf = self._open(f"{self.path}/answer/address").text
        token = csrf.split('name="csrf_token" value="')[1].split('"')[0]
        return self._open(
            f"{self.path}/answer/{kind}", data=data | {"csrf_token": token}
        ).text

    def test_paid_meanwhile(self):
        """The money came in before the clerk looked: one click closes it."""
        self._say_paid()
        self._pay(self.invoice)
        self.env.invalidate_all()
        answer = self._answers()
        answer.action_done()
        self.assertIn("nothing is open any more", answer.outcome_text)

    def test_taken_back(self):
        """The decision is taken back as that of an e-mail is."""
        self._say_paid()
        answer = self._answers()
        self._dialog(answer, "refuse", text="No payment.")
        answer.action_reopen()
        self.assertRecordValues(answer, [{"state": "new", "reply_text": False}])
        self.assertEqual(self._held(self.invoice), "answer")
        with self.assertRaises(NothingToDo):
            answer.action_reopen()

    def test_member_merged(self):
        """Paul is merged into another contact: his answer goes with him."""
        self._say_paid()
        answer = self._answers()
        other = self._create_member("Kent Paul Junior")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.paul | other).ids, other
        )
        self.env.invalidate_all()
        self.assertEqual(answer.partner_id, other)
        self.assertEqual(answer.viewer_id, other)
        answer.action_done()
        self.assertEqual(answer.state, "done")

    # === BAD INPUT === #

    def test_days_that_cannot_be(self):
        """Tomorrow, years ago and nonsense are refused with a sentence."""
        for day in (self._day(1), self._day(-400), "yesterday", "", "2026-13-45"):
            with self.subTest(day=day):
                item = self._ledger(self.invoice).id
                response = self._send("paid", {"item": item, "day": day})
                self.assertEqual(response.status_code, 422)
                self.assertIn("Enter the day on which you paid", response.text)
        self.assertFalse(self._answers())

    def test_files(self):
        """PDF and pictures by their content; nothing else, and nothing big."""
        html = b"<html><script>alert(1)</script></html>"
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
        for name, content, words in (
            ("slip.pdf", html, "PDF or a picture"),
            ("slip.png", svg, "PDF or a picture"),
            ("slip.png", picture()[:40], "PDF or a picture"),
            ("slip.pdf", PDF + b"0" * (5 * 1024 * 1024), "bigger than 5 MB"),
        ):
            with self.subTest(name=name, words=words):
                response = self._say_paid(files={"file": (name, content)})
                self.assertIn(words, response.text)
        self.assertFalse(self._answers())
        self._say_paid(files={"file": ("../<b>slip.php", picture("JPEG"))})
        attachment = self._answers().attachment_ids
        self.assertEqual(attachment.name, "..-<b>slip.jpg")
        self.assertEqual(attachment.mimetype, "image/jpeg")

    def test_items_of_others(self):
        """Items come from the visit: Laura's number in the form changes nothing."""
        laura = self._create_member("Kent Laura")
        theirs = self._owe(laura)
        response = self._say_paid(theirs)
        self.assertIn("Tick what you mean", response.text)
        response = self._open(
            f"{self.path}/answer/dispute?item={self._ledger(theirs).id}"
        )
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self._answers())
        self.assertFalse(self._held(theirs))

    def test_text_is_limited_and_escaped(self):
        """A long text is cut, and what looks like markup is text."""
        note = "<script>alert(1)</script>" + "x" * 5000
        item = self._ledger(self.invoice).id
        self._send("paid", {"item": item, "day": self._day(0), "note": note})
        said = self._answers().said
        self.assertLess(len(said), 2100)
        self.assertIn("<script>", said)

    def test_strangers_do_not_answer(self):
        """Who has the link only is sent back to the page, and posts nothing."""
        self.authenticate(None, None)
        response = self._open(f"{self.path}/answer/paid", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(self.path))
        for token in ("x" * 40, "nothing"):
            self.assertEqual(self._open(f"/gym/{token}/answer/paid").status_code, 404)

    def test_numbers_that_are_none(self):
        """What is no number of a record, or is longer than any, is none of the page's:
        no error of ours, and nothing is taken."""
        for number in ("9" * 5000, "9" * 14, "-1", "x", ""):
            with self.subTest(number[:20]):
                page = self._open(f"{self.path}/answer/dispute?item={number}")
                self.assertEqual(page.status_code, 404)
                answer = self._send("paid", {"item": [number], "day": self._day(-3)})
                self.assertEqual(answer.status_code, 422)
                self.assertEqual(
                    self._open(f"{self.path}/pay?item={number}").status_code, 200
                )
                self._send("address", {"country_id": number, "city": "Elsewhere"})
        self.assertFalse(self._answers("paid"))
        proposed = self._answers("address")[:1].proposal
        self.assertEqual(proposed["city"], "Elsewhere")
        self.assertFalse(proposed.get("country_id"))

    def test_others_do_not_answer(self):
        """Another member who is logged in has no more than the link."""
        laura = self._create_member("Kent Laura")
        self.authenticate(self._portal_user(laura).login, PASSWORD)
        for form in ("answer/paid", "answer/promise", "answer/address", "account"):
            with self.subTest(form=form):
                path = f"{self.path}/{form}"
                response = self._open(path, allow_redirects=False)
                self.assertEqual(response.status_code, 303)
                token = Request.csrf_token(self)
                response = self._open(
                    path, data={"csrf_token": token}, allow_redirects=False
                )
                self.assertEqual(response.status_code, 303)
        self.assertFalse(self._answers())

    def test_from_my_gym(self):
        """Who is logged in answers from /my/gym as by a letter's link."""
        page = self._open("/my/gym").text
        path = re.search(r'href="(/gym/[^"/]+)/answer/paid"', page).group(1)
        self._say_paid(path=path)
        self.assertEqual(self._answers().kind, "paid")

    def test_no_csrf_no_answer(self):
        """A form of another site is refused."""
        item = self._ledger(self.invoice).id
        with self.assertLogs("odoo.http", "WARNING"):
            response = self._open(
                f"{self.path}/answer/paid", data={"item": item, "day": self._day(0)}
            )
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._answers())

    def test_too_much_in_a_day(self):
        """Twenty answers a day are enough for anybody."""
        for number in range(20):
            self._send("address", {"city": f"Town {number}"})
        self.assertEqual(len(self._answers()), 20)
        self.assertIn("sent us a lot today", self._say_paid().text)
        self.assertEqual(len(self._answers()), 20)

    def test_evidence_stays(self):
        """Neither a clerk nor the program changes evidence or what came with it."""
        self._say_paid(files={"file": ("slip.pdf", PDF)})
        answer = self._answers()
        for writer in (answer, answer.sudo()):
            with self.assertRaises(UserError):
                writer.write({"evidence_ip": "10.0.0.1"})
        with self.assertRaisesRegex(UserError, "kept as it came"):
            answer.attachment_ids.unlink()
        with self.assertRaisesRegex(UserError, "kept as it came"):
            answer.attachment_ids.raw = b"other"
        with self.assertRaises(UserError):
            answer.kind = "reply"

    def test_other_centres_do_not_see(self):
        """A clerk of another gym sees neither the answer nor its dialog."""
        self._say_paid()
        outsider = self._user("clerk", self.stranger)
        answers = self._as(outsider)["gym.member.answer"]
        self.assertFalse(answers.search([("viewer_id", "=", self.paul.id)]))


@tagged("post_install", "-at_install")
class TestPagePromise(PageAnswerCommon):
    """Issue 18, 4: I pay on ..., within the limits of the policy."""

    def test_promise(self):
        """It runs at once, until its day; then reminders go on."""
        self.assertIn("Thank you", self._promise(7).text)
        self.assertEqual(self._held(self.invoice, 7), "promise")
        self.assertFalse(self._held(self.invoice, 8))
        answer = self._answers()
        self.assertRecordValues(
            answer, [{"state": "done", "outcome": "promise", "outcome_user_id": False}]
        )
        self.assertIn("If it is not paid by then", answer.evidence_text)

    def test_one_at_a_time(self):
        """A second promise is refused while the first one runs."""
        self._promise(7)
        response = self._open(f"{self.path}/answer/promise")
        self.assertIn("You have promised already to pay until", response.text)
        self.assertNotIn("<form", response.text.split("gym_page")[1])
        self.assertEqual(len(self._answers()), 1)

    def test_limits(self):
        """Not yesterday, not later than the policy's days, not above its level."""
        self.policy.page_promise_days = 10
        for days in (-1, 11):
            with self.subTest(days=days):
                self.assertEqual(self._promise(days).status_code, 422)
        self.policy.page_promise_level = 1
        self._pay(self.invoice)
        self.invoice = self._owe(self.paul, days=120)
        self._run_levels(2, self.today - timedelta(days=60))
        self.env.invalidate_all()
        self.assertEqual(self._ledger(self.invoice).level_id.number, 2)
        page = self._open(f"{self.path}/answer/promise").text
        self.assertIn("cannot be promised for this any more", page)
        self.policy.page_promise_level = 0
        self._promise(10)
        self.assertEqual(self._held(self.invoice, 10), "promise")

    def test_not_allowed(self):
        """A policy that lets nobody promise has no button, and takes no form."""
        self.policy.page_promise = False
        self.assertNotIn("answer/promise", self._open(self.path).text)
        page = self._open(f"{self.path}/answer/promise").text
        self.assertIn("cannot be promised", page)

    def test_broken(self):
        """The day passes unpaid: the page says so, the next run reminds, and a new
        promise may be given."""
        then = self.env(
            context=dict(self.env.context, dunning_date=self.today - timedelta(days=10))
        )
        visit = then["gym.page"]._visit_of(self.paul, self.company, "letter")
        answers = then["gym.member.answer"]
        items = then["gym.page"]._items(visit)
        evidence = Evidence("127.0.0.1", "a browser", "I pay", "a" * 32)
        day = self.today - timedelta(days=3)
        answer = answers._take_promise(visit, items, day, "", evidence)
        self.assertEqual(self._held(self.invoice, -3), "promise")
        self.assertIn("still open", self._open(self.path).text)
        run = self._estimate(self.today)
        self.assertIn(self.paul, run.reminder_ids.partner_id)
        self._promise(4)
        self.assertEqual(len(self._answers()), 2)
        self.assertEqual(self._held(self.invoice, 4), "promise")
        self.assertEqual(answer.state, "done")

    def test_kept(self):
        """Paid in time: the page thanks."""
        self._promise(3)
        self._pay(self.invoice)
        self.assertIn("Paid. Thank you.", self._open(self.path).text)

    def test_in_a_case(self):
        """The case keeps the promise, as its own promises are kept."""
        case = self.env["gym.collection.case"].create(
            {"partner_id": self.paul.id, "company_id": self.company.id}
        )
        case._add_items(
            self.invoice.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
        )
        self._promise(5)
        self.assertEqual(case.promise_id.agreed_amount, 100.0)
        self.assertEqual(case.promise_id.date_end, self.today + timedelta(days=5))
        self.assertIn(case.display_name, self._answers().outcome_text)
        page = self._open(f"{self.path}/answer/promise").text
        self.assertIn("You have promised already", page)


@tagged("post_install", "-at_install")
class TestPageDispute(PageAnswerCommon):
    """Issue 18, 4: this is not right; the clerk answers with outcome and text."""

    def test_dispute(self):
        """Per item, with kind and text; the other item is reminded on."""
        other = self._owe(self.paul, 30.0)
        self._dispute()
        answer = self._answers()
        self.assertEqual(answer.item_ids.move_id, self.invoice)
        self.assertEqual(answer.dispute_kind, "cancelled")
        self.assertIn("I cancelled in May.", answer.text)
        self.assertEqual(self._held(self.invoice), "answer")
        self.assertFalse(self._held(other))

    def test_accepted(self):
        """The member is right: disputed like any other, and told so."""
        self._dispute()
        answer = self._answers()
        self._dialog(answer, "answer", outcome="accept", text="You are right.")
        self.assertEqual((answer.state, answer.outcome), ("done", "dispute"))
        self.assertEqual(self._held(self.invoice, 300), "dispute")
        self.assertIn("You are right.", self._mails()[0].body)
        self.assertIn("You are right.", self._open(self.path).text)
        item = self._ledger(self.invoice).id
        page = self._open(f"{self.path}/answer/dispute?item={item}").text
        self.assertIn("do not remind you of it", page)

    def test_rejected_and_reminded_again(self):
        """The member is not right: the text goes to him, the next run reminds."""
        self._dispute()
        answer = self._answers()
        self._dialog(answer, "refuse", text="Your notice came in June.")
        self.assertIn("Your notice came in June.", self._mails()[0].body)
        self.assertEqual(self._mails()[0].email_from, self.company.email_formatted)
        self.assertFalse(self._held(self.invoice))
        run = self._estimate(self.today)
        self.assertIn(self.paul, run.reminder_ids.partner_id)
        self._dispute(text="But I sent it in May!")
        self.assertEqual(len(self._answers()), 2)
        self.assertFalse(self._held(self.invoice), "it was answered once")

    def test_needs_words(self):
        """Without kind or text nothing is taken."""
        for kind, text in (("cancelled", " "), ("", "why"), ("evil", "why")):
            with self.subTest(kind=kind):
                response = self._dispute(kind=kind, text=text)
                self.assertIn("Choose what is wrong", response.text)
        self.assertFalse(self._answers())

    def test_mail_is_for_who_may_read_of_debts(self):
        """The reception does not read in the chatter what is disputed."""
        self._dispute()
        self._dialog(self._answers(), "refuse", text="No.")
        reception = self._user("reception", self.company)
        messages = self._mails().ids
        seen = self._as(reception)["mail.message"]
        self.assertFalse(seen.search([("id", "in", messages)]))


@tagged("post_install", "-at_install")
class TestPageAddress(PageAnswerCommon):
    """Issue 18, 4: new address or e-mail: proposed, a person accepts."""

    def test_proposed_and_accepted(self):
        """Nothing changes until somebody accepts; before and after are shown."""
        self.paul.write({"city": "Old Town", "zip": "1000"})
        self._send(
            "address", {"email": "new@example.com", "city": "New Town", "zip": "1000"}
        )
        answer = self._answers()
        self.assertEqual(self.paul.email, "kent.paul@example.com")
        self.assertEqual(
            answer.proposal, {"email": "new@example.com", "city": "New Town"}
        )
        self.assertIn("Old Town → New Town", answer.change_text)
        answer.action_done()
        self.assertRecordValues(
            self.paul, [{"email": "new@example.com", "city": "New Town", "zip": "1000"}]
        )
        self.assertIn("Old Town → New Town", answer.change_text, "after it, too")
        old = self.env["mail.mail"].search([("email_to", "=", "kent.paul@example.com")])
        self.assertIn("was changed", old.body_html)
        with self.assertRaisesRegex(UserError, "was accepted"):
            answer.action_reopen()

    def test_refused(self):
        """A refusal changes nothing."""
        self._send("address", {"city": "Nowhere"})
        self._dialog(self._answers(), "refuse", text="Please bring a proof.")
        self.assertNotEqual(self.paul.city, "Nowhere")

    def test_newer_one_replaces(self):
        """Sent again before anybody looked: the newer one counts."""
        self._send("address", {"city": "First"})
        self._send("address", {"city": "Second"})
        newer, older = self._answers()
        self.assertEqual((newer.state, older.state), ("new", "refused"))
        newer.action_done()
        self.assertEqual(self.paul.city, "Second")

    def test_bad_input(self):
        """No e-mail, nothing new, a country that there is not."""
        self.assertIn(
            "is no e-mail address", self._send("address", {"email": "nobody"}).text
        )
        self.assertIn(
            "like that already",
            self._send("address", {"email": "kent.paul@example.com"}).text,
        )
        self._send("address", {"country_id": "99999999", "city": "X" * 500})
        self.assertEqual(len(self._answers().proposal["city"]), 128)

    def test_go_on_is_no_answer(self):
        """Go On of the list does not pass over a proposal."""
        self._send("address", {"city": "New Town"})
        with self.assertRaisesRegex(UserError, "Accept or Refuse"):
            self._answers().action_go_on()
