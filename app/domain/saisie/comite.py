"""Une situation de comité : la noter dans la salle, y écrire ce qui est décidé. `contexte` : `aujourd_hui`, `cahier`,
`dossiers` (`[{id, nom}]`, ceux que l'on peut désigner). Avec `existante`, seul ce qui change part.

Miroir : static/js/domain/saisie/comite.js, mêmes cas dans tests/corpus/saisie_comite.json.
"""

from typing import Any

from app.domain.comite import dossiers
from app.domain.personne import Fiche
from app.domain.saisie.feuille import lire_champs, noter
from app.domain.saisie.lecture import Resultat, Saisie, conclure, nouveau_resultat, texte

DECISION = ("decision", "suivi_par", "suivi_precis", "pour_le")
DEJA = "Cette personne est déjà dans la liste."
SANS_DECISION = "Écrivez ce qui est décidé, ou passez à la suivante sans noter."
PASSEE = "La date «\u202fpour le\u202f» est déjà passée."


def lire_situation(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, `dossier_id` (à la création), et ceux de la situation ; le nom de qui a un dossier ne
    se corrige pas ici.
    """
    resultat = nouveau_resultat()
    valeurs = existante["valeurs"] if existante else {}
    noms = DECISION if valeurs.get("dossier_id") else ("nom", *DECISION)
    lire_champs(resultat, saisie, contexte, "situation", noms)
    if existante is None:
        _designer(resultat, texte(saisie, "dossier_id"), contexte)
    elif resultat["champs"]["decision"] is None and valeurs.get("decision") is None:
        resultat["erreurs"].setdefault("decision", SANS_DECISION)
    pour_le = resultat["champs"]["pour_le"]
    if pour_le and pour_le < contexte["aujourd_hui"] and pour_le != valeurs.get("pour_le"):
        resultat["avertissements"]["pour_le"] = PASSEE
    noter(resultat, saisie, contexte, "situation", existante)
    return conclure(resultat)


def _designer(resultat: Resultat, dossier_id: str, contexte: dict[str, Any]) -> None:
    """Un dossier de la page, qui n'est pas déjà dans la liste ; il donne son nom, si rien n'en est dit."""
    if not dossier_id:
        return
    choisi = next((un for un in contexte["dossiers"] if un["id"] == dossier_id), None)
    if choisi is None:
        resultat["erreurs"]["dossier_id"] = "Choisissez dans la liste."
        return
    if dossier_id in dossiers(contexte["cahier"]):
        resultat["erreurs"]["dossier_id"] = DEJA
    resultat["champs"]["dossier_id"] = dossier_id
    if resultat["champs"]["nom"] is None:
        resultat["champs"]["nom"] = choisi["nom"]
        resultat["erreurs"].pop("nom", None)
