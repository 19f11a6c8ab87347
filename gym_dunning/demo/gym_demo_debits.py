from datetime import timedelta

from odoo import api, fields, models

from .gym_demo_people import DEBTORS

CREDITOR_ID = "DE98ZZZ09999999999"
BANK_IBAN = "DE75512108001245126199"
# Days ago: what was collected then is paid by now, and the bank returned two.
COLLECTED = 30
RETURNED = 9
RETURNS = {"Bruno Leer": "AM04", "Carla Zu": "AC04"}
NEVER_COLLECTED = ("Dieter Neu", "Elsa Frisch")


class GymDemo(models.AbstractModel):
    """Members who pay by direct debit: collected, returned and still to collect."""

    _inherit = "gym.demo"

    @api.model
    def _make_debits(self, holding):
        """Collect last month's fees, and let the bank return two of them.

        :return: where to find them, as text
        """
        method = self._set_up_debits(holding)
        debtors = self._make_debtors(holding, method)
        invoices = self._invoice_debtors(debtors)
        batch = self._collect_demo(holding, invoices)
        self._return_some(batch)
        return self.env._(
            "Direct debits: %(count)s collected, %(returned)s returned; menu Gym"
            " Dunning > Direct Debits",
            count=len(batch.order_ids),
            returned=len(RETURNS),
        )

    def _set_up_debits(self, holding):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", holding.id)], limit=1
        )
        journal.bank_acc_number = journal.bank_acc_number or BANK_IBAN
        holding.write(
            {
                "debit_journal_id": journal.id,
                "debit_creditor_identifier": CREDITOR_ID,
            }
        )
        return journal._allow_direct_debits()

    def _make_debtors(self, holding, method):
        centre = self.env.companies.filtered("parent_id")[:1]
        debtors = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "street": street,
                    "zip": "79098",
                    "city": "Freiburg",
                    "country_id": self.env.ref("base.de").id,
                    "email": f"{name.split()[0].lower()}@members.example",
                    "birthdate_date": self._years_ago(30),
                    "member_status_id": self.env.ref(
                        "gym_dunning.member_status_active"
                    ).id,
                }
                for name, street, __ in DEBTORS
            ]
        )
        debtors.with_company(centre).property_inbound_payment_method_line_id = method
        for debtor, (__, __, iban) in zip(debtors, DEBTORS, strict=True):
            self._sign_mandate(holding, debtor, iban)
        return debtors

    def _sign_mandate(self, holding, debtor, iban):
        account = self.env["res.partner.bank"].create(
            {"acc_number": iban, "partner_id": debtor.id}
        )
        mandate = self.env["gym.debit.mandate"].create(
            {
                "partner_id": debtor.id,
                "partner_bank_id": account.id,
                "company_id": holding.id,
                "signature_date": self._days_ago(200),
            }
        )
        mandate.action_activate()

    def _days_ago(self, days):
        return fields.Date.context_today(self) - timedelta(days=days)

    def _invoice_debtors(self, debtors):
        """Last month's fee of each; of some it was never collected."""
        centre = self.env.companies.filtered("parent_id")[:1]
        product = self._membership()
        vals_list = [
            vals
            for debtor in debtors
            for vals in self._prepare_invoices(debtor, 1, product)
        ]
        for vals in vals_list:
            due = self._days_ago(COLLECTED)
            vals |= {"invoice_date": due, "invoice_date_due": due}
        moves = self.env["account.move"].with_company(centre).create(vals_list)
        moves._post(soft=False)
        return moves

    def _collect_demo(self, holding, invoices):
        """The batch of last month, which the bank collected."""
        old = invoices.filtered(lambda one: one.partner_id.name not in NEVER_COLLECTED)
        items = old.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return self._collect_items(items, self._days_ago(COLLECTED))

    def _collect_items(self, items, day):
        """Return the batch of these items, made on that day, which the bank collected."""
        # the file is checked as of the day it was made
        plan = self.env["gym.debit.plan"].with_context(dunning_date=day)
        groups = {item: (item, 0.0) for item in items}
        orders = plan._make(plan._debits(groups, day).values())
        batch = orders._put_into_batches()
        batch.action_export()
        batch._start_paid(batch.execution_date)
        return batch

    def _return_some(self, batch):
        codes = self.env["gym.debit.return.code"].search([])
        for order in batch.order_ids:
            if name := RETURNS.get(order.partner_id.name):
                code = codes.filtered(lambda one, name=name: one.name == name)
                self.env["gym.debit.return"]._enter(
                    order, code, self._days_ago(RETURNED), charges=3.0
                )
