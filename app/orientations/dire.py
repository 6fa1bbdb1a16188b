"""Une liste en mots : chaque ligne comme on l'a comprise, ce qui reste à faire, ce qui a été reçu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain import nomenclatures
from app.domain.francais import date_chiffree
from app.domain.personne import Fiche
from app.orientations.champs import CHAMPS
from app.orientations.ecarts import ecarts
from app.orientations.ligne import Regles
from app.orientations.liste import Outils
from app.orientations.preparation import (
    A_CONFIER,
    A_CORRIGER,
    A_DECIDER,
    CONNUE,
    ECARTEE,
    PRETE,
    Preparation,
    Situation,
    Suivie,
)
from app.orientations.rapprochement import HOMONYME
from app.orientations.structure import Conventions

VOIR: Final = {
    A_CORRIGER: "À corriger",
    A_DECIDER: "À décider",
    A_CONFIER: "Sans référent",
    PRETE: "Prêtes",
    CONNUE: "Déjà connues",
    ECARTEE: "Écartées",
}


def filtres(preparation: Preparation, voulu: str) -> list[dict[str, Any]]:
    """Les tas qui ont quelque chose, celui que l'on regarde même vide."""
    comptes = preparation.comptes
    return [
        {"code": code, "libelle": libelle, "nombre": comptes[code], "choisi": code == voulu}
        for code, libelle in VOIR.items()
        if comptes[code] or code == voulu
    ]


def premier_tas(preparation: Preparation) -> str:
    """Ce qui demande quelque chose, d'abord."""
    comptes = preparation.comptes
    return next((etat for etat in VOIR if comptes[etat]), PRETE)


def ligne(situation: Situation, outils: Outils, dossiers: Mapping[str, Fiche]) -> dict[str, Any]:
    """`dossiers` : ceux que les lignes rejoignent, tels que les lit qui vérifie la liste."""
    valeurs, comprise = situation.comprise.valeurs, situation.comprise
    conventions, noms, dossier = outils.conventions, outils.noms, dossiers.get(situation.personne_id)
    return {
        "numero": situation.numero,
        "etat": situation.etat,
        "nom": comprise.nom,
        "naissance": _naissance(valeurs),
        "ne": _ne(valeurs),
        "contact": " · ".join(filter(None, (_numeros(valeurs), valeurs.get("courriel")))),
        "ou": valeurs.get("adresse") or (valeurs.get("commune") or {}).get("nom") or "",
        "lieu": valeurs.get("lieu", ""),
        "sexe": nomenclatures.libelle("sexe", valeurs["sexe"]) if "sexe" in valeurs else "",
        "convention": conventions.nom(valeurs["convention"]) if "convention" in valeurs else "",
        "orientee_le": _jour(valeurs.get("orientee_le")),
        "prescripteur": valeurs.get("prescripteur", ""),
        "erreurs": [
            {"champ": e.champ, "libelle": CHAMPS[e.champ].libelle, "colonne": e.colonne, "lu": e.lu, "dit": e.phrase}
            for e in comprise.erreurs
        ],
        "candidates": [
            {
                "id": candidate.id,
                "nom": candidate.nom,
                "naissance": candidate.naissance,
                "raison": candidate.raison,
                "archive": candidate.archive,
                "ligne": candidate.ligne,
                "mesures": mesures(situation.connues.get(candidate.id, ()), conventions, noms),
            }
            for candidate in situation.candidates
        ],
        "decision": situation.ligne.decision,
        "personne_id": situation.personne_id,
        "homonyme": situation.nouvelle and any(c.rang == HOMONYME for c in situation.candidates),
        "rattachee": situation.retenue.nom if situation.retenue else "",
        "mesures": mesures(situation.suivies, conventions, noms),
        "ecarts": ecarts(dossier["personne"], valeurs, situation.ligne, conventions.jour) if dossier else [],
        "pourquoi": situation.pourquoi,
        "referent_id": situation.referent_id or "",
        "referent": noms.get(situation.referent_id or "", ""),
        "referent_ecrit": valeurs.get("referent_ecrit", ""),
    }


def mesures(suivies: Sequence[Suivie], conventions: Conventions, noms: Mapping[str, str]) -> str:
    """« en cours sous DSP TDL avec Camille », la plus récente d'abord."""
    dites = []
    for suivie in suivies[:2]:
        referent = noms.get(suivie.referent_id or "") if suivie.ouverte else None
        avec = f", avec {referent}" if referent else ""
        dites.append(f"{conventions.nom(suivie.convention)} {'en cours' if suivie.ouverte else 'finie'}{avec}")
    return "\u202f; ".join(dites)


def champs_de_la_ligne(situation: Situation, regles: Regles) -> list[dict[str, Any]]:
    """Tout ce que l'on peut récrire d'une ligne : ce que le fichier dit, et ce qui manque."""
    erreurs = {erreur.champ: erreur for erreur in situation.comprise.erreurs}
    voulus = {champ for champ in regles.champs if champ} | set(erreurs)
    return [
        {
            "code": champ.code,
            "libelle": champ.libelle,
            "colonne": regles.titre(champ.code),
            "texte": situation.comprise.textes.get(champ.code, ""),
            "erreur": erreurs[champ.code].phrase if champ.code in erreurs else "",
        }
        for champ in CHAMPS.values()
        if champ.code in voulus and champ.code != "referent"
    ]


def lieux(preparation: Preparation) -> list[tuple[str, int]]:
    """Les lieux des lignes à confier ou prêtes, et combien de lignes y sont ; les plus fournis d'abord."""
    comptes: dict[str, int] = {}
    for situation in preparation.situations:
        lieu = situation.comprise.valeurs.get("lieu")
        if lieu and situation.etat in (A_CONFIER, PRETE):
            comptes[lieu] = comptes.get(lieu, 0) + 1
    return sorted(comptes.items(), key=lambda compte: (-compte[1], compte[0]))


def recu(bilan: Mapping[str, int]) -> str:
    """« 38 orientations reçues : 35 personnes nouvelles, 3 dans un dossier que vous aviez déjà »."""
    nouvelles, rattachees = bilan.get("nouvelles", 0), bilan.get("rattachees", 0)
    total = nouvelles + rattachees
    if not total:
        return "Aucune orientation reçue"
    parts = []
    if nouvelles:
        parts.append(_compte(nouvelles, "personne nouvelle", "personnes nouvelles"))
    if rattachees:
        parts.append(f"{rattachees} dans un dossier que vous aviez déjà")
    return f"{_compte(total, 'orientation reçue', 'orientations reçues')}\u202f: {', '.join(parts)}"


def reste(comptes: Mapping[str, int]) -> str:
    """« 2 déjà connues, 1 ligne à corriger »."""
    mots = (
        (CONNUE, "déjà connue", "déjà connues"),
        (A_CORRIGER, "ligne à corriger", "lignes à corriger"),
        (A_DECIDER, "à décider", "à décider"),
        (A_CONFIER, "sans référent", "sans référent"),
        (PRETE, "prête", "prêtes"),
        (ECARTEE, "écartée", "écartées"),
    )
    return ", ".join(_compte(comptes[etat], un, plusieurs) for etat, un, plusieurs in mots if comptes.get(etat))


def resume(bilan: Mapping[str, int]) -> str:
    """Une liste finie, en une phrase."""
    mots = (
        ("connues", "déjà connue", "déjà connues"),
        ("ecartees", "écartée", "écartées"),
        ("effacees", "ligne effacée sans être reçue", "lignes effacées sans être reçues"),
    )
    fins = [_compte(bilan[nom], un, plusieurs) for nom, un, plusieurs in mots if bilan.get(nom)]
    return ", ".join((recu(bilan), *fins))


def _compte(nombre: int, un: str, plusieurs: str) -> str:
    return f"{nombre} {plusieurs if nombre > 1 else un}"


def _naissance(valeurs: Mapping[str, Any]) -> str:
    lue = valeurs.get("date_naissance")
    if lue is None:
        return ""
    return str(lue.year) if valeurs.get("naissance_precision") == "annee" else _jour(lue)


def _ne(valeurs: Mapping[str, Any]) -> str:
    """« née le 14/07/1988 », « né en 1991 »."""
    dite = _naissance(valeurs)
    accord = {"femme": "née", "homme": "né"}.get(valeurs.get("sexe", ""), "naissance")
    return f"{accord} {'en' if len(dite) == 4 else 'le'} {dite}" if dite else ""


def _jour(lu: dt.date | None) -> str:
    return date_chiffree(lu.isoformat()) if lu else ""


def _numeros(valeurs: Mapping[str, Any]) -> str:
    numeros = [dit["numero"] for dit in valeurs.get("telephones", ())]
    return ", ".join("\xa0".join(n[i : i + 2] for i in range(0, 10, 2)) if len(n) == 10 else n for n in numeros)
