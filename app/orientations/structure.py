"""Ce que la structure sait, et qu'une liste cite : ses conventions, ses collègues, les mesures de ses personnes."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.convention import valeur_au
from app.domain.mesure import convention_au, nom_court
from app.domain.personne import Fiche
from app.domain.recherche import cle
from app.equipe.files_actives import Collegue
from app.equipe.files_actives import collegues as files_actives
from app.models import Mesure, MesureReferent, Utilisateur
from app.orientations.preparation import Suivie
from sync.conventions import conventions_de


@dataclass(frozen=True)
class Places:
    """Les mesures ouvertes d'une convention, celles que la liste y ajouterait, et les places convenues."""

    nom: str
    ouvertes: int
    ajoutees: int
    places: int | None

    @property
    def depassees(self) -> bool:
        return self.places is not None and self.ouvertes + self.ajoutees > self.places


@dataclass(frozen=True)
class Conventions:
    """Les conventions en vigueur de la structure. `versions` : toutes, telles que la base les dit."""

    versions: Sequence[Fiche]
    jour: str

    @property
    def choix(self) -> list[tuple[str, str]]:
        """(code, nom court) : celles qui ont commencé, par nom ; celles dont le terme est passé viennent après."""
        commencees = {v["code"]: self._du_jour(v["code"]) for v in self.versions if v["debut"] <= self.jour}
        finies = {code for code, v in commencees.items() if v.get("fin") and v["fin"] < self.jour}
        return sorted(
            ((code, self.nom(code)) for code in commencees), key=lambda choix: (choix[0] in finies, cle(choix[1]))
        )

    def nom(self, code: str) -> str:
        version = convention_au(self.versions, code, self.jour)
        return nom_court(version) if version else code

    @property
    def noms(self) -> dict[str, str]:
        """Ce par quoi une liste peut la désigner, sans accent ni majuscule, et son code."""
        noms: dict[str, str] = {}
        for code, _ in self.choix:
            version = self._du_jour(code)
            for dit in (code, version.get("libelle"), version.get("libelle_court")):
                if dit:
                    noms.setdefault(cle(dit), code)
        return noms

    def places(self, code: str) -> int | None:
        places: int | None = valeur_au(self._du_jour(code), "places", self.jour)
        return places

    def _du_jour(self, code: str) -> Fiche:
        return convention_au(self.versions, code, self.jour) or {}


def conventions(session: Session, structure_id: str, jour: str) -> Conventions:
    return Conventions(conventions_de(session, structure_id), jour)


def collegues(session: Session, structure_id: str, jour: dt.date) -> list[Collegue]:
    """Qui peut être référent, et combien de dossiers chacun suit."""
    return [collegue for collegue in files_actives(session, structure_id, jour) if collegue.ouvert]


def noms_des_referents(session: Session, structure_id: str, qui: Sequence[Collegue]) -> dict[str, str]:
    """Ce par quoi une liste peut désigner un collègue ; un nom que deux collègues portent ne désigne personne."""
    requete = select(Utilisateur).where(
        Utilisateur.structure_id == structure_id, Utilisateur.id.in_([collegue.id for collegue in qui])
    )
    dits: list[tuple[str, str]] = []
    for compte in session.scalars(requete):
        ecritures = (f"{compte.prenom} {compte.nom}", f"{compte.nom} {compte.prenom}", compte.courriel, compte.nom)
        dits += [(cle(ecriture), compte.id) for ecriture in {e for e in ecritures if e}]
    portes = Counter(nom for nom, _ in set(dits))
    return {nom: identifiant for nom, identifiant in dits if portes[nom] == 1}


def suivies(
    session: Session, structure_id: str, personnes: Collection[str], jour: dt.date
) -> Mapping[str, Sequence[Suivie]]:
    """Les mesures de ces personnes, la plus récente d'abord."""
    if not personnes:
        return {}
    lues = session.scalars(
        select(Mesure)
        .where(Mesure.structure_id == structure_id, Mesure.personne_id.in_(sorted(personnes)))
        .order_by(Mesure.cree_le.desc(), Mesure.id)
    ).all()
    referents = _referents(session, structure_id, [mesure.id for mesure in lues], jour)
    trouvees: dict[str, list[Suivie]] = defaultdict(list)
    for mesure in lues:
        ouverte = mesure.sortie_le is None or mesure.sortie_le > jour
        trouvees[mesure.personne_id].append(
            Suivie(
                mesure.id,
                mesure.personne_id,
                mesure.convention,
                mesure.orientee_le,
                ouverte,
                referents.get(mesure.id),
            )
        )
    return trouvees


def places(
    session: Session, structure_id: str, connues: Conventions, codes: Iterable[str], jour: dt.date
) -> list[Places]:
    """Par convention citée : `codes` en a un par ligne qui y ouvrirait une mesure."""
    ajoutees = Counter(codes)
    lignes = session.execute(
        select(Mesure.convention, func.count())
        .where(
            Mesure.structure_id == structure_id,
            Mesure.convention.in_(sorted(ajoutees)),
            or_(Mesure.sortie_le.is_(None), Mesure.sortie_le > jour),
        )
        .group_by(Mesure.convention)
    )
    ouvertes = {code: nombre for code, nombre in lignes}  # noqa: C416  # des lignes, pas des couples
    return [
        Places(connues.nom(code), ouvertes.get(code, 0), nombre, connues.places(code))
        for code, nombre in sorted(ajoutees.items())
    ]


def _referents(session: Session, structure_id: str, mesures: Sequence[str], jour: dt.date) -> dict[str, str]:
    lignes = session.scalars(
        select(MesureReferent)
        .where(
            MesureReferent.structure_id == structure_id,
            MesureReferent.mesure_id.in_(mesures),
            MesureReferent.jour <= jour,
        )
        .order_by(MesureReferent.jour)
    )
    return {ligne.mesure_id: ligne.utilisateur_id for ligne in lignes}
