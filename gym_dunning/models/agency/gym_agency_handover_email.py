from odoo import models
from odoo.fields import Command, Domain

TEMPLATE = "gym_dunning.mail_template_handover"


class GymAgencyHandover(models.Model):
    """The file on its way by e-mail, and its fate there."""

    _name = "gym.agency.handover"
    _inherit = ["gym.agency.handover", "gym.mailed"]

    # === ACTIONS === #

    def action_resend(self):
        """Bring the claims to the agency once more, after a failed attempt.

        :raise UserError: nothing failed, or nobody is left to hand over
        """
        self.check_access("write")
        self._wait_for_lock()  # pressed twice it sends once
        for handover in self:
            handover._check_state("failed")
            handover._check_idle()
            handover._check_anybody_left()
            handover._reopen()
            handover._deliver()

    # === SENDING === #

    def _deliver_email(self):
        """Queue an e-mail with the file, committed with the state it belongs to."""
        attachment = self._make_file()
        self._cancel_outbox()  # nobody retries it beside
        if obstacle := self._email_obstacle():
            self._set_state("failed", obstacle)
            return
        self._queue_mails(
            self.env.ref(TEMPLATE), attachment_ids=[Command.link(attachment.id)]
        )
        recipient = self.agency_id.partner_id.email_normalized
        self._log_export("email", attachment, recipient=recipient)

    def _withdraw_file(self):
        """Take out of the outbox what holds somebody who came back, and replace it.

        An e-mail that failed is not sent again by itself.
        """
        for handover in self:
            is_waiting = handover._has_unsent_mail()
            handover._cancel_outbox()
            if is_waiting and handover._lines_at_agency():
                handover._deliver()

    def _has_unsent_mail(self):
        # sudo: the outbox belongs to the system
        mails = self.env["mail.mail"].sudo()
        return bool(mails.search_count(self._unsent_domain(), limit=1))

    def _unsent_domain(self):
        return (
            Domain("model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("message_type", "=", "email_outgoing")
            & Domain("state", "=", "outgoing")
        )

    def _email_obstacle(self):
        """Say why no e-mail can be sent, and what to do; False when one can."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            return self.env._(
                "The e-mail template for hand-overs was deleted. Upgrade the module "
                "to restore it, then press Send Again."
            )
        if not self.agency_id.partner_id.email_normalized:
            return self.env._(
                "%s has no usable e-mail address. Enter it on the agency's contact, then"
                " press Send Again.",
                self.agency_id.display_name,
            )
        sender = template._render_field("email_from", self.ids)[self.id]
        if not sender and not self.env["ir.mail_server"]._get_default_from_address():
            return self.env._(
                "%s has no e-mail address to send from. Enter it on the company, then"
                " press Send Again.",
                self.company_id.name,
            )
        return False

    # === FATE === #

    def _set_delivery(self, state, message=False):
        """Note how the e-mail fared; the outbox tells it.

        What the agency answered already is not undone by a mail server.
        """
        for handover in self:
            if state == "failed" and handover.state == "in_progress":
                handover._set_state("failed", message)
            elif state == "sent":
                handover._reopen()  # retried from the outbox

    def _note_bounce(self, message, email):
        """Note that the e-mail came back; an earlier attempt says nothing any more."""
        self.ensure_one()
        if self._is_last_attempt(message):
            self._set_delivery(
                "failed",
                self.env._(
                    "The e-mail came back from %s. Correct the address on the agency's"
                    " contact, then press Send Again.",
                    email or self.agency_id.partner_id.email,
                ),
            )
