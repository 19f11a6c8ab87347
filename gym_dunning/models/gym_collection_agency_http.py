from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import agency_service

# Readable by administrators only, and by nobody through the agency.
TOKEN_KEY = "gym_dunning.agency_token_%s"


class GymCollectionAgency(models.Model):
    """The agency's web service: where it is, and the token it asks for."""

    _inherit = "gym.collection.agency"

    url = fields.Char(
        string="Address of the Web Service",
        tracking=True,
        help="Claims are sent here by HTTPS; the agency tells you the address.",
    )
    timeout = fields.Integer(
        string="Time-Out",
        default=30,
        required=True,
        help="Seconds to wait for the agency's answer.",
    )
    token = fields.Char(
        string="New Token",
        compute="_compute_token",
        inverse="_inverse_token",
        copy=False,
        help="Identifies your gym to the agency's web service. It can be replaced, but"
        " never read again.",
    )
    has_token = fields.Boolean(string="Token Stored", compute="_compute_has_token")

    @api.depends()
    def _compute_token(self):
        """Show nothing: a token goes in and does not come out."""
        self.token = False

    def _inverse_token(self):
        for agency in self.filtered("token"):
            agency._store_token(agency.token.strip())
        # the answer to whoever saves is read from the cache
        self.invalidate_recordset(["token", "has_token"])

    @api.depends("token")
    def _compute_has_token(self):
        for agency in self:
            agency.has_token = bool(agency._origin and agency._origin._read_token())

    @api.constrains("url")
    def _check_url(self):
        for agency in self.filtered("url"):
            if not agency_service.is_safe(agency.url):
                raise ValidationError(
                    self.env._(
                        "The address of %s must begin with https:// and hold neither"
                        " user nor password; http:// is for this very machine only.",
                        agency.display_name,
                    )
                )

    @api.constrains("timeout")
    def _check_timeout(self):
        for agency in self:
            if not 1 <= agency.timeout <= 300:
                raise ValidationError(
                    self.env._(
                        "The time-out of %s must be between 1 and 300 seconds.",
                        agency.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_token(self):
        for agency in self:
            agency._store_token(False)

    def action_forget_token(self):
        """Remove the stored token; nothing is sent to the agency without one.

        :raise AccessError: the caller may not set agencies up
        """
        self.check_access("write")
        for agency in self:
            agency._store_token(False)

    # === THE TOKEN === #

    def _store_token(self, token):
        # sudo: a manager sets the token, only administrators read parameters
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(TOKEN_KEY % self.id, token)

    def _read_token(self):
        # sudo: as above; the token leaves this method for the service only
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(TOKEN_KEY % self.id)

    # === ASKING === #

    def _missing_for_service(self):
        """Say what lacks before anything can be sent; False when nothing does."""
        self.ensure_one()
        if not self.url:
            return self.env._(
                "%s has no address of a web service. Enter it in the agency.",
                self.display_name,
            )
        if not self._read_token():
            return self.env._(
                "%s has no token. Enter it in the agency.", self.display_name
            )
        return False

    def _post(self, content, key):
        """Send JSON to the service; see `agency_service.post`."""
        return agency_service.post(
            self.url, content, self._read_token(), key, self.timeout
        )
