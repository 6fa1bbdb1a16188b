"""Une nouvelle personne et sa mesure, ou ce qui a changé chez une personne connue."""

import re
from typing import Any

from app.domain.champs_personne import catalogue
from app.domain.identifiant import est_identifiant
from app.domain.personne import Fiche, age, valeur
from app.domain.recherche import cle
from app.domain.ressemblance import ressemblances
from app.domain.saisie.champs import LECTURES
from app.domain.saisie.lecture import (
    INCOMPLET,
    Resultat,
    Saisie,
    conclure,
    lire_base,
    lire_identifiant,
    lire_jour,
    liste,
    nouveau_resultat,
    operation,
    texte,
)
from app.domain.saisie.mesure import lire_champs_mesure

_NAISSANCE = ("date_naissance", "naissance_precision")


def lire_personne(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Lit « Nouvelle personne » (et la mesure qui s'ouvre), ou « Modifier » (`existante`).

    Un champ absent du formulaire n'est pas touché. Champs : ceux du catalogue, `annee_naissance`,
    `naissance_estimee` = « oui », `telephones` et `telephones_libelle` (l'un à côté de l'autre), `pseudonymes`, et pour
    ces listes `…_retirer` et `…_premier` (des rangs), `commune` et `commune_code`, `date_effet`, `op_id`, `entite` ;
    `erreur` = « oui » : ce qui est modifié était faux, et se corrige à chacune de ses dates d'effet (`op_id_erreur` :
    un identifiant pour chaque date après la première) ;
    pour la mesure : `convention`, `orientee_le`, `prescripteur`, `premier_contact_le`, `entree_le`, `modalite`,
    `op_id_mesure`, `entite_mesure` ;
    quand l'équipe la connaît de la rue (`connu`), et qu'elle veut que cela se lise dans son dossier : `accord_rue` =
    « oui », `op_id_rattachement`, `entite_rattachement`.
    `contexte` : `aujourd_hui`, `utilisateur`, `reference`, `personnes` (connues de l'appareil).
    Rend aussi `ressemblances`, et `a_confirmer` quand il y en a une que l'écran n'avait pas montrée (`vues`, leurs
    identifiants) et que `confirme` n'est pas « oui ».
    """
    resultat = nouveau_resultat()
    aujourd_hui = contexte["aujourd_hui"]
    role = contexte["utilisateur"]["role"]
    champs: dict[str, Any] = {}
    for champ in catalogue().values():
        if champ.nom in _NAISSANCE or champ.nom not in saisie:
            continue
        if champ.telephone == "oui" and champ.est_lisible(role):
            champs[champ.nom] = LECTURES[champ.genre](resultat, saisie, champ)
    if "date_naissance" in saisie or "annee_naissance" in saisie:
        champs.update(_naissance(resultat, saisie, aujourd_hui))
    date_effet = lire_jour(resultat, saisie, "date_effet") or aujourd_hui
    if date_effet > aujourd_hui:
        resultat["erreurs"]["date_effet"] = "Cette date est dans l’avenir."
    _nommee(resultat, champs, existante)
    resultat["champs"] = {**champs, "date_effet": date_effet}
    if existante is None:
        _creer(resultat, saisie, contexte, champs, date_effet)
    else:
        _modifier(resultat, saisie, existante, champs, (date_effet, aujourd_hui))
    return conclure(resultat)


def _creer(
    resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], champs: dict[str, Any], date_effet: str
) -> None:
    entite = lire_identifiant(resultat, saisie, "entite") or ""
    renseignes = {nom: donnee for nom, donnee in champs.items() if donnee not in (None, [])}
    envoi = {"nom": "", "prenom": "", **renseignes, "date_effet": date_effet}
    resultat["operations"].append(
        operation(lire_identifiant(resultat, saisie, "op_id"), "creer_personne", entite, entite, envoi)
    )
    mesure = lire_champs_mesure(resultat, saisie, contexte, date_effet)
    resultat["champs"]["mesure"] = mesure
    if mesure is not None:
        identifiant = lire_identifiant(resultat, saisie, "op_id_mesure")
        entite_mesure = lire_identifiant(resultat, saisie, "entite_mesure")
        resultat["operations"].append(operation(identifiant, "ouvrir_mesure", entite_mesure, entite, mesure))
    if texte(saisie, "accord_rue") == "oui":
        resultat["operations"].append(_rattacher(resultat, saisie, contexte, entite))
    resultat["ressemblances"] = ressemblances(champs, contexte.get("personnes") or [], contexte["aujourd_hui"])
    vues = {"oui"} if texte(saisie, "confirme") == "oui" else set((texte(saisie, "vues") or "").split())
    resultat["a_confirmer"] = "oui" not in vues and any(r["id"] not in vues for r in resultat["ressemblances"])


def _rattacher(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], entite: str) -> dict[str, Any]:
    """Ses rencontres dans la rue se liront dans ce dossier : les jours seulement, elle vient de l'accepter."""
    identifiant, rattachement = (
        lire_identifiant(resultat, saisie, f"{nom}_rattachement") for nom in ("op_id", "entite")
    )
    connu = lire_identifiant(resultat, saisie, "connu")
    champs = {"connu_id": connu, "etendue": "jours", "accord_le": contexte["aujourd_hui"]}
    return operation(identifiant, "rattacher_rencontres", rattachement, entite, champs)


def _modifier(
    resultat: Resultat, saisie: Saisie, existante: Fiche, champs: dict[str, Any], jours: tuple[str, str]
) -> None:
    """Ce que la page ne montrait pas déjà, à la date d'effet dite, ou à celles de l'erreur que l'on corrige."""
    date_effet, aujourd_hui = jours
    autres = filter(est_identifiant, liste(saisie, "op_id_erreur"))
    identifiants = [lire_identifiant(resultat, saisie, "op_id"), *autres]
    if "commune" in champs:
        champs["commune"] = _commune_connue(champs["commune"], valeur(existante, "commune", aujourd_hui))
    changes = _autres_que(existante, champs, aujourd_hui)
    if texte(saisie, "erreur") == "oui":
        par_jour = _par_jour_de_l_erreur(existante, changes, aujourd_hui)
    else:
        par_jour = {date_effet: _autres_que(existante, changes, date_effet)}
    for rang, (jour, donnees) in enumerate(sorted(par_jour.items())):
        if not donnees:
            continue
        if rang == len(identifiants):
            resultat["erreurs"]["op_id"] = INCOMPLET
            return
        envoi = {**donnees, "date_effet": jour}
        base = lire_base(saisie, existante)
        resultat["operations"].append(
            operation(identifiants[rang], "modifier_personne", existante["id"], existante["id"], envoi, base)
        )


def _autres_que(existante: Fiche, champs: dict[str, Any], jour: str) -> dict[str, Any]:
    return {nom: donnee for nom, donnee in champs.items() if not _egal(donnee, valeur(existante, nom, jour))}


def _par_jour_de_l_erreur(existante: Fiche, changes: dict[str, Any], aujourd_hui: str) -> dict[str, dict[str, Any]]:
    """Ce qui est à écrire à chaque date : celles où la valeur fausse avait pris effet, ou aurait dû être connue."""
    effets = [effet for historique in (existante.get("historique") or {}).values() for effet, _ in historique]
    origine = min([*effets, aujourd_hui])
    par_jour: dict[str, dict[str, Any]] = {}
    for nom, donnee in changes.items():
        date = catalogue()[nom].date
        historique = (existante.get("historique") or {}).get(nom) if date else None
        jours = _jours_de_la_valeur(historique or [], aujourd_hui) or [origine if date else aujourd_hui]
        for jour in jours:
            par_jour.setdefault(jour, {})[nom] = donnee
    return par_jour


def _jours_de_la_valeur(historique: list[list[Any]], jour: str) -> list[str]:
    """Les dates d'effet de la valeur en vigueur ce jour-là : redite, elle en a plusieurs."""
    jours: list[str] = []
    precedente: Any = None
    for effet, connue in historique:
        if effet > jour:
            break
        jours = [*jours, effet] if _egal(connue, precedente) else [effet]
        precedente = connue
    return jours


def _commune_connue(saisie: Any, connue: Any) -> Any:
    """Le même nom retapé, ou laissé là, garde le code que l'on connaissait."""
    if saisie and connue and saisie["code"] is None and cle(saisie["nom"]) == cle(connue["nom"]):
        return connue
    return saisie


def _egal(donnee: Any, connue: Any) -> bool:
    vides: tuple[Any, ...] = (None, "", [])
    return donnee == connue or (donnee in vides and connue in vides)


def _nommee(resultat: Resultat, champs: dict[str, Any], existante: Fiche | None) -> None:
    """Un nom et un prénom, ou à défaut un pseudonyme."""

    def actuel(nom: str) -> Any:
        return champs[nom] if nom in champs else (existante or {}).get(nom)

    if actuel("pseudonymes"):
        return
    if not actuel("nom"):
        resultat["erreurs"]["nom"] = "Indiquez le nom, ou à défaut un pseudonyme."
    if not actuel("prenom"):
        resultat["erreurs"]["prenom"] = "Indiquez le prénom, ou à défaut un pseudonyme."


def _naissance(resultat: Resultat, saisie: Saisie, aujourd_hui: str) -> dict[str, Any]:
    jour = lire_jour(resultat, saisie, "date_naissance")
    precision: str | None = "jour"
    annee = texte(saisie, "annee_naissance")
    if jour is None and annee:
        if not re.fullmatch(r"(19|20)[0-9]{2}", annee):
            resultat["erreurs"]["annee_naissance"] = "Indiquez l’année sur quatre chiffres, par exemple 1984."
            return {"date_naissance": None, "naissance_precision": None}
        jour = f"{annee}-01-01"
        precision = "estimee" if texte(saisie, "naissance_estimee") == "oui" else "annee"
    if jour is None:
        return {"date_naissance": None, "naissance_precision": None}
    champ = "date_naissance" if precision == "jour" else "annee_naissance"
    if jour > aujourd_hui:
        resultat["erreurs"][champ] = "Cette date de naissance est dans l’avenir."
    else:
        ans = age(jour, aujourd_hui) or 0
        if ans < 16:
            resultat["avertissements"][champ] = "Cette personne a moins de 16 ans\u202f: vérifiez la date."
        elif ans > 100:
            resultat["avertissements"][champ] = "Cette personne a plus de 100 ans\u202f: vérifiez la date."
    return {"date_naissance": jour, "naissance_precision": precision}
