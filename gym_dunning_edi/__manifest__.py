{
    "name": "Gym Dunning: E-Invoices",
    "summary": "Reminder fees are no e-invoices: they leave as PDF, without XML",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Gym Dunning contributors",
    "website": "https://www.odoo.com/apps",
    "depends": ["gym_dunning", "account_edi_ubl_cii"],
    "auto_install": True,
}
