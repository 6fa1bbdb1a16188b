"""Ce qui ne peut pas être vrai, ou manque pour compter : une table de règles, une famille par fichier.

Une règle lit une fiche dans son dossier, à un jour donné, et dit en une phrase ce qui ne va pas, ou rien. Elle signale,
elle n'empêche rien : la fiche compte déjà. Ce qui manque seulement à une fiche (durée, lieu) est dans `completude.py`.
Les cas se lisent dans tests/corpus/anomalies.json.
"""

from collections.abc import Mapping
from typing import Final

from app.domain.anomalies import mesures, personnes, pieces, rencontres
from app.domain.anomalies.regle import Anomalie, Regle
from app.domain.personne import Fiche

__all__ = ["REGLES", "Anomalie", "Regle", "anomalies", "signaler"]

# Dans l'ordre où l'écran les montre : ce qui fausse un rapport d'abord.
REGLES: Final[Mapping[str, Regle]] = {
    regle.code: regle for regle in (*mesures.REGLES, *rencontres.REGLES, *pieces.REGLES, *personnes.REGLES)
}


def anomalies(fiche: Fiche, dossier: Fiche, jour: str) -> list[Anomalie]:
    """Celles d'une fiche de ce dossier. `jour` : celui qu'il est à Paris."""
    trouvees = (signaler(regle, fiche, dossier, jour) for regle in REGLES.values() if regle.fiche == fiche["type"])
    return [trouvee for trouvee in trouvees if trouvee is not None]


def signaler(regle: Regle, fiche: Fiche, dossier: Fiche, jour: str) -> Anomalie | None:
    phrase = regle.dire(fiche, dossier, jour)
    if phrase is None:
        return None
    personne = fiche["id"] if fiche["type"] == "personne" else fiche["personne_id"]
    url = regle.url.replace("{dossier}", personne).replace("{fiche}", fiche["id"])
    return Anomalie(regle.code, regle.titre, phrase, regle.geste, url)
