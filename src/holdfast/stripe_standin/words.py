"""What the stand-in's own pages say, in three languages. Stripe's pages bring their own words too."""

LANGUAGES = ("en", "fr", "es")
_TABLE = {
    "test": (
        "This is a stand-in for Stripe, for tests and demonstrations. No money moves.",
        "Ceci remplace Stripe pour les tests et les démonstrations. Aucun argent ne circule.",
        "Esto sustituye a Stripe para pruebas y demostraciones. No se mueve dinero.",
    ),
    "card": ("Or enter its card number", "Ou saisissez son numéro de carte", "O introduzca su número de tarjeta"),
    "expiry": ("Expiry (MM/YY)", "Expiration (MM/AA)", "Caducidad (MM/AA)"),
    "cvc": ("Security code", "Code de sécurité", "Código de seguridad"),
    "choose": ("Choose a test card", "Choisissez une carte de test", "Elija una tarjeta de prueba"),
    "colon": (": ", "\u00a0: ", ": "),
    "visa": ("Succeeds", "Réussit", "Se acepta"),
    "chargeDeclined": ("Is declined", "Est refusée", "Se rechaza"),
    "chargeDeclinedInsufficientFunds": ("Has too little money", "Fonds insuffisants", "Fondos insuficientes"),
    "chargeDeclinedExpiredCard": ("Has expired", "Est expirée", "Está caducada"),
    "chargeCustomerFail": (
        "Can be kept, is declined later", "S’enregistre, puis est refusée", "Se guarda, luego se rechaza",
    ),
    "authenticationRequiredOnSetup": (
        "Asks for authentication once", "Demande une authentification la première fois",
        "Pide autenticación la primera vez",
    ),
    "authenticationRequired": (
        "Always asks for authentication", "Demande toujours une authentification", "Siempre pide autenticación",
    ),
    "createDispute": ("Succeeds, is disputed later", "Réussit, puis est contestée", "Se acepta, luego se disputa"),
    "pay": ("Pay {amount}", "Payer {amount}", "Pagar {amount}"),
    "keep": ("Keep this card", "Enregistrer cette carte", "Guardar esta tarjeta"),
    "back": ("Back without paying", "Revenir sans payer", "Volver sin pagar"),
    "checkout": ("Test payment", "Paiement de test", "Pago de prueba"),
    "gone": (
        "This page is no longer valid. Nothing was charged here.",
        "Cette page n’est plus valable. Rien n’a été débité ici.",
        "Esta página ya no es válida. Aquí no se ha cobrado nada.",
    ),
    "authenticate": ("Authentication test", "Test d’authentification", "Prueba de autenticación"),
    "bank": (
        "Your bank would ask here whether it is you. In this test, you decide.",
        "Votre banque vous demanderait ici si c’est bien vous. Dans ce test, vous décidez.",
        "Aquí su banco le preguntaría si es usted. En esta prueba, usted decide.",
    ),
    "pass": ("Complete authentication", "Réussir l’authentification", "Completar la autenticación"),
    "fail": ("Fail authentication", "Échouer à l’authentification", "No superar la autenticación"),
    "done": ("You can go back now.", "Vous pouvez revenir.", "Ya puede volver."),
    "incomplete": (
        "Please fill in the card’s number, expiry and code.",
        "Indiquez le numéro de la carte, sa date d’expiration et le code.",
        "Indique el número de la tarjeta, la caducidad y el código.",
    ),
    "card_declined": ("Your card was declined.", "Votre carte a été refusée.", "Su tarjeta ha sido rechazada."),
    "insufficient_funds": (
        "Your card has insufficient funds.", "Votre carte n’a pas les fonds suffisants.",
        "Su tarjeta no tiene fondos suficientes.",
    ),
    "expired_card": ("Your card has expired.", "Votre carte est expirée.", "Su tarjeta está caducada."),
    "incorrect_number": (
        "This is not a test card’s number. Never enter a real card here.",
        "Ce n’est pas le numéro d’une carte de test. N’entrez jamais une vraie carte ici.",
        "No es el número de una tarjeta de prueba. No introduzca nunca una tarjeta real.",
    ),
    "incorrect_cvc": (
        "The security code is incorrect.",
        "Le code de sécurité est incorrect.",
        "El código de seguridad es incorrecto.",
    ),
    "processing_error": (
        "The card could not be processed. Try again in a little while.",
        "La carte n’a pas pu être traitée. Réessayez dans un instant.",
        "No se pudo procesar la tarjeta. Inténtelo de nuevo en un momento.",
    ),
    "authentication_failed": (
        "Your bank could not authenticate you. Please try again or use another card.",
        "Votre banque n’a pas pu vous authentifier. Réessayez ou utilisez une autre carte.",
        "Su banco no pudo autenticarle. Inténtelo de nuevo o use otra tarjeta.",
    ),
}  # fmt: skip


def words(language: str) -> dict[str, str]:
    """Every text in this language; English for one that is not spoken here."""
    code = language.lower().split("-")[0]
    place = LANGUAGES.index(code) if code in LANGUAGES else 0
    return {name: texts[place] for name, texts in _TABLE.items()}


def language_of(asked: str | None, accepted: str) -> str:
    """The one asked for, else the browser's first, else English."""
    for each in (asked or "", accepted.split(",")[0].split(";")[0].strip()):
        code = each.lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return "en"
