from odoo import api, fields, models

from .finding import Finding


class AccountBankStatementLine(models.Model):
    """What was found, in the OCA's screen: counterparts, the reason, and a sentence."""

    _inherit = "account.bank.statement.line"

    gym_found_by = fields.Char(string="Found by", compute="_compute_gym_found_by")
    gym_hint = fields.Text(string="To Look At", compute="_compute_gym_found_by")

    @api.depends(
        "amount",
        "is_reconciled",
        "payment_ref",
        "gym_receipt_ids.state",
        "gym_receipt_ids.taken_back_ids.state",
    )
    def _compute_gym_found_by(self):
        looked = self._gym_look()
        for line in self:
            finding = looked.get(line, Finding())
            line.gym_found_by = finding.reason
            line.gym_hint = finding.hint or line._gym_return_sentence()

    def _gym_return_sentence(self):
        """Say how a returned direct debit is read, for the line that takes it away."""
        code = self._gym_noted().get("RtrInf/Rsn/Cd")
        if not code or self.amount >= 0 or self.is_reconciled:
            return False
        return self.env._(
            "A payment came back (%(code)s). If it is a direct debit, read the same file"
            " with Import Returns, which opens the items again; then match this line"
            " with the entry made there.",
            code=code,
        )

    def _gym_show(self, finding):
        """Propose what was found. On a line that is saved nothing is kept: it is made
        anew whenever somebody looks, because items may be paid meanwhile."""
        if self.id:
            self.reconcile_data = False
            self.invalidate_recordset(["reconcile_data_info", "can_reconcile"])
        else:
            self.reconcile_data_info = self._gym_data(finding)

    def _gym_is_bare(self):
        """Tell whether the OCA's rules found nothing."""
        rows = self.reconcile_data_info.get("data", [])
        return all(row["kind"] != "other" for row in rows)

    def _gym_data(self, finding):
        """Return the counterparts as the OCA's screen keeps them."""
        liquidity, __, __ = self._seek_for_lines()
        # sudo: of whatever centre the items are
        items = self.env["account.move.line"].sudo()
        wanted = [(line, "liquidity", False) for line in liquidity]
        wanted += [(items.browse(id), "other", amount) for id, amount in finding.shares]
        data, number = [], 1
        for line, kind, amount in wanted:
            number, rows = self._get_reconcile_line(
                line,
                kind,
                is_counterpart=kind == "other",
                max_amount=amount,
                reconcile_auxiliary_id=number,
                move=True,
            )
            data += rows
        if rest := self._gym_rest(finding):
            data.append(self._gym_rest_row(finding, rest, number))
            number += 1
        return self._recompute_suspense_line(data, number, self.manual_reference)

    def _gym_rest(self, finding):
        """Return what pays no item, and stays as the member's credit."""
        is_theirs = finding.shares or finding.is_known
        if not is_theirs or not finding.partner_id:
            return 0.0
        paid = sum(amount for __, amount in finding.shares)
        return self.currency_id.round(self.amount - paid)

    def _gym_rest_row(self, finding, rest, number):
        # sudo: see `_gym_data`
        partner = self.env["res.partner"].sudo().browse(finding.partner_id)
        account = partner.with_company(self.company_id).property_account_receivable_id
        own = self.company_id.currency_id
        amount = -self.currency_id._convert(rest, own, self.company_id, self.date)
        return {
            "reference": f"reconcile_auxiliary;{number}",
            "id": False,
            "account_id": [account.id, account.display_name],
            "partner_id": [partner.id, partner.display_name],
            "date": fields.Date.to_string(self.date),
            "name": self.payment_ref or self.name,
            "amount": amount,
            "net_amount": amount,
            "debit": 0.0,
            "credit": -amount,
            "kind": "other",
            "currency_id": own.id,
            "line_currency_id": self.currency_id.id,
            "currency_amount": -rest,
        }
