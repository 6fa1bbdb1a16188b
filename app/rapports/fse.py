"""La liste des participants du Fonds social européen, et ce qui y manque, personne par personne.

Ses colonnes sont des données (`fse.toml`) : un titre s'y change sans toucher au programme. C'est la seule sortie qui
nomme les personnes.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.champs_personne import catalogue
from app.domain.formes import charger
from app.domain.francais import date_chiffree
from app.domain.indicateurs.flux import Historique, retenir
from app.domain.indicateurs.profil import valeur_a_l_entree
from app.models import Personne
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.formats import neutraliser
from app.rapports.regles import Regles, lire_regles

_FICHIER: Final = Path(__file__).with_name("fse.toml")
# Ce que dit une source de pièce : la forme, et le moment d'un questionnaire.
_PIECES: Final = {
    "entree": ("questionnaire_fse", "entree"),
    "sortie": ("questionnaire_fse", "sortie"),
    "eligibilite": ("eligibilite", None),
}


@dataclass(frozen=True)
class Colonne:
    """`requis` : « toujours », « a_la_sortie » ou rien."""

    code: str
    titre: str
    source: str
    quand: str = ""
    requis: str = ""

    @property
    def origine(self) -> tuple[str, str]:
        """« personne.sexe » → personne, sexe."""
        debut, _, champ = self.source.partition(".")
        return debut, champ


@dataclass(frozen=True)
class Participant:
    """`cases` : une par colonne, déjà en mots ; `manque` : les titres de ce qu'il reste à recueillir."""

    dossier_id: str
    nom: str
    entree_le: date
    cases: tuple[str, ...]
    manque: tuple[str, ...]


@cache
def colonnes() -> tuple[Colonne, ...]:
    return tuple(Colonne(**colonne) for colonne in tomllib.loads(_FICHIER.read_text("utf-8"))["colonnes"])


def conventions_fse(regles: Regles) -> frozenset[str]:
    """Parmi celles demandées, celles que le Fonds social européen cofinance."""
    return frozenset(v.code for v in regles.versions if replace(regles, versions=(v,)).une_dit("cofinancement_fse"))


def participants(session: Session, demande: Demande) -> list[Participant]:
    """Une ligne par mesure cofinancée en cours un jour de la période, de la plus ancienne entrée à la plus récente."""
    cofinancees = conventions_fse(lire_regles(session, demande))
    faits = Faits(session, demande)
    mesures = [m for m in retenir(faits.mesures, demande.periode, "accompagnees") if m.convention in cofinancees]
    champs = catalogue()
    dates = [c.origine[1] for c in colonnes() if c.origine[0] == "personne" and champs[c.origine[1]].date]
    faits.lire_ensemble(dates)
    identites = _identites(session, demande, {mesure.personne_id for mesure in mesures})
    return [_participant(mesure, identites[mesure.personne_id], faits) for mesure in mesures]


def _identites(session: Session, demande: Demande, personnes: set[str]) -> dict[str, Personne]:
    lues = session.scalars(
        select(Personne).where(Personne.structure_id == demande.structure_id, Personne.id.in_(sorted(personnes)))
    )
    return {personne.id: personne for personne in lues}


def _participant(mesure: FaitMesure, personne: Personne, faits: Faits) -> Participant:
    entree_le = mesure.entree_le or date.min
    cases = tuple(_case(colonne, mesure, personne, faits) for colonne in colonnes())
    sortie = mesure.sortie_le is not None and mesure.sortie_le <= faits.demande.periode.dernier_jour
    manque = tuple(
        colonne.titre
        for colonne, case in zip(colonnes(), cases, strict=True)
        if not case and (colonne.requis == "toujours" or (colonne.requis == "a_la_sortie" and sortie))
    )
    return Participant(personne.id, f"{personne.nom} {personne.prenom}", entree_le, cases, manque)


def _case(colonne: Colonne, mesure: FaitMesure, personne: Personne, faits: Faits) -> str:
    origine, champ = colonne.origine
    if origine == "mesure":
        return _en_mots(getattr(mesure, champ), None)
    if origine == "personne":
        liste = catalogue()[champ].liste
        if not catalogue()[champ].date:
            return _en_mots(getattr(personne, champ), liste)
        historique = faits.valeurs(champ).get(mesure.personne_id, ())
        return _en_mots(_en_vigueur(historique, mesure, colonne.quand), liste)
    forme, moment = _PIECES[origine]
    notees = [p for p in faits.pieces(forme).get(mesure.id, ()) if moment in (None, p.valeurs.get("moment"))]
    return _en_mots(notees[-1].valeurs.get(champ), _liste_de(forme, champ)) if notees else ""


def _en_vigueur(historique: Historique, mesure: FaitMesure, quand: str) -> Any:
    """Ce qui vaut à l'entrée, comme les tableaux le lisent, ou la dernière valeur."""
    if not historique:
        return None
    if quand == "dernier" or mesure.entree_le is None:
        return historique[-1][1]
    return valeur_a_l_entree(historique, mesure.entree_le)


@cache
def _liste_de(forme: str, champ: str) -> str | None:
    return next((c.get("liste") for c in charger()[forme]["champs"] if c["nom"] == champ), None)


def _en_mots(valeur: Any, liste: str | None) -> str:
    if valeur is None or valeur == "":
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return ", ".join(filter(None, (_en_mots(v, liste) for v in valeur)))
    if isinstance(valeur, Mapping):
        return _numero(valeur["numero"]) if "numero" in valeur else str(valeur.get("nom") or "")
    if isinstance(valeur, date):
        return date_chiffree(valeur.isoformat())
    texte = str(valeur)
    if liste:
        return nomenclatures.libelle(liste, texte)
    return date_chiffree(texte) if _est_un_jour(texte) else " ".join(texte.split())


def _numero(numero: str) -> str:
    """« 06 39 98 00 01 » : groupé, il reste un texte ; un tableur mangerait son zéro."""
    return " ".join(numero[rang : rang + 2] for rang in range(0, 10, 2)) if len(numero) == 10 else numero


def _est_un_jour(texte: str) -> bool:
    try:
        date.fromisoformat(texte)
    except ValueError:
        return False
    return len(texte) == 10


def en_csv(lignes: Sequence[Participant]) -> bytes:
    """Séparateur « ; », marque d'ordre des octets : un tableur l'ouvre tel quel, et n'y exécute rien."""
    tampon = io.StringIO()
    ecriture = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    ecriture.writerow([colonne.titre for colonne in colonnes()])
    ecriture.writerows([neutraliser(case) for case in ligne.cases] for ligne in lignes)
    return tampon.getvalue().encode("utf-8-sig")
