import json
import re
from itertools import product

from lxml import etree

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL, file_open

# Odoo shows what stands in `t-out` in its editor, but also prints it where the
# expression is empty: a member without a name was greeted as Kent Paul.
SAMPLE = re.compile(
    r'(<t t-out="[^"]*"[^>]*>)'
    r"(Kent Paul|Kent Fitness|C000001|HO/2026/0001|\d+\.\d\d|2\d{3}-\d\d-\d\d)</t>"
)
ADDRESSEE = re.compile(r'(<t t-out=")object\.addressee_id\.name("[^>]*></t>)')


class GymDeliveredText(models.AbstractModel):
    """Texts of e-mails and SMS that the module delivers and a gym may edit.

    They are not loaded again by updates, so corrections reach them here: loaded anew
    where nobody edited them, which is where the system wrote them last.
    """

    _name = "gym.delivered.text"
    _description = "Delivered Texts"

    @api.model
    def _refresh(self, xml_ids, field, outdated):
        """Bring texts up to date that still hold one of the `outdated` parts.

        Of texts that a gym edited only our samples are taken out.
        """
        for xml_id in xml_ids:
            text = self.env.ref(xml_id, raise_if_not_found=False)
            if not text or not self._holds(text, field, outdated):
                continue
            if text.write_uid.id == SUPERUSER_ID:
                text.reset_template()
            self._drop_samples(text, field)

    @api.model
    def _replace(self, model, names, outdated, text):
        """Put a text in the place of outdated parts, in all languages, also where a gym
        edited what stands around them.

        :param names: translated fields
        """
        table = SQL.identifier(self.env[model]._table)
        self.env.flush_all()
        for name, part in product(names, outdated):
            self.env.cr.execute(
                SQL(
                    """UPDATE %(table)s
                          SET %(name)s = replace(%(name)s::text, %(part)s, %(text)s)::jsonb
                        WHERE strpos(%(name)s::text, %(part)s) > 0""",
                    table=table,
                    name=SQL.identifier(name),
                    # as they stand in the text of JSON
                    part=json.dumps(part, ensure_ascii=False)[1:-1],
                    text=json.dumps(text, ensure_ascii=False)[1:-1],
                )
            )
        self.env[model].invalidate_model(names)

    @api.model
    def _fill(self, file, xml_ids, field):
        """Give delivered records the text of a field that came with a later version; a
        text that is there already stays.

        :param file: the data file that the records stand in
        """
        with file_open(file, "rb") as source:
            tree = etree.parse(source)
        for xml_id in xml_ids:
            record = self.env.ref(xml_id, raise_if_not_found=False)
            if record and not record[field]:
                path = "//record[@id=$id]/field[@name=$name]/*"
                parts = tree.xpath(path, id=xml_id.split(".")[1], name=field)
                record[field] = "".join(
                    etree.tostring(part, encoding="unicode", with_tail=False)
                    for part in parts
                )

    @api.model
    def _holds(self, text, field, outdated):
        values = self._by_language(text, field).values()
        return any(part in value for value in values for part in outdated)

    @api.model
    def _by_language(self, text, field):
        return {
            code: str(text.with_context(lang=code)[field] or "")
            for code, __ in self.env["res.lang"].get_installed()
        }

    @api.model
    def _drop_samples(self, text, field):
        """Take the samples out, in all languages; who edited the text last stays."""
        changed = {
            code: cleaned
            for code, value in self._by_language(text, field).items()
            if (cleaned := self._without_samples(value)) != value
        }
        if changed:
            # sudo: as the person who edited it, whatever his rights are by now
            text = text.with_user(text.write_uid).sudo()
            text.update_field_translations(field, changed)
            text.flush_recordset()  # who flushes is noted as who wrote

    @api.model
    def _without_samples(self, value):
        return ADDRESSEE.sub(
            r"\1object._addressee_name()\2", SAMPLE.sub(r"\1</t>", value)
        )
