"""Ce qu'il faut dire d'un indicateur pour que deux personnes comptent la même chose."""

from dataclasses import dataclass
from typing import Literal

Unite = Literal["personnes", "mesures", "événements", "jours", "mois", "pourcentage", "équivalents temps plein"]


@dataclass(frozen=True)
class Indicateur:
    """La fiche d'identité d'un indicateur. `docs/indicateurs.md` la reprend, un test compare les deux.

    - `population` : ce qui est compté ;
    - `denominateur` : la base du taux, vide pour un simple compte ;
    - `regle_de_date` : quelle date fait entrer un fait dans l'année, et à quelle date un état est regardé.
    """

    code: str
    nom: str
    unite: Unite
    population: str
    denominateur: str
    regle_de_date: str
