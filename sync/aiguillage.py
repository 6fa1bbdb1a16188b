"""L'aiguillage : une opération notée sur un dossier depuis réuni à un autre, ou séparé de lui, va où sont ses fiches.

Un téléphone resté hors ligne nomme le dossier qu'il connaît ; rien de ce qu'il a noté n'est refusé pour cela.
Un dossier réuni mène à celui qui reste ; une fiche rendue par une séparation mène au dossier qui l'a reprise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import or_, select

from app.models import FusionDossiers
from sync.acces import DELAI_TARDIF
from sync.acteur import Acteur
from sync.etat import MESURE, PAR_NOM, PARTAGE, PERSONNE, RENDEZ_VOUS, Etat, Ligne, table
from sync.operation import Operation
from sync.regles.regle import Regle

FUSION = table(FusionDossiers)
# Elles nomment les deux dossiers, ou une ligne du journal : elles visent ce qu'elles disent.
SANS_AIGUILLAGE = frozenset({"fusionner_dossiers", "separer_dossiers", "reprendre_operation"})
CONTROLES = frozenset({"valider_fiche", "retourner_fiche", "remettre_fiche"})


@dataclass(slots=True)
class Aiguillage:
    """Les réunions qui touchent les dossiers du lot ; vide presque toujours, et alors rien n'est lu ni changé."""

    regles: Mapping[str, Regle] = field(default_factory=dict)
    reunies: dict[str, Ligne] = field(default_factory=dict)
    separees: list[Ligne] = field(default_factory=list)

    def viser(self, etat: Etat, operation: Operation) -> Operation:
        """L'opération telle qu'elle s'applique aujourd'hui."""
        if not (self.reunies or self.separees) or operation.genre in SANS_AIGUILLAGE:
            return operation
        if operation.genre in CONTROLES and operation.entite == operation.personne:
            # L'identité de l'autre dossier est restée chez lui : elle s'y relit.
            return operation
        cible = self.reunie(operation.personne)
        entite = cible if operation.entite == operation.personne else self._partage(operation)
        if cible == operation.personne:
            cible = self._separee(etat, operation, entite)
        if (cible, entite) == (operation.personne, operation.entite):
            return operation
        return msgspec.structs.replace(operation, personne=cible, entite=entite)

    def reunie(self, personne_id: str) -> str:
        """Le dossier où se lit celui-ci."""
        while personne_id in self.reunies:
            personne_id = self.reunies[personne_id]["personne_id"]
        return personne_id

    def _partage(self, operation: Operation) -> str:
        """Le partage qui vaut : sa copie dans le dossier qui reste, ou l'original s'il lui a été rendu."""
        if operation.genre != "cesser_partage":
            return operation.entite
        valent = {copie: original for fusion in self.separees for original, copie in fusion["partages"]}
        valent |= {original: copie for fusion in self.reunies.values() for original, copie in fusion["partages"]}
        entite = operation.entite
        while entite in valent:
            entite = str(valent.pop(entite))
        return entite

    def _separee(self, etat: Etat, operation: Operation, entite: str) -> str:
        """Le dossier qui a repris la fiche en cause, s'il était réuni à celui que l'opération nomme."""
        regle = self.regles.get(operation.genre)
        nom = (regle.fiche if regle else None) or operation.champs.get("fiche_type")
        citees: list[tuple[Any, Any]] = [(PAR_NOM.get(nom) if isinstance(nom, str) else None, entite)]
        citees += [(MESURE, operation.champs.get("mesure_id")), (RENDEZ_VOUS, operation.champs.get("rendez_vous_id"))]
        liees = {operation.personne}
        for fusion in self.separees:
            if operation.personne in (fusion["personne_id"], fusion["absorbee_id"]):
                liees |= {fusion["personne_id"], fusion["absorbee_id"]}
        for fiche, identifiant in citees:
            ligne = etat.lire(fiche, identifiant) if fiche is not None and isinstance(identifiant, str) else None
            if ligne is not None and ligne.get("personne_id") in liees:
                return str(ligne["personne_id"])
        return operation.personne


def lire_aiguillage(
    etat: Etat, acteur: Acteur, operations: Sequence[Operation], regles: Mapping[str, Regle]
) -> Aiguillage:
    """Une requête par maillon, aucune si aucun dossier du lot n'a été réuni. Lit aussi ce qu'il fait viser."""
    cherches = _touches(etat, (operation.personne for operation in operations))
    aiguillage, connues = Aiguillage(regles), set[str]()
    while cherches - connues:
        connues |= cherches
        for fusion in _lire(etat, cherches):
            cherches |= {fusion["personne_id"], fusion["absorbee_id"]}
            if fusion["defaite_le"] is None:
                aiguillage.reunies[fusion["absorbee_id"]] = fusion
            elif acteur.maintenant - fusion["defaite_le"] <= DELAI_TARDIF and fusion not in aiguillage.separees:
                aiguillage.separees.append(fusion)
    etat.charger(PERSONNE, (cle for cle in connues if etat.lire(PERSONNE, cle) is None))
    if any(operation.genre == "cesser_partage" for operation in operations):
        fusions = [*aiguillage.reunies.values(), *aiguillage.separees]
        etat.charger(PARTAGE, (partage for fusion in fusions for paire in fusion["partages"] for partage in paire))
    return aiguillage


def _touches(etat: Etat, personnes: Iterable[str]) -> set[str]:
    lues = ((personne_id, etat.lire(PERSONNE, personne_id)) for personne_id in personnes)
    return {personne_id for personne_id, ligne in lues if ligne is not None and ligne["fusion_sequence"] is not None}


def _lire(etat: Etat, personnes: set[str]) -> list[Ligne]:
    requete = (
        select(FUSION)
        .where(
            FUSION.c.structure_id == etat.structure_id,
            or_(FUSION.c.personne_id.in_(sorted(personnes)), FUSION.c.absorbee_id.in_(sorted(personnes))),
        )
        .order_by(FUSION.c.sequence)
    )
    return [dict(ligne) for ligne in etat.session.execute(requete).mappings()]
