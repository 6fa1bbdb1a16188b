"""Ce qui est arrivé tard dans une fiche, et pourquoi. Miroir : static/js/viewmodels/tardive.js."""

from app.domain.personne import Fiche

CAUSES = {
    "referent": "reçue après le changement de référent",
    "pret": "reçue après la fin du prêt",
    "appareil": "reçue d’un appareil retiré ou d’un compte fermé",
    "membre": "reçue après que son auteur a quitté le cahier",
}
# D'avant que la cause ne soit gardée, ou d'un serveur plus récent.
SANS_CAUSE = "reçue en retard"


def tardive(fiche: Fiche) -> str | None:
    """La cause en mots ; rien si tout est arrivé à temps. Le serveur peut en connaître une nouvelle avant nous."""
    cause = fiche.get("tardive")
    return CAUSES.get(cause, SANS_CAUSE) if cause else None
