"""Paying on the page, over HTTP (issue 18, point 3)."""

import re
from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_page import PageCommon
from .common_pay import PayMixin

ROUTE = re.compile(r'data-transaction-route="([^"]*)"')
SIGNATURE = re.compile(r'data-access-token="([^"]*)"')


class PayPageCommon(PayMixin, PageCommon):
    """Paul owes 100.00 and 59.00, and the holding has a provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._create_provider(cls.company)
        cls.second = cls._owe(cls.paul, amount=59.0, days=10)
        cls.method = cls.provider.payment_method_ids[:1]

    def setUp(self):
        super().setUp()
        self.path = self._path(self.paul)
        self._known(self.paul)

    def _rpc(self, path, **params):
        """Return the result of a request, or the sentence that refused it."""
        self.env.flush_all()
        answer = self.url_open(
            path, json={"jsonrpc": "2.0", "method": "call", "params": params}
        ).json()
        self.env.invalidate_all()
        error = answer.get("error")
        return error["data"]["message"] if error else answer.get("result")

    def _press_pay(self, page, **choice):
        """Press Pay, as the payment form does; return what it goes on with."""
        return self._rpc(
            ROUTE.search(page).group(1),
            **{
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": 0.01,  # not heard
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "https://evil.example.com",
                "is_validation": False,
                "access_token": SIGNATURE.search(page).group(1),
            }
            | choice,
        )

    def _simulate(self, values, state):
        """Answer as the demo provider, and look at what Odoo makes of it."""
        self._rpc(
            "/payment/demo/simulate_payment",
            reference=values["reference"],
            payment_details="1234",
            simulated_state=state,
        )
        return self._rpc("/payment/status/poll")

    def _pay_page(self, *items):
        query = "&".join(f"item={line.id}" for line in items)
        return self._open(f"{self.path}/pay?{query}").text

    def _transaction(self):
        transactions = self.env["payment.transaction"].sudo()
        return transactions.search([("gym_debtor_id", "=", self.paul.id)], limit=1)


@tagged("post_install", "-at_install")
class TestPayPage(PayPageCommon):
    """Issue 18, 3: all or chosen items, and the page says what happens."""

    def test_success(self):
        """Two taps: pay all that is due; it is booked, and the page thanks."""
        self.assertIn(f"{self.path}/pay", self._open(self.path).text)
        values = self._press_pay(self._pay_page())
        self.assertEqual(values["amount"], 159)
        answer = self._simulate(values, "done")
        self.assertEqual(answer["state"], "done")
        self.assertTrue(answer["landing_route"].startswith(f"{self.path}/pay/done?tx="))
        self.assertEqual(self.invoice.amount_residual + self.second.amount_residual, 0)
        done = self._open(answer["landing_route"]).text
        self.assertIn("Thank you", done)
        self.assertNotIn("Try again", done)
        self.assertNotIn("Still to pay", done)

    def test_chosen(self):
        """Only what is ticked is paid, whatever the browser says of the amount."""
        values = self._press_pay(self._pay_page(*self._lines(self.second)))
        self.assertEqual(values["amount"], 59)
        answer = self._simulate(values, "done")
        self.assertEqual(self.invoice.amount_residual, 100)
        self.assertEqual(self.second.amount_residual, 0)
        self.assertIn("Still to pay", self._open(answer["landing_route"]).text)

    def test_pending_then_done(self):
        """Pending holds and says so; it cannot be paid twice; done is booked."""
        values = self._press_pay(self._pay_page())
        answer = self._simulate(values, "pending")
        self.assertIn("is under way", self._open(answer["landing_route"]).text)
        page = self._pay_page()
        self.assertIn("is being paid online already", page)
        self.assertNotIn("o_payment_form", page)
        self._transaction()._process(
            "demo", {"reference": values["reference"], "simulated_state": "done"}
        )
        answer = self._rpc("/payment/status/poll")
        self.assertIn("Thank you", self._open(answer["landing_route"]).text)
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_error_then_again(self):
        """It fails, says so, and is paid again."""
        answer = self._simulate(self._press_pay(self._pay_page()), "error")
        done = self._open(answer["landing_route"]).text
        self.assertIn("The payment failed", done)
        self.assertIn(f'href="{self.path}/pay"', done)
        self.assertEqual(self.invoice.amount_residual, 100)
        answer = self._simulate(self._press_pay(self._pay_page()), "done")
        self.assertIn("Thank you", self._open(answer["landing_route"]).text)
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_cancel(self):
        """Cancelled: nothing is paid, the items are free."""
        answer = self._simulate(self._press_pay(self._pay_page()), "cancel")
        self.assertIn("Payment cancelled", self._open(answer["landing_route"]).text)
        self.assertFalse(self._transaction()._gym_holds())

    def test_two_tabs_are_one_payment(self):
        """Two tabs, or a double click: the same payment, paid once."""
        page = self._pay_page()
        one, two = self._press_pay(page), self._press_pay(self._pay_page())
        self.assertEqual(one["reference"], two["reference"])
        self._simulate(one, "done")
        self._simulate(two, "done")
        self.assertEqual(len(self._transaction().gym_payment_ids), 1)
        self.assertIn("paid already", self._press_pay(page))

    def test_paid_at_the_desk_meanwhile(self):
        """An amount that changed since the page was opened is not charged."""
        page = self._pay_page()
        self._pay(self.second, amount=9, day=self.today)
        self.assertIn("Something has changed", self._press_pay(page))
        self.assertFalse(self._transaction())

    def test_surplus_is_said(self):
        """Paid at the desk while the provider asks: the page says what is left."""
        values = self._press_pay(self._pay_page())
        self._pay(self.second, day=self.today)
        answer = self._simulate(values, "done")
        done = self._open(answer["landing_route"]).text
        self.assertIn("stays as a credit", done)
        self.assertIn("59.00", done)

    def test_token_for_next_time(self):
        """Saved for next time where the provider can, and paid by it."""
        values = self._press_pay(self._pay_page(*self._lines(self.second)))
        self.assertFalse(values["should_tokenize"])
        self._simulate(values, "error")
        values = self._press_pay(
            self._pay_page(*self._lines(self.second)), tokenization_requested=True
        )
        self.assertTrue(values["should_tokenize"])
        self._simulate(values, "done")
        token = self._transaction().token_id
        self.assertEqual(token.partner_id, self.paul)
        page = self._pay_page()
        self.assertIn(token.display_name, page)
        self._press_pay(page, flow="token", token_id=token.id, payment_method_id=None)
        self._rpc("/payment/status/poll")
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_foreign_token(self):
        """Security: nobody pays by what somebody else has saved."""
        laura = self._create_member("Kent Laura")
        token = (
            self.env["payment.token"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "partner_id": laura.id,
                    "provider_ref": "x",
                    "demo_simulated_state": "done",
                }
            )
        )
        answer = self._press_pay(self._pay_page(), flow="token", token_id=token.id)
        self.assertIn("not available", answer)

    def test_foreign_provider(self):
        """Security: the browser chooses among what was offered."""
        other = self._create_provider(self.stranger)
        answer = self._press_pay(self._pay_page(), provider_id=other.id)
        self.assertIn("not available", answer)

    def test_foreign_items(self):
        """Security: items of others are neither shown nor paid, and not touched."""
        laura = self._create_member("Kent Laura")
        foreign = self._lines(self._owe(laura))
        page = self._pay_page(*foreign)
        self.assertNotIn(foreign.move_id.name, page)
        route = f"{self.path}/pay/transaction/{foreign.id}"
        signature = self._pay_page()
        answer = self._rpc(
            route,
            access_token=SIGNATURE.search(signature).group(1),
            flow="direct",
            provider_id=self.provider.id,
            payment_method_id=self.method.id,
        )
        self.assertIn("Something has changed", answer)
        self.assertFalse(
            self.env["payment.transaction"].search(
                [("gym_item_ids", "in", foreign.ids)]
            )
        )

    def test_forged_signature(self):
        """Security: another amount than the one shown is refused."""
        answer = self._press_pay(self._pay_page(), access_token="forged")
        self.assertIn("Something has changed", answer)

    def test_done_of_others(self):
        """Security: what became of a payment is said to whom it belongs."""
        answer = self._simulate(self._press_pay(self._pay_page()), "done")
        laura = self._create_member("Kent Laura")
        self._owe(laura)
        tail = answer["landing_route"].partition("/pay/")[2]
        response = self._open(f"{self._path(laura)}/pay/{tail}")
        self.assertNotIn("159", response.text)
        response = self._open(re.sub("seal=.*", "seal=x", answer["landing_route"]))
        self.assertNotIn("has arrived", response.text)

    def test_strangers_do_not_pay(self):
        """Issue 18, 1: who has not said who he is sees no items, and pays nothing."""
        page = self._pay_page()
        self.opener.cookies.clear()
        self.assertNotIn("o_payment_form", self._pay_page())
        answer = self.url_open(
            ROUTE.search(page).group(1),
            json={"jsonrpc": "2.0", "method": "call", "params": {}},
            allow_redirects=False,
        )
        self.assertNotIn("reference", answer.text)
        self.assertFalse(self._transaction())

    def test_last_day_of_the_link(self):
        """Issue 18, 3: who pays the last thing by an old link is still thanked."""
        day = self.today + timedelta(days=400)
        visits = self.env["gym.page"].with_context(dunning_date=day)
        token = self.path.rpartition("/")[2]
        self.assertTrue(visits._of_token(token), "open still")
        self._simulate(self._press_pay(self._pay_page()), "done")
        self.assertTrue(visits._of_token(token))
        self._transaction().last_state_change -= timedelta(days=2)
        self.assertFalse(visits._of_token(token))

    def test_counted(self):
        """Issue 18, 6: that it was paid is counted, with the level and the way."""
        self._deliver(self._generate(self.today))
        self._simulate(self._press_pay(self._pay_page()), "done")
        events = self.env["gym.page.event"].sudo().search([("kind", "=", "paid")])
        self.assertEqual(events.partner_id, self.paul)
        self.assertEqual(events.purpose, "letter")
        self.assertEqual(events.level_id, self.policy.level_ids[0])

    def test_no_provider(self):
        """Issue 18, faults: without a provider a sentence, and the bank's details."""
        self.env["res.partner.bank"].create(
            {
                "acc_number": "DE75512108001245126199",
                "partner_id": self.company.partner_id.id,
            }
        )
        self.provider.state = "disabled"
        page = self._pay_page()
        self.assertIn("Paying online is not possible at the moment", page)
        self.assertIn("DE75 5121 0800 1245 1261 99", page)
        self.assertIn(self.invoice.name, page)

    def test_provider_down(self):
        """Issue 18, faults: a provider that does not answer is a sentence, and the
        items are free again."""
        page = self._pay_page()
        model = type(self.env["payment.transaction"])

        def fails(transaction, values):
            raise ValidationError("Could not establish the connection to the API.")

        self.patch(model, "_get_specific_processing_values", fails)
        values = self._press_pay(page)
        self.assertEqual(values["state"], "error")
        self.assertIn("does not answer", values["state_message"])
        self.assertFalse(self._transaction()._gym_holds())

    def test_policy_forbids(self):
        """Issue 18, 7: where members may not pay here, the page says how to pay."""
        self.policy.page_pay = False
        page = self._pay_page()
        self.assertIn("cannot be paid here", page)
        self.assertNotIn("o_payment_form", page)
        self.assertNotIn(f"{self.path}/pay", self._open(self.path).text)

    def test_too_often(self):
        """Limits: somebody who begins for ever is stopped with a sentence."""
        for __ in range(30):
            self._begin(self._lines(self.invoice), reference=f"T-{__}")
        self.assertIn("Too many tries", self._press_pay(self._pay_page()))

    def test_bad_input(self):
        """Bad input: no traceback, whatever stands in the address."""
        for query in ("item=x", "item=-1", "item=" + "9" * 40, "item=1&item=2"):
            self.assertEqual(self._open(f"{self.path}/pay?{query}").status_code, 200)
        for query in ("", "?tx=x", "?tx=1&seal=2", "?tx=" + "9" * 30):
            response = self._open(f"{self.path}/pay/done{query}")
            self.assertEqual(response.status_code, 200)
            self.assertNotIn("has arrived", response.text)


@tagged("post_install", "-at_install")
class TestPayPageOthers(PayPageCommon):
    """Issue 18, 3: guardians, centres, and who is logged in."""

    def test_guardian_of_two(self):
        """The guardian pays for both children; each has a payment of its own."""
        gerda = self._create_member("Gerda Kent", birthdate_date="1980-03-04")
        children = [self._child(f"Child {n}", gerda) for n in (1, 2)]
        invoices = [self._owe(child, amount=30) for child in children]
        self.path = self._path(gerda)
        self._known(gerda)
        values = self._press_pay(self._pay_page())
        self.assertEqual(values["amount"], 60)
        self._simulate(values, "done")
        self.assertEqual([one.amount_residual for one in invoices], [0, 0])
        payments = self.env["account.payment"].search(
            [("partner_id", "in", [child.id for child in children])]
        )
        self.assertEqual(len(payments), 2)
        self.assertEqual(self._owes(gerda), 0)

    def test_centre_pays_by_the_holding(self):
        """Branches: the holding's provider, the centre's books."""
        invoice = self._owe(self.paul, amount=44, company=self.centre_a)
        self.path = self._path(self.paul, self.centre_a)
        self._known(self.paul, self.centre_a)
        values = self._press_pay(self._pay_page())
        self.assertEqual(values["amount"], 44)
        self._simulate(values, "done")
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.invoice.amount_residual, 100)

    def test_logged_in(self):
        """/my/gym: who is logged in pays without saying who he is."""
        user = self._portal_user(self.paul)
        self.authenticate(user.login, "portal of members")
        values = self._press_pay(self._pay_page())
        answer = self._simulate(values, "done")
        self.assertIn("Thank you", self._open(answer["landing_route"]).text)
        self.assertEqual(self.invoice.amount_residual, 0)
