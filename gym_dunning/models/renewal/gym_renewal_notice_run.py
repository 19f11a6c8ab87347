from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

# An e-mail takes some milliseconds, a letter a tenth of a second.
BATCH_SIZE = 50


class GymRenewalNoticeRun(models.Model):
    """Telling members that their contracts will be renewed, in one go."""

    _name = "gym.renewal.notice.run"
    _description = "Notices of Renewal"
    _inherit = ["gym.run.mixin", "gym.alert"]
    _list_action = "gym_dunning.gym_renewal_notice_action"
    _step = "send"
    _slice_field = "partner_id"

    date = fields.Date(
        help="Contracts that are due for a notice on this day are included."
    )
    price_change = fields.Selection(
        selection=lambda self: (
            self.env["gym.renewal.run"]
            ._fields["price_change"]
            ._description_selection(self.env)
        ),
        string="Price",
        default="keep",
        required=True,
        readonly=True,
        help="As the renewal will do it: the notice names the new price.",
    )
    price_percent = fields.Float(string="Change in %", readonly=True)
    notice_ids = fields.One2many("gym.renewal.notice", "run_id")
    notice_count = fields.Integer(compute="_compute_counts", string="Notices")
    mail_count = fields.Integer(compute="_compute_counts", string="By E-Mail")
    sent_count = fields.Integer(compute="_compute_counts", string="Delivered")
    to_print_count = fields.Integer(compute="_compute_counts", string="To Print")
    unsent_count = fields.Integer(compute="_compute_counts", string="To Send Again")
    too_late_count = fields.Integer(compute="_compute_counts", string="Too Late")
    left_out = fields.Text(
        compute="_compute_left_out",
        help="Contracts due for a notice whose members are not notified, and why.",
    )

    @api.depends(
        "notice_ids.state",
        "notice_ids.channel",
        "notice_ids.is_unsent",
        "notice_ids.is_too_late",
    )
    def _compute_counts(self):
        for run in self:
            notices = run.notice_ids
            run.notice_count = len(notices)
            run.mail_count = len(notices.filtered(lambda one: one.channel == "email"))
            run.sent_count = len(
                notices.filtered(lambda one: one.state in ("sent", "printed"))
            )
            run.to_print_count = len(run._to_print())
            run.unsent_count = len(notices.filtered("is_unsent"))
            run.too_late_count = len(notices.filtered("is_too_late"))

    @api.depends("date", "company_ids", "state")
    def _compute_left_out(self):
        """While it is an estimate; afterwards others stand in the window."""
        for run in self:
            run.left_out = run.state == "estimated" and "\n".join(run._say_left_out())

    def _say_left_out(self):
        renewal = self._renewal()
        reasons = dict(
            self.env["gym.renewal.line"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
        for contract in self._candidates():
            reason = renewal._reason(contract)
            if reason and contract._wants_notice(self.date):
                yield f"{contract.display_name}: {reasons[reason]}"

    def _to_print(self):
        waiting = self.notice_ids.filtered(lambda one: one.state != "printed")
        return waiting._on_paper()

    # === CRUD === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | {"price_change", "price_percent"}

    def _has_results(self):
        # EXTENDS gym.run.base
        return super()._has_results() or any(
            notice.state != "proposed" for notice in self.notice_ids
        )

    # === ESTIMATE === #

    def _estimate(self):
        """Propose a notice for every contract in its window."""
        self.ensure_one()
        self.check_access("write")
        notices = self.env["gym.renewal.notice"].sudo()  # the run's own rows
        notices.search([("run_id", "=", self.id)]).unlink()
        quiet = notices.with_context(mail_create_nolog=True, tracking_disable=True)
        renewal = self._renewal()
        quiet.create(
            [
                self._prepare_notice_vals(contract, renewal)
                for contract in self._candidates()
                if contract._wants_notice(self.date) and not renewal._reason(contract)
            ]
        )

    def _candidates(self):
        profiles = self.env["gym.renewal.profile"].search([])
        horizon = max(
            (one.notice_from + 31 * one.cancel_months for one in profiles), default=0
        )
        return self.env["gym.contract"].search(
            Domain("company_id", "in", self.company_ids.ids)
            & Domain("state", "=", "active")
            & Domain("auto_renew", "=", True)
            & Domain("date_end", ">=", self.date)
            & Domain("date_end", "<=", fields.Date.add(self.date, days=horizon))
        )

    def _renewal(self):
        """Return the renewal that the notices are about; it is never stored."""
        return self.env["gym.renewal.run"].new(
            {
                "date": self.date,
                "date_from": self.date,
                "price_change": self.price_change,
                "price_percent": self.price_percent,
            }
        )

    def _prepare_notice_vals(self, contract, renewal):
        terms = renewal._terms(contract)
        due = contract._due_subscriptions()
        return {
            "run_id": self.id,
            "contract_id": contract.id,
            "partner_id": contract.partner_id.id,
            "addressee_id": contract.with_context(dunning_date=self.date)
            ._notice_addressee()
            .id,
            "company_id": contract.company_id.id,
            "date": self.date,
            "date_end": contract.date_end,
            "date_cancel": contract.renewal_profile_id._last_cancel_day(
                contract.date_end
            ),
            "date_new_end": max(term["date_end"] for term in terms),
            "is_open_ended": all(one.renewal_mode == "open" for one in due),
            "currency_id": contract.currency_id.id,
            "amount": sum(self._with_tax(contract, term) for term in terms),
        }

    def _with_tax(self, contract, term):
        """Return what a term costs; consumers are told prices with tax."""
        env = self.with_company(contract.company_id).env
        subscription = env["gym.contract.subscription"].browse(term["subscription_id"])
        product = subscription.product_id
        debtor = contract.with_env(env)._debtor()
        return self._taxes(product, debtor, contract.company_id).compute_all(
            term["price_unit"],
            currency=contract.currency_id,
            quantity=subscription.quantity,
            product=product,
            partner=debtor,
        )["total_included"]

    def _taxes(self, product, debtor, company):
        """Return the taxes that Odoo will put on the invoice: mapped by where the
        debtor is delivered to; those of the account, where the article has none."""
        invoicing = self.env["gym.invoicing"]
        position = invoicing._fiscal_positions(debtor, company)[debtor]
        if taxes := product.taxes_id._filter_taxes_by_company(company):
            return position.map_tax(taxes)
        accounts = product.product_tmpl_id.get_product_accounts(fiscal_pos=position)
        taxes = accounts["income"].tax_ids.filtered(
            lambda tax: tax.type_tax_use == "sale"
        )
        return position.map_tax(taxes._filter_taxes_by_company(company))

    def _has_proposals(self):
        return bool(self.notice_ids)

    def _nobody_message(self):
        if not self.env["gym.renewal.profile"].search_count([("notice_from", ">", 0)]):
            return self.env._(
                "No country has a notice period for renewals. Enter one under "
                "Configuration > Renewal Rules."
            )
        nobody = self.env._(
            "On %s, no contract is due for a notice, or its member has already been "
            "notified.",
            format_date(self.env, self.date),
        )
        left_out = list(self._say_left_out())
        if not left_out:
            return nobody
        return "\n".join([nobody, self.env._("Left out:"), *left_out])

    # === ACTIONS === #

    def action_print(self):
        """Fetch the letters that wait, those of failed e-mails too, as one PDF."""
        self.ensure_one()
        return (self._to_print() or self.notice_ids).action_print()

    def action_confirm_printed(self):
        """Note that the letters printed are on their way."""
        self.ensure_one()
        self._to_print().action_confirm_printed()

    def action_send_again(self):
        """Send the e-mails that no mail server took."""
        self.ensure_one()
        self.notice_ids.action_send_again()

    def action_open_too_late(self):
        """List the notices that were never sent and are too late now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(self._list_action)
        late = self.notice_ids.filtered("is_too_late")
        return dict(action, domain=[("id", "in", late.ids)], context={})

    # === PROCESS === #

    def _proposal_model(self):
        return self.env["gym.renewal.notice"]

    def _batch_size(self):
        return BATCH_SIZE

    def _process_name(self):
        return self.env._("Notices of renewal %s", self.name)

    def _has_done(self):
        return any(notice.state != "proposed" for notice in self.notice_ids)

    def _process_send(self, process):
        notices = self._next_proposed(process)
        renewal = self._renewal()
        standing = notices.filtered(lambda one: one._stands(renewal))
        (notices - standing).unlink()
        failures = standing._unreachable()
        reached = standing - standing.browse(notice.id for notice, __ in failures)
        failures += process._apply_halving(reached, lambda part: part._send())
        for notice, message in failures:
            process._add_failure(notice, message)
        process._count(
            done=len(standing) - len(failures), skipped=len(notices) - len(standing)
        )
        return len(notices)

    def _process_send_done(self, process):
        self._set_state("done")
        self._post_summary(
            self.env._(
                "Notices of renewal: %(mails)s e-mails queued, %(letters)s letters to"
                " print, %(skipped)s skipped since the estimate, %(failed)s failed.",
                mails=self.mail_count,
                letters=self.to_print_count,
                skipped=process.skipped_count,
                failed=process.failed_count,
            )
        )

    def _process_send_restarted(self, process):
        self._set_state("running")

    # === WHO IS TOLD === #

    def _tell_server_silent(self, count, reason):
        """Say once that no mail server could be reached, in the run and to who answers
        for it."""
        # sudo: see `_note_failed_delivery`
        for one in self.sudo():
            person = one._responsible()
            run = one.with_context(lang=person.lang)
            text = run.env._(
                "The mail server does not answer: %(count)s notices wait to be sent;"
                " press Send Again when it works again. Reason: %(reason)s",
                count=count,
                reason=reason,
            )
            run._post_summary(text)
            title = run.env._("Notices of renewal were not sent")
            run._schedule_alert(person, title, text)

    def _note_failed_delivery(self):
        """E-mails came back: one activity a run, not one a mail."""
        # sudo: what failed is noted whoever noticed it, a mail server too
        for one in self.sudo():
            person = one._responsible()
            run = one.with_context(lang=person.lang)
            failed = run.notice_ids.filtered(lambda notice: notice.state == "failed")
            run._schedule_alert(
                person,
                run.env._("Notices of renewal did not arrive"),
                run.env._(
                    "E-mails that failed: %s. Print the letters instead.", len(failed)
                ),
            )
