"""Un rendez-vous : son état à une heure donnée et les issues que l'on peut constater.

Miroir : static/js/domain/rendez_vous.js, mêmes cas dans tests/corpus/rendez_vous.json.
"""

from app.domain import dates
from app.domain.personne import Fiche

CONSTATS = ("honore", "absence_excusee", "absence_non_excusee", "annule_service")


def etat(rendez_vous: Fiche, maintenant: str) -> str:
    """Le statut, ou « a_preciser » quand l'heure d'un rendez-vous proposé est passée."""
    if rendez_vous["statut"] == "propose" and rendez_vous["debut"] < maintenant:
        return "a_preciser"
    return str(rendez_vous["statut"])


def empechement(rendez_vous: Fiche, statut: str, maintenant: str) -> str | None:
    """Pourquoi cette issue ne peut pas être constatée maintenant, ou rien si elle le peut.

    Une absence annoncée ou une annulation se constatent d'avance ; une venue ou une absence sans nouvelles, le jour
    venu (à la journée près : les montres ne sont pas toutes à l'heure). Revenir à « proposé » défait un constat.
    """
    if statut == "propose":
        return None
    if statut not in CONSTATS:
        return "Choisissez ce qui s’est passé."
    if statut in ("honore", "absence_non_excusee") and dates.jour_paris(rendez_vous["debut"]) > dates.jour_paris(
        maintenant
    ):
        return "Ce rendez-vous n’a pas encore eu lieu."
    return None


def est_retournee(dossier: Fiche, fiche_id: str) -> bool:
    """Le chef de service a renvoyé cette fiche : redire la même issue est alors une réponse."""
    return any(c["fiche_id"] == fiche_id and c["etat"] == "retournee" for c in dossier["controles"])


def deplace(rendez_vous: Fiche, debut: str) -> Fiche:
    """Ce que change un déplacement à un rendez-vous qui avait peut-être une issue : elle ne vaut que pour son jour."""
    meme_jour = dates.jour_paris(rendez_vous["debut"]) == dates.jour_paris(debut)
    return {"debut": debut} if meme_jour else {"debut": debut, "statut": "propose"}


def est_deplacable(rendez_vous: Fiche) -> bool:
    """On déplace un rendez-vous proposé ; une absence reste comptée comme proposée, on en propose un autre."""
    return bool(rendez_vous["statut"] == "propose")
