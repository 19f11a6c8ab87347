{
    "name": "Gym Dunning: OCA Statements",
    "summary": "Bank statements of the OCA pay what members owe, and nothing twice",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "license": "AGPL-3",
    "author": "Gym Dunning contributors",
    "website": "https://www.odoo.com/apps",
    "depends": [
        "gym_dunning",
        "account_reconcile_oca",
        "account_statement_import_camt",
    ],
    "data": ["views/account_bank_statement_line_views.xml"],
    "images": ["static/description/reconcile.png"],
    "auto_install": True,
}
