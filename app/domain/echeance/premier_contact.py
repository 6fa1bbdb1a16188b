"""Le premier contact, dû tant de jours après la réception de l'orientation.

Le règlent : la date du premier contact, le premier entretien noté depuis l'orientation (quel qu'en soit le moyen), un
rendez-vous honoré, ou l'entrée dans la mesure.
"""

from collections.abc import Sequence

from app.domain import dates
from app.domain.echeance.attente import Attente, Genre
from app.domain.echeance.faits import entretiens_de, honores
from app.domain.francais import quantieme
from app.domain.mesure import convention_au, nom_court, statut
from app.domain.personne import Fiche


def attendre(dossier: Fiche, mesure: Fiche, conventions: Sequence[Fiche], aujourd_hui: str) -> Attente | None:
    orientee_le = mesure.get("orientee_le")
    if statut(mesure, aujourd_hui) != "en_integration" or not orientee_le or mesure.get("premier_contact_le"):
        return None
    convention = convention_au(conventions, mesure["convention"], orientee_le)
    delai = (convention or {}).get("premier_contact_jours")
    if convention is None or not delai:
        return None
    if any(entretien["date"] >= orientee_le for entretien in entretiens_de(dossier, mesure)):
        return None
    if any(jour >= orientee_le for jour in honores(dossier, mesure)):
        return None
    return Attente(
        due_le=dates.ajouter_jours(orientee_le, delai),
        depuis=orientee_le,
        pourquoi=f"Orientation reçue le {quantieme(orientee_le, aujourd_hui)}\u202f: "
        f"contact dans les {delai} jours ({nom_court(convention)})",
        citation=(convention.get("citations") or {}).get("premier_contact_jours"),
    )


GENRE = Genre(
    code="premier_contact",
    quoi="Premier contact",
    verbe="à prendre",
    geste="Noter le premier contact",
    chemin="/entretiens/nouveau",
    retard="premier contact en retard",
    attendre=attendre,
    rappeler=lambda convention: "Premier contact",
)
