"""Rattacher à un dossier quelqu'un que l'on connaît de la rue, s'il le veut bien ; l'en détacher."""

from typing import Any

from app.domain import nomenclatures
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    lire_identifiant,
    lire_jour,
    nouveau_resultat,
    operation,
    texte,
)

SANS_ACCORD = "Demandez-le-lui, et cochez\u202f: sans son accord, rien ne se rattache."


def lire_rattachement(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champs `op_id`, `entite`, `accord` = « oui », `etendue`, `accord_le` ; `contexte` : `aujourd_hui`, la feuille
    `connu` et le `dossier`.
    """
    resultat, jour = nouveau_resultat(), contexte["aujourd_hui"]
    identifiant, entite = lire_identifiant(resultat, saisie, "op_id"), lire_identifiant(resultat, saisie, "entite")
    etendue = texte(saisie, "etendue")
    le = lire_jour(resultat, saisie, "accord_le", "Indiquez le jour où elle l’a accepté.")
    if texte(saisie, "accord") != "oui":
        resultat["erreurs"]["accord"] = SANS_ACCORD
    if not nomenclatures.est_code("etendue_rattachement", etendue):
        resultat["erreurs"]["etendue"] = "Dites ce qu’elle accepte que l’on lise."
    if le and le > jour:
        resultat["erreurs"]["accord_le"] = "Cette date est dans l’avenir."
    resultat["champs"] = {"connu_id": contexte["connu"]["id"], "etendue": etendue, "accord_le": le}
    personne = contexte["dossier"]["personne"]["id"]
    resultat["operations"] = [operation(identifiant, "rattacher_rencontres", entite, personne, resultat["champs"])]
    return conclure(resultat)


def lire_detachement(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champ `op_id` ; `contexte` : le `dossier` et le `rattachement`."""
    resultat = nouveau_resultat()
    identifiant, personne = lire_identifiant(resultat, saisie, "op_id"), contexte["dossier"]["personne"]["id"]
    rattachement = contexte["rattachement"]["id"]
    resultat["operations"] = [operation(identifiant, "detacher_rencontres", rattachement, personne, {})]
    return conclure(resultat)
