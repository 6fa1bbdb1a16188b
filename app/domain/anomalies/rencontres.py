"""Les rendez-vous et les entretiens : sans issue, ou d'un jour où la mesure n'était pas ouverte."""

from typing import Final

from app.domain.anomalies.regle import Regle, mesure_de
from app.domain.dates import jour_paris, jours_entre
from app.domain.francais import quantieme, quantite
from app.domain.personne import Fiche


def _a_preciser(rendez_vous: Fiche, _: Fiche, jour: str) -> str | None:
    """Le lendemain seulement : le jour même, la journée n'est pas finie."""
    du = jour_paris(rendez_vous["debut"])
    if rendez_vous["statut"] != "propose" or du >= jour:
        return None
    return f"Rendez-vous du {quantieme(du, jour)} sans issue depuis {quantite(jours_entre(du, jour), 'jour')}."


def _apres_la_sortie(rendez_vous: Fiche, dossier: Fiche, jour: str) -> str | None:
    """Celui qui est encore attendu ; passé, il est à préciser."""
    mesure, du = mesure_de(rendez_vous, dossier), jour_paris(rendez_vous["debut"])
    sortie = mesure and mesure.get("sortie_le")
    if rendez_vous["statut"] != "propose" or du < jour or not sortie or du <= sortie:
        return None
    return f"Rendez-vous proposé le {quantieme(du, jour)}, après la sortie du {quantieme(sortie, jour)}."


def _rendez_vous_avant(rendez_vous: Fiche, dossier: Fiche, jour: str) -> str | None:
    """Une fois son issue dite : sans issue, il est à préciser."""
    if rendez_vous["statut"] == "propose":
        return None
    return _avant("Rendez-vous", rendez_vous, jour_paris(rendez_vous["debut"]), dossier, jour)


def _entretien_avant(entretien: Fiche, dossier: Fiche, jour: str) -> str | None:
    return _avant("Entretien", entretien, entretien["date"], dossier, jour)


def _entretien_a_venir(entretien: Fiche, _: Fiche, jour: str) -> str | None:
    if entretien["date"] <= jour:
        return None
    return f"Entretien daté du {quantieme(entretien['date'], jour)}\u202f: ce jour n’est pas encore venu."


def _avant(quoi: str, fiche: Fiche, du: str, dossier: Fiche, jour: str) -> str | None:
    mesure = mesure_de(fiche, dossier)
    orientee = mesure and mesure.get("orientee_le")
    if not orientee or du >= orientee:
        return None
    return f"{quoi} du {quantieme(du, jour)}, avant l’orientation du {quantieme(orientee, jour)}."


_DOSSIER, _ENTRETIEN = "/dossiers/{dossier}", "/entretiens/{fiche}/modifier"

REGLES: Final = (
    Regle(
        "a_preciser",
        "Rendez-vous à préciser",
        "rendez_vous",
        "Dire ce qui s’est passé, depuis le dossier",
        _DOSSIER,
        _a_preciser,
    ),
    Regle(
        "rendez_vous_apres_sortie",
        "Rendez-vous après la sortie",
        "rendez_vous",
        "Annuler le rendez-vous, ou corriger la sortie",
        _DOSSIER,
        _apres_la_sortie,
    ),
    Regle(
        "rendez_vous_avant_orientation",
        "Rendez-vous avant l’orientation",
        "rendez_vous",
        "Corriger le jour du rendez-vous, ou l’orientation",
        _DOSSIER,
        _rendez_vous_avant,
        a_relire=True,
    ),
    Regle(
        "entretien_avant_orientation",
        "Entretien avant l’orientation",
        "entretien",
        "Corriger la date de l’entretien",
        _ENTRETIEN,
        _entretien_avant,
        a_relire=True,
    ),
    Regle(
        "entretien_a_venir",
        "Entretien d’un jour à venir",
        "entretien",
        "Corriger la date de l’entretien",
        _ENTRETIEN,
        _entretien_a_venir,
        a_relire=True,
    ),
)
