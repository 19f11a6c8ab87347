"""A holding with two centres beside a stranger, and people who work there."""

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import TODAY
from .common_english import EnglishCommon
from .common_prepared import HOLDING, take

ROLES = {
    "reception": "gym_dunning.group_gym_reception",
    "debt_manager": "gym_dunning.group_debt_manager",
    "clerk": "gym_dunning.group_dunning_user",
    "manager": "gym_dunning.group_dunning_manager",
    "device": "gym_dunning.group_access_device",
}


class CentresCommon(EnglishCommon):
    """`holding` with `centre_a` and `centre_b`, and `stranger` beside it."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS Odoo's tests: takes the prepared one that has branches
        holding = take(cls.env, HOLDING, {"name": "company_1_data"} | kwargs)
        return holding or super().setup_independent_company(**kwargs)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holding = cls.company
        cls.centre_a = cls._create_company(name="Centre A", parent_id=cls.holding.id)
        cls.centre_b = cls._create_company(name="Centre B", parent_id=cls.holding.id)
        cls.stranger = cls._create_company(name="Other gym")
        cls.group = cls.holding | cls.centre_a | cls.centre_b
        cls.everything = cls.group | cls.stranger
        cls.everything.dunning_fee_agreed = True  # see `GymCommon`
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.everything.ids)
        )
        cls.policy = cls.policy.with_env(cls.env)
        # each new company puts its default tax on the products there are
        cls.fee_product.with_env(cls.env(su=True)).taxes_id = [Command.clear()]

    @classmethod
    def _create_debtors(cls):
        """Paul owes centre A 100.00, Laura centre B 59.00."""
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")
        cls._create_invoice(cls.paul, amount=100.0, company=cls.centre_a)
        cls._create_invoice(cls.laura, amount=59.0, company=cls.centre_b)

    @classmethod
    def _user(cls, role, companies, **vals):
        """Return a user of that role only, who may work in these companies."""
        return new_test_user(
            cls.env,
            login=f"{role}_{'_'.join(map(str, companies.ids))}",
            groups=ROLES[role],
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            lang="en_US",
            **vals,
        )

    @classmethod
    def _create_clerks(cls):
        """A clerk of each centre, one of the whole holding, and a stranger's."""
        cls.clerk_a = cls._user("clerk", cls.centre_a)
        cls.clerk_b = cls._user("clerk", cls.centre_b)
        cls.holding_clerk = cls._user("clerk", cls.group)
        cls.outsider = cls._user("clerk", cls.stranger)

    def _as(self, user, companies=None):
        """Return the environment of a user who ticked these companies."""
        ticked = (companies or user.company_ids).ids
        env = self.env(user=user)
        return env(context=dict(self.env.context, allowed_company_ids=ticked))

    def _estimate_as(self, env, company, **vals):
        wizard = env["gym.dunning.generate"].create(
            {"company_id": company.id, "policy_id": self.policy.id, "date": TODAY}
            | vals
        )
        return self._estimated(wizard)

    def _generate_as(self, env, company, **vals):
        run = self._estimate_as(env, company, **vals)
        run.action_generate()
        self._work()
        return run
