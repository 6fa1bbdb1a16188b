"""Les faits d'une mesure : ce qui fait courir une échéance, et ce qui la règle."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.domain import dates
from app.domain.echeance.table import DONNEES
from app.domain.mesure import convention_au, statut
from app.domain.personne import Fiche, depuis, valeur
from app.domain.piece import pieces_de
from app.domain.piece import valeur as valeur_de

MOYENS_D_ENTRETIEN = ("presentiel", "visite", "visio", "telephone")
MOYENS_PHYSIQUES = ("presentiel", "visite")
SANS_FIN = "9999-12-31"
# Quand le contrat n'est demandé qu'aux bénéficiaires du RSA, ce qui en dispense ; un droit inconnu ne dispense pas.
_HORS_RSA = ("clos", "non_beneficiaire")


@dataclass
class Situation:
    """Une mesure d'un dossier, à un instant, et ce que les règles en lisent.

    `manquants` : ce qu'une échéance a déjà demandé, et qu'une autre ne redemande pas.
    """

    dossier: Fiche
    mesure: Fiche
    conventions: Sequence[Fiche]
    maintenant: str
    aujourd_hui: str
    manquants: set[str] = field(default_factory=set)

    @cached_property
    def statut(self) -> str:
        return statut(self.mesure, self.aujourd_hui)

    def convention(self, version: str | None) -> Fiche | None:
        """La version de la convention au jour de ce fait ; d'aujourd'hui si rien n'est dit."""
        jour = self.jour(version) if version else None
        return convention_au(self.conventions, self.mesure["convention"], jour or self.aujourd_hui)

    def rythme_au(self, jour: str) -> Fiche | None:
        """La cadence que demandait la version de la convention de ce jour-là."""
        return (convention_au(self.conventions, self.mesure["convention"], jour) or {}).get("cadence")

    def pieces(self, forme: str) -> list[Fiche]:
        return pieces_de(self.dossier, forme, self.mesure)

    def derniere_piece(self, forme: str) -> Fiche | None:
        pieces = self.pieces(forme)
        return pieces[-1] if pieces else None

    @cached_property
    def suspensions(self) -> list[tuple[str, str]]:
        """Du premier au dernier jour, compris ; sans dernier jour, elle dure encore."""
        pieces = [piece for piece in self.pieces("suspension") if valeur_de(piece, "du")]
        return [(valeur_de(p, "du"), valeur_de(p, "au") or SANS_FIN) for p in pieces]

    @property
    def suspendue(self) -> bool:
        return self.est_suspendue(self.aujourd_hui, self.aujourd_hui)

    def est_suspendue(self, debut: str, fin: str) -> bool:
        return any(du <= fin and au >= debut for du, au in self.suspensions)

    def reprise(self) -> str | None:
        """Le lendemain de la dernière suspension finie."""
        finies = [au for _, au in self.suspensions if au < self.aujourd_hui]
        return dates.ajouter_jours(max(finies), 1) if finies else None

    def reculer(self, depuis_le: str, due_le: str) -> str:
        """Le jour dû, reculé des jours de suspension qui séparent le fait de l'échéance."""
        for du, au in self.suspensions:
            debut = max(du, depuis_le)
            if au != SANS_FIN and debut <= due_le and au >= debut:
                due_le = dates.ajouter_jours(due_le, dates.jours_entre(debut, au) + 1)
        return due_le

    @cached_property
    def entretiens(self) -> list[Fiche]:
        return [e for e in self.dossier["entretiens"] if _de_la_mesure(e, self.mesure)]

    @cached_property
    def rendez_vous(self) -> list[Fiche]:
        return [r for r in self.dossier["rendez_vous"] if _de_la_mesure(r, self.mesure)]

    @cached_property
    def proposes(self) -> list[Fiche]:
        """Les rendez-vous sans issue."""
        return [r for r in self.rendez_vous if r["statut"] == "propose"]

    @cached_property
    def prochain(self) -> str | None:
        """Le jour du premier rendez-vous à venir."""
        return min((dates.jour_paris(r["debut"]) for r in self.proposes if r["debut"] >= self.maintenant), default=None)

    @cached_property
    def terme(self) -> "Terme | None":
        return terme(self)

    def jour(self, nom: str) -> str | None:
        """Le jour d'un fait : une date de la mesure, ou l'un de ceux qui se calculent."""
        calcul = _CALCULS.get(nom)
        return calcul(self) if calcul else self.mesure.get(nom)

    def jours(self, fait: str) -> list[str]:
        """Les jours où un fait s'est produit."""
        if fait == "contact":
            return [e["date"] for e in self.entretiens] + self._honores()
        if fait == "entretien":
            return self._tenus(MOYENS_D_ENTRETIEN) + self._honores()
        if fait == "physique":
            return self._tenus(MOYENS_PHYSIQUES) + self._honores(sans_distance=True)
        if fait == "cv_depose":
            return [self.aujourd_hui] if valeur(self.dossier["personne"], "cv_depose", self.aujourd_hui) else []
        quoi = DONNEES["faits"].get(fait)
        if quoi is None:
            return [SANS_FIN] if self.mesure.get(fait) else []
        return [
            valeur_de(piece, quoi["jour"]) or SANS_FIN if "jour" in quoi else SANS_FIN
            for piece in self.pieces(quoi["forme"])
            if ("champ" not in quoi or valeur_de(piece, quoi["champ"]) in quoi["parmi"])
            and ("renseigne" not in quoi or valeur_de(piece, quoi["renseigne"]))
        ]

    def _tenus(self, moyens: tuple[str, ...]) -> list[str]:
        return [e["date"] for e in self.entretiens if e["moyen"] in moyens]

    def _honores(self, sans_distance: bool = False) -> list[str]:
        """Les jours des rendez-vous honorés ; `sans_distance` : sauf ceux que leur entretien dit avoir eus de loin."""
        de_loin = {e.get("rendez_vous_id") for e in self.entretiens if e["moyen"] not in MOYENS_PHYSIQUES}
        honores = [r for r in self.rendez_vous if r["statut"] == "honore"]
        return [dates.jour_paris(r["debut"]) for r in honores if not (sans_distance and r["id"] in de_loin)]

    def doit_un_contrat(self, convention: Fiche) -> bool:
        droit = valeur(self.dossier["personne"], "rsa", self.aujourd_hui)
        return convention.get("contrat_pour") != "brsa" or droit not in _HORS_RSA


@dataclass(frozen=True, slots=True)
class Terme:
    """La fin prévue d'une mesure. `restants` : les renouvellements encore permis."""

    fin: str
    depuis: str
    restants: int
    renouvelee: bool


def terme(situation: Situation) -> Terme | None:
    """L'entrée et la durée de la convention, ou la date dite ; chaque renouvellement la repousse au jour qu'il dit."""
    mesure, entree_le = situation.mesure, situation.mesure.get("entree_le")
    convention = situation.convention("entree_le") or {}
    duree = convention.get("duree_max_mois") or convention.get("duree_mois")
    if not entree_le or not (duree or mesure.get("fin_prevue_le")):
        return None
    renouvellements = situation.pieces("renouvellement")
    fins = [valeur_de(piece, "jusqu_au") or "" for piece in renouvellements]
    fin = max([mesure.get("fin_prevue_le") or dates.ajouter_mois(entree_le, duree or 0), *fins])
    permis = 0 if convention.get("duree_max_mois") else (convention.get("renouvellements") or {}).get("nombre", 0)
    return Terme(fin, entree_le, max(0, permis - len(renouvellements)), bool(renouvellements))


def _ouverture(situation: Situation) -> str | None:
    """Le premier jour de la mesure : l'orientation ou l'entrée, celle qui vient d'abord."""
    connus = [jour for nom in ("orientee_le", "entree_le") if (jour := situation.mesure.get(nom))]
    return min(connus, default=None)


def _fin(situation: Situation) -> str | None:
    """Le jour où la mesure finit : sa sortie ; à défaut son terme, quand plus rien ne le repousse."""
    sortie_le: str | None = situation.mesure.get("sortie_le")
    prevu = situation.terme
    return sortie_le or (prevu.fin if prevu is not None and not prevu.restants else None)


def _periode(situation: Situation) -> str | None:
    """Le lendemain du dernier renouvellement : un bilan d'avant ne vaut pas pour la suite."""
    piece = situation.derniere_piece("renouvellement")
    le = valeur_de(piece, "le") if piece else None
    return dates.ajouter_jours(le, 1) if le else None


def _premier_entretien(situation: Situation) -> str | None:
    ouverture = _ouverture(situation) or ""
    tenus = [jour for jour in situation.jours("entretien") if ouverture <= jour <= situation.aujourd_hui]
    return min(tenus, default=situation.prochain)


def _pret_emploi(situation: Situation) -> str | None:
    personne, jour = situation.dossier["personne"], situation.aujourd_hui
    historique = (personne.get("historique") or {}).get("pret_emploi")
    return depuis(historique, jour) if valeur(personne, "pret_emploi", jour) else None


def _sortie_suivie(situation: Situation) -> str | None:
    """La sortie, si elle est de celles dont la convention demande des nouvelles."""
    convention = situation.convention("sortie_le") or {}
    apres = convention.get("veille_apres")
    motifs = [motif for famille in apres or () for motif in DONNEES["motifs"][famille]]
    suivie = not apres or situation.mesure.get("sortie_motif") in motifs
    return situation.mesure.get("sortie_le") if suivie else None


_CALCULS: Any = {
    "ouverture": _ouverture,
    "fin": _fin,
    "periode": _periode,
    "premier_entretien": _premier_entretien,
    "pret_emploi": _pret_emploi,
    "sortie_suivie": _sortie_suivie,
}


def _de_la_mesure(fiche: Fiche, mesure: Fiche) -> bool:
    return fiche.get("mesure_id") in (None, mesure["id"])
