"""Ce que l'on sait de la personne : une seule histoire des deux, et de quoi rendre à chacun la sienne."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, delete, select

from app.domain.champs_personne import catalogue
from app.models import Operation as Journal
from app.models import PersonneValeur
from sync import desaccords
from sync.champs import en_json
from sync.etat import DESACCORD, PERSONNE, Ligne, table
from sync.regles import personne
from sync.regles.regle import Contexte

VALEUR = table(PersonneValeur)


def histoire(contexte: Contexte, reste_id: str, absorbee_id: str) -> list[Ligne]:
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


def ecrire(contexte: Contexte, reste: Ligne, ecrites: Mapping[str, Any], jour: dt.date, connues: list[Ligne]) -> None:
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


def rendre(contexte: Contexte, reste: Ligne, fusion: Ligne) -> None:
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
