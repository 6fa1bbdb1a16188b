"""Proposer un rendez-vous, ou le déplacer."""

from typing import Any

from app.domain import dates
from app.domain.jours_ouvres import est_ferie
from app.domain.mesure import est_ouverte, mesure_principale
from app.domain.personne import Fiche
from app.domain.rendez_vous import est_deplacable
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    est_perimee,
    lire_base,
    lire_duree,
    lire_heure,
    lire_identifiant,
    lire_jour,
    lire_lieu,
    nouveau_resultat,
    operation,
    texte,
)


def lire_rendez_vous(saisie: Saisie, contexte: dict[str, Any], existant: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, `mesure_id`, `date`, `heure`, `duree`, `lieu` ; `contexte` : `aujourd_hui`, `dossier`.

    Avec `existant`, déplace ce rendez-vous ; sinon en propose un.
    """
    resultat = nouveau_resultat()
    erreurs = resultat["erreurs"]
    dossier = contexte["dossier"]
    jour = lire_jour(resultat, saisie, "date", "Indiquez la date du rendez-vous.")
    heure = lire_heure(resultat, saisie, "heure", "Indiquez l’heure du rendez-vous.")
    champs = {
        "debut": dates.instant_de(jour, heure) if jour and heure else None,
        "duree": lire_duree(resultat, saisie, "duree"),
        "lieu": lire_lieu(resultat, saisie, "lieu"),
    }
    avertir_du_jour(resultat, "date", jour, contexte["aujourd_hui"])
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    if existant is not None:
        if not est_deplacable(existant) and not est_perimee(saisie, existant):
            erreurs["date"] = "L’issue de ce rendez-vous est déjà notée\u202f: proposez-en un autre."
        resultat["champs"] = champs
        resultat["operations"] = [
            operation(
                identifiant,
                "deplacer_rendez_vous",
                existant["id"],
                dossier["personne"]["id"],
                champs,
                lire_base(saisie, existant),
            )
        ]
        return conclure(resultat)
    mesure_id = mesure_choisie(resultat, saisie, dossier, contexte["aujourd_hui"])
    mesure_id = mesure_du_rendez_vous(resultat, dossier, contexte["aujourd_hui"], mesure_id)
    champs = {"mesure_id": mesure_id, **champs}
    resultat["champs"] = champs
    entite = lire_identifiant(resultat, saisie, "entite")
    resultat["operations"] = [operation(identifiant, "proposer_rendez_vous", entite, dossier["personne"]["id"], champs)]
    return conclure(resultat)


def avertir_du_jour(resultat: Resultat, champ: str, jour: str | None, aujourd_hui: str) -> None:
    """Un jour où l'on ne reçoit guère se dit, et s'enregistre."""
    if jour is None:
        return
    if jour < aujourd_hui:
        resultat["avertissements"][champ] = "Ce rendez-vous est passé\u202f: il restera à préciser."
    elif dates.jours_entre(aujourd_hui, jour) > 366:
        resultat["avertissements"][champ] = "Date inhabituelle\u202f: dans plus d’un an."
    elif est_ferie(jour):
        resultat["avertissements"][champ] = "Date inhabituelle\u202f: un jour férié."
    elif dates.jour_de_semaine(jour) == 6:
        resultat["avertissements"][champ] = "Date inhabituelle\u202f: un dimanche."


def mesure_choisie(resultat: Resultat, saisie: Saisie, dossier: Fiche, aujourd_hui: str) -> str | None:
    """La mesure choisie ; sans choix, la mesure ouverte la plus récente de la personne."""
    choisie = texte(saisie, "mesure_id").lower()
    if choisie:
        if choisie not in [mesure["id"] for mesure in dossier["mesures"]]:
            resultat["erreurs"]["mesure_id"] = "Choisissez une mesure de cette personne."
        return choisie
    principale = mesure_principale(dossier["mesures"], aujourd_hui)
    return str(principale["id"]) if principale and est_ouverte(principale, aujourd_hui) else None


def mesure_du_rendez_vous(resultat: Resultat, dossier: Fiche, aujourd_hui: str, mesure_id: str | None) -> str | None:
    """Un rendez-vous se compte dans une mesure : à défaut d'une mesure ouverte, la dernière de la personne."""
    if mesure_id:
        return mesure_id
    principale = mesure_principale(dossier["mesures"], aujourd_hui)
    if principale is None:
        resultat["erreurs"]["mesure_id"] = "Ouvrez d’abord une mesure pour cette personne."
        return None
    return str(principale["id"])
