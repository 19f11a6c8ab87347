from odoo import api, models
from odoo.tools.misc import clean_context


class GymInvoicing(models.AbstractModel):
    """Many invoices at once: one bad record among hundreds costs a few retries.

    Posting one by one takes ten times as long (measured); a savepoint for each
    record six times.
    """

    _name = "gym.invoicing"
    _description = "Invoices in Batches"

    @api.model
    def _create_posted(self, company, vals_by_record):
        """Create and post one invoice per record, of one company.

        :param vals_by_record: dict of record to values of `account.move`
        :return: dict of record to posted invoice, and a list of (record, sentence)
            for those that failed; nothing of them is left behind
        """
        if not vals_by_record:
            return {}, []
        made = {}
        moves = self._moves(company)

        def create(part):
            created = moves.create([vals_by_record[record] for record in part])
            made.update(zip(part, created, strict=True))

        def post(part):
            moves.browse([made[record].id for record in part])._post(soft=False)

        records = next(iter(vals_by_record)).browse(r.id for r in vals_by_record)
        apply = self.env["gym.process"]._apply_halving
        failures = apply(records, create)
        created = records.filtered(lambda record: record in made)
        failures += (unposted := apply(created, post))
        for record, __ in unposted:
            made.pop(record).unlink()
        return made, failures

    @api.model
    def _moves(self, company):
        # as fast as tracking_disable, but changes made later are tracked
        quiet = {"mail_create_nolog": True, "mail_notrack": True}
        moves = self.env["account.move"].with_company(company)
        return moves.with_context(**(clean_context(moves.env.context) | quiet))

    @api.model
    def _own_journal_vals(self, centre):
        """A centre with a sales journal of its own invoices there; Odoo's default
        is the first one, mostly the holding's."""
        if not centre.parent_id:
            return {}
        domain = [("type", "=", "sale"), ("company_id", "=", centre.id)]
        journal = self.env["account.journal"].search(domain, limit=1)
        return {"journal_id": journal.id} if journal else {}

    # === WHAT WOULD FAIL === #

    @api.model
    def _debtor_error(self, partner, company, currency):
        """Return a sentence for what keeps this debtor from being invoiced."""
        account = partner.with_company(company).property_account_receivable_id
        if not account:
            return self.env._(
                "%(member)s has no receivable account in %(company)s.",
                member=partner.display_name,
                company=company.name,
            )
        if not account.active:
            return self.env._(
                "The receivable account %(account)s of %(member)s is archived. Choose"
                " another on the contact, or activate it.",
                account=account.display_name,
                member=partner.display_name,
            )
        if not self._has_rate(company, currency):
            return self._rate_error(company, currency)
        return None

    @api.model
    def _has_rate(self, company, currency):
        return currency == company.currency_id or bool(
            self.env["res.currency.rate"].search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                limit=1,
            )
        )

    @api.model
    def _rate_error(self, company, currency):
        return self.env._(
            "%(currency)s has no exchange rate for %(company)s. Enter one under"
            " Invoicing > Configuration > Currencies.",
            currency=currency.name,
            company=company.name,
        )
