"""Direct debits in a database of their own, with a real server."""

from base64 import b64encode
from datetime import date, timedelta

from odoo import fields

from ..base.common_committed import CommittedGymCase
from .common_debit import CREDITOR_IBAN, CREDITOR_ID, IBAN


class CommittedDebitCase(CommittedGymCase):
    """A gym that collects, and two clerks at their browsers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.database.env() as env:
            day = date.today() + timedelta(days=20)
            cls.day = env.company._gym_bank_working_day(day, "sepa_core")
            cls._set_up_bank(env)
        cls._start_server()
        cls.anna, cls.bert = cls._browser("anna"), cls._browser("bert")

    @classmethod
    def _set_up_bank(cls, env):
        bank = env["account.journal"].create(
            {"name": "Debits", "type": "bank", "code": "BDD"}
            | {"bank_acc_number": CREDITOR_IBAN}
        )
        env.company.write(
            {"debit_creditor_identifier": CREDITOR_ID, "debit_journal_id": bank.id}
        )

    @classmethod
    def _create_orders(cls, count, name):
        """Make debits of members who owe; return their ids."""
        members = cls._create_late_members(count, name)
        with cls.database.env() as env:
            ledger = env["gym.open.item"].search([("partner_id", "in", members)])
            return (
                env["gym.debit.order"]
                .create([cls._prepare_order(env, row) for row in ledger])
                .ids
            )

    @classmethod
    def _prepare_order(cls, env, row):
        line = {"move_line_id": row.move_line_id.id, "amount": 100.0}
        return {
            "mandate_id": cls._create_mandate(env, row.partner_id).id,
            "partner_id": row.partner_id.id,
            "company_id": env.company.id,
            "currency_id": env.ref("base.EUR").id,
            "execution_date": cls.day,
            "line_ids": [fields.Command.create(line)],
        }

    @classmethod
    def _put_into_batch(cls, order_ids):
        with cls.database.env() as env:
            return env["gym.debit.order"].browse(order_ids)._put_into_batches().id

    @classmethod
    def _create_mandate(cls, env, member):
        account = env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": member.id}
        )
        mandate = env["gym.debit.mandate"].create(
            {
                "partner_id": member.id,
                "partner_bank_id": account.id,
                "signature_date": date(2025, 12, 1),
                "earlier_use_date": fields.Date.context_today(account),
            }
        )
        mandate.action_activate()
        return mandate

    def _dialog(self, browser, content):
        """Return the id of a dialog with the file, as the browser uploads it."""
        vals = {
            "name": "returns.xml",
            "datas": b64encode(content.encode()).decode(),
            "res_model": "gym.debit.return.import",
        }
        [attachment] = browser.call("ir.attachment", "create", [vals])
        vals = {"attachment_ids": [fields.Command.set([attachment])]}
        [dialog] = browser.call("gym.debit.return.import", "create", [vals])
        return dialog
