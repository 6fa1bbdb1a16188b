"""L'activité de chaque semaine : les heures prévues, notées, ou l'aménagement qui les réduit.

Une semaine se note avant la fin de la suivante, et l'on ne remonte pas au-delà de quatre. Une semaine entamée à
l'entrée, ou touchée par une suspension, n'est pas demandée.
"""

from app.domain import dates
from app.domain.echeance.attente import Attente
from app.domain.echeance.faits import SANS_FIN, Situation
from app.domain.echeance.table import Genre
from app.domain.francais import duree, quantieme, quantite
from app.domain.personne import Fiche
from app.domain.piece import valeur as valeur_de

SEMAINES = 4


def attendre(genre: Genre, regle: int, situation: Situation, convention: Fiche | None) -> Attente | None:
    courante = dates.ajouter_jours(situation.aujourd_hui, -dates.jour_de_semaine(situation.aujourd_hui))
    manquantes = []
    for rang in range(SEMAINES, 0, -1):
        lundi = dates.ajouter_jours(courante, -7 * rang)
        dimanche = dates.ajouter_jours(lundi, 6)
        if lundi < situation.mesure["entree_le"] or situation.est_suspendue(lundi, dimanche):
            continue
        demandee = _demandee(situation, regle, lundi, dimanche)
        notees = [piece for piece in situation.pieces("semaine") if valeur_de(piece, "lundi") == lundi]
        if not demandee or sum(map(_minutes, notees)) >= demandee:
            continue
        manquantes.append((lundi, notees, demandee))
    if not manquantes:
        return None
    lundi, notees, demandee = manquantes[0]
    fait = duree(sum(map(_minutes, notees))) + " notées" if notees else "Aucune activité notée"
    suite = ""
    if len(manquantes) > 1:
        suite = f". {quantite(len(manquantes), 'semaine')} sont dans ce cas"
    return Attente(
        due_le=dates.ajouter_jours(lundi, 13),
        depuis=lundi,
        quoi=f"Semaine du {quantieme(lundi, situation.aujourd_hui)}",
        pourquoi=f"{fait}\u202f: {duree(demandee)} par semaine, ou un aménagement",
        suite=suite,
        attendu={**genre["attendus"][0], "avec": f"lundi={lundi}"},
        piece=notees[-1] if notees else None,
    )


def _minutes(semaine: Fiche) -> int:
    return sum(activite.get("minutes") or 0 for activite in valeur_de(semaine, "activites") or ())


def _demandee(situation: Situation, regle: int, lundi: str, dimanche: str) -> int:
    """Ce que la convention demande, ou moins si un aménagement ou le contrat de cette semaine le dit."""

    def dites(forme: str, debut: str, fin: str) -> list[int | None]:
        return [
            valeur_de(piece, "minutes" if forme == "amenagement" else "activite_minutes")
            for piece in situation.pieces(forme)
            if (valeur_de(piece, debut) or SANS_FIN) <= dimanche and (valeur_de(piece, fin) or SANS_FIN) >= lundi
        ]

    reduites = dites("amenagement", "du", "au") + dites("contrat", "debut", "fin")
    return min([regle, *(minutes for minutes in reduites if minutes is not None)])
