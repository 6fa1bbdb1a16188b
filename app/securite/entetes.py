"""Les en-têtes de sécurité, les mêmes pour le serveur, le service worker et les fichiers statiques.

Ce module n'importe rien de Flask : la construction le lit pour en donner une copie au worker,
dont les réponses fabriquées n'ont sinon aucune protection.
"""

from __future__ import annotations

# `{nonce}` est remplacé à chaque réponse. Les deux politiques Trusted Types nommées sont celle de
# l'extension hx-csp de htmx et celle de nos scripts de page (enregistrement du worker).
_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'nonce-{nonce}'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types htmx jalon",
)

# Ce dont l'application ne se sert pas est refusé d'avance, même à un script qui s'y glisserait.
_APPAREIL_REFUSE = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)

ENTETES: dict[str, str] = {
    "Content-Security-Policy": "; ".join(_DIRECTIVES),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` ferait échouer le contrôle d'origine de Flask-WTF en HTTPS.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{nom}=()" for nom in _APPAREIL_REFUSE)
    # La position, d'un geste, pendant une maraude (static/js/page/position.js).
    + ", geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Aucune page ne doit rester dans un cache, ni dans celui du navigateur ni dans celui d'un relais.
    "Cache-Control": "no-store",
}

# Le script du worker porte sa propre politique : il parle au serveur et n'exécute rien d'autre que lui-même.
CSP_WORKER = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"


def entetes(nonce: str) -> dict[str, str]:
    """Les en-têtes d'une réponse, son nonce posé."""
    return {nom: valeur.replace("{nonce}", nonce) for nom, valeur in ENTETES.items()}
