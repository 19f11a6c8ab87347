from datetime import timedelta

from ..base.common import TODAY
from .common_run import RunCommon

# TODAY is a Monday: what banks booked on Friday is known on Monday at the latest.
FRIDAY = TODAY - timedelta(days=3)
# Four bank working days before TODAY: older than policies want it.
TUESDAY = TODAY - timedelta(days=6)
IBAN = "DE89370400440532013000"


class BooksCommon(RunCommon):
    """A gym whose bank is known by Odoo's own statement lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls.company = cls.company.with_env(cls.env)
        cls.bank = cls._bank_journal("HBK")
        cls.anna = cls._create_late_member("Anna Wolf")
        cls.ben = cls._create_late_member("Ben Kent")

    @classmethod
    def _bank_journal(cls, code, company=None, **vals):
        return cls.env["account.journal"].create(
            {
                "name": f"Bank {code}",
                "type": "bank",
                "code": code,
                "company_id": (company or cls.company).id,
            }
            | vals
        )

    @classmethod
    def _line(cls, day, amount=-5.0, journal=None, **vals):
        """Import a line of a statement, as other modules do; none of a member's."""
        journal = journal or cls.bank
        lines = cls.env["account.bank.statement.line"].with_company(journal.company_id)
        return lines.create(
            {"journal_id": journal.id, "date": day, "amount": amount}
            | {"payment_ref": "From the bank"}
            | vals
        )

    def _press_generate(self, run):
        """Press the button; return what it answers, with figures of now."""
        self.env.invalidate_all()
        return run.action_generate()

    def _question(self, answer):
        """Return the dialog that an answer opens."""
        self.assertEqual((answer or {}).get("res_model"), "gym.dunning.old.books")
        return self.env["gym.dunning.old.books"].browse(answer["res_id"])
