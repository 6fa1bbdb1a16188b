"""Dossiers : ma file active, la recherche, et le choix d'une personne avant de noter."""

from collections.abc import Sequence

from app.domain import dates
from app.domain.acces import est_archive
from app.domain.echeance import REGISTRE, echeances
from app.domain.francais import heure as heure_en_mots
from app.domain.francais import jour_court
from app.domain.masque import masquer
from app.domain.mesure import est_ouverte, mesure_principale
from app.domain.personne import Fiche, cle_de_tri, nom_affiche, textes_de_recherche, valeur
from app.domain.recherche import classer, cle
from app.viewmodels.contexte import Contexte, Vue, envoi_du_dossier, libelle_convention


def dossiers(tous: Sequence[Fiche], contexte: Contexte, filtres: Vue | None = None) -> Vue:
    """`{q, filtres: {conventions: [{code, libelle, choisi}], retard}, total, lignes}`.

    `filtres` : `{"q": texte, "conventions": [codes], "retard": bool}`. Sans filtre, tous les dossiers par nom.
    Un dossier archivé ne se montre qu'à qui le cherche.
    """
    voulus = {"q": "", "conventions": [], "retard": False, **(filtres or {})}
    tries = sorted(tous, key=lambda dossier: cle(cle_de_tri(dossier["personne"])))
    montres = tries if voulus["q"].strip() else [dossier for dossier in tries if not est_archive(dossier)]
    gardes = [dossier for dossier in montres if _est_garde(dossier, voulus, contexte)]
    textes = [textes_de_recherche(dossier["personne"], contexte["aujourd_hui"]) for dossier in gardes]
    lignes = [ligne_dossier(gardes[numero], contexte) for numero in classer(voulus["q"], textes)]
    codes = sorted({mesure["convention"] for dossier in tous for mesure in dossier["mesures"]})
    return {
        "q": voulus["q"],
        "filtres": {
            "conventions": [
                {"code": code, "libelle": libelle_convention(code, contexte), "choisi": code in voulus["conventions"]}
                for code in codes
            ],
            "retard": voulus["retard"],
        },
        "total": sum(1 for dossier in tous if not est_archive(dossier)),
        "lignes": [ligne for ligne in lignes if ligne["retard"]] if voulus["retard"] else lignes,
    }


NOTER = "/entretiens/nouveau"


def choisir_dossier(tous: Sequence[Fiche], contexte: Contexte, vers: str = NOTER) -> Vue:
    """`{q, lignes, suggestions, vers}` : avec qui ? `vers` : le formulaire où mène ce choix.

    `suggestions` : pour noter un contact, les personnes attendues aujourd'hui, par heure.
    """
    page = dossiers(tous, contexte)
    if vers != NOTER:
        return {"q": "", "lignes": page["lignes"], "suggestions": [], "vers": vers}
    attendues = [
        (rendez_vous, dossier)
        for dossier in tous
        for rendez_vous in dossier["rendez_vous"]
        if not est_archive(dossier)
        and rendez_vous["statut"] == "propose"
        and dates.jour_paris(rendez_vous["debut"]) == contexte["aujourd_hui"]
    ]
    suggestions = []
    for rendez_vous, dossier in sorted(attendues, key=lambda attendue: (attendue[0]["debut"], attendue[0]["id"])):
        personne_id = dossier["personne"]["id"]
        suggestions.append(
            {
                **ligne_dossier(dossier, contexte),
                "raison": _attendue_a(rendez_vous, contexte),
                "url": f"{NOTER}?dossier={personne_id}&rendez_vous={rendez_vous['id']}",
            }
        )
    return {"q": "", "lignes": page["lignes"], "suggestions": suggestions, "vers": vers}


def _attendue_a(rendez_vous: Fiche, contexte: Contexte) -> str:
    heure = heure_en_mots(dates.heure_paris(rendez_vous["debut"]))
    ou = masquer(rendez_vous["lieu"], contexte["reference"].get("masques") or ())
    lieu = f", {ou}" if ou else ""
    if rendez_vous["debut"] < contexte["maintenant"]:
        return f"rendez-vous de {heure} à préciser{lieu}"
    return f"rendez-vous à {heure}{lieu}"


def ligne_dossier(dossier: Fiche, contexte: Contexte) -> Vue:
    """`{id, nom, precision, convention, prochain, retard, archive, envoi}`."""
    personne = dossier["personne"]
    return {
        "id": personne["id"],
        "nom": nom_affiche(personne),
        "precision": _precision(personne, contexte),
        "convention": _convention(dossier, contexte),
        "prochain": _prochain(dossier, contexte),
        "retard": None if est_archive(dossier) else _retard(dossier, contexte),
        "archive": est_archive(dossier),
        "envoi": envoi_du_dossier(dossier),
    }


def _est_garde(dossier: Fiche, voulus: Vue, contexte: Contexte) -> bool:
    if not voulus["conventions"]:
        return True
    return any(
        mesure["convention"] in voulus["conventions"] and est_ouverte(mesure, contexte["aujourd_hui"])
        for mesure in dossier["mesures"]
    )


def _precision(personne: Fiche, contexte: Contexte) -> str | None:
    """« Nono », Toul : ce qui distingue deux homonymes."""
    commune = valeur(personne, "commune", contexte["aujourd_hui"])
    nom = nom_affiche(personne)
    termes = [f"«\u202f{p}\u202f»" for p in personne.get("pseudonymes") or [] if f"«\u202f{p}\u202f»" != nom]
    termes += [commune["nom"]] if commune else []
    return ", ".join(termes) or None


def _convention(dossier: Fiche, contexte: Contexte) -> str | None:
    principale = mesure_principale(dossier["mesures"], contexte["aujourd_hui"])
    if principale is None:
        return None
    libelle = libelle_convention(principale["convention"], contexte)
    return libelle if est_ouverte(principale, contexte["aujourd_hui"]) else f"{libelle}, sortie"


def _prochain(dossier: Fiche, contexte: Contexte) -> str:
    """Ce qui reste à préciser du jour, ce qui vient, ou la dernière fois qu'on s'est vu."""
    sans_issue = [r["debut"] for r in dossier["rendez_vous"] if r["statut"] == "propose"]
    passes = [debut for debut in sans_issue if debut < contexte["maintenant"]]
    passes = [debut for debut in passes if dates.jour_paris(debut) == contexte["aujourd_hui"]]
    if passes:
        return f"rendez-vous de {heure_en_mots(dates.heure_paris(max(passes)))} à préciser"
    a_venir = [debut for debut in sans_issue if debut >= contexte["maintenant"]]
    if a_venir:
        debut = min(a_venir)
        jour = dates.jour_paris(debut)
        heure = heure_en_mots(dates.heure_paris(debut))
        return f"rendez-vous {_moment(jour, contexte['aujourd_hui'])} à {heure}"
    dernier = max((entretien["date"] for entretien in dossier["entretiens"]), default=None)
    if dernier is not None:
        return f"dernier contact {_moment(dernier, contexte['aujourd_hui'])}"
    return "aucun rendez-vous"


def _moment(jour: str, aujourd_hui: str) -> str:
    return "aujourd’hui" if jour == aujourd_hui else jour_court(jour, aujourd_hui)


def _retard(dossier: Fiche, contexte: Contexte) -> str | None:
    for echeance in echeances(dossier, contexte["reference"]["conventions"], contexte["maintenant"]):
        if echeance["etat"] == "en_retard":
            return str(REGISTRE[echeance["genre"]]["retard"])
    a_preciser = any(
        r["statut"] == "propose" and dates.jour_paris(r["debut"]) < contexte["aujourd_hui"]
        for r in dossier["rendez_vous"]
    )
    return "issue à préciser" if a_preciser else None
