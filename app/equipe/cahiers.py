"""Les cahiers d'équipe vus du bureau : lesquels, qui les tient, et les maraudes d'un secteur, comptées.

Le chef de service compte les rencontres et ne les lit pas : rien ici ne rend une note, un lieu ni un nom de la rue.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import cahier as domaine
from app.domain import maraude, nomenclatures
from app.domain.roles import TERRAIN
from app.models import Cahier, CahierMembre, Feuille, Utilisateur
from app.models.cahier import GENRES

# Ce qu'une page montre ; le rapport compte toutes les autres.
MARAUDES_MAX = 60
# Ce qui dit quand un cahier a servi.
DATEES = ("maraude", "seance")


@dataclass(frozen=True)
class Apercu:
    """Un cahier dans la liste ; `derniere` : le jour de sa dernière maraude, ou séance."""

    id: str
    nom: str
    ferme_le: dt.date | None
    membres: tuple[str, ...]
    derniere: dt.date | None


@dataclass(frozen=True)
class Maraude:
    """Ce que le chef de service lit d'une maraude. `alertes` : combien, par leur nom."""

    le: dt.date
    debut: str
    fin: str | None
    equipe: tuple[str, ...]
    avec: str | None
    transmission: str | None
    rencontres: int = 0
    personnes: int = 0
    alertes: Mapping[str, int] = field(default_factory=dict)


def lister(session: Session, structure_id: str, aujourd_hui: dt.date) -> dict[str, list[Apercu]]:
    """Par genre, dans l'ordre des genres ; les ouverts d'abord, puis par nom. Les comités sont dans Réunions ; celui de
    l'annuaire se tient de lui-même.
    """
    ailleurs = ("comite", "annuaire")
    requete = select(Cahier).where(Cahier.structure_id == structure_id, Cahier.genre.not_in(ailleurs))
    cahiers = session.scalars(requete).all()
    membres = membres_de(session, structure_id, [cahier.id for cahier in cahiers])
    jours = select(Feuille.cahier_id, func.max(Feuille.jour)).where(
        Feuille.structure_id == structure_id,
        Feuille.forme.in_(DATEES),
        Feuille.jour <= aujourd_hui,
        Feuille.retiree_le.is_(None),
    )
    dernieres = {ligne[0]: ligne[1] for ligne in session.execute(jours.group_by(Feuille.cahier_id))}
    lus: dict[str, list[Apercu]] = defaultdict(list)
    for cahier in sorted(cahiers, key=lambda c: (GENRES.index(c.genre), c.ferme_le is not None, c.nom, c.id)):
        siens = tuple(membres[cahier.id].values())
        lus[cahier.genre].append(Apercu(cahier.id, cahier.nom, cahier.ferme_le, siens, dernieres.get(cahier.id)))
    return dict(lus)


def membres_de(session: Session, structure_id: str, cahiers: Collection[str]) -> dict[str, dict[str, str]]:
    """De chaque cahier, qui le tient : `{identifiant: nom}`, par nom."""
    lus: dict[str, dict[str, str]] = {cahier_id: {} for cahier_id in cahiers}
    requete = (
        select(CahierMembre.cahier_id, Utilisateur.id, Utilisateur.prenom, Utilisateur.nom)
        .join(
            Utilisateur,
            (Utilisateur.structure_id == CahierMembre.structure_id) & (Utilisateur.id == CahierMembre.utilisateur_id),
        )
        .where(
            CahierMembre.structure_id == structure_id,
            CahierMembre.cahier_id.in_(sorted(cahiers)),
            CahierMembre.actif.is_(True),
        )
        .order_by(Utilisateur.prenom, Utilisateur.nom, Utilisateur.id)
    )
    for cahier_id, identifiant, prenom, nom in session.execute(requete):
        lus[cahier_id][identifiant] = f"{prenom} {nom}".strip()
    return lus


def collegues(session: Session, structure_id: str) -> dict[str, str]:
    """Qui peut tenir un cahier : ceux qui suivent des dossiers, dont le compte est ouvert."""
    u = Utilisateur
    requete = select(u.id, u.prenom, u.nom).where(
        u.structure_id == structure_id, u.actif.is_(True), u.role.in_(sorted(TERRAIN))
    )
    lus = session.execute(requete.order_by(u.prenom, u.nom, u.id))
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in lus}


def maraudes(session: Session, structure_id: str, cahier_id: str) -> tuple[list[Maraude], int]:
    """Les plus récentes d'abord, et combien en tout."""
    toutes = _feuilles(session, structure_id, cahier_id, "maraude")
    montrees = maraude.maraudes({"feuilles": toutes})[:MARAUDES_MAX]
    siennes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for rencontre in _feuilles(session, structure_id, cahier_id, "rencontre") if montrees else ():
        siennes[domaine.valeur(rencontre, "maraude_id")].append(rencontre)
    noms = _noms(session, structure_id, montrees)
    return [_maraude(feuille, siennes[feuille["id"]], noms) for feuille in montrees], len(toutes)


def _maraude(feuille: dict[str, Any], rencontres: Sequence[dict[str, Any]], noms: Mapping[str, str]) -> Maraude:
    def dit(nom: str) -> Any:
        return domaine.valeur(feuille, nom)

    alertes = Counter(code for une in rencontres if (code := domaine.valeur(une, "alerte")))
    return Maraude(
        le=dt.date.fromisoformat(dit("le")),
        debut=dit("debut"),
        fin=dit("fin"),
        equipe=tuple(noms[qui] for qui in dit("equipe") or () if qui in noms),
        avec=dit("avec"),
        transmission=dit("transmission"),
        rencontres=len(rencontres),
        personnes=sum(map(maraude.personnes, rencontres)),
        alertes={nomenclatures.libelle("alerte_rue", code): combien for code, combien in sorted(alertes.items())},
    )


def _feuilles(session: Session, structure_id: str, cahier_id: str, forme: str) -> list[dict[str, Any]]:
    requete = select(Feuille.id, Feuille.valeurs).where(
        Feuille.structure_id == structure_id,
        Feuille.cahier_id == cahier_id,
        Feuille.forme == forme,
        Feuille.retiree_le.is_(None),
    )
    lues = session.execute(requete)
    return [{"id": identifiant, "forme": forme, "valeurs": valeurs} for identifiant, valeurs in lues]


def _noms(session: Session, structure_id: str, feuilles: Sequence[dict[str, Any]]) -> dict[str, str]:
    cites = {qui for feuille in feuilles for qui in domaine.valeur(feuille, "equipe") or ()}
    u = Utilisateur
    lus = session.execute(select(u.id, u.prenom, u.nom).where(u.structure_id == structure_id, u.id.in_(sorted(cites))))
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in lus}
