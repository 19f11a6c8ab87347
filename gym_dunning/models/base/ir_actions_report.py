import io
import re

import qrcode
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

# Letters in one call of wkhtmltopdf, whose memory grows with the size of the call.
CHUNK_SIZE = 25
QR_LEVELS = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "H": qrcode.constants.ERROR_CORRECT_H,
}
FRAME = re.compile(r"(.*?<body[^>]*>)(.*)(</body>.*)", re.DOTALL)
# Where a letter begins: Odoo splits a file at the headings of the highest rank, and
# those in the texts of a gym may stand on any page. Too small to be seen, but with a
# line of its own: without, wkhtmltopdf lists it on the page before, or not at all.
START = Markup(
    '<h1 style="margin:0;padding:0;height:3px;line-height:3px;font-size:1px;'
    'color:transparent;">.</h1>'
)
PAGE_BREAK = Markup('<div style="page-break-before: always;"></div>')
HEADER_OR_FOOTER = re.compile(
    r"""<div[^>]*\bclass=["'](?:[^"']*\s)?(?:header|footer)[\s"']"""
)


class IrActionsReport(models.Model):
    """Print letters by the dozen, without the pause for scripts they lack."""

    _inherit = "ir.actions.report"

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        # EXTENDS base: every call waits a second for JavaScript, by a system
        # parameter that holds for all reports of the database
        arguments = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("gym_letter") and "--javascript-delay" in arguments:
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments

    def _run_wkhtmltopdf(self, bodies, **kwargs):
        # EXTENDS base: it may be killed for want of memory while others need it, so
        # our letters are tried once more, and a file without pages is no letter
        if not {"gym_letter", "gym_copy"} & self.env.context.keys():
            return super()._run_wkhtmltopdf(bodies, **kwargs)
        try:
            content = super()._run_wkhtmltopdf(bodies, **kwargs)
        except UserError:  # Odoo logged what the program said
            content = super()._run_wkhtmltopdf(bodies, **kwargs)
        if content.startswith(b"%PDF"):
            return content
        raise UserError(
            self.env._(
                "The document has no pages. Check its layout and its images, then try "
                "again."
            )
        )

    @api.model
    def barcode(self, barcode_type, value, **kwargs):
        # EXTENDS base: nine tenths of a letter's time went into trying all eight
        # patterns of its QR code, twice; a reader takes any of them
        is_plain = barcode_type == "QR" and not kwargs.get("mask")
        if not is_plain or not self.env.context.get("gym_letter"):
            return super().barcode(barcode_type, value, **kwargs)
        code = qrcode.QRCode(
            error_correction=QR_LEVELS[kwargs.get("barLevel", "L")],
            border=kwargs.get("barBorder", 4) if kwargs.get("quiet", True) else 0,
            mask_pattern=0,
        )
        code.add_data(value, optimize=0)
        image = io.BytesIO()
        code.make_image().save(image, "PNG")
        return image.getvalue()

    def _prepare_html(self, html, report_model=False):
        # EXTENDS base: one file for all letters of a call. With a file for each,
        # wkhtmltopdf loads all style sheets for each, and once more for every
        # page's header and footer, even empty ones.
        bodies, ids, header, footer, arguments = super()._prepare_html(
            html, report_model=report_model
        )
        if self.env.context.get("gym_letter"):
            bodies = [self._gym_mark_start(body) for body in bodies]
            if not self._gym_has_header(header, footer):
                bodies, header, footer = self._gym_join_letters(bodies), None, None
        return bodies, ids, header, footer, arguments

    def _gym_mark_start(self, body):
        """Begin a letter with a heading above all headings in it."""
        part = FRAME.fullmatch(body)
        return Markup(part[1]) + START + Markup(part[2] + part[3]) if part else body

    def _gym_has_header(self, *texts):
        """Tell whether a report has a header or footer, as a gym's own may have."""
        return any(HEADER_OR_FOOTER.search(text) for text in texts)

    def _gym_join_letters(self, bodies):
        """Return one HTML page with all letters, each from a new sheet on."""
        parts = [FRAME.fullmatch(body) for body in bodies]
        # another text direction has other style sheets
        if not all(parts) or len({part[1] for part in parts}) > 1:
            return bodies
        letters = PAGE_BREAK.join(Markup(part[2]) for part in parts)
        return [Markup(parts[0][1]) + letters + Markup(parts[0][3])]
