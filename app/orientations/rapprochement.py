"""Qui, dans la base ou plus haut dans la liste, ressemble à la personne d'une ligne."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.francais import date_chiffree
from app.domain.personne import Fiche, nom_affiche, valeur
from app.domain.recherche import cle
from app.domain.ressemblance import Traits, comparer, decrire
from app.supervision.doublons import COURANT, marques

# Même nom, même prénom, même jour de naissance : c'est elle. Même nom, né un autre jour : un homonyme, pas un doute.
LA_MEME: Final = 0
HOMONYME: Final = 3
RANG_MAX: Final = 5
# Dans une même liste, un numéro ou un nom de famille partagés sont un couple ou une fratrie.
RANG_MAX_DANS_LA_LISTE: Final = 1
_IDENTITE: Final = ("nom", "prenom", "nom_usage", "naissance_precision", "telephones")


@dataclass(frozen=True)
class Candidate:
    """Une personne qui pourrait être celle de la ligne. `ligne` : celle, plus haut, qui l'apporte."""

    id: str
    nom: str
    naissance: str
    rang: int
    raison: str
    archive: bool = False
    ligne: int | None = None


class Connues:
    """Des personnes, retrouvées par ce qu'elles ont en commun avec une autre."""

    def __init__(self, aujourd_hui: str) -> None:
        self._aujourd_hui = aujourd_hui
        self._fiches: list[tuple[Fiche, Traits, int | None]] = []
        self._par_marque: dict[str, list[int]] = defaultdict(list)

    def ajouter(self, fiche: Fiche, ligne: int | None = None) -> None:
        traits = decrire(fiche, self._aujourd_hui)
        for marque in marques(traits):
            self._par_marque[marque].append(len(self._fiches))
        self._fiches.append((fiche, traits, ligne))

    def proches(self, fiche: Fiche, rang_max: int) -> list[Candidate]:
        """Les plus proches d'abord."""
        sienne = decrire(fiche, self._aujourd_hui)
        voisines = [self._par_marque.get(marque, []) for marque in marques(sienne)]
        rangs = {rang for voisins in voisines if len(voisins) <= COURANT for rang in voisins}
        trouvees = []
        for rang in sorted(rangs):
            connue, traits, ligne = self._fiches[rang]
            raison = comparer(sienne, traits)
            if raison is not None and raison[0] <= rang_max:
                trouvees.append(_candidate(connue, *raison, ligne))
        return sorted(trouvees, key=lambda candidate: candidate.rang)


def fiche_de(valeurs: Mapping[str, Any], identifiant: str) -> Fiche:
    """Une ligne comprise, sous la forme où deux personnes se comparent."""
    naissance = valeurs.get("date_naissance")
    fiche = {nom: valeurs.get(nom) for nom in _IDENTITE}
    return fiche | {"id": identifiant, "pseudonymes": [], "date_naissance": naissance and naissance.isoformat()}


def connues(personnes: Sequence[Fiche], fiches: Sequence[Fiche], aujourd_hui: str) -> Connues:
    """Les personnes que l'une de ces fiches peut rappeler ; décrire toutes les autres coûterait une seconde."""
    cherches = {indice for fiche in fiches for indice in _indices(fiche, aujourd_hui)}
    lues = Connues(aujourd_hui)
    for personne in personnes:
        if not cherches.isdisjoint(_indices(personne, aujourd_hui)):
            lues.ajouter(personne)
    return lues


def _indices(fiche: Fiche, aujourd_hui: str) -> set[str]:
    """Ce que deux fiches proches ont en commun, au moins une fois : les débuts de deux mots, un jour, un numéro."""
    mots = cle(" ".join(fiche.get(nom) or "" for nom in ("nom", "prenom", "nom_usage"))).split()
    debuts = sorted({mot[:3] for mot in mots})
    couples = {f"{un} {autre}" for place, un in enumerate(debuts) for autre in debuts[place + 1 :]}
    numeros = {dit["numero"] for dit in valeur(fiche, "telephones", aujourd_hui) or ()}
    return couples | numeros | ({fiche["date_naissance"]} if fiche.get("date_naissance") else set())


def _candidate(connue: Fiche, rang: int, raison: str, ligne: int | None) -> Candidate:
    return Candidate(
        id=connue["id"],
        nom=nom_affiche(connue),
        naissance=_naissance(connue),
        rang=rang,
        raison=raison,
        archive=bool(connue.get("archive_le")),
        ligne=ligne,
    )


def _naissance(fiche: Fiche) -> str:
    dite = fiche.get("date_naissance")
    if not dite:
        return ""
    return date_chiffree(dite) if fiche.get("naissance_precision") in (None, "jour") else str(dite[:4])
