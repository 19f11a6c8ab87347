from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, split_every
from odoo.tools.pdf import merge_pdf

from ...exceptions import NothingToDo
from ..base.gym_mailed import DELIVERED, STATES_BEFORE
from ..base.ir_actions_report import CHUNK_SIZE

TEMPLATE = "gym_dunning.mail_template_renewal_notice"
REPORT = "gym_dunning.action_report_renewal_notice"


class GymRenewalNotice(models.Model):
    """A member was told that his contract will be renewed: when, how, what.

    It is the proof: who was told about which end, on which day, with which letter
    or e-mail.
    """

    _name = "gym.renewal.notice"
    _description = "Notice of Renewal"
    _inherit = ["gym.letter.thread"]
    _order = "date desc, id desc"
    _rec_name = "contract_id"

    run_id = fields.Many2one(
        "gym.renewal.notice.run",
        string="Mailing",
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    contract_id = fields.Many2one(
        "gym.contract", required=True, ondelete="cascade", index=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", ondelete="restrict", readonly=True
    )
    addressee_id = fields.Many2one("res.partner", ondelete="restrict", readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True
    )
    date = fields.Date(required=True, readonly=True)
    date_end = fields.Date(
        string="Current End", required=True, readonly=True, index=True
    )
    date_cancel = fields.Date(string="Last Day to Cancel", readonly=True)
    date_new_end = fields.Date(string="New End", readonly=True)
    is_open_ended = fields.Boolean(string="Without an End", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True, help="What the next term costs, tax included."
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("pending", "Waiting"),
            ("sent", "Sent"),
            ("printed", "Printed"),
            ("failed", "Failed"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
    )
    channel = fields.Selection([("email", "E-Mail"), ("print", "Print")], readonly=True)
    email = fields.Char(string="Sent to", readonly=True)
    delivery_date = fields.Datetime(string="Delivered on", readonly=True)
    delivery_message = fields.Char(string="Why It Failed", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", string="E-Mail", ondelete="set null", readonly=True
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="Letter", ondelete="set null", readonly=True
    )

    is_unsent = fields.Boolean(
        string="To Send Again",
        compute="_compute_is_unsent",
        search="_search_is_unsent",
        help="No mail server took the e-mail, and what it says still holds.",
    )
    is_too_late = fields.Boolean(
        string="Too Late to Send",
        compute="_compute_is_unsent",
        search="_search_is_too_late",
        help="No mail server took the e-mail, and what it says no longer"
        " holds: the contract has changed or ended, or its last day to cancel is over.",
    )

    _end_uniq = models.UniqueIndex(
        "(contract_id, date_end) WHERE state != 'proposed'",
        "A notice of this renewal was sent already.",
    )

    # === GIVEN UP FOR WANT OF A MAIL SERVER === #

    @api.depends(
        "state",
        "channel",
        "delivery_message",
        "contract_id.state",
        "contract_id.date_end",
    )
    @api.depends_context("uid")
    def _compute_is_unsent(self):
        for notice in self:
            is_given_up = (
                notice.state == "pending"
                and notice.channel == "email"
                and notice.delivery_message
            )
            notice.is_unsent = is_given_up and notice._is_right_still()
            notice.is_too_late = is_given_up and not notice.is_unsent

    def _is_right_still(self):
        """Tell whether the contract is as the notice says, and can be cancelled."""
        contract = self.contract_id
        today = self.company_id._gym_today(self.env.user)
        return (
            contract.state == "active"
            and contract.date_end == self.date_end
            and (not self.date_cancel or self.date_cancel >= today)
        )

    @api.model
    def _search_is_unsent(self, operator, value):
        return self._search_given_up("is_unsent", operator, value)

    @api.model
    def _search_is_too_late(self, operator, value):
        return self._search_given_up("is_too_late", operator, value)

    @api.model
    def _search_given_up(self, name, operator, value):
        """The few that were given up are read: a day and a contract decide."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented  # Odoo asks for the opposite
        given_up = self.search(
            Domain("state", "=", "pending")
            & Domain("channel", "=", "email")
            & Domain("delivery_message", "!=", False)
        )
        return Domain("id", "in", given_up.filtered(name).ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_proposals(self):
        if any(notice.state != "proposed" for notice in self):
            raise UserError(
                self.env._(
                    "Notices are proof of what members were told and cannot be deleted."
                )
            )

    def action_open_contract(self):
        """Open the contract."""
        self.ensure_one()
        return self.contract_id._get_records_action()

    def action_open_letter(self):
        """Download the letter as it was printed."""
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(self.env._("There is no letter for this notice yet."))
        return self.attachment_id._gym_download()

    def _to_mend(self):
        """Return what a person opens when the notice failed."""
        return self.addressee_id

    def _stands(self, renewal):
        """Tell whether the contract is still what the estimate saw.

        :param renewal: the renewal that the notice is about, see `_renewal`
        """
        self.ensure_one()
        contract = self.contract_id
        return (
            contract.date_end == self.date_end
            and not contract._current_notices()
            and not renewal._reason(contract)
        )

    # === ACTIONS === #

    def action_print(self):
        """Fetch the letters as one PDF; nothing is marked by that.

        :raise UserError: none of them goes on paper
        """
        self.check_access("read")
        letters = self._on_paper()
        if not letters:
            raise NothingToDo(
                self.env._(
                    "No letter to print: these notices are in the outbox or went out"
                    " by e-mail."
                )
            )
        # sudo: the letter is kept with its notice, which nobody edits
        return letters.sudo()._print()

    def action_confirm_printed(self):
        """Note that the letters printed are on their way."""
        self.check_access("read")
        # sudo: a clerk may say that he printed; the fate itself is nobody's to write
        self._on_paper().sudo()._set_delivery("printed")

    def action_send_again(self):
        """Send the e-mails that no mail server took.

        :raise NothingToDo: none of them waits for that
        """
        self.check_access("read")
        unsent = self.filtered("is_unsent")
        if not unsent:
            raise NothingToDo(self._nothing_unsent_sentence())
        # sudo: see `action_confirm_printed`
        unsent.sudo()._send()

    def _nothing_unsent_sentence(self):
        if any(notice.is_too_late for notice in self):
            return self.env._(
                "It is too late for these notices: the contract has changed or ended, or"
                " its last day to cancel is over. Speak with the member instead."
            )
        return self.env._("No e-mail of these notices waits to be sent again.")

    def _on_paper(self):
        return self.filtered(
            lambda one: (
                one.state in ("failed", "printed")
                or (one.state == "pending" and one.channel == "print")
            )
        )

    # === SENDING === #

    def _send(self):
        """Queue e-mails and make letters; committed with the new states."""
        for channel, notices in self.grouped(lambda one: one._choose_channel()).items():
            notices.write(
                {"channel": channel, "state": "pending", "delivery_message": False}
            )
            getattr(notices, f"_send_by_{channel}")()

    @api.model
    def _can_be_reached(self, partner):
        """Tell whether anything of an address is known, as for reminders."""
        known = partner.email, partner.street, partner.zip, partner.city
        return any(text and text.strip() for text in known)

    def _unreachable(self):
        """Return (notice, sentence) for those that would reach nobody."""
        return [
            (
                notice,
                self.env._(
                    "%(person)s has neither an e-mail nor a postal address, so the "
                    "notice of contract %(contract)s cannot be delivered. Enter an "
                    "address on the contact, then try again.",
                    person=notice.addressee_id.display_name,
                    contract=notice.contract_id.display_name,
                ),
            )
            for notice in self
            if not self._can_be_reached(notice.addressee_id)
        ]

    def _choose_channel(self):
        """Return the way of this notice; `_send_by_<way>` goes it."""
        self.ensure_one()
        person = self.addressee_id
        usable = person.email_normalized and not person.is_blacklisted
        return "email" if usable and self._template() else "print"

    @api.model
    def _template(self):
        return self.env.ref(TEMPLATE, raise_if_not_found=False)

    def _send_by_email(self):
        """Write the outbox rows, rendered together."""
        mails = self._queue_mails(self._template())
        by_id = {notice.id: notice for notice in self}
        for mail in mails:
            notice = by_id[mail.res_id]
            notice.mail_message_id = mail.mail_message_id
            notice.email = notice.addressee_id.email_normalized

    def _send_by_print(self):
        """Make the letters; they wait until somebody prints and confirms them."""
        self._render()

    # === LETTERS === #

    def _print(self):
        content, extension = self._render()
        name = f"{self.env._('Notices of renewal')}.{extension}"
        # what holds letters of several runs or centres belongs to who prints it
        is_of_run = len(self.run_id) == 1 == len(self.company_id)
        owner = self.run_id if is_of_run else None
        document = self.env["gym.printout"]._keep(name, content, owner)
        return document._gym_download()

    def _render(self):
        """Return all letters as one document, and its file extension.

        A letter that was made before is taken as it was.
        """
        # sudo: the layout of a letter is set-up, not data
        report = self.env.ref(REPORT).sudo().with_context(gym_letter=True)
        one_call = report.get_wkhtmltopdf_state() == "ok"
        parts, extension = [], "pdf"
        for ids in split_every(CHUNK_SIZE if one_call else 1, self.ids):
            content, extension = report._render_qweb_pdf(report, list(ids))
            parts.append(content)
        self._note_letters()
        if extension != "pdf":  # Odoo renders HTML while tests run
            return b"".join(parts), extension
        return merge_pdf(parts), extension

    def _note_letters(self):
        # by name: what people attach in the chatter is no letter
        letters = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("name", "in", [notice._letter_name() for notice in self]),
            ],
            order="id desc",
        )
        by_notice = {letter.res_id: letter for letter in letters}
        for notice in self.filtered(lambda one: not one.attachment_id):
            notice.attachment_id = by_notice.get(notice.id)

    def _deadline_sentence(self):
        """Return until when the contract can be cancelled; one sentence, as languages
        put the day elsewhere."""
        self.ensure_one()
        return self.env._(
            "You can cancel until %s.", format_date(self.env, self.date_cancel)
        )

    def _letter_name(self):
        """Return the name under which the report keeps the letter."""
        self.ensure_one()
        number = (self.contract_id.name or "").replace("/", "-")
        return f"{number} {self.date_end}.pdf"

    # === FATE === #

    def _set_delivery(self, state, message=False):
        """The one gate for the fate of a notice; what does not fit is passed by."""
        notices = self.filtered(lambda one: one.state in STATES_BEFORE[state])
        if not notices:
            return
        vals = {"state": state, "delivery_message": message, "delivery_date": False}
        if state in DELIVERED:
            vals["delivery_date"] = fields.Datetime.now()
        if state == "printed":
            vals["channel"] = "print"
            # a failed e-mail retried would come twice
            notices._cancel_outbox()
        notices.write(vals)
        if state == "failed":
            notices.run_id._note_failed_delivery()

    def _note_server_silent(self, reason):
        # EXTENDS gym.mailed: they wait for somebody to press Send Again
        self._set_delivery("pending", reason)
        for run, notices in self.grouped("run_id").items():
            run._tell_server_silent(len(notices), reason)
        return True

    def _note_bounce(self, message, email):
        """Note that an e-mail came back: its letter is printed instead.

        :param message: what came back, maybe what somebody wrote in the chatter
        """
        self.ensure_one()
        if self.channel == "email" and message == self.mail_message_id:
            self._set_delivery(
                "failed",
                self.env._("The e-mail came back from %s.", email or self.email),
            )
