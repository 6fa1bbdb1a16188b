"""La cadence : le prochain entretien individuel, dû une période après le dernier, ou après l'entrée.

« Un par mois » : même quantième du mois suivant (ou le dernier jour du mois s'il n'existe pas), sinon le nombre de
jours de la période. Comptent : un rendez-vous honoré, et un entretien face à face, en visite, en visio ou au
téléphone ; un SMS ou un courriel entretient le lien mais n'est pas un entretien. Elle court de l'entrée à la sortie.
"""

from collections.abc import Sequence

from app.domain import dates
from app.domain.echeance.attente import Attente, Genre
from app.domain.echeance.faits import entretiens_de, honores
from app.domain.francais import majuscule, quantieme
from app.domain.jours_ouvres import ouvre_au_plus_tard
from app.domain.mesure import convention_au, nom_court, statut
from app.domain.personne import Fiche

MOYENS_D_ENTRETIEN = ("presentiel", "visite", "visio", "telephone")
_PERIODES_JOURS = {"mois": 30, "quinzaine": 15, "semaine": 7}
_PERIODES = {"mois": "par mois", "quinzaine": "tous les quinze jours", "semaine": "par semaine"}


def attendre(dossier: Fiche, mesure: Fiche, conventions: Sequence[Fiche], aujourd_hui: str) -> Attente | None:
    if statut(mesure, aujourd_hui) != "en_cours":
        return None
    convention = convention_au(conventions, mesure["convention"], aujourd_hui)
    cadence = (convention or {}).get("cadence")
    if convention is None or not cadence:
        return None
    tenus = [e["date"] for e in entretiens_de(dossier, mesure) if e["moyen"] in MOYENS_D_ENTRETIEN]
    tenus = [jour for jour in tenus + honores(dossier, mesure) if jour <= aujourd_hui]
    dernier = max(tenus, default=None)
    entree_le = mesure["entree_le"]
    if dernier is not None and dernier >= entree_le:
        depuis, motif = dernier, f"Dernier entretien le {quantieme(dernier, aujourd_hui)}"
    else:
        depuis, motif = entree_le, f"Entrée le {quantieme(entree_le, aujourd_hui)}, pas encore d’entretien"
    due_le = periode_apres(depuis, cadence)
    if mesure.get("sortie_le") and due_le >= mesure["sortie_le"]:
        return None
    return Attente(
        due_le=due_le,
        depuis=depuis,
        pourquoi=f"{motif}\u202f: {cadence_en_mots(cadence)} au moins ({nom_court(convention)})",
        citation=(convention.get("citations") or {}).get("cadence"),
    )


def prochain_a_la_cadence(mesure: Fiche | None, conventions: Sequence[Fiche], depuis: str) -> str | None:
    """Le jour ouvré où proposer le prochain rendez-vous après un entretien, ou rien si la convention n'a pas de rythme.

    Au plus tard à l'échéance : une fin de semaine ou un jour férié recule au dernier jour ouvré.
    """
    convention = convention_au(conventions, mesure["convention"], depuis) if mesure else None
    cadence = (convention or {}).get("cadence")
    if not cadence:
        return None
    return ouvre_au_plus_tard(periode_apres(depuis, cadence))


def periode_apres(jour: str, cadence: Fiche) -> str:
    """Le jour d'une période de cadence plus tard : `{"nombre": 1, "par": "mois" | "quinzaine" | "semaine"}`."""
    if cadence["par"] == "mois" and cadence["nombre"] == 1:
        return dates.ajouter_mois(jour, 1)
    return dates.ajouter_jours(jour, max(1, _PERIODES_JOURS[cadence["par"]] // cadence["nombre"]))


def cadence_en_mots(cadence: Fiche) -> str:
    """« un entretien par mois », « 2 entretiens par mois »."""
    nombre = cadence["nombre"]
    quantite_due = "un entretien" if nombre == 1 else f"{nombre} entretiens"
    return f"{quantite_due} {_PERIODES[cadence['par']]}"


GENRE = Genre(
    code="cadence",
    quoi="Entretien",
    verbe="à prévoir",
    geste="Proposer un rendez-vous",
    chemin="/rendez-vous/nouveau",
    retard="entretien en retard",
    attendre=attendre,
    rappeler=lambda convention: f"{majuscule(cadence_en_mots(convention['cadence']))} au moins",
)
