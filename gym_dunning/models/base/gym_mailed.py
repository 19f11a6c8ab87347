from odoo import api, models
from odoo.tools import email_normalize, formataddr

# What may become what: a printed letter has arrived, whatever a mail server says
# later, unless a person says that it was not printed; an e-mail that went out may
# still come back, and waits again where no mail server could be reached.
STATES_BEFORE = {
    "pending": ("printed", "pending"),
    "sent": ("pending", "failed"),
    "printed": ("pending", "failed"),
    "failed": ("pending", "sent", "failed"),
}
DELIVERED = ("sent", "printed")


class GymMailed(models.AbstractModel):
    """What leaves by e-mail through Odoo's outbox and is told how it fared.

    A model has `_set_delivery(state, message)`, its gate for the fate, and
    `_note_bounce(message, email)`; the outbox and the mail gateway call them.
    """

    _name = "gym.mailed"
    _description = "Sent by E-Mail"
    _inherit = ["mail.thread"]

    def _set_delivery(self, state, message=False):
        """Note the fate of an e-mail: `sent`, `printed` or `failed` with a sentence."""
        raise NotImplementedError

    def _note_server_silent(self, reason):
        """Note that no mail server could be reached: no address is to blame.

        :param reason: what the attempt said
        :return: whether the e-mails are given up, for they are written anew when they
            are sent again
        """
        self._set_delivery("failed", reason)
        return False

    def _note_bounce(self, message, email):
        """Note that a message came back from an address, which may be unknown."""
        raise NotImplementedError

    def _queue_mails(self, template, **email_values):
        """Write the outbox rows, rendered together, and wake the queue (P5).

        :return: the e-mails
        :raise UserError: there is no address to send from
        """
        # the message stays in the chatter when the sent mail is removed: it is the
        # proof, and a reply finds its record by it
        mails = template.send_mail_batch(
            self.ids,
            force_send=False,
            email_values={"is_notification": True} | email_values,
        )
        mails._check_sender(self)
        if not template.reply_to:
            self._take_replies(mails)
        # sudo: a clerk may not read scheduled actions, but starts this one
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mails

    def _take_replies(self, mails):
        """Have replies go where Odoo fetches them; templates leave that empty."""
        addresses = self._notify_get_reply_to()
        for address, some in mails.grouped(lambda one: addresses[one.res_id]).items():
            if address:
                some.mail_message_id.reply_to = address

    def _cancel_outbox(self):
        """Stop the e-mails that did not leave, those that failed included."""
        self.env["mail.mail"]._gym_cancel_unsent(self)

    def _is_last_attempt(self, message):
        """Tell the last e-mail that left from earlier ones, and from what somebody
        wrote in the chatter."""
        attempts = self.message_ids.filtered(
            lambda one: one.message_type == "email_outgoing"
        )
        return message == attempts.sorted("id")[-1:]

    @api.model
    def _is_told(self, model):
        """Tell whether records of this model hear how their e-mails fared."""
        return model in self.env and isinstance(
            self.env[model], self.env.registry["gym.mailed"]
        )


class GymLetterThread(models.AbstractModel):
    """The conversation below what a run sends to an addressee by the thousand."""

    _name = "gym.letter.thread"
    _description = "Replies to a Letter"
    _inherit = ["gym.mailed"]

    def _addressee_name(self):
        """Return the name to write to: the addressee's, else the nearest above him,
        else the name of the person it is about."""
        self.ensure_one()
        name = self.addressee_id._name_on_letter()
        return name or self.partner_id._name_on_letter()

    def _address_lines(self):
        """Return the addressee's postal address; abroad with the country as the post
        of the sender reads it."""
        self.ensure_one()
        country = self._country_abroad()
        sender = self.company_id.sudo().partner_id  # a letter names its creditor
        country = country.with_context(lang=sender.lang or self.env.lang)
        return self.addressee_id._gym_address_lines((country.name or "").upper())

    def _creditor_lines(self):
        """Return the creditor's postal address, with the country for readers abroad."""
        creditor = self.company_id.sudo().partner_id.with_context(lang=self.env.lang)
        country = self._country_abroad() and creditor.country_id.name
        return creditor._gym_address_lines(country)

    def _country_abroad(self):
        """Return the addressee's country where it is not the creditor's."""
        # sudo: an address is written out for whoever prints the letter
        company = self.company_id.sudo()
        home = company.country_id or company.root_id.country_id
        return self.addressee_id.sudo().country_id - home

    def _sender_line(self):
        """Return the sender in one line, for above the address window."""
        partner = self.company_id.sudo().partner_id  # a letter names its creditor
        place = " ".join(filter(None, [partner.zip, partner.city]))
        return ", ".join(filter(None, [self.company_id.name, partner.street, place]))

    def _mail_sender(self):
        """Return the sender of its e-mail: the centre by its name, with its own address
        or the next one above; empty where none has one."""
        self.ensure_one()
        company = self.company_id.sudo()  # a letter names its creditor
        above = company.parent_ids.sorted(lambda one: -len(one.parent_path))
        addresses = filter(None, (email_normalize(one.email) for one in above))
        address = next(addresses, None)
        return address and formataddr((company.name, address))

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        # EXTENDS mail: who writes to a letter's chatter writes to its addressee
        return ["addressee_id"]

    def message_update(self, msg_dict, update_vals=None):
        # EXTENDS mail: a reply must reach a person; thousands of letters have no
        # followers until somebody answers one of them
        for letter in self:
            person = letter.run_id._responsible()
            letter._message_subscribe(partner_ids=person.partner_id.ids)
        return super().message_update(msg_dict, update_vals=update_vals)
