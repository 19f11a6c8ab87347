{
    "name": "Gym Dunning: Member's Page",
    "summary": "Members see what is open, pay and answer, by a link and without a login",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Gym Dunning contributors",
    "website": "https://www.odoo.com/apps",
    "depends": ["gym_dunning", "portal", "account_payment"],
    "data": [
        "views/page_templates.xml",
        "views/pay_templates.xml",
        "views/payment_provider_views.xml",
        "views/payment_transaction_views.xml",
    ],
    "auto_install": True,
}
