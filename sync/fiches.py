"""Les fiches qui descendent : de la base au dictionnaire JSON, sans objet par ligne.

`lire_fiches` sert le flux (ce qui a changé depuis un numéro) ; `lire_dossiers` les pages de Flask et les rapports.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from app.domain import champs_personne
from app.domain.formes import charger
from app.domain.mesure import motif_lisible
from app.domain.piece import se_lit
from app.domain.roles import LECTEURS_DES_SYNTHESES
from app.instruction import Instruction, Parmi
from app.models import (
    Appareil,
    Demarche,
    FusionDossiers,
    MesureModalite,
    MesureReferent,
    NotePersonnelle,
    PersonneValeur,
    Utilisateur,
)
from sync import pieces
from sync.desaccords import PROTOCOLE_DES_DESACCORDS, lisible
from sync.etat import CONTROLE, DESACCORD, ENTRETIEN, FICHES, MESURE, PARTAGE, PERSONNE, PIECE, RENDEZ_VOUS, table
from sync.lecteur import Lecteur
from sync.operation import PROTOCOLE
from sync.versions import connait

Fiche = dict[str, Any]

VALEUR, REFERENT, MODALITE, DEMARCHE, NOTE, UTILISATEUR, APPAREIL = (
    table(modele)
    for modele in (PersonneValeur, MesureReferent, MesureModalite, Demarche, NotePersonnelle, Utilisateur, Appareil)
)
AU_BUREAU = "Bureau"
# D'une personne, ce que le partenaire d'un binôme ne lit pas, hors de ses valeurs datées ; et le cadre d'une mesure.
IDENTITE_TUE = ("reference", "date_naissance", "naissance_precision")
CADRE_TU = ("reference", "orientee_le", "prescripteur", "premier_contact_le", "fin_prevue_le", "sortie_motif")
CLES_DOSSIER = {
    "mesure": "mesures",
    "rendez_vous": "rendez_vous",
    "entretien": "entretiens",
    "piece": "pieces",
    "controle": "controles",
    "desaccord": "desaccords",
    "partage": "partages",
}


@dataclass(frozen=True, slots=True)
class Choix:
    """Quelles lignes lire : des dossiers entiers, et d'autres seulement depuis un numéro.

    `bascules` : parmi les seconds, ceux où le calendrier a changé ce que la personne lit, sans laisser de numéro.
    """

    structure_id: str
    entiers: Collection[str]
    partiels: Collection[str] = ()
    depuis: int = 0
    bascules: Collection[str] = ()


class Lecture:
    """Les lignes d'un `Choix` dans une table de fiches.

    Deux instructions plutôt qu'un OU, et aucun ordre demandé à la base : l'un et l'autre lui faisaient quitter l'index
    des dossiers pour parcourir toute la structure.
    """

    def __init__(self, fiche: Table, *colonnes: ColumnElement[Any]) -> None:
        dossier = fiche.c.id if fiche is PERSONNE else fiche.c.personne_id
        de_la_structure = fiche.c.structure_id == bindparam("structure")
        entieres = select(*colonnes).where(de_la_structure, Parmi(dossier, "dossiers"))
        self._entieres = Instruction(lambda _: entieres)
        self._changees = Instruction(lambda _: entieres.where(fiche.c.sequence > bindparam("depuis")))

    def lire(self, session: Session, choix: Choix) -> list[tuple[Any, ...]]:
        lues: list[tuple[Any, ...]] = []
        if choix.entiers:
            lues += self._entieres.lire(session, structure=choix.structure_id, dossiers=choix.entiers)
        if choix.partiels:
            lues += self._changees.lire(
                session, structure=choix.structure_id, dossiers=choix.partiels, depuis=choix.depuis
            )
        return lues


_PREMIER, _DEUX_PREMIERS, _TROIS_PREMIERS = itemgetter(0), itemgetter(0, 1), itemgetter(0, 1, 2)


def _lecture(fiche: Table, *colonnes: str) -> Lecture:
    return Lecture(fiche, *(fiche.c[nom] for nom in colonnes))


def _suite(suite: Table, cle: str, *colonnes: str) -> Instruction:
    """Des lignes retrouvées par leur clé, une liste à la fois.

    Les chercher par jointure dépendrait de statistiques que PostgreSQL n'a pas encore après un import.
    """
    return Instruction(
        lambda _: select(*(suite.c[nom] for nom in colonnes)).where(
            suite.c.structure_id == bindparam("structure"), Parmi(suite.c[cle], "cles")
        )
    )


_PERSONNES = _lecture(
    PERSONNE,
    *("id", "sequence", "reference", "nom", "prenom", "nom_usage", "pseudonymes"),
    *("date_naissance", "naissance_precision", "archive_le", "tardive", "fusion_sequence"),
)
_VALEURS = _suite(VALEUR, "personne_id", "personne_id", "champ", "jour", "valeur")
_MESURES = _lecture(
    MESURE,
    *("id", "personne_id", "sequence", "reference", "convention", "orientee_le", "prescripteur"),
    *("premier_contact_le", "entree_le", "fin_prevue_le", "sortie_le", "sortie_motif", "tardive"),
)
_REFERENTS = _suite(REFERENT, "mesure_id", "mesure_id", "jour", "utilisateur_id")
_MODALITES = _suite(MODALITE, "mesure_id", "mesure_id", "jour", "modalite")
_RENDEZ_VOUS = _lecture(
    RENDEZ_VOUS,
    *("debut", "id", "personne_id", "mesure_id", "sequence", "reference", "duree", "lieu", "statut", "tardive"),
)
_ENTRETIENS = _lecture(
    ENTRETIEN,
    *("date", "heure", "id", "personne_id", "mesure_id", "sequence", "reference", "rendez_vous_id"),
    *("duree", "moyen", "lieu", "synthese", "tardive", "auteur_id"),
)
_DEMARCHES = _suite(DEMARCHE, "entretien_id", "entretien_id", "rang", "famille", "nature")
_NOTES = _suite(NOTE, "entretien_id", "entretien_id", "auteur_id", "texte")
_CONTROLES = _lecture(
    CONTROLE,
    *("id", "personne_id", "sequence", "fiche_type", "fiche_id", "etat", "remarque", "par_id", "le"),
)
_DITS_D_UN_PARTAGE = (
    *("cree_le", "id", "personne_id", "sequence", "du", "jusqu_au", "motif", "fin_le", "utilisateur_id", "par_id"),
)
_PARTAGES = _lecture(PARTAGE, *_DITS_D_UN_PARTAGE)
_PIECES = _lecture(PIECE, *pieces.COLONNES)
_DESACCORDS = Lecture(DESACCORD, *DESACCORD.columns)
_APPAREILS = _suite(APPAREIL, "id", "id", "nom")
_UTILISATEURS = _suite(UTILISATEUR, "id", "id", "prenom", "nom")
# Les désaccords, peu nombreux et lus selon leur champ, se comptent en les lisant.
_COMPTEES = tuple(fiche for fiche in FICHES if fiche is not DESACCORD)


def lire_fiches(
    session: Session,
    choix: Choix,
    lecteur_id: str,
    role: str,
    protocole: int = PROTOCOLE,
    jour: dt.date | None = None,
) -> dict[str, list[Fiche]]:
    """Les fiches choisies, par dossier, dans l'ordre où elles se rangent : personne, mesures, rendez-vous…"""
    lecteur = Lecteur(session, choix.structure_id, [*choix.entiers, *choix.partiels], lecteur_id, role, jour)
    large = _elargi(choix, lecteur.binomes)
    # Là où ce qu'elle lit a pu changer depuis, tout est à redire, ou à oublier.
    bascule = _elargi(choix, _bascules(session, choix, lecteur))
    # Dans les autres, le téléphone n'a jamais eu ce qu'elle ne lit pas.
    tus = lecteur.restreints.intersection(choix.partiels)
    rendez_vous, entretiens = _RENDEZ_VOUS.lire(session, bascule), _ENTRETIENS.lire(session, bascule)
    mesures, personnes = _MESURES.lire(session, bascule), _PERSONNES.lire(session, bascule)
    controles = _CONTROLES.lire(session, large)
    desaccords = _lire_desaccords(session, large, lecteur_id, role) if connait(protocole, "desaccord") else []
    partages = _lire_partages(session, bascule) if connait(protocole, "partage") else []
    siennes = _lire_pieces(session, large, tus, lecteur) if connait(protocole, "piece") else []
    lues = _pieces_citees(session, choix, lecteur, protocole, controles, desaccords)
    tombes: list[Fiche] = []

    def garder(fiche_type: str, lignes: list[Any], se_lit: Callable[[Any], bool], ou: tuple[Any, Any]) -> list[Any]:
        """Celles qu'elle lit ; les autres sont à oublier, si son téléphone a pu les avoir."""
        for ligne in lignes:
            if not se_lit(ligne) and ligne[ou[1]] in tus:
                tombes.append(pieces.tombe(ligne[ou[0]], ligne[ou[1]], fiche_type))
        return [ligne for ligne in lignes if se_lit(ligne)]

    mesures = garder("mesure", mesures, lambda m: lecteur.lit_fiche("mesure", m[0], m[1]), (0, 1))
    rendez_vous = garder("rendez_vous", rendez_vous, lambda r: lecteur.lit_fiche("rendez_vous", r[1], r[2]), (1, 2))
    entretiens = garder("entretien", entretiens, lambda e: lecteur.lit_fiche("entretien", e[2], e[3]), (2, 3))
    controles = garder("controle", controles, lambda c: _est_dit(c, lues, lecteur), (0, 1))
    desaccords = garder("desaccord", desaccords, lambda d: _est_conteste(d, lues, lecteur), ("id", "personne_id"))
    partages = garder("partage", partages, lecteur.lit_partage, ("id", "personne_id"))
    cites = {ligne[-1] for ligne in entretiens} | {ligne[-2] for ligne in controles}
    cites |= {cite for ligne in partages for cite in (ligne["utilisateur_id"], ligne["par_id"])}
    cites |= {ligne[nom] for ligne in desaccords for nom in ("vigueur_par_id", "propose_par_id", "regle_par_id")}
    noms = _noms(session, choix.structure_id, cites | pieces.auteurs(siennes))
    par_dossier: dict[str, list[Fiche]] = defaultdict(list)
    for fiche in _personnes(session, choix, lecteur, protocole, personnes):
        par_dossier[fiche["id"]].append(fiche)
    for source in (
        _mesures(session, choix, lecteur, mesures),
        _rendez_vous(rendez_vous),
        _entretiens(session, choix, lecteur, entretiens, noms),
        (pieces.fiche(lecteur, ligne, noms) or pieces.tombe(ligne["id"], ligne["personne_id"]) for ligne in siennes),
        tombes,
        _controles(controles, role, noms),
        _desaccords(session, choix, desaccords, noms),
        _partages(partages, noms),
    ):
        for fiche in source:
            par_dossier[fiche["personne_id"]].append(fiche)
    for tombe in _rendues(session, choix, [ligne[0] for ligne in personnes if (ligne[-1] or 0) > choix.depuis]):
        # Réunis de nouveau depuis : la fiche y est.
        du_dossier = par_dossier[tombe["personne_id"]]
        if not any((fiche["type"], fiche["id"]) == (tombe["de"], tombe["id"]) for fiche in du_dossier):
            du_dossier.append(tombe)
    return par_dossier


def compter_fiches(
    session: Session,
    choix: Choix,
    lecteur_id: str,
    role: str,
    protocole: int = PROTOCOLE,
    jour: dt.date | None = None,
) -> int:
    """Combien `lire_fiches` en rendrait, tombes exceptées."""
    lecteur = Lecteur(session, choix.structure_id, [*choix.entiers, *choix.partiels], lecteur_id, role, jour)
    # Les dossiers tenus d'un binôme sont peu nombreux, et ce qui s'y lit ne se compte qu'en le lisant.
    siens = _restreint(choix, lecteur.binomes.__contains__)
    lues = lire_fiches(session, siens, lecteur_id, role, protocole, jour) if lecteur.binomes else {}
    nombre: int = sum(fiche["type"] != pieces.TOMBE for fiches in lues.values() for fiche in fiches)
    autres = _restreint(choix, lambda personne: personne not in lecteur.binomes)
    avec_pieces = connait(protocole, "piece")
    for fiche in _COMPTEES:
        if connait(protocole, fiche.name):
            compte = _compte(fiche, role, avec_pieces)
            nombre += sum(lu for (lu,) in compte.lire(session, autres))
    desaccords = _lire_desaccords(session, autres, lecteur_id, role) if connait(protocole, "desaccord") else []
    lues_aussi = _pieces_citees(session, autres, lecteur, protocole, [], desaccords)
    return nombre + sum(_est_conteste(desaccord, lues_aussi, lecteur) for desaccord in desaccords)


def _restreint(choix: Choix, voulu: Callable[[str], bool]) -> Choix:
    entiers, partiels = (list(filter(voulu, dossiers)) for dossiers in (choix.entiers, choix.partiels))
    return replace(choix, entiers=entiers, partiels=partiels)


def _bascules(session: Session, choix: Choix, lecteur: Lecteur) -> set[str]:
    """Les dossiers d'un binôme où ce qu'il lit a pu changer depuis : l'accord, ou ce qui les lui ouvre."""
    siens = lecteur.binomes.intersection(choix.partiels)
    if not siens:
        return set()
    changees = session.execute(
        select(PERSONNE.c.id).where(
            PERSONNE.c.structure_id == choix.structure_id,
            PERSONNE.c.id.in_(sorted(siens)),
            PERSONNE.c.sequence > choix.depuis,
        )
    )
    recents = {personne for personne in siens if lecteur.depuis_peu[personne] > choix.depuis}
    return recents | {identifiant for (identifiant,) in changees} | siens.intersection(choix.bascules)


@cache
def _compte(fiche: Table, role: str, avec_pieces: bool) -> Lecture:
    """Le nombre de lignes d'une table, hors celles que ce rôle, ou cette version du protocole, ne reçoit pas."""
    lisibles = [code for code, decrite in charger().items() if avec_pieces and se_lit(decrite, role, None)]
    if len(lisibles) == len(charger()):
        return Lecture(fiche, func.count())
    lue = or_(false(), *(PIECE.c.forme == code for code in lisibles))
    if fiche is PIECE:
        return Lecture(fiche, func.count().filter(lue))
    if fiche is CONTROLE:
        la_sienne = (PIECE.c.structure_id == fiche.c.structure_id) & (PIECE.c.id == fiche.c.fiche_id)
        de_piece = select(PIECE.c.id).where(la_sienne, lue).exists()
        return Lecture(fiche, func.count().filter((fiche.c.fiche_type != "piece") | de_piece))
    return Lecture(fiche, func.count())


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
        elif fiche["type"] != pieces.TOMBE:
            dossier[CLES_DOSSIER[fiche["type"]]].append(fiche)
    return dossier


def _rendues(session: Session, choix: Choix, separees: list[str]) -> list[Fiche]:
    """Ce qu'une séparation a rendu à un autre dossier depuis : le téléphone l'oublie dans celui-ci."""
    partielles = sorted(set(separees).intersection(choix.partiels))
    if not partielles:
        return []
    requete = select(FusionDossiers.personne_id, FusionDossiers.rendues).where(
        FusionDossiers.structure_id == choix.structure_id,
        FusionDossiers.personne_id.in_(partielles),
        FusionDossiers.defaite_sequence > choix.depuis,
    )
    return [
        pieces.tombe(identifiant, personne_id, fiche_type)
        for personne_id, rendues in session.execute(requete)
        for fiche_type, identifiants in (rendues or {}).items()
        for identifiant in identifiants
    ]


def _personnes(
    session: Session, choix: Choix, lecteur: Lecteur, protocole: int, lues: list[tuple[Any, ...]]
) -> Iterator[Fiche]:
    if not lues:
        return
    lisibles = champs_personne.champs_lisibles(lecteur.role) & champs_personne.champs_du_telephone()
    historiques: dict[str, dict[str, list[list[Any]]]] = defaultdict(dict)
    valeurs = _VALEURS.lire(session, structure=choix.structure_id, cles=[ligne[0] for ligne in lues])
    for personne_id, champ, jour, valeur in sorted(valeurs, key=_TROIS_PREMIERS):
        if champ in lisibles and lecteur.accord(personne_id) is None:
            historiques[personne_id].setdefault(champ, []).append([jour.isoformat(), valeur])
    for ligne in sorted(lues, key=_PREMIER):
        identifiant, version, reference, nom, prenom, nom_usage, pseudonymes, naissance, precision, *suite = ligne
        archive, tardive, _ = suite
        fiche: Fiche = {
            "type": "personne",
            "id": identifiant,
            "version": version,
            "reference": reference,
            "nom": nom,
            "prenom": prenom,
            "nom_usage": nom_usage,
            "pseudonymes": pseudonymes,
            "date_naissance": _jour(naissance),
            "naissance_precision": precision,
            "historique": historiques.get(identifiant, {}),
        }
        if protocole >= PROTOCOLE_DES_DESACCORDS:
            fiche["archive_le"] = _jour(archive)
        accord = lecteur.accord(identifiant)
        if accord is not None:
            fiche |= dict.fromkeys(IDENTITE_TUE) | {"en_binome": {"accord": accord}}
        yield _dire_tardive(fiche, tardive)


def _mesures(session: Session, choix: Choix, lecteur: Lecteur, lues: list[tuple[Any, ...]]) -> Iterator[Fiche]:
    if not lues:
        return
    identifiants = [ligne[0] for ligne in lues]
    historiques: dict[str, dict[str, list[list[Any]]]] = defaultdict(lambda: {"referent": [], "modalite": []})
    for nom, instruction in (("referent", _REFERENTS), ("modalite", _MODALITES)):
        datees = instruction.lire(session, structure=choix.structure_id, cles=identifiants)
        for mesure_id, jour, valeur in sorted(datees):
            historiques[mesure_id][nom].append([jour.isoformat(), valeur])
    for ligne in sorted(lues, key=_PREMIER):
        identifiant, personne_id, version, reference, convention, orientee, prescripteur, *dates, motif, tardive = ligne
        premier_contact, entree, fin_prevue, sortie = map(_jour, dates)
        fiche = {
            "type": "mesure",
            "id": identifiant,
            "personne_id": personne_id,
            "version": version,
            "reference": reference,
            "convention": convention,
            "orientee_le": _jour(orientee),
            "prescripteur": prescripteur,
            "premier_contact_le": premier_contact,
            "entree_le": entree,
            "fin_prevue_le": fin_prevue,
            "sortie_le": sortie,
            "sortie_motif": motif_lisible(motif, lecteur.role),
            "historique": historiques[identifiant],
        }
        if lecteur.accord(personne_id) is not None:
            fiche |= dict.fromkeys(CADRE_TU) | {"historique": historiques[identifiant] | {"modalite": []}}
        yield _dire_tardive(fiche, tardive)


def _rendez_vous(lus: list[tuple[Any, ...]]) -> Iterator[Fiche]:
    for debut, identifiant, personne_id, mesure_id, version, reference, duree, lieu, statut, tardive in sorted(
        lus, key=_DEUX_PREMIERS
    ):
        fiche = {
            "type": "rendez_vous",
            "id": identifiant,
            "personne_id": personne_id,
            "mesure_id": mesure_id,
            "version": version,
            "reference": reference,
            "debut": instant(debut),
            "duree": duree,
            "lieu": lieu,
            "statut": statut,
        }
        yield _dire_tardive(fiche, tardive)


def _entretiens(
    session: Session, choix: Choix, lecteur: Lecteur, lus: list[tuple[Any, ...]], noms: Mapping[str, str]
) -> Iterator[Fiche]:
    if not lus:
        return
    contenu = lecteur.role in LECTEURS_DES_SYNTHESES
    identifiants = [ligne[2] for ligne in lus]
    demarches: dict[str, list[Fiche]] = defaultdict(list)
    for entretien_id, _, famille, nature in sorted(
        _DEMARCHES.lire(session, structure=choix.structure_id, cles=identifiants), key=_DEUX_PREMIERS
    ):
        demarches[entretien_id].append({"famille": famille, "nature": nature})
    notes = {
        entretien_id: texte
        for entretien_id, auteur_id, texte in _NOTES.lire(session, structure=choix.structure_id, cles=identifiants)
        if auteur_id == lecteur.id
    }
    for date, heure, identifiant, personne_id, mesure_id, version, reference, rendez_vous_id, *faits in sorted(
        lus, key=_date_heure_id
    ):
        duree, moyen, lieu, synthese, tardive, auteur_id = faits
        fiche: Fiche = {
            "type": "entretien",
            "id": identifiant,
            "personne_id": personne_id,
            "mesure_id": mesure_id,
            "version": version,
            "reference": reference,
            "rendez_vous_id": rendez_vous_id,
            "date": date.isoformat(),
            "heure": heure,
            "duree": duree,
            "moyen": moyen,
            "lieu": lieu,
            "demarches": demarches.get(identifiant, []) if contenu else [],
            "synthese": synthese if contenu else None,
            "auteur": auteur_id,
            "auteur_nom": noms.get(auteur_id, ""),
        }
        if auteur_id == lecteur.id:
            fiche["note_personnelle"] = notes.get(identifiant)
        yield _dire_tardive(fiche, tardive)


def _controles(lus: list[tuple[Any, ...]], role: str, noms: Mapping[str, str]) -> Iterator[Fiche]:
    for identifiant, personne_id, version, fiche_type, fiche_id, etat, remarque, par_id, le in sorted(
        lus, key=_PREMIER
    ):
        yield {
            "type": "controle",
            "id": identifiant,
            "personne_id": personne_id,
            "version": version,
            "fiche_type": fiche_type,
            "fiche_id": fiche_id,
            "etat": etat,
            "remarque": remarque if role in LECTEURS_DES_SYNTHESES else None,
            "par_nom": noms.get(par_id or ""),
            "le": None if le is None else instant(le),
        }


def _partages(lus: list[dict[str, Any]], noms: Mapping[str, str]) -> Iterator[Fiche]:
    for ligne in lus:
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


def _dire_tardive(fiche: Fiche, cause: str | None) -> Fiche:
    """Rare : la clé n'est là que si une part de la fiche est arrivée tard."""
    if cause is not None:
        fiche["tardive"] = cause
    return fiche


def _elargi(choix: Choix, voulus: set[str]) -> Choix:
    """Le même choix, ces dossiers-là lus en entier."""
    if not voulus:
        return choix
    entiers, partiels = set(choix.entiers), set(choix.partiels)
    return replace(choix, entiers=entiers | voulus, partiels=partiels - voulus)


def _lire_partages(session: Session, choix: Choix) -> list[dict[str, Any]]:
    lus = sorted(_PARTAGES.lire(session, choix), key=_DEUX_PREMIERS)
    return [dict(zip(_DITS_D_UN_PARTAGE, ligne, strict=True)) for ligne in lus]


def _lire_pieces(session: Session, choix: Choix, tus: set[str], lecteur: Lecteur) -> list[dict[str, Any]]:
    lues = (dict(zip(pieces.COLONNES, ligne, strict=True)) for ligne in _PIECES.lire(session, choix))
    return sorted(
        (ligne for ligne in lues if ligne["personne_id"] in tus or pieces.est_lue(lecteur, ligne)),
        key=itemgetter("id"),
    )


def _pieces_citees(
    session: Session,
    choix: Choix,
    lecteur: Lecteur,
    protocole: int,
    controles: list[tuple[Any, ...]],
    desaccords: list[dict[str, Any]],
) -> pieces.Lues:
    """Ce qui se dit d'une pièce ne va qu'à qui la lit, et à qui parle d'elles."""
    if not connait(protocole, "piece"):
        return pieces.Lues({})
    dites = {d["fiche_id"] for d in desaccords if d["fiche_type"] == "piece"}
    dites |= {controle[4] for controle in controles if controle[3] == "piece"}
    return pieces.lisibles(session, choix.structure_id, lecteur, dites)


def _est_dit(controle: tuple[Any, ...], lues: pieces.Lues, lecteur: Lecteur) -> bool:
    _, personne_id, _, fiche_type, fiche_id, *_ = controle
    if fiche_type == "piece":
        return lues.piece(fiche_id)
    return lecteur.lit_ce_qui_se_dit(fiche_type, fiche_id, personne_id)


def _est_conteste(desaccord: Mapping[str, Any], lues: pieces.Lues, lecteur: Lecteur) -> bool:
    fiche_type, fiche_id = desaccord["fiche_type"], desaccord["fiche_id"]
    if fiche_type == "piece":
        return lues.piece(fiche_id, desaccord["champ"])
    return lecteur.lit_ce_qui_se_dit(fiche_type, fiche_id, desaccord["personne_id"])


def _lire_desaccords(session: Session, choix: Choix, lecteur_id: str, role: str) -> list[dict[str, Any]]:
    lues = (dict(zip(DESACCORD.columns.keys(), ligne, strict=True)) for ligne in _DESACCORDS.lire(session, choix))
    return sorted((ligne for ligne in lues if lisible(ligne, lecteur_id, role)), key=itemgetter("id"))


def _desaccords(session: Session, choix: Choix, lus: list[dict[str, Any]], noms: Mapping[str, str]) -> Iterator[Fiche]:
    if not lus:
        return
    cites = {ligne[f"{cote}_appareil_id"] for ligne in lus for cote in ("vigueur", "propose")} - {None}
    appareils = dict(_APPAREILS.lire(session, structure=choix.structure_id, cles=list(cites)))
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


def _valeur(ligne: dict[str, Any], cote: str, noms: Mapping[str, str], appareils: Mapping[str, str]) -> Fiche:
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


def _noms(session: Session, structure_id: str, cites: set[str | None]) -> dict[str, str]:
    """Les noms de qui a écrit ou contrôlé les fiches lues, et d'eux seuls."""
    connus = [identifiant for identifiant in cites if identifiant]
    lus = _UTILISATEURS.lire(session, structure=structure_id, cles=connus) if connus else []
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in lus}


def _date_heure_id(ligne: tuple[Any, ...]) -> tuple[Any, ...]:
    return ligne[0], ligne[1] or "", ligne[2]


def instant(valeur: dt.datetime) -> str:
    """« AAAA-MM-JJTHH:MM:SSZ »."""
    return valeur.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _jour(valeur: dt.date | None) -> str | None:
    return None if valeur is None else valeur.isoformat()
