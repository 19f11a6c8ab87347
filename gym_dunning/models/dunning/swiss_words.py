"""The headings of the Swiss payment part, as SIX prescribes them.

They are a standard's and no translations of ours: the payment part is in one of the
four languages, whatever language the letter is in.
"""

WORDS = {
    "en": {
        "receipt": "Receipt",
        "payment_part": "Payment part",
        "account": "Account / Payable to",
        "reference": "Reference",
        "information": "Additional information",
        "payer": "Payable by",
        "currency": "Currency",
        "amount": "Amount",
        "acceptance": "Acceptance point",
    },
    "de": {
        "receipt": "Empfangsschein",
        "payment_part": "Zahlteil",
        "account": "Konto / Zahlbar an",
        "reference": "Referenz",
        "information": "Zusätzliche Informationen",
        "payer": "Zahlbar durch",
        "currency": "Währung",
        "amount": "Betrag",
        "acceptance": "Annahmestelle",
    },
    "fr": {
        "receipt": "Récépissé",
        "payment_part": "Section paiement",
        "account": "Compte / Payable à",
        "reference": "Référence",
        "information": "Informations supplémentaires",
        "payer": "Payable par",
        "currency": "Monnaie",
        "amount": "Montant",
        "acceptance": "Point de dépôt",
    },
    "it": {
        "receipt": "Ricevuta",
        "payment_part": "Sezione pagamento",
        "account": "Conto / Pagabile a",
        "reference": "Riferimento",
        "information": "Informazioni supplementari",
        "payer": "Pagabile da",
        "currency": "Valuta",
        "amount": "Importo",
        "acceptance": "Punto di accettazione",
    },
}


def swiss_words(lang):
    """Return the headings in a language, in English where it is none of the four.

    >>> swiss_words("de_CH")["receipt"], swiss_words("el_GR")["receipt"]
    ('Empfangsschein', 'Receipt')
    """
    return WORDS.get((lang or "")[:2], WORDS["en"])
