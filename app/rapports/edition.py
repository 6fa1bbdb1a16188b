"""Un rapport prêt à sortir : ses tableaux tels qu'ils s'impriment, de qui ils parlent, ce qui les accompagne."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.indicateurs.catalogue import INDICATEURS
from app.domain.indicateurs.definition import Indicateur
from app.domain.indicateurs.periode import PARIS
from app.models import Structure
from app.rapports import cloture, petits_comptes, rapport
from app.rapports.demande import Demande
from app.rapports.regles import lire_regles
from app.rapports.sortants import sortir
from app.rapports.tableau import Tableau
from app.rapports.textes import Texte, imprimables


@dataclass(frozen=True)
class Edition:
    """`noms` : le libellé de chaque convention demandée ; `masquee` : les petits comptes n'y sont pas écrits."""

    demande: Demande
    structure: str
    noms: tuple[str, ...]
    parties: tuple[rapport.Partie, ...]
    masquee: bool = False
    textes: tuple[Texte, ...] = ()
    clos_le: datetime | None = None

    @property
    def chiffres_du(self) -> str:
        """« Chiffres du 23/11/2026 », ou le jour où ils ont été arrêtés."""
        if self.clos_le is not None:
            return f"Rapport clos le {self.clos_le.astimezone(PARIS):%d/%m/%Y}\u202f: ses chiffres ne changent plus"
        return f"Chiffres du {self.demande.aujourd_hui:%d/%m/%Y}"

    @property
    def tableaux(self) -> tuple[Tableau, ...]:
        return rapport.tableaux_de(self.parties)

    @property
    def definitions(self) -> tuple[Indicateur, ...]:
        """Celles de ce qui est compté ici, dans l'ordre de lecture, chacune une fois."""
        codes: dict[str, None] = {}
        for tableau in self.tableaux:
            dits = [*(c.indicateur for c in tableau.colonnes), *(li.indicateur for li in tableau.lignes)]
            codes |= dict.fromkeys(filter(None, dits))
        return tuple(INDICATEURS[code] for code in codes)

    @property
    def fichier(self) -> str:
        """Le nom du fichier, sans son suffixe : il ne dit que des codes."""
        return f"rapport-{'+'.join(self.demande.conventions)}-{self.demande.periode.code}"


def editer(session: Session, demande: Demande) -> Edition:
    """Un rapport clos, tel qu'il a été arrêté ; dans tous, ce qui ne sort pas de la structure est avec les autres.

    `ConventionInconnue` si la structure n'a pas l'une des conventions.
    """
    structure = session.scalars(select(Structure.nom).where(Structure.id == demande.structure_id)).one()
    noms = tuple(version.libelle for version in lire_regles(session, demande).versions)
    clos = cloture.actuelle(session, demande)
    if clos is not None:
        parties = sortir(session, demande, clos.parties, clos.id)
        return Edition(demande, structure, noms, parties, textes=clos.textes, clos_le=clos.le)
    parties = sortir(session, demande, rapport.parties(session, demande), None)
    return Edition(demande, structure, noms, parties, textes=imprimables(session, demande))


def masquer(edition: Edition) -> Edition:
    """La même, ses petits comptes tus."""
    return replace(edition, parties=petits_comptes.masquer(edition.parties), masquee=True)
