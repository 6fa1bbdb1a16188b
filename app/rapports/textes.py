"""Les textes libres d'un rapport, gardés avec lui : chaque enregistrement ajoute une version, aucune ne se récrit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.domain.identifiant import est_identifiant
from app.domain.noms_ecrits import Noms, passages
from app.models import Lieu, Personne, TexteRapport, Utilisateur
from app.rapports.demande import Demande

TITRE_MAX: Final = 200
TEXTE_MAX: Final = 20_000

# Dans l'ordre d'impression ; les vignettes viennent après l'analyse.
_BLOCS: Final[dict[str, tuple[str, Literal["avant", "apres"], str]]] = {
    "contexte": ("Contexte", "avant", "Ce qui a marqué la période\u202f: équipe, territoire, public."),
    "analyse": ("Analyse", "apres", "Ce que disent les chiffres, et ce qu’ils ne disent pas."),
    "perspectives": ("Perspectives", "apres", "Ce que l’on garde, ce que l’on change."),
    "conclusion": ("Conclusion", "apres", ""),
}
_APRES_LES_VIGNETTES: Final = ("perspectives", "conclusion")
_AIDE_VIGNETTE: Final = "Un parcours, sans rien qui le fasse reconnaître."


@dataclass(frozen=True)
class Texte:
    """Un bloc de texte libre, gardé avec le rapport. `place` : avant les tableaux, ou après."""

    titre: str
    texte: str
    place: Literal["avant", "apres"] = "apres"


@dataclass(frozen=True)
class Bloc:
    """`version` : l'identifiant de ce qui est lu, vide si rien n'est encore écrit."""

    code: str
    titre: str
    texte: str
    place: Literal["avant", "apres"]
    aide: str
    version: str = ""
    par: str = ""
    le: dt.datetime | None = None


def blocs(session: Session, demande: Demande) -> list[Bloc]:
    """Tous, écrits ou non, dans l'ordre d'impression ; une vignette retirée n'y est plus."""
    dernieres = {version.code: version for version in versions(session, demande)}
    connus = [dernieres.get(code) or _vide(code) for code in _BLOCS]
    vignettes = sorted((b for b in dernieres.values() if b.code not in _BLOCS and b.texte), key=lambda b: b.code)
    avant = [b for b in connus if b.code not in _APRES_LES_VIGNETTES]
    return [*avant, *vignettes, *(b for b in connus if b.code in _APRES_LES_VIGNETTES)]


def bloc(session: Session, demande: Demande, code: str) -> Bloc | None:
    """Rien si ce n'est ni l'un des quatre, ni une vignette, écrite, retirée ou neuve."""
    trouves = {b.code: b for b in [*versions(session, demande, code), *blocs(session, demande)]}
    return trouves.get(code) or (vignette_neuve(code) if est_identifiant(code) else None)


def vignette_neuve(code: str) -> Bloc:
    return Bloc(code, "Un parcours", "", "apres", _AIDE_VIGNETTE)


def imprimables(session: Session, demande: Demande) -> tuple[Texte, ...]:
    return tuple(Texte(b.titre, b.texte, b.place) for b in blocs(session, demande) if b.texte)


def versions(session: Session, demande: Demande, code: str | None = None) -> list[Bloc]:
    """De la plus ancienne à la plus récente."""
    lignes = session.execute(
        select(TexteRapport, Utilisateur.prenom, Utilisateur.nom)
        .join(
            Utilisateur,
            (Utilisateur.structure_id == TexteRapport.structure_id) & (Utilisateur.id == TexteRapport.auteur_id),
        )
        .where(
            TexteRapport.structure_id == demande.structure_id,
            TexteRapport.conventions == demande.code,
            TexteRapport.periode == demande.periode.code,
            *((TexteRapport.bloc == code,) if code else ()),
        )
        .order_by(TexteRapport.ecrit_le, TexteRapport.id)
    )
    return [_lu(texte, f"{prenom} {nom}") for texte, prenom, nom in lignes]


def ecrire(session: Session, demande: Demande, code: str, titre: str, texte: str, par: str, le: dt.datetime) -> None:
    session.add(
        TexteRapport(
            structure_id=demande.structure_id,
            id=str(uuid7()),
            conventions=demande.code,
            periode=demande.periode.code,
            bloc=code,
            titre=titre,
            texte=texte,
            auteur_id=par,
            ecrit_le=le,
        )
    )


def noms_ecrits(session: Session, structure_id: str, titre: str, texte: str) -> list[str]:
    """Les passages qui ressemblent au nom d'une personne d'un dossier."""
    if not texte:
        return []
    connues = select(Personne.nom, Personne.prenom, Personne.nom_usage, Personne.pseudonymes)
    lues = session.execute(connues.where(Personne.structure_id == structure_id))
    noms = [Noms(nom, prenom, usage or "", surnoms or ()) for nom, prenom, usage, surnoms in lues]
    lieux = session.scalars(select(Lieu.nom).where(Lieu.structure_id == structure_id))
    return passages(f"{titre}\n{texte}", noms, lieux)


def erreurs(titre: str, texte: str) -> dict[str, str]:
    """Un texte vide retire le bloc ; un titre, lui, est toujours demandé."""
    trouvees = {}
    if not titre:
        trouvees["titre"] = "Donnez un titre à ce texte."
    elif len(titre) > TITRE_MAX:
        trouvees["titre"] = f"{TITRE_MAX} signes au plus."
    if len(texte) > TEXTE_MAX:
        trouvees["texte"] = f"{TEXTE_MAX} signes au plus."
    return trouvees


def _lu(texte: TexteRapport, par: str) -> Bloc:
    _, place, aide = _BLOCS.get(texte.bloc, ("", "apres", _AIDE_VIGNETTE))
    return Bloc(texte.bloc, texte.titre, texte.texte, place, aide, texte.id, par, texte.ecrit_le)


def _vide(code: str) -> Bloc:
    titre, place, aide = _BLOCS[code]
    return Bloc(code, titre, "", place, aide)
