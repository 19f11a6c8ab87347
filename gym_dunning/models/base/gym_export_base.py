from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

# A click that was logged and the request that follows it are one download.
ONE_DOWNLOAD = timedelta(minutes=1)


class GymExportBase(models.AbstractModel):
    """An entry in a log of what left the house, by whom and when; never edited."""

    _name = "gym.export.base"
    _description = "Export"
    _order = "date desc, id desc"
    _rec_name = "file_name"

    date = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one("res.users", string="Who", required=True, readonly=True)
    file_name = fields.Char(readonly=True)
    sha256 = fields.Char(
        string="SHA-256",
        readonly=True,
        help="Of the content that was handed out: the same file has the same value.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    @api.model
    def _log(self, attachment, vals):
        """Note that a content leaves the house now.

        :param attachment: the content, as it leaves
        :param vals: what else the log says of it
        :return: the entry
        """
        described = {
            "user_id": self.env.uid,
            "file_name": attachment.name,
            # sudo: reading a content to know it is no download
            "sha256": sha256(attachment.sudo().raw).hexdigest(),
            "attachment_id": attachment.id,
        }
        # sudo: every export is logged, and nobody writes the log
        return self.sudo().create(described | vals)

    @api.model
    def _just_logged(self, attachment):
        """Tell whether it was noted a moment ago that the user has this content."""
        since = fields.Datetime.now() - ONE_DOWNLOAD
        # sudo: every download is logged, whoever may see the log
        return bool(
            self.sudo().search_count(
                [
                    ("attachment_id", "=", attachment.id),
                    ("user_id", "=", self.env.uid),
                    ("date", ">=", since),
                ],
                limit=1,
            )
        )
