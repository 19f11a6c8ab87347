from odoo.fields import Command

from odoo.addons.gym_dunning.tests.base.common import TODAY
from odoo.addons.gym_dunning.tests.dunning.common_run import RunCommon


class PayMixin:
    """Payments by the demo provider, and what they left in the books."""

    @classmethod
    def _create_provider(cls, company, **vals):
        """Return a demo provider of a company, with a bank journal of its own."""
        journal = cls.env["account.journal"].create(
            {
                "name": "Online payments",
                "type": "bank",
                "code": "ONL",
                "company_id": company.id,
            }
        )
        method = cls.env.ref("payment_demo.payment_method_demo")
        method.active = True
        provider = cls.env["payment.provider"].create(
            {
                "name": f"Demo of {company.name}",
                "code": "demo",
                "company_id": company.id,
                "state": "test",
                "is_published": True,
                "allow_tokenization": True,
                "inline_form_view_id": cls.env.ref("payment_demo.inline_form").id,
                "token_inline_form_view_id": cls.env.ref(
                    "payment_demo.token_inline_form"
                ).id,
                "payment_method_ids": [Command.set(method.ids)],
            }
            | vals
        )
        provider.journal_id = journal
        return provider

    @staticmethod
    def _lines(*moves):
        """Return the items of documents."""
        lines = moves[0].line_ids.union(*(move.line_ids for move in moves))
        return lines.filtered(lambda line: line.account_id._gym_is_of_customers())

    def _begin(self, lines, payer=None, provider=None, **vals):
        """Begin to pay items, as the page does."""
        provider = provider or self.provider
        transactions = self.env["payment.transaction"].sudo()
        values = {"gym_item_ids": [Command.set(lines.ids)]} | vals
        return transactions.create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "partner_id": (payer or lines.partner_id)[0].id,
                "operation": "online_direct",
                "reference": transactions._compute_reference("demo", **values),
                "amount": 0.01,  # what a browser says
                "currency_id": self.env.ref("base.XPF").id,
            }
            | values
        )

    def _answer(self, transaction, state):
        """Let the provider answer, as its page does, and Odoo look at it."""
        data = {"reference": transaction.reference, "simulated_state": state}
        transaction._process("demo", data)
        transaction._post_process()

    def _pay_online(self, lines, payer=None, **vals):
        """Begin to pay items, and let the provider confirm it."""
        transaction = self._begin(lines, payer, **vals)
        self._answer(transaction, "done")
        return transaction

    def _owes(self, partner):
        """Return what somebody owes, less what he has to his credit."""
        partner.invalidate_recordset(["credit"])
        return partner.credit

    def _holds(self, transaction):
        """Return the reasons why the items of a payment are held."""
        return set(self._rows(transaction).mapped("hold_reason"))

    def _rows(self, transaction, day=TODAY):
        ledger = self.env["gym.open.item"].with_context(dunning_date=day)
        return ledger.search([("id", "in", transaction.gym_item_ids.ids)])


class PayCommon(PayMixin, RunCommon):
    """A gym with a payment provider, and Anna, who owes two months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls.provider = cls._create_provider(cls.company)
        cls.anna = cls._create_member("Anna Wolf").with_env(cls.env)
        cls.old = cls._create_invoice(cls.anna, days=60).with_env(cls.env)
        cls.new = cls._create_invoice(cls.anna, days=30, amount=59).with_env(cls.env)
