"""Les demandes en cours, par bailleur : de quoi préparer la rencontre avec chacun."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.dates import jours_entre
from app.domain.echeance import REGISTRE
from app.domain.echeance.note import changement
from app.domain.francais import date_chiffree, minuscule, quantieme, quantite
from app.domain.personne import cle_de_tri, nom_affiche, valeur_au
from app.domain.recherche import cle
from app.models import Personne, PersonneValeur, Piece
from app.viewmodels import en_mots

Fiche = dict[str, Any]

# Ce qu'un bailleur a besoin de savoir de la situation, dans l'ordre où cela se dit.
SITUATION = ("logement", "situation_familiale", "enfants_a_charge")
# De la place pour écrire : une case vide s'imprimerait d'un tiret.
A_LA_MAIN = "\u00a0"
SANS_BAILLEUR = "Sans bailleur noté"


@dataclass(frozen=True)
class Demande:
    """Une demande en cours. `note` dit où en est la note d'information ; `a_jour` : vrai, faux, ou rien sans note."""

    id: str
    personne_id: str
    nom: str
    tri: str
    nature: str
    deposee_le: str
    attente: str
    situation: str
    note: str
    a_jour: bool | None
    precisions: str | None


@dataclass(frozen=True)
class Bailleur:
    """`code` : ce que l'adresse dit de lui, sans son nom ; un nom écrit autrement (accents, majuscules) est le même."""

    code: str
    nom: str
    demandes: list[Demande]

    @property
    def a_mettre_a_jour(self) -> int:
        return sum(1 for demande in self.demandes if demande.a_jour is False)

    @property
    def sans_note(self) -> int:
        return sum(1 for demande in self.demandes if demande.a_jour is None)


def natures(lues: Collection[str]) -> list[tuple[str, str]]:
    """Celles qui ont des demandes en cours : (code, libellé), dans l'ordre de la liste."""
    return [
        (code, nomenclatures.libelle("nature_demande", code))
        for code in nomenclatures.codes("nature_demande")
        if code in lues
    ]


def lire(session: Session, structure_id: str, jour: str) -> dict[str, list[Bailleur]]:
    """Par nature de demande, les bailleurs par nom, et leurs demandes de la plus ancienne à la plus récente."""
    en_cours = session.execute(
        select(Piece, Personne)
        .join(Personne, (Personne.structure_id == Piece.structure_id) & (Personne.id == Piece.personne_id))
        .where(
            Piece.structure_id == structure_id,
            Piece.forme == "demande",
            Piece.retiree_le.is_(None),
            Piece.valeurs["statut"].as_string() == "en_cours",
            Personne.archive_le.is_(None),
        )
        .order_by(Piece.jour, Piece.id)
    ).all()
    histoires = _histoires(session, structure_id, {personne.id for _, personne in en_cours})
    groupes: dict[str, dict[str, list[tuple[str, Demande]]]] = defaultdict(lambda: defaultdict(list))
    for piece, personne in en_cours:
        aupres = " ".join(str(piece.valeurs.get("aupres") or "").split())
        dite = _demande(piece, personne, histoires[personne.id], jour)
        groupes[piece.valeurs.get("nature") or "autre"][cle(aupres)].append((aupres, dite))
    return {
        nature: sorted((_bailleur(nature, aupres, siennes) for aupres, siennes in bailleurs.items()), key=_rang)
        for nature, bailleurs in groupes.items()
    }


def feuille(bailleur: Bailleur, structure: str, jour: str) -> Fiche:
    """Le papier que l'on emporte à la rencontre (`app/papiers/papier.py`)."""
    lignes = [
        [demande.nom, date_chiffree(demande.deposee_le), demande.situation, demande.note, A_LA_MAIN]
        for demande in bailleur.demandes
    ]
    return {
        "titre": bailleur.nom,
        "sous_titre": f"Demandes en cours\u202f: {len(lignes)}",
        "langue": "fr",
        "fichier": "demandes",
        "emetteur": {"nom": structure},
        "lieu_date": f"Le {quantieme(jour)}",
        "blocs": [
            {
                "genre": "tableau",
                "entetes": ["Personne", "Déposée le", "Situation", "Note", "Ce qui a été dit"],
                "lignes": lignes,
                "largeurs": [4, 3, 4, 4, 5],
            }
        ],
    }


def code_de(nature: str, aupres: str) -> str:
    """Ce que l'adresse dit d'un bailleur : une empreinte, non le nom qu'on lui a donné."""
    return hashlib.sha256(f"{nature} {cle(aupres)}".encode()).hexdigest()[:16]


def _bailleur(nature: str, aupres: str, siennes: Sequence[tuple[str, Demande]]) -> Bailleur:
    # Le nom le plus écrit ; de deux aussi fréquents, le premier noté.
    (nom, _), *_ = Counter(nom for nom, _ in siennes).most_common(1)
    return Bailleur(code_de(nature, aupres), nom or SANS_BAILLEUR, [demande for _, demande in siennes])


def _rang(bailleur: Bailleur) -> tuple[bool, str]:
    return bailleur.nom == SANS_BAILLEUR, cle(bailleur.nom)


def _demande(piece: Piece, personne: Personne, historique: dict[str, list[list[Any]]], jour: str) -> Demande:
    identite = {nom: getattr(personne, nom) for nom in ("nom", "prenom", "nom_usage", "pseudonymes")}
    deposee = (piece.jour or dt.date.fromisoformat(jour)).isoformat()
    note, a_jour = _note(piece, historique, jour)
    return Demande(
        piece.id,
        personne.id,
        nom_affiche(identite),
        cle_de_tri(identite),
        nomenclatures.libelle("nature_demande", piece.valeurs.get("nature") or "autre"),
        deposee,
        _attente(jours_entre(deposee, jour)),
        _situation(historique, jour),
        note,
        a_jour,
        piece.valeurs.get("texte"),
    )


def _attente(jours: int) -> str:
    return f"depuis {jours // 30} mois" if jours >= 30 else "depuis moins d’un mois"


def _note(piece: Piece, historique: dict[str, list[list[Any]]], jour: str) -> tuple[str, bool | None]:
    """Par la règle qui en fait une échéance : la situation a changé depuis que la note a été écrite."""
    note_le = piece.valeurs.get("note_information_le")
    if not note_le:
        return "Aucune note datée", None
    fiche = {"forme": piece.forme, "valeurs": piece.valeurs}
    change = changement(fiche, {"historique": historique}, REGISTRE["note_information"]["champs"], jour)
    if change is None:
        return f"À jour, du {date_chiffree(note_le)}", True
    return f"À mettre à jour\u202f: {change[1]} le {date_chiffree(change[0])}, note du {date_chiffree(note_le)}", False


def _situation(historique: dict[str, list[list[Any]]], jour: str) -> str:
    dites: list[str] = []
    for champ in SITUATION:
        lue = valeur_au(historique.get(champ), jour)
        if lue in (None, "", [], 0):
            continue
        dit = en_mots.valeur(champ, lue, None, jour)
        dites.append(quantite(lue, "enfant") if champ == "enfants_a_charge" else minuscule(dit) if dites else dit)
    return ", ".join(dites)


def _histoires(
    session: Session, structure_id: str, personnes: Collection[str]
) -> dict[str, dict[str, list[list[Any]]]]:
    champs = {*SITUATION, *REGISTRE["note_information"]["champs"]}
    requete = (
        select(PersonneValeur.personne_id, PersonneValeur.champ, PersonneValeur.jour, PersonneValeur.valeur)
        .where(
            PersonneValeur.structure_id == structure_id,
            PersonneValeur.personne_id.in_(sorted(personnes)),
            PersonneValeur.champ.in_(sorted(champs)),
        )
        .order_by(PersonneValeur.jour)
    )
    histoires: dict[str, dict[str, list[list[Any]]]] = defaultdict(lambda: defaultdict(list))
    for personne, champ, effet, valeur in session.execute(requete):
        histoires[personne][champ].append([effet.isoformat(), valeur])
    return histoires
