"""Why a debit does not leave the house: a sentence for each code.

The codes are ours and those of `reports.debit_file`.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Of one debit; all know the member, the debit's number and the mandate.
OF_DEBIT = {
    "mandate_not_active": _lt(
        "%(member)s: the mandate %(mandate)s is not active. Activate it, or cancel the"
        " debit."
    ),
    "mandate_lapsed": _lt(
        "%(member)s: the mandate %(mandate)s has not been used for 36 months and has "
        "lapsed. Have the member sign a new one."
    ),
    "mandate_without_account": _lt(
        "%(member)s: the mandate %(mandate)s has no account, or one that is archived."
        " Enter another there."
    ),
    "debtor_iban_invalid": _lt(
        "%(member)s: the account number %(iban)s is wrong. Correct it in the mandate"
        " %(mandate)s."
    ),
    "debtor_iban_country": _lt(
        "%(member)s: the account %(iban)s is not in Switzerland or Liechtenstein."
        " Enter another account in the mandate %(mandate)s, or cancel the debit."
    ),
    "debtor_iban_sepa": _lt(
        "%(member)s: the account %(iban)s is in a country that SEPA does not reach."
        " Enter another account in the mandate %(mandate)s, or cancel it."
    ),
    "debtor_address_missing": _lt(
        "%(member)s: a debit of an account outside the EEA (%(iban)s, or the creditor's"
        " own) needs the debtor's address. Enter town and country of the debtor."
    ),
    "debtor_address_format": _lt(
        "%(member)s: a debit of an account outside the EEA (%(iban)s, or the creditor's"
        " own) needs an address, which pain.008.001.02 does not contain. Choose"
        " pain.008.001.08 under Configuration > Settings > Direct debits."
    ),
    "debtor_iban_bank": _lt(
        "%(member)s: the account %(iban)s is not at PostFinance, and CH-DD collects"
        " from no other bank. Change the scheme or the account of the mandate"
        " %(mandate)s."
    ),
    "debtor_bic_invalid": _lt(
        "%(member)s: the bank identifier (BIC) %(bic)s is wrong. Correct it at the"
        " bank of the account."
    ),
    "debtor_name_missing": _lt(
        "%(member)s: the name has no letter that banks can read. Enter the account"
        " holder's name at the account."
    ),
    "currency_not_allowed": _lt(
        "%(member)s: the debit %(order)s is in %(currency)s, but the scheme collects"
        " %(allowed)s only. Cancel the debit."
    ),
    "amount_not_positive": _lt(
        "%(member)s: the debit %(order)s has nothing to collect. Cancel it."
    ),
    "amount_decimals": _lt(
        "%(member)s: the amount of the debit %(order)s has more than two decimals, "
        "which no bank accepts. Cancel it."
    ),
    "amount_too_high": _lt(
        "%(member)s: the amount of the debit %(order)s is higher than banks accept. "
        "Cancel it."
    ),
    "mandate_reference_missing": _lt(
        "%(member)s: the mandate has no reference. Enter it there."
    ),
    "mandate_reference_too_long": _lt(
        "%(member)s: the reference of the mandate %(mandate)s is longer than "
        "%(limit)s characters. Have the member sign a new one."
    ),
    "mandate_reference_characters": _lt(
        "%(member)s: the reference of the mandate %(mandate)s has characters that "
        "banks do not accept. Have the member sign a new one."
    ),
    "mandate_date_missing": _lt(
        "%(member)s: the mandate %(mandate)s has no date of signature. Enter it there."
    ),
    "mandate_date_future": _lt(
        "%(member)s: the mandate %(mandate)s is signed in the future. Correct the date."
    ),
    "end_to_end_id_missing": _lt("%(member)s: the debit has no number. Cancel it."),
    "end_to_end_id_too_long": _lt(
        "%(member)s: the number %(order)s of the debit is longer than %(limit)s"
        " characters. Shorten the prefix of the sequence of direct debits."
    ),
    "end_to_end_id_characters": _lt(
        "%(member)s: the number %(order)s of the debit has characters that banks do "
        "not accept. Change the prefix of the sequence of direct debits."
    ),
    "end_to_end_id_duplicate": _lt(
        "%(member)s: the number %(order)s is used twice. Cancel the debit."
    ),
    "sequence_unknown": _lt(
        "%(member)s: banks do not know the sequence type %(sequence)s."
    ),
    "reference_invalid": _lt(
        "%(member)s: the reference %(reference)s of the debit %(order)s is wrong."
    ),
}

# Of the whole batch; all know its number and the creditor.
OF_BATCH = {
    "no_debits": _lt("%(batch)s has no debit to export."),
    "date_passed": _lt(
        "%(batch)s was to be executed on %(date)s, which is past. Move it to another "
        "day."
    ),
    "date_holiday": _lt(
        "%(batch)s is to be executed on %(date)s, when banks are closed. Move it to "
        "%(next_date)s or later."
    ),
    "creditor_account_missing": _lt(
        "%(creditor)s has no account to collect to. Choose the bank journal under"
        " Configuration > Settings > Direct debits, and enter its account number."
    ),
    "creditor_iban_invalid": _lt(
        "The account number %(iban)s of %(creditor)s is wrong. Correct it in the bank"
        " journal of direct debits."
    ),
    "creditor_iban_country": _lt(
        "The account %(iban)s of %(creditor)s is not in Switzerland or Liechtenstein,"
        " which this scheme needs. Choose another bank journal in the settings."
    ),
    "creditor_iban_sepa": _lt(
        "The account %(iban)s of %(creditor)s is in a country that SEPA does not reach."
        " Choose another bank journal in the settings."
    ),
    "creditor_clearing_invalid": _lt(
        "The clearing number %(clearing)s of %(creditor)s is wrong. Correct it at the"
        " bank of the account."
    ),
    "creditor_bic_invalid": _lt(
        "The bank identifier (BIC) %(bic)s of %(creditor)s is wrong. Correct it at the"
        " bank of the account."
    ),
    "creditor_identifier_missing": _lt(
        "%(creditor)s has no creditor identifier. Enter it under Configuration >"
        " Settings > Direct debits."
    ),
    "creditor_identifier_invalid": _lt(
        "The creditor identifier %(identifier)s of %(creditor)s is wrong. Correct it"
        " under Configuration > Settings > Direct debits."
    ),
    "creditor_name_missing": _lt(
        "The name of %(creditor)s has no letter that banks can read. Change it."
    ),
    "scheme_ended": _lt(
        "Banks collect %(currency)s by LSV+ until %(last_date)s only. Choose another"
        " scheme under Configuration > Settings > Direct debits, and have the members"
        " sign mandates of it."
    ),
    "unknown_format": _lt("The format %(format)s of the file is unknown."),
    "message_id_missing": _lt("The batch has no number."),
    "message_id_too_long": _lt(
        "The number of %(batch)s is longer than %(limit)s characters. Shorten the prefix"
        " of the sequence of batches."
    ),
    "message_id_characters": _lt(
        "The number of %(batch)s has characters that banks do not accept. Change the "
        "prefix of the sequence of batches."
    ),
}
