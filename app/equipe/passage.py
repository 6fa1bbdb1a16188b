"""Faire passer des dossiers de quelqu'un à un autre : lire la demande, dire ce qu'elle change, en faire des opérations.

La page qui dit les conséquences porte déjà les identifiants : l'envoyer deux fois ne fait rien de plus.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.domain.dates import lire_jour
from app.domain.identifiant import est_identifiant
from app.equipe.files_actives import Collegue, Suivi
from app.models.partage import MOTIFS
from sync.lecteur import accords

CONFIER, PRETER = "confier", "preter"
GENRES = {CONFIER: "confier_mesure", PRETER: "partager_dossier"}


@dataclass
class Demande:
    """Ce que le chef de service veut faire des dossiers cochés. `erreurs` : {champ: message}."""

    geste: str
    de: Collegue
    vers: Collegue | None = None
    quand: str | None = None
    du: str | None = None
    jusqu_au: str | None = None
    motif: str | None = None
    dossiers: list[Suivi] = field(default_factory=list)
    erreurs: dict[str, str] = field(default_factory=dict)

    @property
    def sans_mesure(self) -> list[Suivi]:
        """Sans accompagnement dont elle soit référente, il n'y a rien à confier : le dossier reste où il est."""
        return [suivi for suivi in self.dossiers if self.geste == CONFIER and not suivi.mesures]

    def champs(self) -> dict[str, Any]:
        vers = self.vers.id if self.vers else None
        if self.geste == CONFIER:
            return {"referent": vers, "date_effet": self.quand}
        return {"utilisateur": vers, "du": self.du, "jusqu_au": self.jusqu_au, "motif": self.motif}

    def lignes(self) -> list[str]:
        """« entité.personne.opération », une par opération à faire, aux identifiants déjà choisis."""
        if self.geste == CONFIER:
            entites = [(mesure, suivi.id) for suivi in self.dossiers for mesure, _, _ in suivi.mesures]
        else:
            entites = [(str(uuid7()), suivi.id) for suivi in self.dossiers]
        return [f"{entite}.{personne}.{uuid7()}" for entite, personne in entites]


def lire(
    saisie: Mapping[str, str],
    coches: Sequence[str],
    de: Collegue,
    file: Sequence[Suivi],
    collegues: Iterable[Collegue],
    aujourd_hui: dt.date,
) -> Demande:
    """La demande d'un formulaire ; `file` est la file active de `de`, `coches` les dossiers choisis."""
    geste = saisie.get("geste", "")
    demande = Demande(geste if geste in GENRES else CONFIER, de)
    choisis = set(coches)
    demande.dossiers = [suivi for suivi in file if saisie.get("tous") == "oui" or suivi.id in choisis]
    if not demande.dossiers:
        demande.erreurs["dossier"] = "Cochez au moins un dossier."
    prefixe = f"{demande.geste}-"
    demande.vers = next(
        (c for c in collegues if c.id == saisie.get(f"{prefixe}vers") and c.ouvert and c.id != de.id), None
    )
    if demande.vers is None:
        demande.erreurs[f"{prefixe}vers"] = "Choisissez à qui."
    if demande.geste == CONFIER:
        demande.quand = _jour(demande, saisie, "quand") or aujourd_hui.isoformat()
    else:
        demande.du, demande.jusqu_au = _jour(demande, saisie, "du"), _jour(demande, saisie, "jusqu_au")
        demande.motif = saisie.get("motif") if saisie.get("motif") in MOTIFS else None
        if demande.jusqu_au is None and demande.motif != "binome":
            demande.erreurs.setdefault(
                "jusqu_au", "Donnez le dernier jour du prêt, ou choisissez «\u202fen binôme\u202f»."
            )
        elif demande.jusqu_au and demande.jusqu_au < max(demande.du or "", aujourd_hui.isoformat()):
            demande.erreurs["jusqu_au"] = "Ce prêt serait fini avant d’avoir commencé."
    return demande


def sans_accord(session: Session, structure_id: str, demande: Demande, jour: dt.date) -> list[Suivi]:
    """Parmi ces dossiers, ceux dont la personne n'a pas dit qu'elle accepte le partage."""
    dits = accords(session, structure_id, [suivi.id for suivi in demande.dossiers], jour)
    return [suivi for suivi in demande.dossiers if not dits[suivi.id]]


def operations(lignes: Sequence[str], geste: str, champs: Mapping[str, Any], heure: str) -> list[dict[str, Any]] | None:
    """Les opérations que la page des conséquences avait préparées ; rien si l'une n'en a pas la forme."""
    faites = []
    for ligne in lignes:
        morceaux = ligne.split(".")
        if len(morceaux) != 3 or not all(map(est_identifiant, morceaux)):
            return None
        entite, personne, op_id = morceaux
        faites.append(
            {
                "id": op_id,
                "genre": GENRES[geste],
                "entite": entite,
                "personne": personne,
                "champs": {nom: valeur for nom, valeur in champs.items() if valeur},
                "heure": heure,
            }
        )
    return faites


def _jour(demande: Demande, saisie: Mapping[str, str], nom: str) -> str | None:
    texte = saisie.get(nom, "").strip()
    lu = lire_jour(texte)
    if texte and lu is None:
        demande.erreurs[nom] = "Cette date n’existe pas au calendrier."
    return lu
