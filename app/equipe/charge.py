"""La charge de l'équipe : les files actives en face des places et du temps de travail, et ce qui attend chacun."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.convention import limites
from app.domain.mesure import convention_au, nom_court
from app.domain.recherche import cle
from app.domain.roles import TERRAIN
from app.equipe.appareils import derniers_echanges
from app.equipe.suivis import Suivie, mesures_suivies
from app.equipe.temps import Temps, etp_en_mots, par_etp, temps_au
from app.models import Controle, Utilisateur
from sync.conventions import conventions_de

Fiche = dict[str, Any]


@dataclass(frozen=True)
class ParConvention:
    """`places` : convenues ce jour-là ; `plafond` : le plus pour le temps de travail convenu. `etp_convenu` est celui
    de la convention, `etp` celui du personnel.
    """

    code: str
    nom: str
    en_cours: int
    en_integration: int
    places: int | None
    plafond: int | None
    etp_convenu: str
    etp: str
    par_etp: str

    @property
    def en_plus(self) -> int:
        """Au-dessus de la plus basse des deux limites."""
        convenues = [nombre for nombre in (self.places, self.plafond) if nombre is not None]
        return max(0, self.en_cours - min(convenues)) if convenues else 0


@dataclass(frozen=True)
class ParReferent:
    """`conventions` : (nom court, mesures), de la plus grande file à la plus petite ; `echange_le` : le plus récent de
    ses téléphones en service ; `retours` : les fiches retournées qui attendent sa réponse, depuis `retour_le`.
    """

    id: str | None
    nom: str
    ouvert: bool
    mesures: int
    en_integration: int
    conventions: tuple[tuple[str, int], ...]
    etp: str
    par_etp: str
    appareils: int
    echange_le: dt.datetime | None
    jours: int | None
    retours: int
    retour_le: dt.datetime | None


@dataclass(frozen=True)
class Charge:
    conventions: list[ParConvention]
    referents: list[ParReferent]


def lire(session: Session, structure_id: str, jour: str, maintenant: dt.datetime) -> Charge:
    suivies = mesures_suivies(session, structure_id, jour)
    temps = temps_au(session, structure_id, jour)
    versions = conventions_de(session, structure_id)
    return Charge(
        _par_convention(suivies, versions, temps, jour),
        _par_referent(session, structure_id, suivies, versions, temps, jour, maintenant),
    )


def seule(charge: Charge, utilisateur_id: str) -> ParReferent | None:
    """La ligne d'une personne : ses chiffres ne sont qu'à elle, et au chef de service."""
    return next((ligne for ligne in charge.referents if ligne.id == utilisateur_id), None)


def _par_convention(
    suivies: Sequence[Suivie], versions: Sequence[Fiche], temps: Temps, jour: str
) -> list[ParConvention]:
    comptes = Counter((suivie.convention, suivie.en_cours) for suivie in suivies)
    codes = {convention for convention, _ in comptes} | {code for code in temps.par_convention if code}
    lignes = []
    for code in codes:
        version = convention_au(versions, code, jour) or {"code": code}
        en_cours = comptes[code, True]
        convenues = {limite.quoi: limite.convenu for limite in limites(version, jour, en_cours, 0)}
        convenu = Decimal(str(version["etp"])) if version.get("etp") else None
        reel = temps.par_convention.get(code)
        lignes.append(
            ParConvention(
                code,
                nom_court(version),
                en_cours,
                comptes[code, False],
                convenues.get("places"),
                convenues.get("places_par_etp"),
                etp_en_mots(convenu),
                etp_en_mots(reel),
                par_etp(en_cours, reel or convenu),
            )
        )
    return sorted(lignes, key=lambda ligne: (-ligne.en_cours, cle(ligne.nom)))


def _par_referent(
    session: Session,
    structure_id: str,
    suivies: Sequence[Suivie],
    versions: Sequence[Fiche],
    temps: Temps,
    jour: str,
    maintenant: dt.datetime,
) -> list[ParReferent]:
    mesures = Counter(suivie.referent_id for suivie in suivies)
    attendues = Counter(suivie.referent_id for suivie in suivies if not suivie.en_cours)
    par_convention = Counter((suivie.referent_id, suivie.convention) for suivie in suivies)
    echanges = derniers_echanges(session, structure_id)
    retours = _retours(session, structure_id)

    def ligne(identifiant: str | None, nom: str, ouvert: bool) -> ParReferent:
        etp = temps.par_compte.get(identifiant or "")
        nombre, dernier = echanges.get(identifiant or "", (0, None))
        rendues, depuis = retours.get(identifiant or "", (0, None))
        siennes = [(code, n) for (qui, code), n in par_convention.items() if qui == identifiant]
        noms = [(nom_court(convention_au(versions, code, jour) or {"code": code}), n) for code, n in siennes]
        return ParReferent(
            identifiant,
            nom,
            ouvert,
            mesures[identifiant],
            attendues[identifiant],
            tuple(sorted(noms, key=lambda paire: (-paire[1], cle(paire[0])))),
            etp_en_mots(etp),
            par_etp(mesures[identifiant], etp),
            nombre,
            dernier,
            None if dernier is None else max(0, (maintenant - dernier).days),
            rendues,
            depuis,
        )

    utilisateurs = session.scalars(
        select(Utilisateur)
        .where(Utilisateur.structure_id == structure_id, Utilisateur.role.in_(sorted(TERRAIN)))
        .order_by(Utilisateur.id)
    )
    lignes = [
        ligne(u.id, f"{u.prenom} {u.nom}".strip(), u.actif)
        for u in sorted(utilisateurs, key=lambda u: cle(f"{u.prenom} {u.nom}"))
        if mesures[u.id] or (u.actif and u.role != "chef_de_service")
    ]
    if mesures[None]:
        lignes.append(ligne(None, "Personne", False))
    return lignes


def _retours(session: Session, structure_id: str) -> dict[str, tuple[int, dt.datetime | None]]:
    """Par compte : les fiches retournées restées sans réponse, et depuis quand la plus ancienne attend."""
    requete = (
        select(Controle.auteur_id, func.count(), func.min(Controle.le))
        .where(Controle.structure_id == structure_id, Controle.etat == "retournee")
        .group_by(Controle.auteur_id)
    )
    return {compte: (nombre, depuis) for compte, nombre, depuis in session.execute(requete)}
