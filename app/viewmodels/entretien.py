"""Noter un contact, ou corriger une fiche : le formulaire et ce qu'il sait déjà."""

from collections.abc import Mapping
from typing import Any

from app.domain import dates, nomenclatures
from app.domain.echeance import cadence_en_mots, periode_apres, prochain_a_la_cadence
from app.domain.francais import heure as heure_en_mots
from app.domain.francais import jour_court, jour_proche, majuscule, quantieme
from app.domain.jours_ouvres import ouvre_au_plus_tot
from app.domain.mesure import convention_au, est_ouverte, mesure_principale
from app.domain.personne import Fiche
from app.domain.rendez_vous import CONSTATS, empechement
from app.domain.saisie.entretien import entretien_deja_note, lire_entretien
from app.viewmodels.agenda import ligne_rendez_vous
from app.viewmodels.contexte import Contexte, Vue, en_tete, libelle_convention, sexe
from app.viewmodels.formulaires import (
    cacher,
    cases,
    choix_durees,
    choix_lieux,
    cle_brouillon,
    premiere,
    resume,
    version_montree,
)
from app.viewmodels.tardive import tardive

ORDRE = (
    "statut",
    "moyen",
    "demarches",
    "synthese",
    "duree",
    "lieu",
    "suivant",
    "suivant_date",
    "suivant_heure",
    "suivant_duree",
    "suivant_lieu",
    "date",
    "heure",
    "duree_autre",
    "lieu_autre",
    "note_personnelle",
)
# Une durée se trompe de la même façon ici et au prochain rendez-vous : le résumé des erreurs les nomme.
_LIBELLES = {"duree_autre": "Autre durée", "suivant_duree": "Prochain rendez-vous"}
_TEXTES = tuple(champ for champ in ORDRE if champ != "demarches")
DUREE_HABITUELLE = "45"
HEURE_HABITUELLE = "09:00"


def entretien(
    dossier: Fiche,
    contexte: Contexte,
    rendez_vous_id: str | None = None,
    existant: Fiche | None = None,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
    lieu_id: str | None = None,
) -> Vue:
    """`{f, heure_proposee, erreurs, resume_erreurs, avertissements, dossier, rendez_vous, controle, tardive, choix,
    suivant, action, titre_page, brouillon, caches}`.

    `heure_proposee` : personne ne l'a donnée ; elle ne vaut que pour le jour proposé avec elle.
    `f` : les valeurs à montrer, toutes en texte sauf `demarches` et `natures` (listes de codes) ; `choix` : `{statuts,
    moyens, lieux, durees, demarches: [{groupe, familles: [{code, libelle, choisi, natures}]}], mesures}` ;
    `avertissements` : ce qui surprend dans ce qui est écrit, par champ ; `suivant` : `{libelle, resume}`, ou None
    quand un rendez-vous est déjà proposé ou que l'on corrige. Rouvrir le formulaire d'un rendez-vous dont on a noté
    l'entretien, c'est corriger cet entretien. `saisie` et `erreurs` remontrent un envoi refusé tel quel. `lieu_id` : le
    lieu où l'on reçoit quelqu'un sans rendez-vous.
    """
    rendez_vous = _rendez_vous(dossier, rendez_vous_id)
    if existant is None and saisie is None:
        existant = entretien_deja_note(dossier, rendez_vous, contexte)
    valeurs = _valeurs(dossier, contexte, rendez_vous, existant, lieu_id) if saisie is None else _retapees(saisie)
    erreurs = dict(erreurs or {})
    return {
        "f": valeurs,
        "heure_proposee": saisie is None and existant is None,
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ORDRE, _LIBELLES),
        "avertissements": _avertissements(dossier, contexte, existant, saisie, valeurs),
        "dossier": en_tete(dossier),
        "rendez_vous": ligne_rendez_vous(rendez_vous, dossier, contexte) if rendez_vous else None,
        "controle": _controle(dossier, existant),
        "tardive": tardive(existant) if existant else None,
        "choix": _choix(dossier, contexte, rendez_vous, existant, valeurs),
        "suivant": None if existant else _suivant(dossier, contexte, rendez_vous, valeurs),
        "action": f"/entretiens/{existant['id']}/modifier" if existant else "/entretiens/nouveau",
        "titre_page": "Corriger la fiche" if existant else "Noter un contact",
        "brouillon": cle_brouillon(
            "entretien", existant["id"] if existant else rendez_vous_id or dossier["personne"]["id"], saisie
        ),
        "caches": _caches(dossier, contexte, rendez_vous, existant, saisie),
    }


def _rendez_vous(dossier: Fiche, rendez_vous_id: str | None) -> Fiche | None:
    return next((r for r in dossier["rendez_vous"] if r["id"] == rendez_vous_id), None)


def _valeurs(
    dossier: Fiche, contexte: Contexte, rendez_vous: Fiche | None, existant: Fiche | None, lieu_id: str | None
) -> Vue:
    vides: Vue = {**dict.fromkeys(_TEXTES, ""), "demarches": [], "natures": []}
    if existant is not None:
        lus = {champ: existant.get(champ) or "" for champ in ("date", "heure", "moyen", "lieu", "synthese")}
        return {
            **vides,
            **lus,
            "note_personnelle": existant.get("note_personnelle") or "",
            "duree": str(existant["duree"] or ""),
            "demarches": list(dict.fromkeys(demarche["famille"] for demarche in existant["demarches"])),
            "natures": [demarche["nature"] for demarche in existant["demarches"] if demarche.get("nature")],
        }
    aujourd_hui = contexte["aujourd_hui"]
    valeurs = {**vides, "date": aujourd_hui}
    if rendez_vous is None:
        ou = next((lieu["nom"] for lieu in contexte["reference"].get("lieux") or [] if lieu["id"] == lieu_id), "")
        valeurs |= {"heure": dates.heure_paris(contexte["maintenant"]), "lieu": ou}
        valeurs |= {"moyen": "presentiel"} if ou else {}
    else:
        jour = dates.jour_paris(rendez_vous["debut"])
        issue = rendez_vous["statut"]
        if issue == "propose":
            issue = "honore" if empechement(rendez_vous, "honore", contexte["maintenant"]) is None else ""
        valeurs |= {
            "statut": issue,
            "moyen": "presentiel",
            "date": min(jour, aujourd_hui),
            "heure": dates.heure_paris(rendez_vous["debut"]) if jour <= aujourd_hui else "",
            "duree": str(rendez_vous["duree"] or DUREE_HABITUELLE),
            "lieu": rendez_vous["lieu"] or "",
        }
    return {**valeurs, **_prochain(dossier, contexte, rendez_vous, valeurs["date"])}


def _prochain(dossier: Fiche, contexte: Contexte, rendez_vous: Fiche | None, jour: str) -> Vue:
    """Ce que l'on propose pour la suite : à la cadence, à la même heure, au même endroit. Rien n'est coché d'avance."""
    mesure = _mesure(dossier, contexte, rendez_vous)
    date = prochain_a_la_cadence(mesure, contexte["reference"]["conventions"], jour) or ""
    if date and date <= contexte["aujourd_hui"]:
        date = ouvre_au_plus_tot(dates.ajouter_jours(contexte["aujourd_hui"], 1))
    heure = dates.heure_paris(rendez_vous["debut"]) if rendez_vous else HEURE_HABITUELLE
    return {
        "suivant_date": date,
        "suivant_heure": heure if date else "",
        "suivant_duree": str((rendez_vous or {}).get("duree") or DUREE_HABITUELLE),
        "suivant_lieu": (rendez_vous or {}).get("lieu") or "",
    }


def _mesure(dossier: Fiche, contexte: Contexte, rendez_vous: Fiche | None) -> Fiche | None:
    if rendez_vous is not None:
        return next((m for m in dossier["mesures"] if m["id"] == rendez_vous["mesure_id"]), None)
    return mesure_principale(dossier["mesures"], contexte["aujourd_hui"])


def _retapees(saisie: Mapping[str, Any]) -> Vue:
    return {
        **{champ: premiere(saisie, champ) for champ in _TEXTES},
        "demarches": cases(saisie, "demarches"),
        "natures": cases(saisie, "natures"),
    }


def _choix(dossier: Fiche, contexte: Contexte, rendez_vous: Fiche | None, existant: Fiche | None, valeurs: Vue) -> Vue:
    statuts = []
    if rendez_vous is not None and existant is None:
        possibles = [s for s in CONSTATS if empechement(rendez_vous, s, contexte["maintenant"]) is None]
        accord = sexe(dossier["personne"], contexte)
        statuts = nomenclatures.choix("constat", valeurs["statut"], accord, possibles)
    familles = nomenclatures.donnees()["familles"]
    ouvertes = [m for m in dossier["mesures"] if est_ouverte(m, contexte["aujourd_hui"])]
    return {
        "statuts": statuts,
        "moyens": nomenclatures.choix("moyen", valeurs["moyen"]),
        "lieux": choix_lieux(contexte, valeurs["lieu"], [(rendez_vous or {}).get("lieu")]),
        "durees": choix_durees(valeurs["duree"]),
        "demarches": [
            {
                "groupe": nomenclatures.libelle("groupe_demarches", groupe),
                "familles": [
                    {**famille, "natures": nomenclatures.choix_natures(famille["code"], valeurs["natures"])}
                    for famille in nomenclatures.choix("demarche", valeurs["demarches"], None, familles[groupe])
                ],
            }
            for groupe in nomenclatures.codes("groupe_demarches")
        ],
        "mesures": [
            {"code": m["id"], "libelle": libelle_convention(m["convention"], contexte), "choisi": False}
            for m in (ouvertes if len(ouvertes) > 1 and rendez_vous is None and existant is None else [])
        ],
    }


def _suivant(dossier: Fiche, contexte: Contexte, rendez_vous: Fiche | None, valeurs: Vue) -> Vue | None:
    for autre in dossier["rendez_vous"]:
        deja = autre["statut"] == "propose" and autre["debut"] > contexte["maintenant"]
        if deja and autre["id"] != (rendez_vous or {}).get("id"):
            return None
    contacts = [dates.lire_jour(valeurs["date"]), *(entretien["date"] for entretien in dossier["entretiens"])]
    dernier = max((contact for contact in contacts if contact), default=None)
    jour, heure = dates.lire_jour(valeurs["suivant_date"]), dates.lire_heure(valeurs["suivant_heure"])
    return {
        "libelle": libelle_cadence(_mesure(dossier, contexte, rendez_vous), contexte, dernier),
        "resume": f"{jour_court(jour, contexte['aujourd_hui'])} à {heure_en_mots(heure)}" if jour and heure else None,
    }


def libelle_cadence(mesure: Fiche | None, contexte: Contexte, depuis: str | None = None) -> str | None:
    """« Un entretien par mois au moins (ASP-NC) : d’ici samedi 26 décembre. », à compter de `depuis`."""
    aujourd_hui = contexte["aujourd_hui"]
    convention = (
        convention_au(contexte["reference"]["conventions"], mesure["convention"], aujourd_hui) if mesure else None
    )
    if mesure is None or convention is None or not convention.get("cadence"):
        return None
    delai = delai_attendu(periode_apres(depuis or aujourd_hui, convention["cadence"]), aujourd_hui)
    rythme = majuscule(cadence_en_mots(convention["cadence"]))
    code = libelle_convention(mesure["convention"], contexte)
    return f"{rythme} au moins ({code})\u202f: {delai}."


def delai_attendu(due_le: str, aujourd_hui: str) -> str:
    """« d’ici samedi 5 décembre », « aujourd’hui », « en retard depuis le 24 octobre » : le jour dû lui-même."""
    if due_le < aujourd_hui:
        return f"en retard depuis le {quantieme(due_le, aujourd_hui)}"
    return "aujourd’hui" if due_le == aujourd_hui else f"d’ici {jour_proche(due_le, aujourd_hui)}"


def _avertissements(
    dossier: Fiche, contexte: Contexte, existant: Fiche | None, saisie: Mapping[str, Any] | None, valeurs: Vue
) -> dict[str, str]:
    """Les mêmes que ceux de l'enregistrement ; un formulaire vierge n'a rien à se faire dire."""
    if saisie is None and existant is None:
        return {}
    lu = lire_entretien(valeurs if saisie is None else saisie, contexte | {"dossier": dossier}, existant)
    avertissements: dict[str, str] = lu["avertissements"]
    return avertissements


def _controle(dossier: Fiche, existant: Fiche | None) -> Vue | None:
    for controle in dossier["controles"]:
        if existant is not None and controle["fiche_id"] == existant["id"]:
            return {nom: controle[nom] for nom in ("etat", "remarque", "par_nom")}
    return None


def _caches(
    dossier: Fiche,
    contexte: Contexte,
    rendez_vous: Fiche | None,
    existant: Fiche | None,
    saisie: Mapping[str, Any] | None,
) -> list[Vue]:
    remplace = premiere(saisie or {}, "remplace")
    if existant is not None:
        # Des natures toutes décochées n'envoient rien : ce champ dit que la liste était là.
        base = version_montree(existant, saisie)
        caches = cacher(["op_id"], saisie, contexte, {"remplace": remplace, "base": base})
        return [*caches, {"nom": "natures", "valeur": ""}]
    fixes = {
        "dossier": dossier["personne"]["id"],
        "rendez_vous": (rendez_vous or {}).get("id"),
        "mesure_id": (rendez_vous or {}).get("mesure_id"),
        "remplace": remplace,
        "base_constat": version_montree(rendez_vous, saisie, "base_constat") if rendez_vous else "",
    }
    noms = ["op_id", "entite", "op_id_suivant", "entite_suivant"]
    return cacher(noms + (["op_id_constat"] if rendez_vous else []), saisie, contexte, fixes)
