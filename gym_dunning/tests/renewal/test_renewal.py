from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_contract import END, START, TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestRenewal(ContractCommon):
    """Which contracts are renewed, for which term, with which invoice."""

    def test_renewed_with_invoice(self):
        """E-60, E-66, AMB-17: the same contract, a new period, a posted invoice."""
        member = self._create_member("Kent Paul")
        contract = self._create_contract(member)
        self.assertEqual(contract.date_end, END)
        run = self._renew()
        self.assertEqual(run.state, "done")
        self.assertEqual(contract.date_end, date(2027, 3, 31))
        new, old = contract.period_ids
        self.assertRecordValues(
            old | new,
            [
                {"date_start": START, "date_end": END, "amount": 600.0},
                {
                    "date_start": date(2026, 4, 1),
                    "date_end": date(2027, 3, 31),
                    "amount": 600.0,
                },
            ],
        )
        self.assertRecordValues(
            new.move_id,
            [
                {
                    "state": "posted",
                    "partner_id": member.id,
                    "amount_total": 600.0,
                    "invoice_date": TODAY,
                    "invoice_origin": contract.name,
                }
            ],
        )
        self.assertEqual(run.line_ids.move_id, new.move_id)

    def test_bounds_belong_to_the_range(self):
        """E-66, AMB-15: the first and the last day of the range are renewed."""
        members = [self._create_member(f"Bound {n}") for n in range(4)]
        ends = (date(2026, 2, 28), date(2026, 3, 1), END, date(2026, 4, 1))
        contracts = [
            self._create_contract(member, date_end=end)
            for member, end in zip(members, ends, strict=True)
        ]
        run = self._estimate_renewal()
        proposed = run.line_ids.contract_id
        self.assertEqual(proposed, contracts[1] | contracts[2])
        self.assertEqual(self._left_out(run, contracts[0]), "outside")
        self.assertFalse(self._left_out(run, contracts[3]))

    def test_mixed_contract(self):
        """E-62, E-63: only the renewable subscription of a contract is renewed."""
        contract = self._create_contract(
            self._create_member("Kent Laura"), self.membership, self.starter
        )
        self._renew()
        ends = {one.product_id: one.date_end for one in contract.subscription_ids}
        self.assertEqual(ends[self.membership], date(2027, 3, 31))
        self.assertEqual(ends[self.starter], END)
        self.assertEqual(contract.move_ids.invoice_line_ids.product_id, self.membership)

    def test_contract_may_differ_from_its_article(self):
        """E-63: the particular contract decides, whatever the article says."""
        contract = self._create_contract(
            self._create_member("Kent Laura"),
            subscription_ids=[
                Command.create({"product_id": self.membership.id, "renewable": False}),
                Command.create({"product_id": self.starter.id, "renewable": True}),
            ],
        )
        self._renew()
        self.assertEqual(contract.move_ids.invoice_line_ids.product_id, self.starter)

    def test_left_out_with_reason(self):
        """E-61, E-62, AMB-16: who is not renewed is listed with the reason."""
        paused = self.env.ref("gym_dunning.client_status_paused")
        make = self._create_member
        contracts = {
            "not_auto_renew": self._create_contract(make("Off"), auto_renew=False),
            "not_renewable": self._create_contract(make("Pack"), self.starter),
            "client_stopped": self._create_contract(
                make("Paused", client_status_id=paused.id)
            ),
            "cancelled": self._create_contract(make("Gone")),
        }
        contracts["cancelled"]._cancel(END)
        renewed = self._create_contract(
            make("Blocked", member_status_id=self.blocked.id)
        )
        run = self._renew()
        for reason, contract in contracts.items():
            with self.subTest(reason=reason):
                self.assertEqual(self._left_out(run, contract), reason)
                self.assertFalse(contract.move_ids)
        self.assertEqual(run.line_ids.contract_id, renewed)

    def test_nobody(self):
        """E-67: without a contract to renew there is a message, and nothing else."""
        self._create_contract(self._create_member("Off"), auto_renew=False)
        runs = self.env["gym.renewal.run"].search_count([])
        with self.assertRaisesRegex(UserError, "Not on Automatic Renewal: 1") as caught:
            self._estimate_renewal()
        # the web client shows a subclass of ours as a crash
        self.assertIs(type(caught.exception), UserError)
        self.assertEqual(self.env["gym.renewal.run"].search_count([]), runs)
