"""Les mesures qui descendent, avec l'histoire de leur référent et de leur modalité."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.domain.mesure import motif_lisible
from app.domain.roles import LECTEURS_DES_MOTIFS
from app.instruction import table
from app.models import MesureModalite, MesureReferent
from sync.etat import MESURE
from sync.fiches.lecture import PREMIER, Choix, Fiche, dire_tardive, jour, lecture, suite
from sync.lecteur import Lecteur

# Ce que le partenaire d'un binôme n'en lit pas, même avec l'accord de la personne.
CADRE_TU = (
    *("reference", "orientee_le", "prescripteur", "premier_contact_le"),
    *("fin_prevue_le", "sortie_motif", "sortie_ecart"),
)

LIGNES = lecture(
    MESURE,
    *("id", "personne_id", "sequence", "reference", "convention", "orientee_le", "prescripteur"),
    *("premier_contact_le", "entree_le", "fin_prevue_le", "sortie_le", "sortie_motif", "sortie_ecart"),
    "tardive",
)
# Dans une ligne, la mesure et son dossier.
OU = (0, 1)
_REFERENTS = suite(table(MesureReferent), "mesure_id", "mesure_id", "jour", "utilisateur_id")
_MODALITES = suite(table(MesureModalite), "mesure_id", "mesure_id", "jour", "modalite")


def fiches(session: Session, choix: Choix, lecteur: Lecteur, lues: list[tuple[Any, ...]]) -> Iterator[Fiche]:
    if not lues:
        return
    identifiants = [ligne[0] for ligne in lues]
    historiques: dict[str, dict[str, list[list[Any]]]] = defaultdict(lambda: {"referent": [], "modalite": []})
    for nom, instruction in (("referent", _REFERENTS), ("modalite", _MODALITES)):
        datees = instruction.lire(session, structure=choix.structure_id, cles=identifiants)
        for mesure_id, effet, valeur in sorted(datees):
            historiques[mesure_id][nom].append([effet.isoformat(), valeur])
    for ligne in sorted(lues, key=PREMIER):
        identifiant, personne_id, version, reference, convention, orientee, prescripteur, *fin = ligne
        *dates, motif, ecart, tardive = fin
        premier_contact, entree, fin_prevue, sortie = map(jour, dates)
        fiche = {
            "type": "mesure",
            "id": identifiant,
            "personne_id": personne_id,
            "version": version,
            "reference": reference,
            "convention": convention,
            "orientee_le": jour(orientee),
            "prescripteur": prescripteur,
            "premier_contact_le": premier_contact,
            "entree_le": entree,
            "fin_prevue_le": fin_prevue,
            "sortie_le": sortie,
            "sortie_motif": motif_lisible(motif, lecteur.role),
            "sortie_ecart": ecart if lecteur.role in LECTEURS_DES_MOTIFS else None,
            "historique": historiques[identifiant],
        }
        if lecteur.accord(personne_id) is not None:
            fiche |= dict.fromkeys(CADRE_TU) | {"historique": historiques[identifiant] | {"modalite": []}}
        yield dire_tardive(fiche, tardive)
