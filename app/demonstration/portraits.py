"""Les renseignements d'une personne inventée : vraisemblables, variés, avec quelques cas choisis."""

from datetime import date
from typing import Any, Final

from app.demonstration.invention import COMMUNES, Invention

# De quoi voir un nom très long, un nom d'usage, quelqu'un dont on ne sait presque rien.
CHOISIS: Final[tuple[dict[str, Any], ...]] = (
    {
        "prenom": "Marie-Philomène-Bérengère",
        "nom": "de La Tour-Imaginaire d'Outre-Conte",
        "nom_usage": "Vraisemblant-Delafiction",
        "sexe": "femme",
        "enfants_a_charge": 3,
        "enfants_ages": "4, 7 et 11 ans",
        "mode_garde": "periscolaire",
    },
    {"prenom": "Awa", "nom": "Boisfictif", "sexe": "femme", "langues": ["soninke", "francais"]},
    {"prenom": "Jean-Baptiste", "nom": "Duconte", "sexe": "homme", "permis": "en_cours"},
    {
        "prenom": "Félix",
        "nom": "Péripétit",
        "sexe": "homme",
        "pseudonymes": ["Le Grand Félix", "Tonton"],
        "date_naissance": None,
        "adresse": None,
        "commune": None,
        "telephones": None,
        "courriel": None,
        "sans_domicile": True,
        "logement": "rue",
    },
    {"prenom": "Œdora", "nom": "Lafeinte", "sexe": "femme", "interprete": True, "langues": ["georgien"]},
    {"prenom": "Souleymane", "nom": "Énigmard", "sexe": "homme", "rqth": True},
)


def portrait(invention: Invention, convention: str, jour: date) -> dict[str, Any]:
    """Des renseignements tirés au sort ; le public sans domicile n'a pas d'adresse mais une domiciliation."""
    alea = invention.alea
    decrit: dict[str, Any] = {
        "situation_familiale": alea.choice(("celibataire", "celibataire", "separe", "concubinage", "marie", "divorce")),
        "enfants_a_charge": alea.choice((0, 0, 0, 1, 2, 3)),
        "niveau_formation": alea.choice(("infra_3", "infra_3", "niveau_3", "niveau_3", "niveau_4", "niveau_5")),
        "inscrit_france_travail": alea.random() < 0.8,
        "permis": alea.choice(("sans", "sans", "permis_b", "en_cours")),
        "langues": ["francais"]
        if alea.random() < 0.8
        else [alea.choice(("arabe", "turc", "dari", "lingala")), "francais"],
        "logement": alea.choice(("locataire_social", "locataire_social", "locataire_prive", "heberge_tiers")),
    }
    if alea.random() < 0.3:
        decrit["metiers_vises"] = alea.choice(("Aide de cuisine", "Agent d'entretien", "Cariste", "Aide à domicile"))
    if convention == "DSP-TDL":
        decrit["information_fse"] = True
        if alea.random() < 0.4:
            decrit |= {"rsa": "non_beneficiaire", "droits_devoirs": None, "ressources": ["are"]}
    if convention == "ASP-DOM":
        domiciliation = COMMUNES[jour.toordinal() % 2]
        decrit |= {
            "sans_domicile": True,
            "logement": alea.choice(("rue", "hebergement_urgence", "foyer", "squat")),
            "adresse": "Domiciliation à l'accueil de jour La Lanterne",
            "commune": {"code": domiciliation.code, "nom": domiciliation.nom},
        }
    return decrit
