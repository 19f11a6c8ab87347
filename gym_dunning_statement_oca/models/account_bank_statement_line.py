from odoo import models


class AccountBankStatementLine(models.Model):
    """Lines of statements in the OCA's reconciliation.

    `_do_auto_reconcile` there proposes, and reconciles what is found when a line is
    created. What names something of ours is answered here; the rest is the OCA's.
    """

    _inherit = "account.bank.statement.line"

    def _retrieve_partner(self):
        # EXTENDS account_reconcile_oca: who is known for certain is not guessed by name
        context = self.env.context
        if context.get("skip_retrieve_partner") or context.get("gym_looked"):
            return super()._retrieve_partner()
        lines = self.with_context(gym_looked=True)
        for line, finding in self._gym_look().items():
            if finding.is_sure and not line.partner_id:
                line.with_context(gym_looked=True)._gym_set_partner(finding.partner_id)
        result = super(AccountBankStatementLine, lines)._retrieve_partner()
        # writing a partner made proposals without us
        self.invalidate_recordset(["reconcile_data_info", "can_reconcile"])
        return result

    def _gym_set_partner(self, partner_id):
        # sudo: of whatever centre the member is
        partner = self.env["res.partner"].sudo().browse(partner_id)
        # a branch's own contact must not be at a line of the company above
        if not partner.company_id or partner.company_id in self.company_id.parent_ids:
            self.partner_id = partner.id

    def _do_auto_reconcile(self, reconcile_if_possible=True):
        # EXTENDS account_reconcile_oca
        if self.env.context.get("gym_looked"):
            return super()._do_auto_reconcile(reconcile_if_possible)
        looked = self._gym_look()
        known = self._gym_known(looked)
        others = self - known
        result = super(AccountBankStatementLine, others)._do_auto_reconcile(
            reconcile_if_possible
        )
        for line in known | others._gym_bare(looked):
            line._gym_show(looked[line])
        if reconcile_if_possible:
            known._gym_reconcile(looked)
        return result

    def _compute_reconcile_data_info(self):
        # EXTENDS account_reconcile_oca: all that are shown are looked at together
        if self.env.context.get("gym_looked"):
            return super()._compute_reconcile_data_info()
        looked = self.filtered(lambda line: not line.reconcile_data)._gym_look()
        known = self._gym_known(looked)
        others = self - known
        super(
            AccountBankStatementLine, others.with_context(gym_looked=True)
        )._compute_reconcile_data_info()
        for line in known | others._gym_bare(looked):
            data = line._gym_data(looked[line])
            line.reconcile_data_info = data
            line.can_reconcile = data.get("can_reconcile", False)

    def _gym_known(self, looked):
        return self.filtered(lambda line: line in looked and looked[line].is_known)

    def _gym_bare(self, looked):
        """Return the lines that were looked at, and for which the OCA's rules have
        nothing: a proposal of ours is for them, today or once something is found."""
        return self.filtered(
            lambda line: (
                line in looked and not line.is_reconciled and line._gym_is_bare()
            )
        )

    # === RECONCILING === #

    def _gym_reconcile(self, looked):
        """Reconcile what is certain, where the gym books at once; a line that cannot
        be says why in its chatter, and stops no other."""
        sure = self.filtered(
            lambda line: looked[line].is_sure and line.company_id._gym_books_receipts()
        )

        def reconcile(lines):
            for line in lines:
                line._gym_reconcile_with(looked[line])

        failures = self.env["gym.process"]._apply_halving(sure, reconcile)
        for line, sentence in failures:
            line.move_id.message_post(body=sentence)

    def _gym_reconcile_with(self, finding):
        # sudo: the bank's line is about whoever it names, in whatever centre
        line = self.sudo()
        line.reconcile_data_info = line._gym_data(finding)
        if line.reconcile_data_info.get("can_reconcile"):
            line.reconcile_bank_line()

    # === UNDOING === #

    def unreconcile_bank_line(self):
        # EXTENDS account_reconcile_oca: what was found is proposed once more
        result = super().unreconcile_bank_line()
        for line, finding in self._gym_look().items():
            if finding.is_known:
                line._gym_show(finding)
        return result
