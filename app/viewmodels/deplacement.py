"""La salle n'est pas disponible : qui déplacer, puis qui prévenir. Miroir : static/js/viewmodels/deplacement.js."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import dates
from app.domain.personne import Fiche, nom_affiche, valeur
from app.domain.rendez_vous import est_deplacable
from app.domain.saisie.deplacement import lire_deplacement
from app.domain.saisie.lecture import liste
from app.viewmodels.absence import lien_sms, moment_entier
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.en_mots import grouper
from app.viewmodels.formulaires import choix_lieux, premiere, resume
from app.viewmodels.tournee import adresse, rendez_vous_du_jour

_ORDRE = ("date", "lieu", "lieu_autre")


def deplacement(
    dossiers: Sequence[Fiche],
    contexte: Contexte,
    jour: str | None = None,
    lieu_id: str | None = None,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
) -> Vue:
    """`{date, retour, f, erreurs, resume_erreurs, avertissements, choix: {lieux}, lignes: [{id, heure, nom, cache}],
    action, caches}` : les rendez-vous de ce lieu, ce jour-là, que l'on peut encore déplacer.
    """
    vu = dates.lire_jour(jour) or contexte["aujourd_hui"]
    connus = contexte["reference"].get("lieux") or []
    nom = next((lieu["nom"] for lieu in connus if lieu["id"] == lieu_id), None)
    valeurs = {champ: premiere(saisie, champ) for champ in _ORDRE} if saisie is not None else None
    valeurs = valeurs or {"date": vu, "lieu": nom or "", "lieu_autre": ""}
    retapes = {ligne.split(" ")[0]: ligne for ligne in liste(saisie or {}, "deplace")}
    return {
        "date": vu,
        "retour": adresse("/tournee", vu, contexte),
        "f": valeurs,
        "erreurs": dict(erreurs or {}),
        "resume_erreurs": resume(erreurs or {}, _ORDRE),
        "avertissements": lire_deplacement(saisie, {**contexte, "dossiers": dossiers})["avertissements"]
        if saisie is not None
        else {},
        "choix": {"lieux": choix_lieux(contexte, valeurs["lieu"])},
        "lignes": [
            {
                "id": fiche["id"],
                "heure": dates.heure_paris(fiche["debut"]),
                "nom": nom_affiche(dossier["personne"]),
                "cache": retapes.get(fiche["id"])
                or f"{fiche['id']} {contexte['nouvel_identifiant']()} {fiche.get('version') or ''}".strip(),
            }
            for fiche, dossier in (rendez_vous_du_jour(dossiers, vu)[0] if nom else [])
            if fiche["lieu"] == nom and est_deplacable(fiche)
        ],
        "action": f"/tournee/salle?jour={vu}&lieu={lieu_id or ''}",
        "caches": [],
    }


def prevenir(dossiers: Sequence[Fiche], contexte: Contexte, identifiants: Sequence[str]) -> Vue:
    """`{lignes: [{id, dossier_id, nom, quand, sms: {affiche, lien} | None, envoi}]}` : qui prévenir, par heure.

    Le message dit quand et à quelle adresse ; ni le service, ni le nom du lieu, qui le dirait.
    """
    voulus = set(identifiants)
    trouves = [(fiche, dossier) for dossier in dossiers for fiche in dossier["rendez_vous"] if fiche["id"] in voulus]
    trouves.sort(key=lambda paire: (paire[0]["debut"], paire[0]["id"]))
    return {"lignes": [_a_prevenir(fiche, dossier, contexte) for fiche, dossier in trouves]}


def _a_prevenir(fiche: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    quand = moment_entier(fiche["debut"], contexte["aujourd_hui"])
    lieu: Fiche = next((u for u in contexte["reference"].get("lieux") or [] if u["nom"] == fiche["lieu"]), {})
    ou = ", ".join(mot for mot in (lieu.get("adresse"), lieu.get("commune")) if mot) if lieu.get("adresse") else None
    texte = f"Bonjour, notre rendez-vous change\u202f: {quand}{f', {ou}' if ou else ''}. "
    texte += "" if ou else "Je vous préciserai le lieu. "
    texte += "Merci de me dire si cela vous convient."
    telephones = valeur(dossier["personne"], "telephones", contexte["aujourd_hui"]) or []
    numero = telephones[0]["numero"] if telephones else None
    return {
        "id": fiche["id"],
        "dossier_id": dossier["personne"]["id"],
        "nom": nom_affiche(dossier["personne"]),
        "quand": quand,
        "sms": {"affiche": grouper(numero), "lien": lien_sms(numero, texte)} if numero else None,
        "envoi": fiche.get("envoi"),
    }
