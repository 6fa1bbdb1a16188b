"""Une ligne d'agenda : un rendez-vous, son état en mots, les issues possibles maintenant."""

from app.domain import dates, nomenclatures
from app.domain.francais import annee_autre, minuscule
from app.domain.personne import Fiche, nom_affiche
from app.domain.rendez_vous import CONSTATS, empechement, est_retournee, etat
from app.viewmodels.contexte import Contexte, Vue, libelle_convention, sexe


def ligne_rendez_vous(rendez_vous: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    """`{id, dossier_id, date, annee, heure, duree, nom, lieu, convention, etat, etat_libelle, envoi, prochain, op_id,
    base, constats, url_noter}`.

    `etat` : a_venir, a_preciser ou l'issue ; `constats` : `[{statut, libelle}]`, vide quand l'issue est dite ;
    `url_noter` : la fiche à compléter d'un rendez-vous honoré sans entretien ; `base` : la version que l'on voit.
    """
    personne = dossier["personne"]
    actuel = etat(rendez_vous, contexte["maintenant"])
    possibles = constats_possibles(rendez_vous, dossier, contexte)
    code = next((m["convention"] for m in dossier["mesures"] if m["id"] == rendez_vous["mesure_id"]), None)
    return {
        "id": rendez_vous["id"],
        "dossier_id": personne["id"],
        "date": dates.jour_paris(rendez_vous["debut"]),
        "annee": annee_autre(dates.jour_paris(rendez_vous["debut"]), contexte["aujourd_hui"]),
        "heure": dates.heure_paris(rendez_vous["debut"]),
        "duree": rendez_vous["duree"],
        "nom": nom_affiche(personne),
        "lieu": rendez_vous["lieu"],
        "convention": libelle_convention(code, contexte) if code else None,
        "etat": "a_venir" if actuel == "propose" else actuel,
        "etat_libelle": etat_libelle(actuel, personne, contexte),
        "envoi": rendez_vous.get("envoi"),
        "prochain": False,
        "op_id": contexte["nouvel_identifiant"]() if possibles else None,
        "base": rendez_vous.get("version"),
        "constats": possibles,
        "url_noter": url_de_la_fiche(rendez_vous, dossier),
    }


def constats_possibles(rendez_vous: Fiche, dossier: Fiche, contexte: Contexte) -> list[Vue]:
    if rendez_vous["statut"] != "propose":
        return []
    accord = sexe(dossier["personne"], contexte)
    return [
        {"statut": statut, "libelle": nomenclatures.libelle("constat", statut, accord)}
        for statut in CONSTATS
        if empechement(rendez_vous, statut, contexte["maintenant"]) is None
    ]


def corrections_possibles(rendez_vous: Fiche, dossier: Fiche, contexte: Contexte) -> list[Vue]:
    """Les autres issues d'un rendez-vous qui en a une, et « à préciser » : se tromper de puce se répare toujours.

    L'issue en place y est aussi quand le chef de service a retourné la fiche : la redire, c'est la maintenir.
    """
    if rendez_vous["statut"] == "propose":
        return []
    accord, maintenant = sexe(dossier["personne"], contexte), contexte["maintenant"]
    confirmable = est_retournee(dossier, rendez_vous["id"])
    autres = [
        {"statut": statut, "libelle": nomenclatures.libelle("constat", statut, accord)}
        for statut in CONSTATS
        if (confirmable or statut != rendez_vous["statut"]) and empechement(rendez_vous, statut, maintenant) is None
    ]
    defait = etat({**rendez_vous, "statut": "propose"}, maintenant)
    return [*autres, {"statut": "propose", "libelle": nomenclatures.libelle("statut_rendez_vous", defait, accord)}]


def etat_libelle(actuel: str, personne: Fiche, contexte: Contexte) -> str | None:
    """L'issue en mots (« absente, a prévenu ») ; rien pour un rendez-vous à venir."""
    if actuel == "propose":
        return None
    return minuscule(nomenclatures.libelle("statut_rendez_vous", actuel, sexe(personne, contexte)))


def url_de_la_fiche(rendez_vous: Fiche, dossier: Fiche) -> str | None:
    if rendez_vous["statut"] != "honore" or rendez_vous["id"] in entretiens_lies(dossier):
        return None
    return f"/entretiens/nouveau?dossier={dossier['personne']['id']}&rendez_vous={rendez_vous['id']}"


def entretiens_lies(dossier: Fiche) -> set[str]:
    """Les rendez-vous dont l'entretien est noté."""
    return {e["rendez_vous_id"] for e in dossier["entretiens"] if e.get("rendez_vous_id")}
