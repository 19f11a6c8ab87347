from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import clean_context


class GymInvoicing(models.AbstractModel):
    """Many invoices at once: one bad record among hundreds costs a few retries.

    Posting one by one takes ten times as long (measured); a savepoint for each
    record six times.
    """

    _name = "gym.invoicing"
    _description = "Invoices in Batches"

    @api.model
    def _create_posted(self, company, records, prepare, done=None):
        """Create and post one invoice per record, of one company.

        :param prepare: callable that returns a record's values of `account.move`;
            what it raises is that record's failure, as are all others
        :param done: callable that takes posted records and the dict of moves; what
            it writes stands or falls with their invoices
        :return: dict of record to posted invoice, and a list of (record, sentence)
            for those that failed; nothing of them is left behind
        """
        made = {}
        moves = self._moves(company)

        def create(part):
            created = moves.create([prepare(record) for record in part])
            made.update(zip(part, created, strict=True))

        def post(part):
            posting = moves.browse([made[record].id for record in part])
            self._check_accounts(posting)
            self._check_analytic(posting)
            posting._post(soft=False)
            if done:
                done(part, made)

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

    # === TAXES === #

    @api.model
    def _fiscal_positions(self, partners, company):
        """Return the fiscal position of each partner's invoices, by partner.

        Odoo searches one for each invoice; here once for all who live alike.
        """
        positions = self.env["account.fiscal.position"].with_company(company)
        by_zip = bool(positions.search_count([("zip_from", "!=", False)], limit=1))
        found, chosen = {}, {}
        for partner in partners.with_company(company):
            delivery = partner.browse(partner.address_get(["delivery"])["delivery"])
            key = (
                self._position_key(partner, by_zip),
                self._position_key(delivery, by_zip),
            )
            if key not in found:
                found[key] = positions._get_fiscal_position(partner, delivery=delivery)
            chosen[partner] = found[key]
        return chosen

    @api.model
    def _position_key(self, partner, by_zip):
        """Return what Odoo chooses a fiscal position by."""
        return (
            partner.property_account_position_id,
            partner.country_id,
            partner.state_id,
            partner.vat,
            by_zip and partner.zip,
        )

    @api.model
    def _taxes(self, product, company, position):
        """Return the taxes of a product on an invoice of this fiscal position."""
        return position.map_tax(product.taxes_id._filter_taxes_by_company(company))

    # === WHAT WOULD FAIL === #

    @api.model
    def _refused(self, debtors):
        """Return (record, sentence) for those who cannot be invoiced: known causes,
        checked in one pass before anything is made.

        :param debtors: dict of record to (partner, company, currency)
        """
        checked, rates = {}, {}
        failures = []
        for record, key in debtors.items():
            if key not in checked:
                partner, *place = key
                place = tuple(place)
                if place not in rates:
                    rates[place] = self._rate_error(*place)
                checked[key] = self._debtor_error(partner, *place) or rates[place]
            if checked[key]:
                failures.append((record, checked[key]))
        return failures

    @api.model
    def _debtor_error(self, partner, company, currency):
        """Return a sentence for what keeps this debtor from being invoiced."""
        if error := self._language_error(partner):
            return error
        return partner.commercial_partner_id._gym_account_error(company)

    @api.model
    def _language_error(self, partner):
        languages = self.env["res.lang"]
        if not partner.lang or languages._get_data(code=partner.lang):
            return None
        language = languages.with_context(active_test=False).search(
            [("code", "=", partner.lang)]
        )
        return self.env._(
            "The language of %(member)s, %(language)s, is switched off. Choose another"
            " on the contact, or activate it under Settings > Languages.",
            member=partner.display_name,
            language=language.name or partner.lang,
        )

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
        """Return a sentence if the currency cannot be converted."""
        if self._has_rate(company, currency):
            return None
        return self.env._(
            "%(currency)s has no exchange rate for %(company)s. Enter one under"
            " Invoicing > Configuration > Currencies.",
            currency=currency.name,
            company=company.name,
        )

    @api.model
    def _check_accounts(self, moves):
        """Refuse archived accounts by name; Odoo says that a line has one.

        :raise UserError: naming account and product
        """
        for line in moves.line_ids:
            if line.account_id and not line.account_id.active:
                raise UserError(
                    self.env._(
                        "The account %(account)s of %(product)s is archived. Activate"
                        " it under Gym Dunning > Configuration > Chart of Accounts.",
                        account=line.account_id.display_name,
                        product=line.product_id.display_name or line.name,
                    )
                )
        for journal in moves.journal_id:
            if not journal.active:
                raise UserError(
                    self.env._(
                        "The journal %(journal)s of %(company)s is archived. Activate"
                        " it under Invoicing > Configuration > Journals.",
                        journal=journal.name,
                        company=journal.company_id.name,
                    )
                )

    @api.model
    def _check_analytic(self, moves):
        """Refuse lines without the distribution of a mandatory analytic plan.

        Odoo's own button does; posting by the program passes it over.

        :raise UserError: naming product and account
        """
        checked = set()
        for line in moves.line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line.account_id.account_type != "asset_receivable"
            )
        ):
            distribution = tuple(sorted((line.analytic_distribution or {}).items()))
            key = line.company_id, line.product_id, line.account_id, distribution
            if key not in checked:
                self._check_distribution(line)
                checked.add(key)

    @api.model
    def _check_distribution(self, line):
        is_invoice = line.move_id.is_invoice()
        try:
            line.with_context(validate_analytic=True)._validate_distribution(
                company_id=line.company_id.id,
                product=line.product_id.id,
                account=line.account_id.id,
                business_domain="invoice" if is_invoice else "general",
            )
        except ValidationError as error:
            raise UserError(
                self.env._(
                    "%(product)s of %(member)s needs an analytic distribution on"
                    " account %(account)s. Create a model for it under Invoicing >"
                    " Configuration > Analytic Distribution Models.",
                    product=line.product_id.display_name or line.name,
                    member=line.partner_id.display_name or line.company_id.name,
                    account=line.account_id.display_name,
                )
            ) from error
