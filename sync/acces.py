"""La file active : qui a quel dossier. Donner envoie le dossier entier, retirer le fait purger."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.instruction import Instruction, Parmi
from app.models import Acces, CahierMembre
from sync.etat import CAHIER, table
from sync.portee import titres
from sync.sequence import reserver

# Le travail qu'un ancien référent n'avait pas encore envoyé est reçu aussi longtemps qu'un téléphone oublié le garde.
DELAI_TARDIF = dt.timedelta(days=30)

_MEMBRE = table(CahierMembre)


@dataclass(frozen=True, slots=True)
class Titre:
    """Ce qui ouvre, ou a ouvert, un dossier à quelqu'un.

    `pret` : par un partage, et non parce qu'il est le sien ; `binome` : ce partage est celui d'un binôme.
    """

    actif: bool = True
    du: dt.date | None = None
    jusqu_au: dt.date | None = None
    perdu_le: dt.datetime | None = None
    fin_le: dt.date | None = None
    pret: bool = False
    binome: bool = False

    def a_commence(self, jour: dt.date) -> bool:
        return self.du is None or self.du <= jour

    def en_cours(self, jour: dt.date) -> bool:
        return self.actif and self.a_commence(jour) and (self.jusqu_au is None or jour <= self.jusqu_au)

    def fini_depuis_peu(self, maintenant: dt.datetime, jour: dt.date) -> bool:
        """A valu, et ne vaut plus depuis moins de trente jours."""
        if self.en_cours(jour):
            return False
        if self.perdu_le is not None and not self.actif:
            return maintenant - self.perdu_le <= DELAI_TARDIF
        fins = [fin for fin in (self.fin_le, self.jusqu_au) if fin is not None]
        if not fins or (dernier := min(fins)) > jour:
            return False
        return (self.du is None or self.du <= dernier) and jour - dernier <= DELAI_TARDIF


def _requete_titres() -> Any:
    structure: Any = bindparam("structure", type_=String)
    lecteur: Any = bindparam("lecteur", type_=String)
    lignes = titres(structure, lecteur, personnes="personnes")
    noms = ("personne_id", "actif", "du", "jusqu_au", "perdu_le", "fin_le", "pret", "binome")
    return select(*(lignes.c[nom] for nom in noms))


_TITRES = Instruction(lambda _: _requete_titres())


def lire_titres(
    session: Session, structure_id: str, utilisateur_id: str, personnes: Collection[str]
) -> dict[str, list[Titre]]:
    """Tous les titres, passés compris, de cette personne sur ces dossiers ; une seule requête."""
    lus: dict[str, list[Titre]] = defaultdict(list)
    for personne_id, actif, *reste in _TITRES.lire(
        session, structure=structure_id, lecteur=utilisateur_id, personnes=personnes
    ):
        lus[personne_id].append(Titre(bool(actif), *reste))
    return lus


_CAHIERS = Instruction(
    lambda _: (
        select(_MEMBRE.c.cahier_id, _MEMBRE.c.actif, CAHIER.c.jusqu_au, _MEMBRE.c.perdu_le)
        .join(CAHIER, and_(CAHIER.c.structure_id == _MEMBRE.c.structure_id, CAHIER.c.id == _MEMBRE.c.cahier_id))
        .where(
            _MEMBRE.c.structure_id == bindparam("structure"),
            _MEMBRE.c.utilisateur_id == bindparam("lecteur"),
            Parmi(_MEMBRE.c.cahier_id, "cahiers"),
        )
    )
)


def lire_titres_de_cahiers(
    session: Session, structure_id: str, utilisateur_id: str, cahiers: Collection[str]
) -> dict[str, list[Titre]]:
    """Ce qui lui ouvre, ou lui a ouvert, ces cahiers."""
    lus = _CAHIERS.lire(session, structure=structure_id, lecteur=utilisateur_id, cahiers=cahiers)
    return {
        cahier_id: [Titre(bool(actif), jusqu_au=jusqu_au, perdu_le=perdu_le)]
        for cahier_id, actif, jusqu_au, perdu_le in lus
    }


def lire_membres(
    session: Session, structure_id: str, cahiers: Collection[str]
) -> dict[tuple[str, str], dict[str, Any]]:
    """Qui tient, ou a tenu, ces cahiers, par cahier et par compte."""
    requete = select(_MEMBRE).where(_MEMBRE.c.structure_id == structure_id, _MEMBRE.c.cahier_id.in_(sorted(cahiers)))
    lignes = session.execute(requete).mappings()
    return {(ligne["cahier_id"], ligne["utilisateur_id"]): dict(ligne) for ligne in lignes}


def retard(lus: Sequence[Titre], maintenant: dt.datetime, jour: dt.date) -> str | None:
    """Pourquoi un travail qui arrive là est tardif : « referent », « pret », ou None s'il ne se reçoit plus."""
    finis = [titre for titre in lus if titre.fini_depuis_peu(maintenant, jour)]
    if not finis:
        return None
    return "pret" if all(titre.pret for titre in finis) else "referent"


def donner(session: Session, structure_id: str, couples: Iterable[tuple[str, str]]) -> None:
    """Ajoute des dossiers à des files actives. `couples` : (utilisateur_id, personne_id)."""
    uniques = sorted(set(couples))
    if not uniques:
        return
    version = reserver(session, structure_id, 1)
    acces = table(Acces)
    ordre = postgresql.insert(acces) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(acces)
    # Un dossier déjà présent garde son numéro : le renvoyer entier ne servirait à rien.
    ordre = ordre.on_conflict_do_update(
        index_elements=["structure_id", "utilisateur_id", "personne_id"],
        set_={"actif": True, "sequence": ordre.excluded.sequence, "jusqu_au": None, "perdu_le": None},
        where=or_(acces.c.actif.is_(False), acces.c.jusqu_au.is_not(None)),
    )
    session.execute(
        ordre,
        [
            {
                "structure_id": structure_id,
                "utilisateur_id": utilisateur_id,
                "personne_id": personne_id,
                "sequence": version,
                "actif": True,
                "jusqu_au": None,
                "perdu_le": None,
            }
            for utilisateur_id, personne_id in uniques
        ],
    )


def retirer(
    session: Session, structure_id: str, utilisateur_id: str, personnes: Collection[str], maintenant: dt.datetime
) -> None:
    """Retire des dossiers d'une file active ; ce qui n'était pas encore envoyé sera reçu pendant trente jours.

    Les partages n'en changent pas : un dossier prêté par ailleurs reste lisible.
    """
    if not personnes:
        return
    version = reserver(session, structure_id, 1)
    session.execute(
        update(Acces)
        .where(
            Acces.structure_id == structure_id,
            Acces.utilisateur_id == utilisateur_id,
            Acces.personne_id.in_(sorted(personnes)),
            Acces.actif.is_(True),
        )
        .values(actif=False, sequence=version, jusqu_au=None, perdu_le=maintenant)
        .execution_options(synchronize_session=False)
    )
