"""Members who read English, whatever languages the database has."""

from .common import GymCommon


class EnglishCommon(GymCommon):
    """For tests that compare texts, dates and amounts as they are shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))

    @classmethod
    def _create_member(cls, name, **vals):
        return super()._create_member(name, **{"lang": "en_US"} | vals)
