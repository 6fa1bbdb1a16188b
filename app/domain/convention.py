"""Une convention : ses règles datées, chacune avec la source qui la dit.

Un fichier TOML par convention et par version, dans `app/conventions/`. Chaque règle s'y écrit
`{ valeur = …, source = "…" }` ; une règle que les sources ne donnent pas n'y est pas, et vaut ici None ou vide.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

DOSSIER = Path(__file__).resolve().parent.parent / "conventions"

UNITES = ("flux_continu", "simultane", "mesures", "groupe")
PERIODES = ("mois", "quinzaine", "semaine")
REGLES = (
    "libelle",
    "libelle_court",
    "debut",
    "fin",
    "financeurs",
    "territoire",
    "unite",
    "places",
    "etp",
    "premier_contact_jours",
    "cadence",
    "contrat",
    "veille_mois",
    "modalites",
    "rapport_rendez_vous",
    "rapport_sexe",
)
OBLIGATOIRES = ("libelle", "debut", "unite")
# Les règles dont l'écran cite la source, à côté de l'échéance qu'elles créent.
CITEES = ("premier_contact_jours", "cadence", "contrat", "veille_mois")


class ConventionIllisible(ValueError):
    """Le fichier d'une convention n'a pas la forme attendue ; le message dit où."""


@dataclass(frozen=True, slots=True)
class Convention:
    """Une version d'une convention. `etp` est le texte d'un décimal (« 1.9 ») : il n'y a pas de flottant."""

    code: str
    version: str
    libelle: str
    debut: date
    fin: date | None
    unite: str
    libelle_court: str | None = None
    territoire: str | None = None
    financeurs: tuple[str, ...] = ()
    places: tuple[tuple[date, int], ...] = ()
    etp: str | None = None
    premier_contact_jours: int | None = None
    cadence: Mapping[str, Any] | None = None
    contrat: str | None = None
    veille_mois: int | None = None
    modalites: tuple[str, ...] = ()
    rapport_rendez_vous: Mapping[str, Any] = field(default_factory=dict)
    rapport_sexe: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def places_au(self, jour: date) -> int | None:
        """Le nombre de places ce jour-là : la dernière valeur qui a pris effet."""
        en_vigueur = [nombre for effet, nombre in self.places if effet <= jour]
        return en_vigueur[-1] if en_vigueur else None

    def en_json(self) -> dict[str, Any]:
        """Toutes les règles, dates en texte : ce qui est gardé en base, sources comprises."""
        return {**self._regles(), "sources": dict(self.sources)}

    def pour_appareil(self) -> dict[str, Any]:
        """Ce qui voyage vers un téléphone : les règles, et les citations de celles qui font une échéance."""
        return pour_appareil(self.en_json())

    def _regles(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "version": self.version,
            "libelle": self.libelle,
            "libelle_court": self.libelle_court,
            "debut": self.debut.isoformat(),
            "fin": None if self.fin is None else self.fin.isoformat(),
            "financeurs": list(self.financeurs),
            "territoire": self.territoire,
            "unite": self.unite,
            "places": [[jour.isoformat(), nombre] for jour, nombre in self.places],
            "etp": self.etp,
            "premier_contact_jours": self.premier_contact_jours,
            "cadence": None if self.cadence is None else dict(self.cadence),
            "contrat": self.contrat,
            "veille_mois": self.veille_mois,
            "modalites": list(self.modalites),
            "rapport_rendez_vous": dict(self.rapport_rendez_vous),
            "rapport_sexe": dict(self.rapport_sexe),
        }


def pour_appareil(donnees: Mapping[str, Any]) -> dict[str, Any]:
    """La forme gardée en base, allégée de ce qu'un téléphone n'affiche pas."""
    sources = donnees.get("sources") or {}
    regles = {nom: valeur for nom, valeur in donnees.items() if nom not in ("sources", "rapport_sexe")}
    return {**regles, "citations": {nom: sources[nom] for nom in CITEES if nom in sources}}


def charger(dossier: Path = DOSSIER) -> list[Convention]:
    """Toutes les conventions du dossier, par code puis version. Lève `ConventionIllisible`."""
    lues = [lire(fichier.read_text(encoding="utf-8"), fichier.name) for fichier in sorted(dossier.glob("*.toml"))]
    return sorted(lues, key=lambda convention: (convention.code, convention.version))


def lire(texte: str, nom: str = "convention") -> Convention:
    """Une convention lue du texte de son fichier."""
    try:
        brut = tomllib.loads(texte)
    except tomllib.TOMLDecodeError as erreur:
        raise ConventionIllisible(f"{nom} : {erreur}") from erreur
    fautes = list(_fautes(brut))
    if fautes:
        raise ConventionIllisible(f"{nom} : {' ; '.join(fautes)}")
    valeurs = {regle: contenu["valeur"] for regle, contenu in brut.items() if regle in REGLES}
    for liste in ("financeurs", "modalites"):
        if liste in valeurs:
            valeurs[liste] = tuple(valeurs[liste])
    if "places" in valeurs:
        valeurs["places"] = tuple((jour, nombre) for jour, nombre in valeurs["places"])
    return Convention(
        code=brut["code"],
        version=brut["version"],
        fin=valeurs.pop("fin", None),
        sources={regle: contenu["source"] for regle, contenu in brut.items() if regle in REGLES},
        **valeurs,
    )


def _fautes(brut: Mapping[str, Any]) -> Iterator[str]:
    for cle in ("code", "version"):
        if not isinstance(brut.get(cle), str):
            yield f"« {cle} » manque"
    for regle in OBLIGATOIRES:
        if regle not in brut:
            yield f"« {regle} » manque"
    for regle, contenu in brut.items():
        if regle in ("code", "version"):
            continue
        if regle not in REGLES:
            yield f"« {regle} » n'est pas une règle connue"
        elif not (isinstance(contenu, dict) and set(contenu) == {"valeur", "source"} and contenu["source"]):
            yield f"« {regle} » s'écrit avec une valeur et sa source"
        else:
            yield from _fautes_de_valeur(regle, contenu["valeur"])


def _fautes_de_valeur(regle: str, valeur: Any) -> Iterator[str]:
    if regle in ("debut", "fin") and not isinstance(valeur, date):
        yield f"« {regle} » est une date"
    if regle == "unite" and valeur not in UNITES:
        yield f"« unite » est l'une de : {', '.join(UNITES)}"
    if regle in ("premier_contact_jours", "veille_mois") and not (isinstance(valeur, int) and valeur > 0):
        yield f"« {regle} » est un nombre entier"
    if regle == "cadence" and (valeur.get("par") not in PERIODES or not isinstance(valeur.get("nombre"), int)):
        yield f"« cadence » s'écrit {{ nombre = 1, par = \"mois\" }}, par l'une de : {', '.join(PERIODES)}"
    if regle == "places" and [couple[0] for couple in valeur] != sorted(couple[0] for couple in valeur):
        yield "« places » va de la plus ancienne date à la plus récente"
