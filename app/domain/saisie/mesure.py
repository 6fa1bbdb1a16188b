"""Ouvrir une mesure pour quelqu'un, ou corriger les dates d'une mesure ouverte."""

from typing import Any

from app.domain import nomenclatures
from app.domain.mesure import est_ouverte
from app.domain.personne import Fiche
from app.domain.places import en_plus
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    lire_base,
    lire_identifiant,
    lire_jour,
    lire_texte,
    nouveau_resultat,
    operation,
    texte,
)

_SANS_ORIENTATION = "Sans date d’orientation, l’échéance du premier contact n’est pas suivie."
_APRES_L_ORIENTATION = {
    "premier_contact_le": "Le premier contact vient avant l’orientation.",
    "entree_le": "L’entrée vient avant l’orientation.",
}
JALONS = tuple(_APRES_L_ORIENTATION)
# Ce qui se corrige une fois la mesure ouverte ; l'orientation fait courir le délai du premier contact.
DATES = ("orientee_le", *JALONS)


def lire_mesure(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, `convention`, `orientee_le`, `prescripteur`, `premier_contact_le`, `entree_le`,
    `modalite` ; `contexte` : `aujourd_hui`, `dossier`, `reference`.

    Avec `existante`, seules les dates se lisent, et seul ce qui change part.
    """
    resultat = nouveau_resultat()
    dossier = contexte["dossier"]
    personne_id = dossier["personne"]["id"]
    if existante is not None:
        _modifier(resultat, saisie, contexte, existante)
        return conclure(resultat)
    champs = lire_champs_mesure(resultat, saisie, contexte, contexte["aujourd_hui"])
    resultat["champs"] = champs or {}
    if champs is None:
        resultat["erreurs"]["convention"] = "Votre structure n’a pas de convention où ouvrir une mesure."
        return conclure(resultat)
    ouvertes = [m for m in dossier["mesures"] if est_ouverte(m, contexte["aujourd_hui"])]
    entite = lire_identifiant(resultat, saisie, "entite")
    if any(m["convention"] == champs["convention"] and m["id"] != entite for m in ouvertes):
        _prevenir(resultat, "convention", "Une mesure de cette convention était déjà ouverte.")
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    resultat["operations"].append(operation(identifiant, "ouvrir_mesure", entite, personne_id, champs))
    return conclure(resultat)


def lire_champs_mesure(
    resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], date_effet: str
) -> dict[str, Any] | None:
    """Ce que dit une mesure qui s'ouvre ; sans convention dans la structure, il n'y en a pas à choisir.

    Elle porte le jour où elle est notée : envoyée plus tard, elle ne prend pas effet au jour de l'envoi.
    """
    connues = [convention["code"] for convention in contexte["reference"]["conventions"]]
    if not connues:
        return None
    convention = texte(saisie, "convention")
    if convention not in connues:
        resultat["erreurs"]["convention"] = "Choisissez l’accompagnement."
    _prevenir(resultat, "convention", en_plus(contexte["reference"], convention))
    orientee_le = _jour_passe(resultat, saisie, "orientee_le", contexte["aujourd_hui"])
    jalons = {champ: _jour_passe(resultat, saisie, champ, contexte["aujourd_hui"]) for champ in JALONS}
    if orientee_le is None:
        resultat["avertissements"]["orientee_le"] = _SANS_ORIENTATION
    _verifier_ordre(resultat, orientee_le, jalons)
    modalite = texte(saisie, "modalite") or None
    if modalite is not None and not nomenclatures.est_code("modalite", modalite):
        resultat["erreurs"]["modalite"] = "Choisissez la modalité dans la liste."
    return {
        "convention": convention,
        "orientee_le": orientee_le,
        "prescripteur": lire_texte(resultat, saisie, "prescripteur"),
        "premier_contact_le": jalons["premier_contact_le"],
        "entree_le": jalons["entree_le"],
        "modalite": modalite,
        "date_effet": date_effet,
    }


def _modifier(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any], existante: Fiche) -> None:
    lus = {champ: _jour_passe(resultat, saisie, champ, contexte["aujourd_hui"]) for champ in DATES if champ in saisie}
    apres = {champ: existante.get(champ) for champ in DATES} | lus
    _verifier_ordre(resultat, apres["orientee_le"], {champ: apres[champ] for champ in JALONS})
    if existante.get("orientee_le") and apres["orientee_le"] is None:
        resultat["avertissements"]["orientee_le"] = _SANS_ORIENTATION
    resultat["champs"] = lus
    changes = {champ: jour for champ, jour in lus.items() if jour != existante.get(champ)}
    if changes.get("entree_le") and not existante.get("entree_le"):
        _prevenir(resultat, "entree_le", en_plus(contexte["reference"], existante["convention"]))
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    if changes:
        resultat["operations"].append(
            operation(
                identifiant,
                "modifier_mesure",
                existante["id"],
                contexte["dossier"]["personne"]["id"],
                changes,
                lire_base(saisie, existante),
            )
        )


def _prevenir(resultat: Resultat, champ: str, phrase: str | None) -> None:
    """Ce qui surprend, à la suite de ce qui est déjà dit de ce champ."""
    if phrase:
        dit = resultat["avertissements"].get(champ)
        resultat["avertissements"][champ] = f"{dit} {phrase}" if dit else phrase


def _jour_passe(resultat: Resultat, saisie: Saisie, champ: str, aujourd_hui: str) -> str | None:
    jour = lire_jour(resultat, saisie, champ)
    if jour and jour > aujourd_hui:
        resultat["erreurs"][champ] = "Cette date est dans l’avenir."
    return jour


def _verifier_ordre(resultat: Resultat, orientee_le: str | None, jalons: dict[str, str | None]) -> None:
    for champ, jour in jalons.items():
        if orientee_le and jour and jour < orientee_le:
            resultat["erreurs"][champ] = _APRES_L_ORIENTATION[champ]
