"""Les fiches qui descendent : de la base au dictionnaire JSON, sans objet par ligne.

`lire_fiches` sert le flux (ce qui a changé depuis un numéro) ; `lire_dossiers` les pages de Flask et les rapports.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select
from sqlalchemy.orm import Session

from app.domain import champs_personne
from app.domain.mesure import motif_lisible
from app.models import Appareil, Demarche, MesureModalite, MesureReferent, NotePersonnelle, PersonneValeur, Utilisateur
from sync.desaccords import PROTOCOLE_DES_DESACCORDS, lisible
from sync.etat import CONTROLE, DESACCORD, ENTRETIEN, MESURE, PARTAGE, PERSONNE, RENDEZ_VOUS, table
from sync.operation import PROTOCOLE
from sync.versions import connait

Fiche = dict[str, Any]

VALEUR, REFERENT, MODALITE, DEMARCHE, NOTE = (
    table(modele) for modele in (PersonneValeur, MesureReferent, MesureModalite, Demarche, NotePersonnelle)
)
AU_BUREAU = "Bureau"
CLES_DOSSIER = {
    "mesure": "mesures",
    "rendez_vous": "rendez_vous",
    "entretien": "entretiens",
    "controle": "controles",
    "desaccord": "desaccords",
    "partage": "partages",
}


class Choix:
    """Quelles lignes lire : des dossiers entiers, et d'autres seulement depuis un numéro."""

    def __init__(self, structure_id: str, entiers: Collection[str], partiels: Collection[str] = (), depuis: int = 0):
        self.structure_id = structure_id
        self._entiers = sorted(entiers)
        self._partiels = sorted(partiels)
        self._depuis = depuis

    def de(self, fiche: Table) -> ColumnElement[bool]:
        colonne = fiche.c.id if fiche is PERSONNE else fiche.c.personne_id
        termes: list[ColumnElement[bool]] = []
        if self._entiers:
            termes.append(colonne.in_(self._entiers))
        if self._partiels:
            termes.append(and_(colonne.in_(self._partiels), fiche.c.sequence > self._depuis))
        return and_(fiche.c.structure_id == self.structure_id, or_(*termes))

    def suites(self, suite: Table, cle: str, fiches: Collection[dict[str, Any]]) -> ColumnElement[bool]:
        """Les lignes qui prolongent des fiches déjà lues : par dossier entier, sinon fiche par fiche.

        Les chercher par jointure dépend de statistiques que PostgreSQL n'a pas encore après un import.
        """
        entiers = set(self._entiers)
        isolees = [fiche["id"] for fiche in fiches if fiche["personne_id"] not in entiers]
        termes: list[ColumnElement[bool]] = [suite.c[cle].in_(isolees)]
        if self._entiers:
            termes.append(suite.c.personne_id.in_(self._entiers))
        return and_(suite.c.structure_id == self.structure_id, or_(*termes))


def lire_fiches(
    session: Session, choix: Choix, lecteur_id: str, role: str, protocole: int = PROTOCOLE
) -> dict[str, list[Fiche]]:
    """Les fiches choisies, par dossier, dans l'ordre où elles se rangent : personne, mesures, rendez-vous…"""
    noms = _noms(session, choix.structure_id)
    par_dossier: dict[str, list[Fiche]] = defaultdict(list)
    for fiche in _personnes(session, choix, role, protocole):
        par_dossier[fiche["id"]].append(fiche)
    for source in (
        _mesures(session, choix, role),
        _rendez_vous(session, choix),
        _entretiens(session, choix, lecteur_id, noms),
        _controles(session, choix, noms),
        _desaccords(session, choix, lecteur_id, role, noms) if connait(protocole, "desaccord") else (),
        _partages(session, choix, noms) if connait(protocole, "partage") else (),
    ):
        for fiche in source:
            par_dossier[fiche["personne_id"]].append(fiche)
    return par_dossier


def lire_dossiers(
    session: Session, structure_id: str, personne_ids: Collection[str], lecteur_id: str, role: str | None = None
) -> dict[str, dict[str, Any]]:
    """Les dossiers entiers, tels que les vues les prennent. Ne vérifie pas la portée : voir `sync.portee`.

    Les champs que le rôle du lecteur ne lit pas sont absents, un motif de sortie réservé y devient « autre » ; la note
    personnelle n'est là que pour son auteur.
    """
    if not personne_ids:
        return {}
    if role is None:
        role = session.execute(
            select(Utilisateur.role).where(Utilisateur.structure_id == structure_id, Utilisateur.id == lecteur_id)
        ).scalar_one_or_none()
    fiches = lire_fiches(session, Choix(structure_id, personne_ids), lecteur_id, role or "")
    return {personne_id: ranger(liste) for personne_id, liste in fiches.items()}


def ranger(fiches: list[Fiche]) -> dict[str, Any]:
    """Les fiches d'un dossier, réunies sous les clés que les vues attendent."""
    dossier: dict[str, Any] = {"personne": None} | {cle: [] for cle in CLES_DOSSIER.values()}
    for fiche in fiches:
        if fiche["type"] == "personne":
            dossier["personne"] = fiche
        else:
            dossier[CLES_DOSSIER[fiche["type"]]].append(fiche)
    return dossier


def _personnes(session: Session, choix: Choix, role: str, protocole: int) -> Iterator[Fiche]:
    lisibles = champs_personne.champs_lisibles(role) & champs_personne.champs_du_telephone()
    lues = list(_lignes(session, select(PERSONNE).where(choix.de(PERSONNE)).order_by(PERSONNE.c.id)))
    historiques: dict[str, dict[str, list[list[Any]]]] = defaultdict(dict)
    if lues:
        requete = (
            select(VALEUR.c.personne_id, VALEUR.c.champ, VALEUR.c.jour, VALEUR.c.valeur)
            .where(
                VALEUR.c.structure_id == choix.structure_id, VALEUR.c.personne_id.in_([ligne["id"] for ligne in lues])
            )
            .order_by(VALEUR.c.personne_id, VALEUR.c.champ, VALEUR.c.jour)
        )
        for personne_id, champ, jour, valeur in session.execute(requete):
            if champ in lisibles:
                historiques[personne_id].setdefault(champ, []).append([jour.isoformat(), valeur])
    for ligne in lues:
        fiche: Fiche = {
            "type": "personne",
            "id": ligne["id"],
            "version": ligne["sequence"],
            "reference": ligne["reference"],
            "nom": ligne["nom"],
            "prenom": ligne["prenom"],
            "nom_usage": ligne["nom_usage"],
            "pseudonymes": ligne["pseudonymes"],
            "date_naissance": _jour(ligne["date_naissance"]),
            "naissance_precision": ligne["naissance_precision"],
            "historique": historiques.get(ligne["id"], {}),
        }
        if protocole >= PROTOCOLE_DES_DESACCORDS:
            fiche["archive_le"] = _jour(ligne["archive_le"])
        yield fiche


def _mesures(session: Session, choix: Choix, role: str) -> Iterator[Fiche]:
    lues = list(_lignes(session, select(MESURE).where(choix.de(MESURE)).order_by(MESURE.c.id)))
    if not lues:
        return
    identifiants = [ligne["id"] for ligne in lues]
    historiques: dict[str, dict[str, list[list[Any]]]] = defaultdict(lambda: {"referent": [], "modalite": []})
    for datee, nom, colonne in ((REFERENT, "referent", "utilisateur_id"), (MODALITE, "modalite", "modalite")):
        requete = (
            select(datee.c.mesure_id, datee.c.jour, datee.c[colonne])
            .where(datee.c.structure_id == choix.structure_id, datee.c.mesure_id.in_(identifiants))
            .order_by(datee.c.mesure_id, datee.c.jour)
        )
        for mesure_id, jour, valeur in session.execute(requete):
            historiques[mesure_id][nom].append([jour.isoformat(), valeur])
    for ligne in lues:
        yield {
            "type": "mesure",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "version": ligne["sequence"],
            "reference": ligne["reference"],
            "convention": ligne["convention"],
            "orientee_le": _jour(ligne["orientee_le"]),
            "prescripteur": ligne["prescripteur"],
            "premier_contact_le": _jour(ligne["premier_contact_le"]),
            "entree_le": _jour(ligne["entree_le"]),
            "fin_prevue_le": _jour(ligne["fin_prevue_le"]),
            "sortie_le": _jour(ligne["sortie_le"]),
            "sortie_motif": motif_lisible(ligne["sortie_motif"], role),
            "historique": historiques[ligne["id"]],
        }


def _rendez_vous(session: Session, choix: Choix) -> Iterator[Fiche]:
    requete = select(RENDEZ_VOUS).where(choix.de(RENDEZ_VOUS)).order_by(RENDEZ_VOUS.c.debut, RENDEZ_VOUS.c.id)
    for ligne in _lignes(session, requete):
        yield {
            "type": "rendez_vous",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "mesure_id": ligne["mesure_id"],
            "version": ligne["sequence"],
            "reference": ligne["reference"],
            "debut": instant(ligne["debut"]),
            "duree": ligne["duree"],
            "lieu": ligne["lieu"],
            "statut": ligne["statut"],
        }


def _entretiens(session: Session, choix: Choix, lecteur_id: str, noms: dict[str, str]) -> Iterator[Fiche]:
    ordre = (ENTRETIEN.c.date, ENTRETIEN.c.heure, ENTRETIEN.c.id)
    lues = list(_lignes(session, select(ENTRETIEN).where(choix.de(ENTRETIEN)).order_by(*ordre)))
    if not lues:
        return
    demarches: dict[str, list[Fiche]] = defaultdict(list)
    requete = (
        select(DEMARCHE.c.entretien_id, DEMARCHE.c.famille, DEMARCHE.c.nature)
        .where(choix.suites(DEMARCHE, "entretien_id", lues))
        .order_by(DEMARCHE.c.entretien_id, DEMARCHE.c.rang)
    )
    for entretien_id, famille, nature in session.execute(requete):
        demarches[entretien_id].append({"famille": famille, "nature": nature})
    requete_notes = select(NOTE.c.entretien_id, NOTE.c.texte).where(
        choix.suites(NOTE, "entretien_id", lues), NOTE.c.auteur_id == lecteur_id
    )
    notes = {ligne.entretien_id: ligne.texte for ligne in session.execute(requete_notes)}
    for ligne in lues:
        fiche: Fiche = {
            "type": "entretien",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "mesure_id": ligne["mesure_id"],
            "version": ligne["sequence"],
            "reference": ligne["reference"],
            "rendez_vous_id": ligne["rendez_vous_id"],
            "date": ligne["date"].isoformat(),
            "heure": ligne["heure"],
            "duree": ligne["duree"],
            "moyen": ligne["moyen"],
            "lieu": ligne["lieu"],
            "demarches": demarches.get(ligne["id"], []),
            "synthese": ligne["synthese"],
            "auteur": ligne["auteur_id"],
            "auteur_nom": noms.get(ligne["auteur_id"], ""),
        }
        if ligne["auteur_id"] == lecteur_id:
            fiche["note_personnelle"] = notes.get(ligne["id"])
        yield fiche


def _controles(session: Session, choix: Choix, noms: dict[str, str]) -> Iterator[Fiche]:
    for ligne in _lignes(session, select(CONTROLE).where(choix.de(CONTROLE)).order_by(CONTROLE.c.id)):
        yield {
            "type": "controle",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "version": ligne["sequence"],
            "fiche_type": ligne["fiche_type"],
            "fiche_id": ligne["fiche_id"],
            "etat": ligne["etat"],
            "remarque": ligne["remarque"],
            "par_nom": noms.get(ligne["par_id"] or ""),
            "le": None if ligne["le"] is None else instant(ligne["le"]),
        }


def _desaccords(session: Session, choix: Choix, lecteur_id: str, role: str, noms: dict[str, str]) -> Iterator[Fiche]:
    requete = select(DESACCORD).where(choix.de(DESACCORD)).order_by(DESACCORD.c.id)
    lus = [ligne for ligne in _lignes(session, requete) if lisible(ligne, lecteur_id, role)]
    if not lus:
        return
    cites = {ligne[f"{cote}_appareil_id"] for ligne in lus for cote in ("vigueur", "propose")} - {None}
    nommes = select(Appareil.id, Appareil.nom).where(
        Appareil.structure_id == choix.structure_id, Appareil.id.in_(sorted(cites))
    )
    appareils = {appareil.id: appareil.nom for appareil in session.execute(nommes)}
    for ligne in lus:
        yield {
            "type": "desaccord",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "version": ligne["sequence"],
            "fiche_type": ligne["fiche_type"],
            "fiche_id": ligne["fiche_id"],
            "champ": ligne["champ"],
            "date_effet": _jour(ligne["date_effet"]),
            "en_vigueur": _valeur(ligne, "vigueur", noms, appareils),
            "propose": _valeur(ligne, "propose", noms, appareils),
            "etat": ligne["etat"],
            "choix": ligne["choix"],
            "regle_par_nom": noms.get(ligne["regle_par_id"] or ""),
            "regle_le": None if ligne["regle_le"] is None else instant(ligne["regle_le"]),
        }


def _valeur(ligne: dict[str, Any], cote: str, noms: dict[str, str], appareils: dict[str, str]) -> Fiche:
    """Une des deux valeurs en présence : quoi, qui, quand, d'où."""
    par, heure, appareil = (ligne[f"{cote}_{nom}"] for nom in ("par_id", "heure", "appareil_id"))
    return {
        "valeur": ligne[f"{cote}_valeur"],
        "par": par,
        "par_nom": noms.get(par or "", ""),
        "le": instant(ligne[f"{cote}_le"]),
        "heure": None if heure is None else instant(heure),
        "depuis": appareils.get(appareil or "", AU_BUREAU),
    }


def _partages(session: Session, choix: Choix, noms: dict[str, str]) -> Iterator[Fiche]:
    for ligne in _lignes(session, select(PARTAGE).where(choix.de(PARTAGE)).order_by(PARTAGE.c.cree_le, PARTAGE.c.id)):
        yield {
            "type": "partage",
            "id": ligne["id"],
            "personne_id": ligne["personne_id"],
            "version": ligne["sequence"],
            "utilisateur": ligne["utilisateur_id"],
            "utilisateur_nom": noms.get(ligne["utilisateur_id"], ""),
            "du": _jour(ligne["du"]),
            "jusqu_au": _jour(ligne["jusqu_au"]),
            "motif": ligne["motif"],
            "par_nom": noms.get(ligne["par_id"], ""),
            "fin_le": _jour(ligne["fin_le"]),
        }


def _noms(session: Session, structure_id: str) -> dict[str, str]:
    requete = select(Utilisateur.id, Utilisateur.prenom, Utilisateur.nom).where(
        Utilisateur.structure_id == structure_id
    )
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in session.execute(requete)}


def _lignes(session: Session, requete: Select[Any]) -> Iterator[dict[str, Any]]:
    resultat = session.execute(requete)
    colonnes = tuple(resultat.keys())
    for valeurs in resultat:
        yield dict(zip(colonnes, valeurs, strict=True))


def instant(valeur: dt.datetime) -> str:
    """« AAAA-MM-JJTHH:MM:SSZ »."""
    return valeur.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _jour(valeur: dt.date | None) -> str | None:
    return None if valeur is None else valeur.isoformat()
