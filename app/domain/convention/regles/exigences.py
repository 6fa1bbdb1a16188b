"""Ce qu'une convention demande en plus, et ce dont elle veut qu'on lui rende compte."""

from typing import Final

from app.domain import grilles
from app.domain.convention.formes import Booleen, Champ, Code, Entier, JourDeLAnnee, Liste, Table, Texte
from app.domain.convention.regles.regle import MOIS, OUI, Regle

EXIGENCES: Final[tuple[Regle, ...]] = (
    Regle(
        "cofinancement_fse",
        "Cofinancement européen",
        "obligations",
        Booleen("Fonds social européen", "Aucun"),
        "Ouvre l’éligibilité et les questionnaires.",
        True,
    ),
    Regle(
        "fse_sortie_mois",
        "Questionnaire de sortie",
        "obligations",
        MOIS,
        "Le délai, en mois après la sortie.",
        True,
        "1",
    ),
    Regle(
        "cv_depose",
        "CV déposé",
        "obligations",
        Texte('"Job Connexion"'),
        "Où, quand la personne est prête à l’emploi.",
        True,
    ),
    Regle("engagement", "Engagement citoyen", "obligations", OUI, "Proposé et suivi.", True),
    Regle(
        "progression", "Progression mesurée", "obligations", OUI, "Par des indicateurs que la structure propose.", True
    ),
    Regle(
        "visite_sur_site",
        "Visite sur place",
        "obligations",
        Booleen("Possible", "Non prévue"),
        "Pendant un emploi, un stage, une formation.",
        True,
    ),
    Regle(
        "accord_partage",
        "Accord avant tout partage",
        "obligations",
        OUI,
        "Celui de la personne, entre les deux professionnels.",
        True,
    ),
    Regle(
        "instances", "Réunions et comités", "obligations", Liste(Texte('"Comité technique"')), "Où l’on rend compte."
    ),
    Regle(
        "cibles",
        "Cibles",
        "rapports",
        Table(
            {
                "reprise_activite": Champ(
                    "Reprise d’activité ou d’emploi", Entier("%", "%", maxi=100, exemple="40"), True
                ),
                "sortie_emploi": Champ("Sortie liée à l’emploi", Entier("%", "%", maxi=100, exemple="30"), True),
                "cv_depose": Champ(
                    "CV déposé, personnes prêtes à l’emploi", Entier("%", "%", maxi=100, exemple="100"), True
                ),
            }
        ),
        "En pour cent entiers.",
    ),
    Regle(
        "grilles",
        "Grilles de sorties",
        "rapports",
        Liste(Code({code: grille.titre for code, grille in grilles.charger().items()})),
        "Comment le financeur veut lire les sorties\u202f: une grille ou plusieurs.",
    ),
    Regle(
        "rapport_final",
        "Bilan au financeur",
        "rapports",
        JourDeLAnnee(),
        "Le dernier jour pour le remettre, l’année suivante.",
    ),
    Regle(
        "rapport_logement",
        "Logement",
        "rapports",
        Booleen("Situations et demandes comptées"),
        "Le rapport dit où vivent les personnes, et ce qui a été demandé pour elles.",
    ),
    Regle(
        "rapport_rendez_vous",
        "Tableau des rendez-vous",
        "rapports",
        Table(
            {
                "decimales": Champ("Décimales", Entier(mini=0, maxi=2, exemple="1"), True),
                "annules_comptes": Champ("Annulés par le service", Booleen("comptés", "non comptés"), True),
            }
        ),
        "Ses décimales, et si les rendez-vous annulés par le service comptent.",
    ),
    Regle(
        "rapport_rqth",
        "Tableau des travailleurs handicapés",
        "rapports",
        Table({"decimales": Champ("Décimales", Entier(mini=0, maxi=2, exemple="1"))}),
        "Ses décimales\u202f; sans cette règle, celles du tableau par sexe.",
    ),
    Regle(
        "rapport_sexe",
        "Tableau par sexe",
        "rapports",
        Table({"decimales": Champ("Décimales", Entier(mini=0, maxi=2, exemple="2"))}),
        "Ses décimales.",
    ),
)
