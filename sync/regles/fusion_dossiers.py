"""Réunir deux dossiers d'une même personne, et les séparer (docs/adr/0013-fusion-de-dossiers.md).

Les fiches de l'autre dossier passent dans celui qui reste, sous leurs identifiants. L'identité de l'autre n'est pas
touchée : elle reste dans sa ligne et au journal. `FusionDossiers` garde de quoi tout rendre.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, delete, insert, select, update

from app.domain.champs_personne import catalogue
from app.models import Acces, Demarche, FusionDossiers, MesureReferent, NotePersonnelle, PersonneValeur
from app.models import Operation as Journal
from sync import champs as lire
from sync import desaccords
from sync.attributions import en_cours
from sync.champs import Forme, en_json
from sync.etat import CONTROLE, DESACCORD, ENTRETIEN, MESURE, PARTAGE, PERSONNE, PIECE, RENDEZ_VOUS, Ligne, table
from sync.fusion import departager
from sync.operation import Operation
from sync.regles import personne
from sync.regles.regle import CONTROLEURS, Contexte, Regle, refuser

FUSION, VALEUR, ACCES, REFERENT = (table(m) for m in (FusionDossiers, PersonneValeur, Acces, MesureReferent))
SUITES = tuple(table(modele) for modele in (Demarche, NotePersonnelle))
# Ce qui suit un dossier dans l'autre, dans l'ordre où une fiche dit à qui elle est.
FICHES = (MESURE, RENDEZ_VOUS, ENTRETIEN, PIECE)
CITANTES = (CONTROLE, DESACCORD)
Deplacees = dict[str, list[str]]


def fusionner(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    reste, absorbee = _les_deux(contexte, operation, valeurs.pop("absorbee"))
    jour = valeurs.pop("date_effet", None) or contexte.aujourd_hui
    contexte.verifier_effets({"date_effet": jour}, ("date_effet",))
    ecrites = departager(contexte, operation, "personne", reste, valeurs, jour)
    connues: list[Ligne] = _histoire(contexte, reste["id"], absorbee["id"])
    _ecrire(contexte, reste, ecrites, jour, connues)
    deplacees = _deplacer(contexte, _toutes(contexte, absorbee["id"]), absorbee["id"], reste["id"])
    partages = _copier_les_partages(contexte, operation, absorbee["id"])
    suivis = _ouvrir(contexte, reste["id"], absorbee["id"])
    contexte.etat.changer(PERSONNE, reste["id"], sequence=contexte.version, fusion_sequence=contexte.version)
    contexte.etat.changer(
        PERSONNE,
        absorbee["id"],
        sequence=contexte.version,
        sequence_dossier=contexte.version,
        fusionnee_dans=reste["id"],
        fusion_sequence=contexte.version,
    )
    contexte.origine = absorbee["id"]
    contexte.etat.session.execute(
        insert(FUSION).values(
            structure_id=contexte.etat.structure_id,
            id=operation.id,
            personne_id=reste["id"],
            absorbee_id=absorbee["id"],
            deplacees=deplacees,
            valeurs=connues,
            partages=partages,
            acces=suivis,
            par_id=contexte.acteur.utilisateur_id,
            le=contexte.acteur.maintenant,
            sequence=contexte.version,
        )
    )


def separer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Chacun reprend ses fiches, celles ajoutées depuis comprises : ce qui tient à une fiche suit cette fiche."""
    _au_bureau(contexte, operation)
    fusion = _fusion(contexte, valeurs["fusion"], operation.personne)
    reste, absorbee_id = contexte.personne(operation), fusion["absorbee_id"]
    contexte.etat.charger(PERSONNE, [absorbee_id])
    rendues = _deplacer(contexte, _siennes(contexte, fusion), reste["id"], absorbee_id)
    _rendre_les_valeurs(contexte, reste, fusion)
    _rendre_les_partages(contexte, fusion)
    _refermer(contexte, fusion)
    contexte.etat.changer(PERSONNE, reste["id"], sequence=contexte.version, fusion_sequence=contexte.version)
    contexte.etat.changer(
        PERSONNE,
        absorbee_id,
        sequence=contexte.version,
        sequence_dossier=contexte.version,
        fusionnee_dans=None,
        fusion_sequence=contexte.version,
    )
    contexte.origine = absorbee_id
    _modifier_fusion(
        contexte,
        fusion["id"],
        rendues=rendues,
        defaite_par_id=contexte.acteur.utilisateur_id,
        defaite_le=contexte.acteur.maintenant,
        defaite_sequence=contexte.version,
    )


def modifier_absorbee(contexte: Contexte, operation: Operation, valeurs: dict[str, Any], fusion: Ligne) -> None:
    """Une correction notée sur le dossier réuni : elle reste la sienne, et vaut dans celui qui reste.

    Contre un choix fait en réunissant, elle ouvre un désaccord : personne n'est écrasé sans l'avoir vu.
    """
    reste = contexte.personne(operation)
    absorbee = contexte.etat.lire(PERSONNE, contexte.origine or "")
    jour = valeurs.pop("date_effet", None) or contexte.aujourd_hui
    for nom, vide in (("nom", ""), ("prenom", ""), ("pseudonymes", [])):
        if nom in valeurs and valeurs[nom] is None:
            valeurs[nom] = vide
    if absorbee is not None:
        personne.poser(contexte, absorbee, valeurs, jour)
    ecrites = departager(contexte, operation, "personne", reste, valeurs, jour)
    connues = list(fusion["valeurs"])
    _ecrire(contexte, reste, ecrites, jour, connues)
    _modifier_fusion(contexte, fusion["id"], valeurs=connues)
    if ecrites:
        contexte.soumettre_au_controle("personne", reste["id"], reste["id"])


def _au_bureau(contexte: Contexte, operation: Operation) -> None:
    if contexte.acteur.hors_ligne or contexte.acteur.revoque:
        raise refuser("genre", "Deux dossiers se réunissent, et se séparent, au bureau.")
    if operation.entite != operation.personne:
        raise refuser("entite", "C’est le dossier qui reste que l’on désigne.")


def _les_deux(contexte: Contexte, operation: Operation, absorbee_id: str) -> tuple[Ligne, Ligne]:
    _au_bureau(contexte, operation)
    reste, absorbee = contexte.personne(operation), contexte.etat.lire(PERSONNE, absorbee_id)
    if absorbee is None or absorbee_id == operation.personne:
        raise refuser("absorbee", "Choisissez un autre dossier de la structure.")
    if reste["fusionnee_dans"] or absorbee["fusionnee_dans"]:
        raise refuser("absorbee", "Ce dossier est déjà réuni à un autre\u202f: relisez la liste.")
    if reste["archive_le"]:
        raise refuser("personne", "Le dossier qui reste est archivé\u202f: rouvrez-le d’abord.")
    return reste, absorbee


def _fusion(contexte: Contexte, identifiant: str, personne_id: str) -> Ligne:
    """La réunion à défaire : la dernière de ce dossier, pour que chacune retrouve l'état qu'elle avait trouvé."""
    requete = (
        select(FUSION)
        .where(
            FUSION.c.structure_id == contexte.etat.structure_id,
            FUSION.c.personne_id == personne_id,
            FUSION.c.defaite_le.is_(None),
        )
        .order_by(FUSION.c.sequence.desc())
    )
    en_cours = [dict(ligne) for ligne in contexte.etat.session.execute(requete).mappings()]
    if not any(fusion["id"] == identifiant for fusion in en_cours):
        raise refuser("fusion", "Ces dossiers ne sont plus réunis.")
    reste = contexte.etat.lire(PERSONNE, personne_id)
    if en_cours[0]["id"] != identifiant or (reste is not None and reste["fusionnee_dans"]):
        raise refuser("fusion", "Séparez d’abord ce qui a été réuni depuis.")
    return en_cours[0]


def _toutes(contexte: Contexte, personne_id: str) -> Deplacees:
    etat = contexte.etat
    for fiche in (*FICHES, *CITANTES):
        etat.charger(fiche, [personne_id], "personne_id")
    return {
        fiche.name: [ligne["id"] for ligne in etat.lignes(fiche) if ligne["personne_id"] == personne_id]
        for fiche in FICHES
    }


def _deplacer(contexte: Contexte, fiches: Deplacees, de: str, vers: str) -> Deplacees:
    """Les fiches, et ce qui se dit d'elles ; une fiche garde son identifiant, son auteur, ses dates."""
    etat, deplacees = contexte.etat, dict(fiches)
    for fiche in CITANTES:
        deplacees[fiche.name] = [
            ligne["id"]
            for ligne in etat.lignes(fiche)
            if ligne["personne_id"] == de and ligne["fiche_id"] in fiches.get(ligne["fiche_type"], ())
        ]
    for fiche in (*FICHES, *CITANTES):
        for identifiant in deplacees[fiche.name]:
            etat.changer(fiche, identifiant, personne_id=vers, sequence=contexte.version)
    entretiens = deplacees[ENTRETIEN.name]
    for suite in SUITES if entretiens else ():
        etat.session.execute(
            update(suite)
            .where(suite.c.structure_id == etat.structure_id, suite.c.entretien_id.in_(entretiens))
            .values(personne_id=vers)
        )
    ouverts = sum(
        ligne["etat"] == "ouvert" for ligne in etat.lignes(DESACCORD) if ligne["id"] in deplacees["desaccord"]
    )
    for personne_id, ecart in ((de, -ouverts), (vers, ouverts)):
        ligne = etat.lire(PERSONNE, personne_id)
        if ligne is not None and ouverts:
            etat.changer(PERSONNE, personne_id, desaccords=ligne["desaccords"] + ecart)
    return deplacees


def _siennes(contexte: Contexte, fusion: Ligne) -> Deplacees:
    """Ce qui était à l'autre dossier, ce qui a été ajouté à ses fiches, et ce que quelqu'un a noté en le nommant."""
    toutes, etat = _toutes(contexte, fusion["personne_id"]), contexte.etat
    nommees = set(
        etat.session.scalars(
            select(Journal.entite).where(
                Journal.structure_id == etat.structure_id,
                Journal.origine_personne_id == fusion["absorbee_id"],
                Journal.sequence > fusion["sequence"],
            )
        )
    )
    siennes: Deplacees = {}
    for fiche in FICHES:
        siennes[fiche.name] = [
            identifiant
            for identifiant in toutes[fiche.name]
            if identifiant in fusion["deplacees"][fiche.name]
            or identifiant in nommees
            or _tient_a(etat.lire(fiche, identifiant) or {}, siennes)
        ]
    return siennes


def _tient_a(ligne: Ligne, siennes: Deplacees) -> bool:
    if ligne.get("mesure_id"):
        return ligne["mesure_id"] in siennes.get("mesure", ())
    return ligne.get("rendez_vous_id") in siennes.get("rendez_vous", ())


# --- Ce que l'on sait de la personne


def _histoire(contexte: Contexte, reste_id: str, absorbee_id: str) -> list[Ligne]:
    """Ce que l'autre dossier savait avant le premier jour connu de celui qui reste : l'histoire n'a pas de trou."""
    connues = _datees(contexte, reste_id)
    premiers: dict[str, dt.date] = {}
    for champ, jour in connues:
        premiers[champ] = min(jour, premiers.get(champ, jour))
    ajoutees = []
    for (champ, jour), valeur in _datees(contexte, absorbee_id).items():
        if jour < premiers.get(champ, dt.date.max):
            contexte.etat.dater(PersonneValeur, personne_id=reste_id, champ=champ, jour=jour, valeur=valeur)
            ajoutees.append(_trace(champ, jour, None, valeur, absente=True))
    return ajoutees


def _ecrire(contexte: Contexte, reste: Ligne, ecrites: Mapping[str, Any], jour: dt.date, connues: list[Ligne]) -> None:
    """Écrit dans le dossier qui reste, en gardant ce qui y était : la première valeur trouvée, la dernière écrite."""
    datees = _datees(contexte, reste["id"]) if ecrites else {}
    for nom, valeur in ecrites.items():
        champ = catalogue()[nom]
        if nom not in personne.IDENTITE and not champ.date:
            continue
        quand = None if nom in personne.IDENTITE else jour
        deja = next((t for t in connues if (t["champ"], t["jour"]) == (nom, quand and quand.isoformat())), None)
        if deja is not None:
            deja["apres"] = en_json(valeur)
        elif quand is None:
            connues.append(_trace(nom, None, reste[nom], valeur))
        else:
            connues.append(_trace(nom, quand, datees.get((nom, quand)), valeur, absente=(nom, quand) not in datees))
    if ecrites:
        personne.poser(contexte, reste, ecrites, jour)


def _trace(champ: str, jour: dt.date | None, avant: Any, apres: Any, *, absente: bool = False) -> Ligne:
    dit = None if jour is None else jour.isoformat()
    return {"champ": champ, "jour": dit, "avant": en_json(avant), "apres": en_json(apres), "absente": absente}


def _rendre_les_valeurs(contexte: Contexte, reste: Ligne, fusion: Ligne) -> None:
    """Ce que la réunion avait écrit revient à ce qu'il était ; ce que quelqu'un a changé depuis reste."""
    etat, datees, identite = contexte.etat, _datees(contexte, reste["id"]), {}
    for trace in fusion["valeurs"]:
        champ, avant = trace["champ"], trace["avant"]
        if trace["jour"] is None:
            if en_json(reste[champ]) == trace["apres"]:
                identite[champ] = dt.date.fromisoformat(avant) if champ == "date_naissance" and avant else avant
            continue
        jour = dt.date.fromisoformat(trace["jour"])
        if en_json(datees.get((champ, jour))) != trace["apres"]:
            continue
        if trace["absente"]:
            ici = and_(VALEUR.c.personne_id == reste["id"], VALEUR.c.champ == champ, VALEUR.c.jour == jour)
            etat.session.execute(delete(VALEUR).where(VALEUR.c.structure_id == etat.structure_id, ici))
        else:
            etat.dater(PersonneValeur, personne_id=reste["id"], champ=champ, jour=jour, valeur=avant)
    if identite:
        etat.changer(PERSONNE, reste["id"], **identite)
    _clore_les_desaccords(contexte, reste["id"], fusion)


def _clore_les_desaccords(contexte: Contexte, reste_id: str, fusion: Ligne) -> None:
    """Ce que l'autre dossier proposait contre celui-ci n'y a plus lieu : il l'a chez lui."""
    etat = contexte.etat
    siennes = select(Journal.id, Journal.contestes).where(
        Journal.structure_id == etat.structure_id,
        Journal.origine_personne_id == fusion["absorbee_id"],
        Journal.entite == reste_id,
        Journal.sequence > fusion["sequence"],
    )
    for operation_id, contestes in etat.session.execute(siennes):
        for champ in contestes or ():
            ligne = etat.lire(DESACCORD, desaccords.identifiant(etat.structure_id, operation_id, champ))
            if ligne is not None and ligne["etat"] == "ouvert":
                desaccords.fermer(contexte, ligne, "en_vigueur")


def _datees(contexte: Contexte, personne_id: str) -> dict[tuple[str, dt.date], Any]:
    requete = select(VALEUR.c.champ, VALEUR.c.jour, VALEUR.c.valeur).where(
        VALEUR.c.structure_id == contexte.etat.structure_id, VALEUR.c.personne_id == personne_id
    )
    return {(champ, jour): valeur for champ, jour, valeur in contexte.etat.session.execute(requete)}


# --- Qui lit quoi


def _copier_les_partages(contexte: Contexte, operation: Operation, absorbee_id: str) -> list[list[str]]:
    """L'original finit, pour que le dossier réuni quitte les téléphones ; sa copie ouvre celui qui reste."""
    etat, paires = contexte.etat, []
    etat.charger(PARTAGE, [absorbee_id], "personne_id")
    for partage in [p for p in etat.lignes(PARTAGE) if p["personne_id"] == absorbee_id and p["fin_le"] is None]:
        copie = str(uuid5(UUID(operation.id), partage["id"]))
        etat.ajouter(
            PARTAGE, **{**partage, "id": copie, "personne_id": operation.personne, "sequence": contexte.version}
        )
        etat.changer(PARTAGE, partage["id"], fin_le=contexte.aujourd_hui, sequence=contexte.version)
        paires.append([partage["id"], copie])
    return paires


def _rendre_les_partages(contexte: Contexte, fusion: Ligne) -> None:
    etat = contexte.etat
    etat.charger(PARTAGE, [identifiant for paire in fusion["partages"] for identifiant in paire])
    for original, copie in fusion["partages"]:
        fin = (etat.lire(PARTAGE, copie) or {}).get("fin_le")
        etat.changer(PARTAGE, original, fin_le=fin, sequence=contexte.version)
        if fin is None:
            etat.changer(PARTAGE, copie, fin_le=contexte.aujourd_hui, sequence=contexte.version)


def _ouvrir(contexte: Contexte, reste_id: str, absorbee_id: str) -> dict[str, list[str]]:
    """Qui suivait l'un suit les deux ; le dossier réuni s'en va des files actives."""
    suivis = {cle: sorted(_lire_acces(contexte, cle)) for cle in (reste_id, absorbee_id)}
    for utilisateur_id, ligne in _lire_acces(contexte, absorbee_id).items():
        if utilisateur_id not in suivis[reste_id]:
            _poser_acces(contexte, utilisateur_id, reste_id, actif=True, jusqu_au=ligne["jusqu_au"])
        _poser_acces(contexte, utilisateur_id, absorbee_id, actif=False)
    return suivis


def _refermer(contexte: Contexte, fusion: Ligne) -> None:
    """Chacun retrouve les dossiers qu'il suivait, et ceux dont il est devenu référent."""
    reste_id, absorbee_id = fusion["personne_id"], fusion["absorbee_id"]
    lus, referents = _lire_acces(contexte, reste_id), _referents(contexte)
    for utilisateur_id, ligne in lus.items():
        for cle in (reste_id, absorbee_id):
            suivait = utilisateur_id in fusion["acces"][cle]
            nouveau = not any(utilisateur_id in suivis for suivis in fusion["acces"].values())
            garde = suivait or utilisateur_id in referents.get(cle, ()) or (nouveau and cle == reste_id)
            if cle == absorbee_id and garde:
                _poser_acces(contexte, utilisateur_id, cle, actif=True, jusqu_au=ligne["jusqu_au"])
            elif cle == reste_id and not garde:
                _poser_acces(contexte, utilisateur_id, cle, actif=False)


def _referents(contexte: Contexte) -> dict[str, Collection[str]]:
    """Le référent du jour de chaque mesure ouverte, par dossier, une fois les fiches rendues."""
    etat, jour = contexte.etat, contexte.aujourd_hui
    mesures = {m["id"]: m for m in etat.lignes(MESURE) if m["sortie_le"] is None or m["sortie_le"] >= jour}
    requete = (
        select(REFERENT.c.mesure_id, REFERENT.c.utilisateur_id)
        .where(
            REFERENT.c.structure_id == etat.structure_id,
            REFERENT.c.mesure_id.in_(sorted(mesures)),
            REFERENT.c.jour <= jour,
        )
        .order_by(REFERENT.c.jour)
    )
    derniers = {ligne.mesure_id: ligne.utilisateur_id for ligne in etat.session.execute(requete)}
    referents: dict[str, set[str]] = {}
    for mesure_id, utilisateur_id in derniers.items():
        referents.setdefault(mesures[mesure_id]["personne_id"], set()).add(utilisateur_id)
    return dict(referents)


def _lire_acces(contexte: Contexte, personne_id: str) -> dict[str, Ligne]:
    requete = select(ACCES).where(
        ACCES.c.structure_id == contexte.etat.structure_id, ACCES.c.personne_id == personne_id
    )
    lues = (dict(ligne) for ligne in contexte.etat.session.execute(requete).mappings())
    return {ligne["utilisateur_id"]: ligne for ligne in lues if en_cours(ligne, contexte.aujourd_hui)}


def _poser_acces(
    contexte: Contexte, utilisateur_id: str, personne_id: str, *, actif: bool, jusqu_au: dt.date | None = None
) -> None:
    contexte.etat.dater(
        Acces,
        utilisateur_id=utilisateur_id,
        personne_id=personne_id,
        sequence=contexte.version,
        actif=actif,
        jusqu_au=jusqu_au if actif else None,
        perdu_le=None if actif else contexte.acteur.maintenant,
    )


def _modifier_fusion(contexte: Contexte, identifiant: str, **valeurs: Any) -> None:
    contexte.etat.session.execute(
        update(FUSION)
        .where(FUSION.c.structure_id == contexte.etat.structure_id, FUSION.c.id == identifiant)
        .values(**valeurs)
    )


def _choisies(valeurs: Mapping[str, Any], _jour: dt.date) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in valeurs.items() if nom != "absorbee"}


def _rien(_valeurs: Mapping[str, Any], _jour: dt.date) -> dict[str, Any]:
    return {}


@cache
def formes() -> Mapping[str, Forme]:
    """Les valeurs à garder de la personne, chacune dite en toutes lettres : c'est ce que la fusion par champ relit."""
    datees = {nom: forme for nom, forme in personne.formes().items() if _gardee(nom)}
    return {"absorbee": lire.identifiant, **datees}


def _gardee(nom: str) -> bool:
    return nom == "date_effet" or nom in personne.IDENTITE or catalogue()[nom].date


@cache
def formes_separation() -> Mapping[str, Forme]:
    return {"fusion": lire.identifiant}


GENRES = {
    "fusionner_dossiers": Regle(
        fusionner,
        formes,
        CONTROLEURS,
        "personne",
        cite={"absorbee": "personne"},
        obligatoires={"absorbee": "Choisissez le dossier à réunir à celui-ci."},
        fusionne=True,
        ecrit=_choisies,
    ),
    "separer_dossiers": Regle(
        separer,
        formes_separation,
        CONTROLEURS,
        "personne",
        obligatoires={"fusion": "La réunion à défaire est attendue."},
        ecrit=_rien,
    ),
}
