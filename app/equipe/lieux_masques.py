"""Les lieux que les listes taisent : les lire, en ajouter, en rendre. Rien ne s'efface."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.masque import est_masque, masquer
from app.domain.personne import Fiche
from app.domain.recherche import cle
from app.models import LieuMasque, Utilisateur

NOM_MAX = 120
# Les champs qui nomment un lieu, une structure.
OU: Final = frozenset({"lieu", "adresse", "prescripteur", "employeur", "aupres", "service", "partenaire"})
# D'une lettre ou deux, un nom tairait la moitié des lieux.
LETTRES_MIN = 3


@dataclass(frozen=True)
class Masque:
    """Une ligne de l'histoire. `rendu_le` : depuis, les listes le disent."""

    id: str
    nom: str
    par: str
    le: dt.datetime
    rendu_par: str | None
    rendu_le: dt.datetime | None


def lire(session: Session, structure_id: str) -> list[Masque]:
    """Tous, rendus compris, par nom puis du plus récent au plus ancien."""
    lus = session.scalars(select(LieuMasque).where(LieuMasque.structure_id == structure_id)).all()
    requete = select(Utilisateur.id, Utilisateur.prenom, Utilisateur.nom)
    noms = {
        identifiant: f"{prenom} {nom}".strip()
        for identifiant, prenom, nom in session.execute(requete.where(Utilisateur.structure_id == structure_id))
    }
    masques = [
        Masque(m.id, m.nom, noms[m.par_id], m.le, noms.get(m.rendu_par_id or ""), m.rendu_le)
        for m in sorted(lus, key=lambda m: m.le, reverse=True)
    ]
    return sorted(masques, key=lambda masque: cle(masque.nom))


def actuels(session: Session, structure_id: str) -> tuple[str, ...]:
    """Les noms que les listes taisent."""
    requete = select(LieuMasque.nom).where(LieuMasque.structure_id == structure_id, LieuMasque.rendu_le.is_(None))
    return tuple(session.scalars(requete.order_by(LieuMasque.nom)))


def lire_nom(saisi: str, connus: tuple[str, ...]) -> tuple[str, str | None]:
    """Le nom à masquer, et ce qui s'y oppose."""
    nom = " ".join(saisi.split())
    if len(cle(nom).replace(" ", "")) < LETTRES_MIN:
        return nom, "Écrivez au moins trois lettres, comme «\u202fCHRS\u202f»."
    if len(nom) > NOM_MAX:
        return nom, f"Au plus {NOM_MAX} signes."
    if cle(nom) in map(cle, connus):
        return nom, "Ce nom est déjà masqué."
    return nom, None


def ajouter(
    session: Session, structure_id: str, identifiant: str, nom: str, par_id: str, maintenant: dt.datetime
) -> None:
    """Envoyé deux fois, le formulaire n'en fait qu'un."""
    if session.get(LieuMasque, (structure_id, identifiant)) is None:
        session.add(LieuMasque(structure_id=structure_id, id=identifiant, nom=nom, par_id=par_id, le=maintenant))


def rendre(session: Session, structure_id: str, identifiant: str, par_id: str, maintenant: dt.datetime) -> bool:
    """Faux : il n'y en a pas de tel ici."""
    masque = session.get(LieuMasque, (structure_id, identifiant))
    if masque is None:
        return False
    if masque.rendu_le is None:
        masque.rendu_par_id, masque.rendu_le = par_id, maintenant
    return True


def taire(dossier: Fiche, masques: Collection[str]) -> Fiche:
    """Le dossier tel qu'il se lit à plusieurs, ou sur une feuille : « CDD » sans dire où, « lieu masqué »."""
    if not masques:
        return dossier
    return {
        **dossier,
        "mesures": [_sans(mesure, "prescripteur", masques) for mesure in dossier["mesures"]],
        "rendez_vous": [_sans(rendez_vous, "lieu", masques) for rendez_vous in dossier["rendez_vous"]],
        "pieces": [
            {
                **piece,
                "valeurs": {
                    nom: lue for nom, lue in piece["valeurs"].items() if nom not in OU or not est_masque(lue, masques)
                },
            }
            for piece in dossier.get("pieces") or []
        ],
    }


def _sans(fiche: Fiche, champ: str, masques: Collection[str]) -> Fiche:
    return {**fiche, champ: masquer(fiche.get(champ), masques)}
