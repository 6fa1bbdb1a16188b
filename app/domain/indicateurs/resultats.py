"""Les taux que les financeurs fixent en cible : sortie liée à l'emploi, reprise d'activité, CV déposé."""

from typing import Final

from app.domain.echeance.table import DONNEES
from app.domain.indicateurs.definition import Indicateur

CREATION: Final = "creation_entreprise"
# Les rapports publiés comptent une sortie en CDDI comme un emploi, une création d'entreprise comme une réorientation.
EMPLOI: Final = frozenset(DONNEES["motifs"]["emploi"]) - {CREATION}

INDICATEURS: Final = (
    Indicateur(
        "sortie_emploi",
        "Sorties liées à l’emploi",
        "mesures",
        "mesures terminées dont le motif est un emploi, CDDI compris\u202f; la création d’entreprise n’y est pas",
        "sorties",
        "la date de sortie est dans la période",
    ),
    Indicateur(
        "reprise_activite",
        "Reprises d’activité ou d’emploi",
        "mesures",
        "mesures accompagnées qui ont au moins une étape d’emploi ou de création d’activité",
        "personnes accompagnées",
        "le premier jour d’une étape est dans la période, et après l’entrée",
    ),
    Indicateur(
        "cv_depose",
        "CV déposés",
        "mesures",
        "mesures de personnes prêtes à l’emploi dont le CV est déposé",
        "personnes accompagnées et prêtes à l’emploi",
        "d’après ce qui était connu le dernier jour de la période",
    ),
)
