import re

from odoo import fields, models
from odoo.fields import Command, Domain

from odoo.addons.sms.tools.sms_tools import sms_content_to_rendered_html

try:
    import phonenumbers
except ImportError:  # Odoo works without it, and so do we: any number is tried
    phonenumbers = None

# Amounts are formatted with no-break spaces. They are not in the alphabet of SMS: one
# of them more than halves the letters of a message, and doubles its price.
ODD_SPACES = re.compile(r"[^\S\n]")


class GymDunningReminder(models.Model):
    """SMS as a way to the member: besides letter and e-mail, or instead of paper."""

    _inherit = "gym.dunning.reminder"

    # on uninstalling: those that wait are to be sent again, those sent stay sent
    delivery_channel = fields.Selection(
        selection_add=[("sms", "SMS")],
        ondelete={"sms": "set null"},
        help="Decided when the reminder is sent: by e-mail where the addressee has a"
        " usable address and the level an e-mail template; else by SMS where the level"
        " uses it instead of paper and the addressee has a mobile number; else on"
        " paper.",
    )

    # === SENDING === #

    def _send(self):
        # EXTENDS gym_dunning: the notice besides letter or e-mail
        result = super()._send()
        self._send_sms_also()
        return result

    def _choose_channel(self):
        # EXTENDS gym_dunning: SMS where paper would be used
        channel = super()._choose_channel()
        on_paper = channel == "print" or self.addressee_id.is_blacklisted
        if on_paper and self.level_id._sends_sms("instead") and self._mobile_number():
            return "sms"
        return channel

    def _send_by_sms(self):
        banned = self._with_banned_number()
        banned._set_delivery("failed", self.env._("The phone number is blacklisted."))
        (self - banned)._queue_sms(decides_delivery=True)

    def _send_sms_also(self):
        """Queue the notices, once for each reminder however often it is sent."""
        wanted = self.filtered(
            lambda reminder: (
                reminder.level_id._sends_sms("also") and reminder._mobile_number()
            )
        )
        wanted -= wanted._sms_trackers().reminder_id
        (wanted - wanted._with_banned_number())._queue_sms(decides_delivery=False)

    def _queue_sms(self, decides_delivery):
        """Write the outbox rows, for each centre and text together (P5)."""
        for (company, level), reminders in self.grouped(
            lambda reminder: (reminder.company_id, reminder.level_id)
        ).items():
            mine = reminders.with_company(company)
            bodies = mine._sms_bodies(level.sms_template_id)
            mine._write_outbox(bodies, decides_delivery)

    def _sms_bodies(self, template):
        rendered = template.with_context(gym_sms=True)._render_field(
            "body", self.ids, compute_lang=True
        )
        return {key: ODD_SPACES.sub(" ", body) for key, body in rendered.items()}

    def _write_outbox(self, bodies, decides_delivery):
        """Write SMS, and notes in the chatter that show what becomes of them."""
        messages = self._log_sms(bodies)
        # sudo: the outbox belongs to the system
        rows = (
            self.env["sms.sms"]
            .sudo()
            .create(  # which wakes Odoo's queue
                [
                    {
                        "body": bodies[reminder.id],
                        "number": reminder._mobile_number(),
                        "partner_id": reminder.addressee_id.id,
                        "mail_message_id": message.id,
                    }
                    for reminder, message in zip(self, messages, strict=True)
                ]
            )
        )
        # sudo: as above
        self.env["mail.notification"].sudo().create(
            [
                reminder._sms_notification(sms, decides_delivery)
                for reminder, sms in zip(self, rows, strict=True)
            ]
        )

    def _log_sms(self, bodies):
        messages = self._message_log_batch(
            {key: sms_content_to_rendered_html(body) for key, body in bodies.items()},
            message_type="sms",
        )
        # the queue reads the centre here: its own account pays
        messages.record_company_id = self.company_id
        return messages

    def _sms_notification(self, sms, decides_delivery):
        return {
            "author_id": sms.mail_message_id.author_id.id,
            "mail_message_id": sms.mail_message_id.id,
            "res_partner_id": sms.partner_id.id,
            "sms_number": sms.number,
            "notification_type": "sms",
            "notification_status": "ready",
            "is_read": True,
            "sms_id_int": sms.id,
            "sms_tracker_ids": [
                Command.create(
                    {
                        "sms_uuid": sms.uuid,
                        "reminder_id": self.id,
                        "decides_delivery": decides_delivery,
                    }
                )
            ],
        }

    # === NUMBERS === #

    def _mobile_number(self):
        """Return the addressee's number in international form, if it takes SMS."""
        self.ensure_one()
        person = self.addressee_id
        country = person.country_id or self.company_id.country_id
        for name in person._phone_get_number_fields():
            number = person._phone_format(fname=name, country=country)
            if number and self._takes_sms(number):
                return number
        return False

    def _takes_sms(self, number):
        """Tell mobile numbers from the landlines where no SMS arrives."""
        if not phonenumbers:
            return True
        kind = phonenumbers.number_type(phonenumbers.parse(number))
        return kind in (
            phonenumbers.PhoneNumberType.MOBILE,
            # North America does not tell one from the other
            phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        )

    def _with_banned_number(self):
        """Return those whose addressee does not want SMS."""
        numbers = {reminder: reminder._mobile_number() for reminder in self}
        # sudo: the list of banned numbers is the administrator's
        banned = set(
            self.env["phone.blacklist"]
            .sudo()
            .search(Domain("number", "in", list(numbers.values())))
            .mapped("number")
        )
        return self.filtered(lambda reminder: numbers[reminder] in banned)

    # === OUTBOX === #

    def _cancel_outbox(self):
        # EXTENDS gym_dunning: SMS that did not leave, those that failed included
        result = super()._cancel_outbox()
        trackers = self._sms_trackers()
        unsent = trackers._unsent_sms()
        waiting = unsent.filtered(lambda sms: sms.state == "outgoing")
        unsent.write({"state": "canceled"})
        # before any other row: a queue at work must meet it before an SMS leaves
        unsent.flush_recordset()
        # an attempt that ended says nothing about the reminder any more
        uuids = set(unsent.mapped("uuid"))
        trackers.filtered(
            lambda tracker: tracker.decides_delivery or tracker.sms_uuid in uuids
        ).reminder_id = False
        waiting.sms_tracker_id._update_sms_notifications("canceled")
        return result

    def _sms_trackers(self):
        # sudo: only administrators see what was told by SMS providers
        return (
            self.env["sms.tracker"].sudo().search(Domain("reminder_id", "in", self.ids))
        )
