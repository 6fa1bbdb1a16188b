"""Recevoir les lignes prêtes : des personnes, des mesures en cours d'intégration, par les opérations de tous les jours.

Tout passe ou rien ne passe, dans une transaction. Les identifiants sont ceux choisis au dépôt : recevoir deux fois ne
fait rien de plus.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.orm import Session

from app.domain.dates import instant
from app.domain.personne import Fiche, valeur
from app.models import ImportOrientations
from app.orientations.ecarts import ecarts
from app.orientations.preparation import CONNUE, ECARTEE, PRETE, Preparation, Situation
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.fiches import lire_dossiers
from sync.operation import Operation, lire_operation

_IDENTITE: Final = ("nom", "prenom", "nom_usage", "date_naissance", "naissance_precision")
# Ce qu'une liste peut apprendre d'une personne connue, si son dossier ne le sait pas encore.
_A_COMPLETER: Final = ("sexe", "telephones", "courriel", "adresse", "commune", "rsa")


class Refusee(Exception):
    """Une ligne a été refusée, rien n'est enregistré ; le message le dit."""


@dataclass(frozen=True)
class Recues:
    nouvelles: int
    rattachees: int


def recevoir(
    session: Session, acteur: Acteur, importee: ImportOrientations, preparer: Callable[[Session], Preparation]
) -> Recues:
    """Dans la transaction d'écriture ouverte, sous le verrou de la structure. Lève `Refusee`."""
    preparation = preparer(session)
    pretes = preparation.de(PRETE)
    dossiers = dossiers_rejoints(session, acteur, pretes)
    operations: list[Operation] = []
    ligne_de: dict[str, int] = {}
    creees: set[str] = set()
    for situation in pretes:
        for operation in _operations(situation, importee.id, acteur, dossiers, creees):
            operations.append(operation)
            ligne_de[operation.id] = situation.numero
        creees.add(situation.personne_id)
    for resultat in appliquer(session, acteur, operations):
        if "refused" in (resultat.statut, resultat.premier) or resultat.statut == "held":
            dites = " ".join(message for messages in resultat.erreurs.values() for message in messages)
            raise Refusee(f"Rien n’est enregistré. Ligne {ligne_de[resultat.id]}\u202f: {dites}")
    nouvelles = len(creees - dossiers.keys())
    for situation in pretes:
        situation.ligne.recue_le = acteur.maintenant
        situation.ligne.cellules, situation.ligne.corrections = [], {}
    recues = Recues(nouvelles, len(pretes) - nouvelles)
    importee.bilan = _bilan(importee.bilan, preparation, recues)
    importee.touche_le = acteur.maintenant
    return recues


def _bilan(avant: Mapping[str, int], preparation: Preparation, recues: Recues) -> dict[str, int]:
    return {
        "lignes": len(preparation.situations),
        "nouvelles": avant.get("nouvelles", 0) + recues.nouvelles,
        "rattachees": avant.get("rattachees", 0) + recues.rattachees,
        "connues": len(preparation.de(CONNUE)),
        "ecartees": len(preparation.de(ECARTEE)),
    }


def dossiers_rejoints(session: Session, acteur: Acteur, situations: Sequence[Situation]) -> dict[str, Fiche]:
    """Ceux, déjà ouverts, où ces lignes iront."""
    rattachees = [situation.personne_id for situation in situations if not situation.nouvelle]
    return lire_dossiers(session, acteur.structure_id, rattachees, acteur.utilisateur_id, acteur.role)


def _operations(
    situation: Situation, import_id: str, acteur: Acteur, dossiers: Mapping[str, Fiche], creees: set[str]
) -> list[Operation]:
    valeurs, personne = situation.comprise.valeurs, situation.personne_id
    faites: list[tuple[str, str, dict[str, Any]]] = []
    dossier = dossiers.get(personne)
    if dossier is not None:
        fiche = dossier["personne"]
        if fiche.get("archive_le") and personne not in creees:
            faites.append(("rouvrir_dossier", personne, {}))
        jour = acteur.jour.isoformat()
        pris = [ecart.champ for ecart in ecarts(fiche, valeurs, situation.ligne, jour) if ecart.pris]
        if appris := _a_completer(fiche, valeurs, jour) | {champ: valeurs[champ] for champ in pris}:
            faites.append(("modifier_personne", personne, appris))
    elif personne not in creees:
        identite = {nom: valeurs[nom] for nom in (*_IDENTITE, *_A_COMPLETER) if nom in valeurs}
        faites.append(("creer_personne", personne, identite | {"date_effet": valeurs["orientee_le"]}))
    mesure = {nom: valeurs.get(nom) for nom in ("convention", "orientee_le", "prescripteur")}
    faites.append(("ouvrir_mesure", situation.ligne.mesure_id, mesure | {"referent": situation.referent_id}))
    return [
        lire_operation(
            {
                "id": str(uuid5(NAMESPACE_OID, f"{import_id}/{situation.numero}/{genre}")),
                "genre": genre,
                "entite": entite,
                "personne": personne,
                "champs": _en_json(champs),
                "heure": instant(acteur.maintenant),
            }
        )
        for genre, entite, champs in faites
    ]


def _a_completer(fiche: Fiche, valeurs: Mapping[str, Any], jour: str) -> dict[str, Any]:
    """Ce que le dossier ne sait pas ; ce qu'il sait n'est récrit que si on l'a choisi. Un numéro de plus s'ajoute."""
    manquent = {n: valeurs[n] for n in _A_COMPLETER if n in valeurs and valeur(fiche, n, jour) in (None, "", [])}
    connus = valeur(fiche, "telephones", jour) or []
    neufs = [dit for dit in valeurs.get("telephones", ()) if dit["numero"] not in {c["numero"] for c in connus}]
    return manquent | ({"telephones": [*connus, *neufs]} if connus and neufs else {})


def _en_json(champs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        nom: dit.isoformat() if hasattr(dit, "isoformat") else dit for nom, dit in champs.items() if dit is not None
    }
