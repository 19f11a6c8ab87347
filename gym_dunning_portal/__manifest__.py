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
        "security/gym_page_rules.xml",
        "security/ir.model.access.csv",
        "reports/gym_page_statement.xml",
        "reports/gym_reminder_letter.xml",
        "views/gym_dunning_policy_views.xml",
        "views/gym_page_event_views.xml",
        "views/page_templates.xml",
        "views/pay_templates.xml",
        "views/payment_provider_views.xml",
        "views/payment_transaction_views.xml",
        "views/portal_templates.xml",
        "views/res_partner_views.xml",
        "wizards/gym_page_code_views.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "gym_dunning_portal/static/src/page.scss",
        ],
        "web.assets_tests": [
            "gym_dunning_portal/static/tests/tours/*.js",
        ],
    },
    "auto_install": True,
}
