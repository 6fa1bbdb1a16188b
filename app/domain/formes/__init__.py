"""Les formes des pièces : tout ce que l'accompagnement ajoute à un dossier, décrit par des données.

Un fichier TOML par forme : son libellé, ses champs, qui la lit, quand elle est proposée. Ajouter une forme, c'est
ajouter un fichier. Le téléphone reçoit les mêmes par la construction ; miroir : static/js/domain/formes.js.

D'une forme : `code`, `libelle`, `pluriel`, `genre_grammatical`, `groupe`, `jour` (le champ qui la date), `titre` (les
champs qui la nomment ; `nommee` : son libellé vient devant), `lecteurs` (lettres du catalogue ; P : seulement une pièce
partagée), `par_mesure`, et au besoin `regle` (la règle de convention sans laquelle elle n'est pas proposée),
`selon_le_cas` (elle l'est, mais jamais dite manquante), `unique`, `partageable`, `imprimable`.
D'un champ : `nom`, `libelle`, `genre` (texte, long, code, codes, booleen, entier, jour, mois, heures, lignes, grille,
signature, fiche), et au besoin `liste`, `obligatoire` (la phrase à dire ; `sauf` : le champ qui en dispense), `aide`,
`lecteurs`, `si` (`champ`, `parmi`), `regle`, `apres` (un champ qui le précède), `passe` (jamais demain), `semaine`
(ramené au lundi), `propose` (la valeur d'une pièce neuve), `defaut` (la règle qui la donne), `degres` (les mots d'un
entier), `annuaire` (recopié du service choisi dans l'annuaire), `de` (les fiches citées), `signe_le` (la date que pose
une signature), `champs` (ceux d'une ligne, ou les colonnes d'une grille), `un` (le nom d'une ligne), `radar` (la
colonne qui se dessine), `courts` (les mots brefs du dessin).
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

DOSSIER = Path(__file__).parent
Forme = dict[str, Any]

# Ce que montre d'abord la page où l'on ajoute une pièce, dans chaque groupe.
_ORDRE = (
    *("diagnostic", "information", "tripartite", "eligibilite", "questionnaire_fse"),
    *("contrat", "action", "renouvellement", "etape", "progression", "engagement", "visite", "demande"),
    *("orientation_service", "decision", "semaine", "amenagement", "relance", "saisine", "suspension"),
    *("bilan", "veille"),
)


@cache
def charger() -> dict[str, Forme]:
    """Toutes les formes, par code, dans l'ordre des écrans."""
    return lire(DOSSIER, _ORDRE)


def lire(dossier: Path, ordre: Sequence[str]) -> dict[str, Forme]:
    """Les formes d'un dossier de fichiers, dans cet ordre ; celles qu'il ne nomme pas viennent à la fin."""
    lues = [tomllib.loads(fichier.read_text(encoding="utf-8")) for fichier in dossier.glob("*.toml")]
    rangs = {code: rang for rang, code in enumerate(ordre)}
    return {lue["code"]: lue for lue in sorted(lues, key=lambda lue: (rangs.get(lue["code"], len(rangs)), lue["code"]))}


def forme(code: str) -> Forme | None:
    return charger().get(code)


def champ(forme: Forme, nom: str) -> Forme | None:
    trouve: Forme | None = next((c for c in forme["champs"] if c["nom"] == nom), None)
    return trouve


def a_la_regle(convention: Mapping[str, Any] | None, regle: str | None) -> bool:
    """Ce que la convention ne dit pas n'existe pas : ni la forme, ni le champ qui en dépend."""
    return regle is None or (convention or {}).get(regle) not in (None, False, "", [], {})


def formes_pour(convention: Mapping[str, Any] | None) -> list[Forme]:
    """Celles que demande cette convention."""
    return [forme for forme in charger().values() if a_la_regle(convention, forme.get("regle"))]
