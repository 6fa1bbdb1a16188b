"""Qui lit quoi : les partages et les accès de l'un ouvrent l'autre, et chacun retrouve les siens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID, uuid5

from sqlalchemy import select

from app.models import Acces, MesureReferent, NotePersonnelle
from sync.attributions import en_cours
from sync.etat import MESURE, PARTAGE, Ligne, table
from sync.operation import Operation
from sync.regles.regle import Contexte
from sync.reunion import fiches

ACCES, REFERENT, NOTE = table(Acces), table(MesureReferent), table(NotePersonnelle)


def copier_les_partages(contexte: Contexte, operation: Operation, absorbee_id: str) -> list[list[str]]:
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


def rendre_les_partages(contexte: Contexte, operation: Operation, fusion: Ligne) -> list[str]:
    """Ce que la copie est devenue entre-temps vaut pour l'original ; rend ceux notés depuis en nommant l'autre dossier.

    D'eux aussi il reste, fini, de quoi retirer des téléphones le dossier qu'ils avaient ouvert.
    """
    etat = contexte.etat
    etat.charger(PARTAGE, [identifiant for paire in fusion["partages"] for identifiant in paire])
    for original, copie in fusion["partages"]:
        fin = (etat.lire(PARTAGE, copie) or {}).get("fin_le")
        etat.changer(PARTAGE, original, fin_le=fin, sequence=contexte.version)
        if fin is None:
            etat.changer(PARTAGE, copie, fin_le=contexte.aujourd_hui, sequence=contexte.version)
    etat.charger(PARTAGE, [fusion["personne_id"]], "personne_id")
    notes = fiches.nommees(contexte, fusion, "partager_dossier")
    rendus = [p for p in etat.lignes(PARTAGE) if p["personne_id"] == fusion["personne_id"] and p["id"] in notes]
    for partage in rendus:
        copie, fin = str(uuid5(UUID(operation.id), partage["id"])), partage["fin_le"] or contexte.aujourd_hui
        etat.ajouter(PARTAGE, **{**partage, "id": copie, "fin_le": fin, "sequence": contexte.version})
        etat.changer(PARTAGE, partage["id"], personne_id=fusion["absorbee_id"], sequence=contexte.version)
    return [partage["id"] for partage in rendus]


def ouvrir(contexte: Contexte, reste_id: str, absorbee_id: str) -> dict[str, list[str]]:
    """Qui suivait l'un suit les deux ; le dossier réuni s'en va des files actives."""
    suivis = {cle: sorted(_lire_acces(contexte, cle)) for cle in (reste_id, absorbee_id)}
    for utilisateur_id, ligne in _lire_acces(contexte, absorbee_id).items():
        if utilisateur_id not in suivis[reste_id]:
            _poser_acces(contexte, utilisateur_id, reste_id, actif=True, jusqu_au=ligne["jusqu_au"])
        _poser_acces(contexte, utilisateur_id, absorbee_id, actif=False)
    return suivis


def refermer(contexte: Contexte, fusion: Ligne) -> None:
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


def suivre_les_notes(contexte: Contexte, operation: Operation, de: str, vers: str, entretiens: Collection[str]) -> None:
    """Une note sans choix reste à son auteur : la fin du titre qu'il avait dans un dossier le suit dans l'autre.

    Sans cela rien ne dirait plus, là où elle va, que ce dossier a été le sien, ni jusqu'à quand il choisit.
    """
    auteurs = _auteurs_des_notes(contexte, entretiens)
    if not auteurs:
        return
    etat, jour = contexte.etat, contexte.aujourd_hui
    etat.charger(PARTAGE, [de, vers], "personne_id")
    anciens, connus = _tous_les_acces(contexte, de), _tous_les_acces(contexte, vers)
    connus |= {ligne["utilisateur_id"]: ligne for ligne in etat.a_dater(Acces) if ligne["personne_id"] == vers}
    prets = [ligne for ligne in etat.lignes(PARTAGE) if ligne["personne_id"] == de]
    avec = {ligne["utilisateur_id"] for ligne in etat.lignes(PARTAGE) if ligne["personne_id"] == vers}
    for auteur in sorted(auteurs):
        ancien, connu = anciens.get(auteur), connus.get(auteur)
        if ancien is not None and not en_cours(ancien, jour):
            if _finit_apres(ancien, connu, jour) and auteur not in avec:
                etat.dater(Acces, **{**ancien, "personne_id": vers, "sequence": contexte.version})
        elif connu is None and auteur not in avec:
            if ancien is not None:
                _poser_acces(contexte, auteur, vers, actif=False)
            for pret in [pret for pret in prets if pret["utilisateur_id"] == auteur]:
                fin = {"fin_le": pret["fin_le"] or min(jour, pret["jusqu_au"] or jour)}
                cle = {"id": str(uuid5(UUID(operation.id), pret["id"])), "personne_id": vers}
                etat.ajouter(PARTAGE, **{**pret, **cle, **fin, "sequence": contexte.version})


def _auteurs_des_notes(contexte: Contexte, entretiens: Collection[str]) -> set[str]:
    requete = select(NOTE.c.auteur_id).where(
        NOTE.c.structure_id == contexte.etat.structure_id,
        NOTE.c.entretien_id.in_(sorted(entretiens)),
        NOTE.c.transmise_le.is_(None),
    )
    return set(contexte.etat.session.scalars(requete)) if entretiens else set()


def _finit_apres(ancien: Ligne, connu: Ligne | None, jour: dt.date) -> bool:
    """Des deux titres finis, celui d'avant vaut s'il a fini plus tard."""
    if connu is None:
        return True
    return (
        not en_cours(connu, jour)
        and None not in (fins := (ancien["perdu_le"], connu["perdu_le"]))
        and fins[0] > fins[1]
    )


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
    tous = _tous_les_acces(contexte, personne_id)
    return {qui: ligne for qui, ligne in tous.items() if en_cours(ligne, contexte.aujourd_hui)}


def _tous_les_acces(contexte: Contexte, personne_id: str) -> dict[str, Ligne]:
    requete = select(ACCES).where(
        ACCES.c.structure_id == contexte.etat.structure_id, ACCES.c.personne_id == personne_id
    )
    lues = (dict(ligne) for ligne in contexte.etat.session.execute(requete).mappings())
    return {ligne["utilisateur_id"]: ligne for ligne in lues}


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
