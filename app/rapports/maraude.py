"""Le rapport de la maraude : des secteurs, une période. Ni convention, ni dossier : des cahiers, et eux seuls.

Ses listes ne disent que le jour, l'heure, le secteur et combien : ni note, ni lieu, ni nom de la rue (docs/donnees.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeVar

from msgspec import json
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from app.domain.cahier import valeur
from app.domain.francais import quantite
from app.domain.indicateurs.maraude import Rencontre, Sortie
from app.domain.indicateurs.periode import Periode
from app.domain.maraude import personnes
from app.models import Cahier, Feuille, Structure
from app.rapports.demande import Demande
from app.rapports.edition import Edition
from app.rapports.rapport import Partie
from app.rapports.selection import LigneDeListe

CODE: Final = "Maraude"
TOUS: Final = "tous"
# Au-delà, on les demande tous : l'adresse et le journal les nomment.
SECTEURS_MAX: Final = 10


Fait = TypeVar("Fait", Sortie, Rencontre)


class SecteurInconnu(LookupError):
    """La structure n'a pas de cahier de secteur de cet identifiant."""


@dataclass(frozen=True)
class DemandeMaraude(Demande):
    """`secteurs` : les identifiants de leurs cahiers, triés ; vide : tous."""

    secteurs: tuple[str, ...] = ()

    @classmethod
    def nommee(cls, structure_id: str, secteurs: str, periode: str, maintenant: datetime) -> DemandeMaraude:
        """Depuis une adresse ; `ValueError` si elle n'a pas de sens."""
        choisis = () if secteurs == TOUS else tuple(sorted(set(secteurs.split("+"))))
        if len(choisis) > SECTEURS_MAX:
            raise ValueError("trop de secteurs")
        return cls(structure_id, (CODE,), Periode.lire(periode), maintenant, secteurs=choisis)

    @property
    def adresse(self) -> str:
        return f"/rapports/maraude/{'+'.join(self.secteurs) or TOUS}/{self.periode.code}"

    @property
    def code(self) -> str:
        """Ce qu'en retient le journal."""
        return "+".join((CODE, *self.secteurs))


@dataclass(frozen=True)
class FaitsMaraude:
    """`secteurs` : leurs noms ; `rencontres` : celles de la période ; `toutes` : celles d'avant aussi."""

    secteurs: Mapping[str, str]
    maraudes: Sequence[Sortie]
    rencontres: Sequence[Rencontre]
    toutes: Sequence[Rencontre]


def secteurs(session: Session, structure_id: str) -> dict[str, str]:
    """Tous ceux de la structure, fermés compris, par nom."""
    requete = select(Cahier.id, Cahier.nom).where(Cahier.structure_id == structure_id, Cahier.genre == "secteur")
    return {ligne.id: ligne.nom for ligne in session.execute(requete.order_by(Cahier.nom, Cahier.id))}


def lire_faits(session: Session, demande: DemandeMaraude) -> FaitsMaraude:
    """`SecteurInconnu` si l'un des secteurs demandés n'est pas de la structure."""
    connus = secteurs(session, demande.structure_id)
    if not set(demande.secteurs) <= connus.keys():
        raise SecteurInconnu
    noms = {cle: nom for cle, nom in connus.items() if not demande.secteurs or cle in demande.secteurs}
    sorties = {sortie.id: sortie for sortie in _sorties(session, demande, noms)}
    toutes = [r for r in _rencontres(session, demande, noms, sorties) if r.jour <= demande.periode.dernier_jour]
    return FaitsMaraude(
        noms,
        [sortie for sortie in sorties.values() if demande.periode.contient(sortie.jour)],
        [rencontre for rencontre in toutes if demande.periode.contient(rencontre.jour)],
        toutes,
    )


def _sorties(session: Session, demande: DemandeMaraude, noms: Mapping[str, str]) -> Iterator[Sortie]:
    for cle, secteur, jour, valeurs in _feuilles(session, demande, noms, "maraude"):
        if jour is not None:
            yield Sortie(cle, secteur, jour, valeurs.get("debut"))


def _rencontres(
    session: Session, demande: DemandeMaraude, noms: Mapping[str, str], sorties: Mapping[str, Sortie]
) -> Iterator[Rencontre]:
    """Une rencontre d'une maraude retirée n'est plus comptée."""
    for cle, secteur, _, valeurs in _feuilles(session, demande, noms, "rencontre"):
        sortie = sorties.get(valeurs.get("maraude_id", ""))
        if sortie is not None:
            yield Rencontre(
                cle, secteur, sortie.jour, sortie.heure, {"id": cle, "forme": "rencontre", "valeurs": valeurs}
            )


def _feuilles(
    session: Session, demande: DemandeMaraude, noms: Mapping[str, str], forme: str
) -> Iterator[tuple[str, str, date | None, dict[str, Any]]]:
    """Identifiant, cahier, jour, valeurs. Par la connexion : la session referait chacune de ces milliers de lignes."""
    requete = select(Feuille.id, Feuille.cahier_id, Feuille.jour, cast(Feuille.valeurs, Text)).where(
        Feuille.structure_id == demande.structure_id,
        Feuille.cahier_id.in_(sorted(noms)),
        Feuille.forme == forme,
        Feuille.retiree_le.is_(None),
    )
    for cle, cahier, jour, valeurs in session.connection().execute(requete):
        yield cle, cahier, jour, json.decode(valeurs)


@dataclass(frozen=True)
class DesSorties:
    faits: Sequence[Sortie]
    secteurs: Mapping[str, str]
    date_libelle: str = "Départ"

    @property
    def nombre(self) -> int:
        return len(self.faits)

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        """De la plus ancienne à la plus récente."""
        choisies = sorted(self.faits, key=lambda fait: (fait.jour, fait.heure or "", fait.id))[debut : debut + taille]
        return tuple(
            _ligne(fait.id, self.secteurs[fait.secteur], fait.jour.isoformat(), fait.heure, "Maraude")
            for fait in choisies
        )


@dataclass(frozen=True)
class DesRencontres:
    """Des rencontres ; `par` personne : chacune y est autant de fois qu'elle compte de personnes, sans dire qui."""

    faits: Sequence[Rencontre]
    secteurs: Mapping[str, str]
    par: Literal["rencontre", "personne", "connue"] = "rencontre"
    date_libelle: str = "Nuit du"

    @property
    def nombre(self) -> int:
        return sum(personnes(fait.fiche) for fait in self.faits) if self.par == "personne" else len(self.faits)

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        """De la plus ancienne à la plus récente."""
        ranges = sorted(self.faits, key=lambda fait: fait.rang)
        lignes = [(fait, dit) for fait in ranges for dit in self._dits(fait)][debut : debut + taille]
        return tuple(
            _ligne(f"{fait.id}-{rang}", self.secteurs[fait.secteur], fait.jour.isoformat(), fait.heure, dit)
            for rang, (fait, dit) in enumerate(lignes)
        )

    def _dits(self, rencontre: Rencontre) -> list[str]:
        if self.par == "connue":
            return ["Personne connue"]
        return une_a_une(rencontre) if self.par == "personne" else [en_mots(rencontre)]


def une_a_une(rencontre: Rencontre) -> list[str]:
    """Chaque personne d'une rencontre : celles que dit le plus grand des deux comptes."""
    compte = {nom: valeur(rencontre.fiche, nom) or 0 for nom in ("adultes", "mineurs", "femmes", "hommes")}
    par_sexe = compte["femmes"] + compte["hommes"] > compte["adultes"] + compte["mineurs"]
    noms = {"femmes": "Femme", "hommes": "Homme"} if par_sexe else {"adultes": "Adulte", "mineurs": "Mineur"}
    dites = [nom for champ, nom in noms.items() for _ in range(compte[champ])]
    return dites or ["Personne connue"] * personnes(rencontre.fiche)


def en_mots(rencontre: Rencontre) -> str:
    """« Personne connue », « 2 adultes, 1 mineur »."""
    dits = [
        quantite(combien, singulier)
        for champ, singulier in (("adultes", "adulte"), ("mineurs", "mineur"), ("femmes", "femme"), ("hommes", "homme"))
        if (combien := valeur(rencontre.fiche, champ))
    ]
    return ", ".join([*(["Personne connue"] if rencontre.connu else []), *dits])


def _ligne(cle: str, secteur: str, jour: str, heure: str | None, dit: str) -> LigneDeListe:
    return LigneDeListe(cle, "", secteur, None, jour, heure, "", dit)


def par_secteur(faits: Sequence[Fait]) -> dict[str, list[Fait]]:
    return _ranger(faits, lambda fait: fait.secteur)


def par_mois(faits: Sequence[Fait]) -> dict[str, list[Fait]]:
    """« 2026-11 » : ses faits."""
    return _ranger(faits, lambda fait: f"{fait.jour:%Y-%m}")


def _ranger(faits: Sequence[Fait], cle: Callable[[Fait], str]) -> dict[str, list[Fait]]:
    ranges: dict[str, list[Fait]] = defaultdict(list)
    for fait in faits:
        ranges[cle(fait)].append(fait)
    return ranges


def editer(session: Session, demande: DemandeMaraude, faits: FaitsMaraude, parties: tuple[Partie, ...]) -> Edition:
    """Prêt à sortir, sous le nom de ses secteurs."""
    structure = session.scalars(select(Structure.nom).where(Structure.id == demande.structure_id)).one()
    return Edition(demande, structure, (", ".join(faits.secteurs.values()),), parties)
