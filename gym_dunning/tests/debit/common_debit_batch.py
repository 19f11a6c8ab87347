from datetime import timedelta

from ..base.common import TODAY
from .common_debit import AtParCommon

# When the plan of TODAY is executed, after the notice of 14 days.
DAY = TODAY + timedelta(days=14)


class BatchCommon(AtParCommon):
    """Members with debits that wait for the bank."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))

    @classmethod
    def _clerk_env(cls, login="debit_clerk", companies=None):
        """Return the environment of a clerk who has no other rights."""
        companies = companies or cls.company
        user = cls.env["res.users"].search([("login", "=", login)])
        user = user or cls._create_clerk(login, companies)
        context = dict(cls.env.context, allowed_company_ids=companies.ids)
        return cls.env(user=user, context=context)

    @classmethod
    def _create_clerk(cls, login, companies):
        group = cls.env.ref("gym_dunning.group_dunning_user")
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "lang": "en_US",
                "group_ids": [(6, 0, group.ids)],
                "company_id": companies[0].id,
                "company_ids": [(6, 0, companies.ids)],
            }
        )

    def _members_who_owe(self, count=2, **vals):
        """Make members who owe 100 each."""
        members = self.env["res.partner"]
        for number in range(1, count + 1):
            member = self._create_debtor(f"Debtor {number}", **vals)
            self._create_invoice(member)
            members |= member
        return members

    def _collect_wizard(self, env=None, **vals):
        env = env or self.env
        return env["gym.debit.generate"].create({"company_id": self.company.id} | vals)

    def _collect_due(self, env=None, **vals):
        """Collect as the clerk does; return the batches."""
        wizard = self._collect_wizard(env, **vals)
        wizard.action_confirm()
        return self.env["gym.debit.batch"].search(
            [("company_id", "=", self.company.id), ("state", "=", "draft")]
        )

    def _exported(self, count=2):
        self._members_who_owe(count)
        batch = self._collect_due()
        batch.action_export()
        return batch

    def _pay_all(self, batch, date=DAY, work=True):
        wizard = self.env["gym.debit.paid"].create({"batch_id": batch.id, "date": date})
        wizard.action_confirm()
        if work:
            self._work()

    def _change_account(self, order, number):
        """Correct an account behind the back of its mandate."""
        account = order.mandate_id.partner_bank_id
        account.allow_out_payment = False  # a trusted one is not changed
        account.acc_number = number
