"""Les listes en cours de vérification, en base : les déposer, les lire, les corriger, les effacer.

Une ligne porte ce qu'une personne n'a pas encore confié à la structure : elle disparaît dès qu'elle est reçue, que
l'import finit, ou que sept jours passent sans que l'on y touche.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.models import ImportOrientations, LigneOrientation
from app.orientations.champs import JAMAIS, SANS_TITRES, ligne_des_titres, proposer
from app.orientations.lecture import SIGNES_MAX, Ligne
from app.orientations.sources import reglages_de, retenir, titres_retenus

GARDE: Final = dt.timedelta(days=7)
MONTRES: Final = 30
_SOURCE_MAX: Final = 120


def propre(saisi: str, longueur: int = SIGNES_MAX) -> str:
    """Un texte tapé, sans les signes qu'aucun clavier n'écrit."""
    return " ".join("".join(c if c.isprintable() else " " for c in saisi).split())[:longueur]


def nom_de_source(saisi: str) -> str:
    return propre(saisi, _SOURCE_MAX)


def deposer(
    session: Session,
    structure_id: str,
    identifiant: str,
    par_id: str,
    maintenant: dt.datetime,
    depot: tuple[str, str, bytes],
    feuilles: Sequence[Sequence[Ligne]],
) -> ImportOrientations:
    """`depot` : (source, nom du fichier, contenu). Un même identifiant, redéposé, rend l'import d'avant."""
    deja = lire(session, structure_id, identifiant)
    if deja is not None:
        return deja
    source, fichier, octets = depot
    retenus = titres_retenus(session, structure_id, source)
    lignes, titres = max(
        ((feuille, ligne_des_titres(feuille, retenus)) for feuille in feuilles), key=lambda choix: choix[1][1]
    )
    importee = ImportOrientations(
        structure_id=structure_id,
        id=identifiant,
        source=source,
        fichier=nom_de_source(fichier) or "liste",
        empreinte=hashlib.sha256(octets).hexdigest(),
        par_id=par_id,
        cree_le=maintenant,
        touche_le=maintenant,
        fini_le=None,
        reglages={},
        bilan={},
    )
    session.add(importee)
    session.flush()
    largeur = max(len(ligne.cellules) for ligne in lignes)
    for ligne in lignes:
        session.add(
            LigneOrientation(
                structure_id=structure_id,
                import_id=identifiant,
                numero=ligne.numero,
                cellules=ligne.cellules + [""] * (largeur - len(ligne.cellules)),
                corrections={},
                personne_id=str(uuid7()),
                mesure_id=str(uuid7()),
            )
        )
    session.flush()
    connus = reglages_de(session, structure_id, source)
    relier(session, importee, SANS_TITRES if connus.get("sans_titres") else titres[0], retenus, connus)
    return importee


def relier(
    session: Session,
    importee: ImportOrientations,
    titres: int,
    retenus: Mapping[str, str],
    connus: Mapping[str, Any] | None = None,
) -> None:
    """Prend cette ligne pour celle des titres, ou aucune, et propose un champ par colonne."""
    lignes = toutes(session, importee)
    ecrits = next((ligne.cellules for ligne in lignes if ligne.numero == titres), None)
    if ecrits is None:
        titres, ecrits = SANS_TITRES, [f"Colonne {_lettre(rang)}" for rang in range(len(lignes[0].cellules))]
    champs = proposer(ecrits, retenus)
    jamais = [rang for rang, champ in enumerate(champs) if champ == JAMAIS]
    _effacer_colonnes(lignes, jamais, depuis=titres)
    importee.reglages = {
        "convention": None,
        "orientee_le": None,
        "prescripteur": None,
        **{nom: (connus or importee.reglages).get(nom) for nom in ("convention", "prescripteur")},
        "titres_ligne": titres,
        "titres": list(ecrits),
        "champs": [None if champ == JAMAIS else champ for champ in champs],
        "effacees": jamais,
        "verifie": False,
    }


def _lettre(rang: int) -> str:
    """La colonne comme le tableur la nomme : A, Z, AA."""
    return (_lettre(rang // 26 - 1) if rang >= 26 else "") + chr(65 + rang % 26)


def _effacer_colonnes(lignes: Sequence[LigneOrientation], rangs: Sequence[int], depuis: int) -> None:
    for ligne in lignes:
        if ligne.numero > depuis:
            ligne.cellules = ["" if rang in rangs else cellule for rang, cellule in enumerate(ligne.cellules)]


def regler(
    session: Session, importee: ImportOrientations, champs: Sequence[str | None], defauts: Mapping[str, Any]
) -> None:
    """Les colonnes sont dites : celles que l'on ne reprend pas sont effacées, et la source s'en souviendra."""
    reglages = dict(importee.reglages)
    effacees = sorted({*reglages["effacees"], *(rang for rang, champ in enumerate(champs) if champ is None)})
    _effacer_colonnes(toutes(session, importee), effacees, depuis=reglages["titres_ligne"])
    # Au-dessus des titres, un en-tête de courrier peut nommer quelqu'un : il a servi.
    for ligne in toutes(session, importee):
        if ligne.numero < reglages["titres_ligne"]:
            session.delete(ligne)
    importee.reglages = reglages | {"champs": list(champs), "effacees": effacees, **defauts, "verifie": True}
    retenir(session, importee)


def lire(session: Session, structure_id: str, identifiant: str, verrouiller: bool = False) -> ImportOrientations | None:
    requete = select(ImportOrientations).where(
        ImportOrientations.structure_id == structure_id, ImportOrientations.id == identifiant
    )
    return session.scalars(requete.with_for_update() if verrouiller else requete).one_or_none()


def toutes(session: Session, importee: ImportOrientations) -> list[LigneOrientation]:
    requete = select(LigneOrientation).where(
        LigneOrientation.structure_id == importee.structure_id, LigneOrientation.import_id == importee.id
    )
    return list(session.scalars(requete.order_by(LigneOrientation.numero)))


def lignes(session: Session, importee: ImportOrientations) -> list[LigneOrientation]:
    """Celles sous les titres."""
    titres = importee.reglages["titres_ligne"]
    return [ligne for ligne in toutes(session, importee) if ligne.numero > titres]


def ligne(session: Session, importee: ImportOrientations, numero: int) -> LigneOrientation | None:
    if numero <= importee.reglages["titres_ligne"]:
        return None
    return session.get(LigneOrientation, (importee.structure_id, importee.id, numero))


def listes(session: Session, structure_id: str) -> list[ImportOrientations]:
    """Les dernières, celles qui attendent d'abord."""
    requete = select(ImportOrientations).where(ImportOrientations.structure_id == structure_id)
    lues = session.scalars(requete.order_by(ImportOrientations.cree_le.desc()).limit(MONTRES)).all()
    return sorted(lues, key=lambda lue: lue.fini_le is not None)


def deja_venue(session: Session, importee: ImportOrientations) -> ImportOrientations | None:
    """Le même fichier, octet pour octet, déposé avant."""
    requete = select(ImportOrientations).where(
        ImportOrientations.structure_id == importee.structure_id,
        ImportOrientations.empreinte == importee.empreinte,
        ImportOrientations.id != importee.id,
        ImportOrientations.cree_le < importee.cree_le,
    )
    return session.scalars(requete.order_by(ImportOrientations.cree_le.desc()).limit(1)).one_or_none()


def finir(session: Session, importee: ImportOrientations, maintenant: dt.datetime, restent: int = 0) -> None:
    """Il ne reste d'elle que ses nombres ; le nom d'un fichier peut être celui de quelqu'un."""
    session.execute(
        delete(LigneOrientation)
        .where(LigneOrientation.structure_id == importee.structure_id, LigneOrientation.import_id == importee.id)
        .execution_options(synchronize_session=False)
    )
    importee.reglages = {"titres_ligne": importee.reglages["titres_ligne"], "verifie": True}
    importee.bilan = importee.bilan | {"effacees": restent}
    importee.fichier = ""
    importee.fini_le = maintenant


def perimer(session: Session, structure_id: str, maintenant: dt.datetime) -> int:
    """Efface les lignes des listes oubliées depuis sept jours ; rend le nombre de lignes."""
    oubliees = session.scalars(
        select(ImportOrientations).where(
            ImportOrientations.structure_id == structure_id,
            ImportOrientations.fini_le.is_(None),
            ImportOrientations.touche_le < maintenant - GARDE,
        )
    ).all()
    effacees = 0
    for oubliee in oubliees:
        attendent = [attend for attend in lignes(session, oubliee) if attend.recue_le is None]
        effacees += len(attendent)
        finir(session, oubliee, maintenant, len(attendent))
    return effacees


def confier(session: Session, importee: ImportOrientations, numeros: Sequence[int], referent_id: str | None) -> None:
    session.execute(
        update(LigneOrientation)
        .where(
            LigneOrientation.structure_id == importee.structure_id,
            LigneOrientation.import_id == importee.id,
            LigneOrientation.numero.in_(numeros),
            LigneOrientation.recue_le.is_(None),
        )
        .values(referent_id=referent_id)
        .execution_options(synchronize_session=False)
    )
