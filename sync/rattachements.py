"""Ce qu'un dossier dit des rencontres de la rue : refait dès que son cahier change, et de lui seul.

Une copie, pour que le cahier reste illisible à qui ne le tient pas : les jours, et ce que la personne y ajoute.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import Text, and_, cast, or_, select, update
from sqlalchemy.orm import Session

from app.domain import dates, maraude
from app.domain.cahier import valeur
from app.domain.personne import Fiche
from sync.etat import FEUILLE, PERSONNE, RATTACHEMENT, Ligne

# Ce qui s'ajoute aux jours quand elle l'accepte ; jamais le lieu, l'alerte, ni ce qui s'est dit.
AIDE = ("besoins", "donne", "propose", "accepte", "refuse")


def suivre(session: Session, structure_id: str, cahiers: Collection[str], version: int, jour: dt.date) -> int:
    """Refait les copies des cahiers changés, sous ce numéro ; combien ont changé. Une requête quand rien n'y tient."""
    if not cahiers:
        return 0
    r = RATTACHEMENT.c
    requete = select(RATTACHEMENT).where(
        r.structure_id == structure_id, r.cahier_id.in_(sorted(cahiers)), r.fin_le.is_(None)
    )
    tenus = [dict(ligne) for ligne in session.execute(requete).mappings()]
    return sum(_refaire(session, ligne, version, jour) for ligne in tenus)


def _refaire(session: Session, rattachement: Ligne, version: int, jour: dt.date) -> bool:
    """Un nom retiré ou effacé du cahier ne tient plus à aucun dossier."""
    cahier = _cahier(session, rattachement)
    connu = maraude.nomme(cahier, rattachement["connu_id"])
    depuis = dates.ajouter_mois(jour.isoformat(), -maraude.GARDE_MOIS)
    faites = maraude.rencontres_de(cahier, connu) if connu else []
    rencontres = _par_jour([(le, fiche) for le, fiche in faites if le >= depuis], rattachement["etendue"])
    if connu and rencontres == rattachement["rencontres"]:
        return False
    _ecrire(
        session,
        rattachement,
        {"rencontres": rencontres, "fin_le": None if connu else jour, "sequence": version},
    )
    return True


def _ecrire(session: Session, rattachement: Ligne, valeurs: dict[str, Any]) -> None:
    numeros = {"sequence": valeurs["sequence"], "sequence_dossier": valeurs["sequence"]}
    for table, cle, ecrites in (
        (RATTACHEMENT, rattachement["id"], valeurs),
        (PERSONNE, rattachement["personne_id"], numeros),
    ):
        session.execute(
            update(table).where(table.c.structure_id == rattachement["structure_id"], table.c.id == cle).values(ecrites)
        )


def _cahier(session: Session, rattachement: Ligne) -> Fiche:
    """De ce cahier, ses maraudes, ce nom et ses rencontres."""
    f, connu_id = FEUILLE.c, rattachement["connu_id"]
    sienne = and_(f.forme == "rencontre", cast(f.valeurs, Text).contains(connu_id))
    requete = select(f.id, f.forme, f.valeurs, f.retiree_le, f.note_le).where(
        f.structure_id == rattachement["structure_id"],
        f.cahier_id == rattachement["cahier_id"],
        or_(f.id == connu_id, f.forme == "maraude", sienne),
    )
    feuilles = [dict(ligne) for ligne in session.execute(requete).mappings()]
    return {"feuilles": [ligne | {"note_le": ligne["note_le"].isoformat()} for ligne in feuilles]}


def _par_jour(faites: list[tuple[str, Fiche]], etendue: str) -> list[Fiche]:
    """Une ligne par nuit, la dernière d'abord."""
    jours: dict[str, Fiche] = {}
    for le, rencontre in faites:
        jour = jours.setdefault(le, {"le": le})
        for champ in AIDE if etendue == "aide" else ():
            dits = [*jour.get(champ, ()), *(valeur(rencontre, champ) or ())]
            if dits:
                jour[champ] = list(dict.fromkeys(dits))
    return list(jours.values())
