"""Proposer un rendez-vous, ou le déplacer : le formulaire."""

from collections.abc import Mapping
from typing import Any

from app.domain import dates
from app.domain.echeance import echeances, prochain_a_la_cadence, rappeler, se_regle_par_un_rendez_vous
from app.domain.francais import heure as en_heure
from app.domain.francais import jour_court
from app.domain.jours_ouvres import ouvre_au_plus_tard, ouvre_au_plus_tot
from app.domain.mesure import convention_au, est_ouverte, mesure_principale
from app.domain.personne import Fiche
from app.domain.saisie.rendez_vous import lire_rendez_vous
from app.viewmodels.contexte import Contexte, Vue, en_tete, libelle_convention
from app.viewmodels.entretien import DUREE_HABITUELLE, HEURE_HABITUELLE, delai_attendu, libelle_cadence
from app.viewmodels.formulaires import (
    cacher,
    choix_durees,
    choix_lieux,
    cle_brouillon,
    premiere,
    resume,
    version_montree,
)

ORDRE = ("mesure_id", "date", "heure", "duree", "lieu", "lieu_autre", "duree_autre")


def rendez_vous(
    dossier: Fiche,
    contexte: Contexte,
    existant: Fiche | None = None,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
) -> Vue:
    """`{f, erreurs, resume_erreurs, avertissements, dossier, choix: {durees, lieux, creneaux, mesures}, suivant:
    {libelle}, action, titre_page, brouillon, caches}` ; `existant` : le rendez-vous que l'on déplace.
    """
    valeurs = {champ: premiere(saisie, champ) for champ in ORDRE} if saisie is not None else None
    valeurs = valeurs or _valeurs(dossier, contexte, existant)
    erreurs = dict(erreurs or {})
    ouvertes = [m for m in dossier["mesures"] if est_ouverte(m, contexte["aujourd_hui"])]
    attendu = _libelle_attendu(dossier, contexte)
    remplace = premiere(saisie or {}, "remplace")
    return {
        "f": valeurs,
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ORDRE),
        "avertissements": _avertissements(dossier, contexte, existant, saisie),
        "dossier": en_tete(dossier),
        "choix": {
            "durees": choix_durees(valeurs["duree"]),
            "lieux": choix_lieux(contexte, valeurs["lieu"]),
            "creneaux": _creneaux(contexte),
            "mesures": [
                {
                    "code": m["id"],
                    "libelle": libelle_convention(m["convention"], contexte),
                    "choisi": m["id"] == valeurs["mesure_id"],
                }
                for m in (ouvertes if len(ouvertes) > 1 and existant is None else [])
            ],
        },
        "suivant": {"libelle": attendu} if attendu and existant is None else None,
        "action": f"/rendez-vous/{existant['id']}/deplacer" if existant else "/rendez-vous/nouveau",
        "titre_page": "Déplacer le rendez-vous" if existant else "Proposer un rendez-vous",
        "brouillon": cle_brouillon("rendez_vous", existant["id"] if existant else dossier["personne"]["id"], saisie),
        "caches": cacher(["op_id"], saisie, contexte, {"remplace": remplace, "base": version_montree(existant, saisie)})
        if existant
        else cacher(
            ["op_id", "entite"], saisie, contexte, {"dossier": dossier["personne"]["id"], "remplace": remplace}
        ),
    }


def _creneaux(contexte: Contexte) -> list[Vue]:
    """`[{libelle, date, heure, duree, lieu}]` : les créneaux libres de ses permanences, que donne le contexte."""
    noms = {lieu["id"]: lieu["nom"] for lieu in contexte["reference"].get("lieux") or []}
    return [
        {
            "libelle": f"{jour_court(creneau['jour'], contexte['aujourd_hui'])} à {en_heure(creneau['heure'])}",
            "date": creneau["jour"],
            "heure": creneau["heure"],
            "duree": str(creneau["duree"]),
            "lieu": noms[creneau["lieu"]],
        }
        for creneau in contexte.get("creneaux") or []
        if creneau["lieu"] in noms
    ]


def _avertissements(
    dossier: Fiche, contexte: Contexte, existant: Fiche | None, saisie: Mapping[str, Any] | None
) -> dict[str, str]:
    if saisie is None:
        return {}
    avertissements: dict[str, str] = lire_rendez_vous(saisie, contexte | {"dossier": dossier}, existant)[
        "avertissements"
    ]
    return avertissements


def _valeurs(dossier: Fiche, contexte: Contexte, existant: Fiche | None) -> Vue:
    vides = dict.fromkeys(ORDRE, "")
    if existant is not None:
        return {
            **vides,
            "date": dates.jour_paris(existant["debut"]),
            "heure": dates.heure_paris(existant["debut"]),
            "duree": str(existant["duree"] or ""),
            "lieu": existant["lieu"] or "",
        }
    principale = mesure_principale(dossier["mesures"], contexte["aujourd_hui"])
    dernier = max(dossier["rendez_vous"], key=lambda r: (r["debut"], r["id"]), default=None)
    return {
        **vides,
        "mesure_id": principale["id"] if principale else "",
        "date": _date_proposee(dossier, contexte, principale),
        "heure": dates.heure_paris(dernier["debut"]) if dernier else HEURE_HABITUELLE,
        "duree": str((dernier or {}).get("duree") or DUREE_HABITUELLE),
        "lieu": (dernier or {}).get("lieu") or "",
    }


def _echeance(dossier: Fiche, contexte: Contexte) -> Fiche | None:
    """Ce qui est attendu au titre de la mesure que le formulaire propose, à défaut d'une autre."""
    toutes = echeances(dossier, contexte["reference"]["conventions"], contexte["maintenant"])
    attendues = [echeance for echeance in toutes if se_regle_par_un_rendez_vous(echeance)]
    principale = mesure_principale(dossier["mesures"], contexte["aujourd_hui"])
    siennes = [e for e in attendues if principale is not None and e["mesure_id"] == principale["id"]]
    return next(iter([*siennes, *attendues]), None)


def _libelle_attendu(dossier: Fiche, contexte: Contexte) -> str | None:
    """« Premier contact (ASP-NC) : d’ici samedi 5 décembre. », « … : en retard depuis le 24 octobre. »"""
    echeance = _echeance(dossier, contexte)
    if echeance is None:
        return libelle_cadence(mesure_principale(dossier["mesures"], contexte["aujourd_hui"]), contexte)
    code = libelle_convention(echeance["convention"], contexte)
    delai = delai_attendu(echeance["due_le"], contexte["aujourd_hui"])
    conventions = contexte["reference"]["conventions"]
    convention = convention_au(conventions, echeance["convention"], contexte["aujourd_hui"]) or {}
    return f"{rappeler(echeance, convention)} ({code})\u202f: {delai}."


def _date_proposee(dossier: Fiche, contexte: Contexte, mesure: Fiche | None) -> str:
    """Au plus tard à l'échéance ouverte, sinon à la cadence depuis le dernier entretien ; jamais dans le passé."""
    echeance = _echeance(dossier, contexte)
    if echeance is not None:
        voulue = ouvre_au_plus_tard(echeance["due_le"])
        lendemain = ouvre_au_plus_tot(dates.ajouter_jours(contexte["aujourd_hui"], 1))
        return voulue if voulue >= contexte["aujourd_hui"] else lendemain
    derniere = max((entretien["date"] for entretien in dossier["entretiens"]), default=contexte["aujourd_hui"])
    proposee = prochain_a_la_cadence(mesure, contexte["reference"]["conventions"], derniere)
    lendemain = ouvre_au_plus_tot(dates.ajouter_jours(contexte["aujourd_hui"], 1))
    return max(proposee, lendemain) if proposee else ""
