from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ... import agency_service

SEPARATORS = {"semicolon": ";", "comma": ","}
DECIMAL_MARKS = {"point": ".", "comma": ","}
# Readable by administrators only, and by nobody through the agency.
TOKEN_KEY = "gym_dunning.agency_token_%s"
# More in one call would keep the agency waiting too long for the answer.
MAX_LINES = 5000


class GymCollectionAgency(models.Model):
    """Who collects what the reminders did not bring (M-02)."""

    _name = "gym.collection.agency"
    _description = "Collection Agency"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_name = "partner_id"

    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner", string="Agency", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company.root_id,
        help="The company whose claims it collects, with all its centres; empty: all "
        "companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    delivery = fields.Selection(
        [
            ("download", "File, Downloaded by Hand"),
            ("email", "File by E-Mail"),
            ("http", "Web Service (HTTP)"),
        ],
        required=True,
        default="download",
        tracking=True,
    )
    file_format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("xml", "XML")],
        required=True,
        default="csv",
        tracking=True,
    )
    min_claim = fields.Monetary(
        string="Smallest Claim",
        help="Members who owe less are not handed over; in company currency.",
    )
    max_claim = fields.Monetary(
        string="Largest Claim",
        help="Members who owe more are not handed over; 0 means no limit. In company"
        " currency.",
    )
    share_percent = fields.Float(
        string="Share of the Agency (%)",
        help="What it keeps of what it recovers, for the figures of reminders.",
    )
    _share_percent = models.Constraint(
        "CHECK (share_percent BETWEEN 0 AND 100)",
        "The share of an agency is between 0 and 100 percent.",
    )
    active = fields.Boolean(default=True)
    csv_separator = fields.Selection(
        [("semicolon", "Semicolon"), ("comma", "Comma")],
        string="CSV Separator",
        required=True,
        default="semicolon",
    )
    csv_decimal = fields.Selection(
        [("point", "Point"), ("comma", "Comma")],
        string="CSV Decimal Mark",
        required=True,
        default="point",
    )
    url = fields.Char(
        string="Address of the Web Service",
        tracking=True,
        help="Claims are sent here over HTTPS; the agency gives you the address.",
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
    user_id = fields.Many2one(
        "res.users",
        string="User of the Agency's System",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The agency's system uses its key to report on this agency's files.",
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for agency in self:
            company = agency.company_id or self.env.company
            agency.currency_id = company.currency_id

    @api.constrains("min_claim", "max_claim")
    def _check_limits(self):
        for agency in self:
            if agency.min_claim < 0 or agency.max_claim < 0:
                raise ValidationError(
                    self.env._(
                        "The limits of %s cannot be negative.", agency.display_name
                    )
                )
            if 0 < agency.max_claim < agency.min_claim:
                raise ValidationError(
                    self.env._(
                        "The largest claim of %s is below its smallest one.",
                        agency.display_name,
                    )
                )

    def _refusal(self, amount):
        """Say why the agency takes no claim of this amount; False when it does.

        :param amount: in company currency
        """
        self.ensure_one()
        limit = self.currency_id.format
        if self.currency_id.compare_amounts(amount, self.min_claim) < 0:
            return self.env._(
                "Below the agency's smallest claim of %s.", limit(self.min_claim)
            )
        if (
            self.max_claim
            and self.currency_id.compare_amounts(amount, self.max_claim) > 0
        ):
            return self.env._(
                "Above the agency's largest claim of %s.", limit(self.max_claim)
            )
        return False

    # === CSV === #
    # How the agency's program reads CSV files.

    def _csv_separator(self):
        return SEPARATORS[self.csv_separator]

    def _csv_decimal_mark(self):
        return DECIMAL_MARKS[self.csv_decimal]

    # === HTTP === #
    # The agency's web service: where it is, and the token it asks for.

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
                        "The address of %s must begin with https:// and must not "
                        "contain a user or password; http:// is only allowed for this "
                        "machine itself.",
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
        # sudo: who hands over need not read the token, which leaves this method for the
        # service only
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

    # === WEBHOOK === #
    # The agency reports by calling us, with a key that may do nothing else.

    @api.model
    def receive_updates(self, lines):
        """Take what the agency reports of its files.

        POST /json/2/gym.collection.agency/receive_updates, see
        docs/agency-interface.md. The same report twice changes nothing.

        :param list lines: of dicts with the keys of the answer file, see
            `_take_updates`; amounts in the currency of the claim
        :return: a dict with `taken` and `unchanged` (counts) and `refused`, a list
            of dicts with `row` (its place in the list, from 1), `line_number` and
            `message`
        :raise AccessError: the caller is not the user of an agency
        :raise UserError: `lines` is no list, or longer than 5000
        """
        agencies = self._agencies_of_caller()
        self._check_lines(lines)
        # sudo: the agency's system reads nothing; it reports on its own files
        files = self.env["gym.agency.handover.line"].sudo()
        taken = files._take_updates(lines, agencies)
        if taken.changed or taken.refused:
            taken._note(
                self.env._("Report of the agency's system"), taken.lines.handover_id
            )
        return {
            "taken": taken.changed,
            "unchanged": taken.unchanged,
            "refused": taken.refusals(),
        }

    @api.model
    def _agencies_of_caller(self):
        if not self.env.user.has_group("gym_dunning.group_collection_agency"):
            raise AccessError(
                self.env._("Only the system of a collection agency may report here.")
            )
        # An agency that gets nothing new still reports on its old files.
        # sudo: it may not read itself either
        agencies = (
            self.sudo()
            .with_context(active_test=False)
            .search([("user_id", "=", self.env.uid)])
        )
        if not agencies:
            raise AccessError(self.env._("This key belongs to no agency."))
        return agencies

    @api.model
    def _check_lines(self, lines):
        if not isinstance(lines, list):
            raise UserError(self.env._("'lines' must be a list."))
        if len(lines) > MAX_LINES:
            raise UserError(self.env._("Send at most %s lines in one call.", MAX_LINES))

    def action_generate_key(self):
        """Make the key for the agency's system and show it, once.

        A former key stops working.

        :raise AccessError: the caller is no administrator
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may create keys."))
        if not self.user_id:
            self.user_id = self._create_user()
        # sudo: keys of others are hidden from the administrator too
        keys = self.env["res.users.apikeys"].sudo()
        keys.search([("user_id", "=", self.user_id.id)])._remove()
        return self.user_id._generate_machine_key(self.env._("Collection agency"))

    def _create_user(self):
        return self.env["res.users"]._create_machine(
            self.partner_id.name,
            "collection-agency",
            self.env.ref("gym_dunning.group_collection_agency"),
            self.company_id or self.env.company,
        )
