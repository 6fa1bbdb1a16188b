"""Ce qui est attendu, quand, pourquoi, et le geste qui le règle.

Deux échéances, réglées par la convention et jamais par le code :

*Premier contact.* Dû `premier_contact_jours` jours après la réception de l'orientation. Réglé par la date du premier
contact, par le premier entretien noté depuis l'orientation (quel qu'en soit le moyen), par un rendez-vous honoré, ou
par l'entrée dans la mesure.

*Cadence.* Le prochain entretien individuel est dû une période après le dernier, ou après l'entrée s'il n'y en a pas
eu : même quantième du mois suivant pour « un par mois » (ou le dernier jour du mois s'il n'existe pas), sinon le
nombre de jours de la période. Comptent : un rendez-vous honoré, et un entretien face à face, en visite, en visio ou au
téléphone ; un SMS ou un courriel entretient le lien mais n'est pas un entretien. Elle court de l'entrée à la sortie.

Une échéance est en retard le lendemain de son jour. Un rendez-vous proposé d'ici là la rend « prévue ». Sans règle dans
la convention, il n'y a pas d'échéance.
Miroir : static/js/domain/echeance.js, mêmes cas dans tests/corpus/echeances.json.
"""

from collections.abc import Sequence
from typing import Any

from app.domain import dates
from app.domain.francais import jour_long, jour_proche, quantieme, quantite
from app.domain.jours_ouvres import ouvre_au_plus_tard
from app.domain.mesure import convention_au, nom_court, statut
from app.domain.personne import Fiche

PROCHE_JOURS = 7
MOYENS_D_ENTRETIEN = ("presentiel", "visite", "visio", "telephone")
_PERIODES_JOURS = {"mois": 30, "quinzaine": 15, "semaine": 7}
_PERIODES = {"mois": "par mois", "quinzaine": "tous les quinze jours", "semaine": "par semaine"}


def echeances(dossier: Fiche, conventions: Sequence[Fiche], aujourd_hui: str) -> list[dict[str, Any]]:
    """Les échéances d'un dossier, la plus ancienne d'abord.

    `[{genre, mesure_id, convention, due_le, jours, etat, titre, pourquoi, citation, action: {libelle, url}}]` ;
    `jours` : ce qui reste, négatif en retard ; `etat` : en_retard, proche, prevu, a_venir.
    """
    trouvees = []
    for mesure in dossier["mesures"]:
        etape = statut(mesure, aujourd_hui)
        if etape == "en_integration":
            trouvees.append(_premier_contact(dossier, mesure, conventions, aujourd_hui))
        elif etape == "en_cours":
            trouvees.append(_cadence(dossier, mesure, conventions, aujourd_hui))
    return sorted((e for e in trouvees if e is not None), key=lambda e: (e["due_le"], e["mesure_id"]))


def prochain_a_la_cadence(mesure: Fiche | None, conventions: Sequence[Fiche], depuis: str) -> str | None:
    """Le jour ouvré où proposer le prochain rendez-vous après un entretien, ou rien si la convention n'a pas de rythme.

    Au plus tard à l'échéance : une fin de semaine ou un jour férié recule au dernier jour ouvré.
    """
    convention = convention_au(conventions, mesure["convention"], depuis) if mesure else None
    cadence = (convention or {}).get("cadence")
    if not cadence:
        return None
    return ouvre_au_plus_tard(periode_apres(depuis, cadence))


def periode_apres(jour: str, cadence: Fiche) -> str:
    """Le jour d'une période de cadence plus tard : `{"nombre": 1, "par": "mois" | "quinzaine" | "semaine"}`."""
    if cadence["par"] == "mois" and cadence["nombre"] == 1:
        return dates.ajouter_mois(jour, 1)
    return dates.ajouter_jours(jour, max(1, _PERIODES_JOURS[cadence["par"]] // cadence["nombre"]))


def cadence_en_mots(cadence: Fiche) -> str:
    """« un entretien par mois », « 2 entretiens par mois »."""
    nombre = cadence["nombre"]
    quantite_due = "un entretien" if nombre == 1 else f"{nombre} entretiens"
    return f"{quantite_due} {_PERIODES[cadence['par']]}"


def _premier_contact(
    dossier: Fiche, mesure: Fiche, conventions: Sequence[Fiche], aujourd_hui: str
) -> dict[str, Any] | None:
    orientee_le = mesure.get("orientee_le")
    if not orientee_le or mesure.get("premier_contact_le"):
        return None
    convention = convention_au(conventions, mesure["convention"], orientee_le)
    delai = (convention or {}).get("premier_contact_jours")
    if convention is None or not delai:
        return None
    if any(entretien["date"] >= orientee_le for entretien in _entretiens(dossier, mesure)):
        return None
    if any(jour >= orientee_le for jour in _honores(dossier, mesure)):
        return None
    due_le = dates.ajouter_jours(orientee_le, delai)
    return _echeance(
        "premier_contact",
        dossier,
        mesure,
        due_le,
        aujourd_hui,
        depuis=orientee_le,
        quoi="Premier contact",
        pourquoi=f"Orientation reçue le {quantieme(orientee_le, aujourd_hui)} : "
        f"contact dans les {delai} jours ({nom_court(convention)})",
        citation=(convention.get("citations") or {}).get("premier_contact_jours"),
        geste="Noter le premier contact",
    )


def _cadence(dossier: Fiche, mesure: Fiche, conventions: Sequence[Fiche], aujourd_hui: str) -> dict[str, Any] | None:
    convention = convention_au(conventions, mesure["convention"], aujourd_hui)
    cadence = (convention or {}).get("cadence")
    if convention is None or not cadence:
        return None
    tenus = [e["date"] for e in _entretiens(dossier, mesure) if e["moyen"] in MOYENS_D_ENTRETIEN]
    tenus = [jour for jour in tenus + _honores(dossier, mesure) if jour <= aujourd_hui]
    dernier = max(tenus, default=None)
    entree_le = mesure["entree_le"]
    if dernier is not None and dernier >= entree_le:
        depuis, motif = dernier, f"Dernier entretien le {quantieme(dernier, aujourd_hui)}"
    else:
        depuis, motif = entree_le, f"Entrée le {quantieme(entree_le, aujourd_hui)}, pas encore d’entretien"
    due_le = periode_apres(depuis, cadence)
    if mesure.get("sortie_le") and due_le >= mesure["sortie_le"]:
        return None
    return _echeance(
        "cadence",
        dossier,
        mesure,
        due_le,
        aujourd_hui,
        depuis=depuis,
        quoi="Entretien",
        pourquoi=f"{motif} : {cadence_en_mots(cadence)} au moins ({nom_court(convention)})",
        citation=(convention.get("citations") or {}).get("cadence"),
        geste="Proposer un rendez-vous",
    )


def _echeance(
    genre: str,
    dossier: Fiche,
    mesure: Fiche,
    due_le: str,
    aujourd_hui: str,
    *,
    depuis: str,
    quoi: str,
    pourquoi: str,
    citation: str | None,
    geste: str,
) -> dict[str, Any]:
    personne_id = dossier["personne"]["id"]
    jours = dates.jours_entre(aujourd_hui, due_le)
    proposes = _proposes(dossier, mesure)
    prevu = min((jour for jour, _ in proposes if aujourd_hui <= jour), default=None)
    a_preciser = [r for jour, r in proposes if depuis <= jour < aujourd_hui]
    etat = "en_retard" if jours < 0 else "proche" if jours <= PROCHE_JOURS else "a_venir"
    if prevu is not None and prevu <= due_le:
        etat = "prevu"
    titre = _titre(quoi, due_le, jours, aujourd_hui, prevu if etat == "prevu" else None)
    action = {"libelle": geste, "url": f"/rendez-vous/nouveau?dossier={personne_id}"}
    if genre == "premier_contact":
        action["url"] = f"/entretiens/nouveau?dossier={personne_id}"
    if prevu is not None:
        action = {"libelle": "Ouvrir le dossier", "url": f"/dossiers/{personne_id}"}
        if etat != "prevu":
            pourquoi += f". Rendez-vous proposé {_le(prevu, aujourd_hui)}"
    if a_preciser:
        rendez_vous = max(a_preciser, key=lambda r: r["debut"])
        jour = dates.jour_paris(rendez_vous["debut"])
        pourquoi += f". Le rendez-vous du {quantieme(jour, aujourd_hui)} reste à préciser"
        action = {
            "libelle": "Préciser le rendez-vous",
            "url": f"/entretiens/nouveau?dossier={personne_id}&rendez_vous={rendez_vous['id']}",
        }
    return {
        "genre": genre,
        "mesure_id": mesure["id"],
        "convention": mesure["convention"],
        "due_le": due_le,
        "jours": jours,
        "etat": etat,
        "titre": titre,
        "pourquoi": pourquoi + ".",
        "citation": citation,
        "action": action,
    }


def _titre(quoi: str, due_le: str, jours: int, aujourd_hui: str, prevu: str | None) -> str:
    """« Premier contact à prendre d'ici jeudi 26 novembre » : le jour dit est compris."""
    if prevu is not None:
        return f"{quoi} prévu {_le(prevu, aujourd_hui)}"
    verbe = "à prendre" if quoi == "Premier contact" else "à prévoir"
    if jours < 0:
        return f"{quoi} {verbe}, {quantite(-jours, 'jour')} de retard"
    if jours == 0:
        return f"{quoi} {verbe} aujourd’hui"
    return f"{quoi} {verbe} d’ici {jour_proche(due_le, aujourd_hui)}"


def _le(jour: str, aujourd_hui: str) -> str:
    proche = jour_proche(jour, aujourd_hui)
    return proche if abs(dates.jours_entre(aujourd_hui, jour)) <= 1 else f"le {jour_long(jour, aujourd_hui)}"


def _de_la_mesure(fiche: Fiche, mesure: Fiche) -> bool:
    return fiche.get("mesure_id") in (None, mesure["id"])


def _entretiens(dossier: Fiche, mesure: Fiche) -> list[Fiche]:
    return [entretien for entretien in dossier["entretiens"] if _de_la_mesure(entretien, mesure)]


def _honores(dossier: Fiche, mesure: Fiche) -> list[str]:
    """Les jours des rendez-vous honorés."""
    return [
        dates.jour_paris(rendez_vous["debut"])
        for rendez_vous in dossier["rendez_vous"]
        if rendez_vous["statut"] == "honore" and _de_la_mesure(rendez_vous, mesure)
    ]


def _proposes(dossier: Fiche, mesure: Fiche) -> list[tuple[str, Fiche]]:
    """Les rendez-vous sans issue, avec leur jour."""
    return [
        (dates.jour_paris(rendez_vous["debut"]), rendez_vous)
        for rendez_vous in dossier["rendez_vous"]
        if rendez_vous["statut"] == "propose" and _de_la_mesure(rendez_vous, mesure)
    ]
