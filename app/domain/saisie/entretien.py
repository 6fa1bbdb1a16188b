"""Noter un entretien : ce qui s'est passé, l'issue du rendez-vous, et le prochain s'il est proposé."""

from typing import Any

from app.domain import dates, nomenclatures
from app.domain.personne import Fiche
from app.domain.rendez_vous import CONSTATS, empechement, est_retournee
from app.domain.saisie.lecture import (
    TEXTE_LONG,
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
    lire_texte,
    liste,
    nouveau_resultat,
    operation,
    texte,
)
from app.domain.saisie.rendez_vous import avertir_du_jour, mesure_choisie, mesure_du_rendez_vous

A_DISTANCE = ("telephone", "visio", "courriel", "sms")


def lire_entretien(saisie: Saisie, contexte: dict[str, Any], existant: Fiche | None = None) -> Resultat:
    """Lit le formulaire « Noter un contact », ou la correction d'un entretien (`existant`).

    Champs : `op_id`, `entite`, `mesure_id`, `rendez_vous`, `statut` (son issue), `op_id_constat`, `date`, `heure`,
    `duree`, `moyen`, `lieu`, `demarches` (familles), `natures`, `synthese`, `note_personnelle`, `suivant` = « oui »,
    `op_id_suivant`, `entite_suivant`, `suivant_date`, `suivant_heure`, `suivant_duree`, `suivant_lieu`.
    `contexte` : `aujourd_hui`, `maintenant`, `dossier`, `utilisateur`, `nouvel_identifiant`.

    Une absence ou une annulation n'est pas un entretien : seuls l'issue et le rendez-vous suivant sont retenus. Un
    rendez-vous n'a qu'un entretien par auteur : le noter encore, c'est corriger celui qui est là.
    """
    resultat = nouveau_resultat()
    dossier = contexte["dossier"]
    rendez_vous = _rendez_vous(resultat, saisie, dossier, existant)
    constat = None if existant else _constat(resultat, saisie, rendez_vous, contexte["maintenant"])
    absence = constat is not None and constat != "honore"
    deja = existant or entretien_deja_note(dossier, rendez_vous, contexte)
    champs = _absence(resultat, saisie, contexte) if absence else _champs(resultat, saisie, contexte, deja)
    resultat["champs"] = champs
    if existant is not None:
        _corriger(resultat, saisie, contexte, existant)
        return conclure(resultat)
    maintenue = rendez_vous is not None and est_retournee(dossier, rendez_vous["id"])
    if rendez_vous is not None and constat is not None and (constat != rendez_vous["statut"] or maintenue):
        identifiant = lire_identifiant(resultat, saisie, "op_id_constat")
        resultat["operations"].append(
            operation(
                identifiant,
                "constater_rendez_vous",
                rendez_vous["id"],
                dossier["personne"]["id"],
                {"statut": constat},
                lire_base(saisie, rendez_vous, "base_constat"),
            )
        )
    # Le même formulaire renvoyé tel quel n'est pas une correction : c'est le même fait, redit.
    redit = deja is not None and texte(saisie, "entite").lower() == deja["id"] and not _changes(champs, deja)
    if deja is not None and not absence and not redit:
        _corriger(resultat, saisie, contexte, deja)
    elif not absence:
        identifiant = lire_identifiant(resultat, saisie, "op_id")
        entite = lire_identifiant(resultat, saisie, "entite")
        resultat["operations"].append(
            operation(identifiant, "noter_entretien", entite, dossier["personne"]["id"], champs)
        )
    if texte(saisie, "suivant") == "oui":
        _suivant(resultat, saisie, contexte, champs["mesure_id"])
    return conclure(resultat)


def entretien_deja_note(dossier: Fiche, rendez_vous: Fiche | None, contexte: dict[str, Any]) -> Fiche | None:
    """L'entretien que l'auteur a déjà noté de ce rendez-vous."""
    if rendez_vous is None:
        return None
    voulu = (rendez_vous["id"], contexte["utilisateur"]["id"])
    return next((dict(e) for e in dossier["entretiens"] if (e["rendez_vous_id"], e["auteur"]) == voulu), None)


def _absence(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any]) -> dict[str, Any]:
    """Rien à lire de l'entretien qui n'a pas eu lieu ; ce qui a été écrit ou coché n'est pourtant jamais perdu sans le
    dire : un texte arrête, des démarches préviennent.
    """
    for champ in ("synthese", "note_personnelle"):
        if texte(saisie, champ):
            resultat["erreurs"][champ] = (
                "Cette issue ne fait pas d’entretien\u202f: effacez ce texte, "
                "ou notez l’échange comme un autre contact."
            )
    if liste(saisie, "demarches") or liste(saisie, "natures"):
        resultat["avertissements"]["demarches"] = (
            "Les démarches cochées ne sont pas enregistrées\u202f: cette issue ne fait pas d’entretien."
        )
    return {"mesure_id": mesure_choisie(resultat, saisie, contexte["dossier"], contexte["aujourd_hui"])}


def _rendez_vous(resultat: Resultat, saisie: Saisie, dossier: Fiche, existant: Fiche | None) -> Fiche | None:
    cherche = (existant or {}).get("rendez_vous_id") or texte(saisie, "rendez_vous").lower()
    if not cherche:
        return None
    for rendez_vous in dossier["rendez_vous"]:
        if rendez_vous["id"] == cherche:
            return dict(rendez_vous)
    if existant is None:
        resultat["erreurs"]["rendez_vous"] = "Ce rendez-vous n’est pas celui de cette personne."
    return None


def _constat(resultat: Resultat, saisie: Saisie, rendez_vous: Fiche | None, maintenant: str) -> str | None:
    if rendez_vous is None:
        return None
    constat = texte(saisie, "statut") or (rendez_vous["statut"] if rendez_vous["statut"] in CONSTATS else "")
    if not constat or constat == "propose":
        resultat["erreurs"]["statut"] = "Dites si le rendez-vous a eu lieu."
        return None
    refus = empechement(rendez_vous, constat, maintenant)
    if refus and not est_perimee(saisie, rendez_vous, "base_constat"):
        resultat["erreurs"]["statut"] = refus
    return constat


def _champs(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], existant: Fiche | None) -> dict[str, Any]:
    erreurs = resultat["erreurs"]
    jour = lire_jour(resultat, saisie, "date", "Indiquez la date de l’entretien.")
    if jour and jour > contexte["aujourd_hui"]:
        erreurs["date"] = "Cette date est dans l’avenir\u202f: un entretien se note après."
    elif jour and dates.jours_entre(jour, contexte["aujourd_hui"]) > 366:
        resultat["avertissements"]["date"] = "Date inhabituelle\u202f: cet entretien date de plus d’un an."
    moyen = texte(saisie, "moyen") or None
    if moyen is None:
        erreurs["moyen"] = "Choisissez le moyen\u202f: face à face, téléphone…"
    elif not nomenclatures.est_code("moyen", moyen):
        erreurs["moyen"] = "Choisissez le moyen dans la liste."
    lieu = lire_lieu(resultat, saisie, "lieu")
    if moyen in A_DISTANCE and not texte(saisie, "lieu_autre"):
        lieu = None
    if existant is None:
        mesure_id = mesure_choisie(resultat, saisie, contexte["dossier"], contexte["aujourd_hui"])
        rendez_vous_id = texte(saisie, "rendez_vous").lower() or None
    else:
        mesure_id, rendez_vous_id = existant.get("mesure_id"), existant.get("rendez_vous_id")
    return {
        "mesure_id": mesure_id,
        "rendez_vous_id": rendez_vous_id,
        "date": jour,
        "heure": lire_heure(resultat, saisie, "heure"),
        "duree": lire_duree(resultat, saisie, "duree"),
        "moyen": moyen,
        "lieu": lieu,
        "demarches": _demarches(resultat, saisie, existant),
        "synthese": lire_texte(resultat, saisie, "synthese", TEXTE_LONG),
        "note_personnelle": lire_texte(resultat, saisie, "note_personnelle", TEXTE_LONG),
    }


def _demarches(resultat: Resultat, saisie: Saisie, existant: Fiche | None) -> list[dict[str, str | None]]:
    """Les familles cochées et, quand elles sont précisées, leurs natures ; une famille décochée emporte les siennes.

    Corriger sans rien dire des natures les garde, dans les familles encore cochées ; celles que nos listes ne
    connaissent pas (une version plus récente les a écrites) restent toujours.
    """
    familles = liste(saisie, "demarches")
    natures = liste(saisie, "natures")
    ecrites = [d for d in (existant or {}).get("demarches", ()) if d["nature"] and d["famille"] in familles]
    inconnues = [d for d in ecrites if not nomenclatures.famille_de_nature(d["nature"])]
    if "natures" not in saisie:
        natures += [d["nature"] for d in ecrites if d not in inconnues]
    connues = all(nomenclatures.est_code("demarche", famille) for famille in familles)
    if not connues or not all(nomenclatures.famille_de_nature(nature) for nature in natures):
        resultat["erreurs"]["demarches"] = "Choisissez les démarches dans la liste."
        return []
    demarches: list[dict[str, str | None]] = []
    for famille in nomenclatures.codes("demarche"):
        if famille not in familles:
            continue
        precisees: list[str | None] = [n for n in nomenclatures.natures(famille) if n in natures]
        precisees += [d["nature"] for d in inconnues if d["famille"] == famille]
        demarches += [{"famille": famille, "nature": nature} for nature in precisees or [None]]
    return demarches


def _changes(champs: dict[str, Any], existant: Fiche) -> dict[str, Any]:
    rattaches = ("mesure_id", "rendez_vous_id")
    return {nom: lu for nom, lu in champs.items() if nom not in rattaches and lu != existant.get(nom)}


def _corriger(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], existant: Fiche) -> None:
    """Une correction n'envoie que ce qui a changé, et sous un autre identifiant que ce qu'elle corrige."""
    identifiant: str | None = lire_identifiant(resultat, saisie, "op_id")
    if texte(saisie, "entite").lower() == existant["id"]:
        identifiant = contexte["nouvel_identifiant"]()
    changes = _changes(resultat["champs"], existant)
    if changes:
        resultat["operations"].append(
            operation(
                identifiant,
                "modifier_entretien",
                existant["id"],
                contexte["dossier"]["personne"]["id"],
                changes,
                lire_base(saisie, existant),
            )
        )


def _suivant(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], mesure_id: str | None) -> None:
    jour = lire_jour(resultat, saisie, "suivant_date", "Indiquez la date du prochain rendez-vous.")
    heure = lire_heure(resultat, saisie, "suivant_heure", "Indiquez l’heure du prochain rendez-vous.")
    if jour and jour < contexte["aujourd_hui"]:
        resultat["erreurs"]["suivant_date"] = "Le prochain rendez-vous ne peut pas être dans le passé."
    else:
        avertir_du_jour(resultat, "suivant_date", jour, contexte["aujourd_hui"])
    champs = {
        "mesure_id": mesure_du_rendez_vous(resultat, contexte["dossier"], contexte["aujourd_hui"], mesure_id),
        "debut": dates.instant_de(jour, heure) if jour and heure else None,
        "duree": lire_duree(resultat, saisie, "suivant_duree"),
        "lieu": lire_lieu(resultat, saisie, "suivant_lieu"),
    }
    identifiant = lire_identifiant(resultat, saisie, "op_id_suivant")
    entite = lire_identifiant(resultat, saisie, "entite_suivant")
    resultat["operations"].append(
        operation(identifiant, "proposer_rendez_vous", entite, contexte["dossier"]["personne"]["id"], champs)
    )
