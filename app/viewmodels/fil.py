"""Le fil d'un dossier : entretiens, rendez-vous et jalons, du plus récent au plus ancien."""

from app.domain import dates, nomenclatures
from app.domain.acces import a_un_binome, est_en_binome
from app.domain.francais import annee_autre, minuscule
from app.domain.mesure import motif_lisible
from app.domain.personne import Fiche
from app.domain.piece import accord_de_partage
from app.domain.rendez_vous import est_retournee, etat
from app.domain.roles import LECTEURS_DES_MOTIFS, TERRAIN
from app.viewmodels.agenda import (
    constats_possibles,
    corrections_possibles,
    entretiens_lies,
    etat_libelle,
    url_de_la_fiche,
)
from app.viewmodels.contexte import Contexte, Vue, libelle_convention, nom_de_collegue
from app.viewmodels.tardive import tardive

Place = tuple[str, str, int, str]

_VIDE: Vue = {
    "heure": None,
    "etat": None,
    "etat_libelle": None,
    "moyen_libelle": None,
    "lieu": None,
    "duree": None,
    "demarches": [],
    "synthese": None,
    "note_personnelle": None,
    "note_transmise": None,
    "partage": None,
    "auteur_nom": None,
    "envoi": None,
    "tardive": None,
    "controle": None,
    "url_modifier": None,
    "url_noter": None,
    "op_id": None,
    "base": None,
    "rendez_vous_id": None,
    "constats": [],
    "corrections": [],
    "attache": None,
}
ATTACHE = "Un entretien est noté pour ce rendez-vous. Il restera au dossier\u202f: modifiez-le s’il n’a pas eu lieu."
_JALONS = {
    "orientee_le": "Orientation reçue",
    "premier_contact_le": "Premier contact",
    "entree_le": "Entrée dans la mesure",
    "sortie_le": "Sortie de la mesure",
}
# Le même jour : la sortie au-dessus, puis les entretiens, les rendez-vous, et ce qui ouvre la mesure.
_RANGS = {"sortie_le": 5, "entretien": 4, "rendez_vous": 3, "entree_le": 2, "premier_contact_le": 1}


def fil(dossier: Fiche, contexte: Contexte, sans: str | None = None) -> list[Vue]:
    """`[{genre, id, date, annee, heure, titre, etat, etat_libelle, moyen_libelle, lieu, duree, demarches, synthese,
    note_personnelle, note_transmise, partage, auteur_nom, envoi, tardive, controle: {etat, remarque, par_nom},
    url_modifier, url_noter, op_id, base, rendez_vous_id, constats, corrections, attache}]`.

    Un rendez-vous honoré dont l'entretien est noté ne paraît que par son entretien, sauf si sa fiche est à reprendre ;
    c'est là que son issue se corrige. `corrections` : les autres issues d'un rendez-vous qui en a une, `rendez_vous_id`
    le sien ; `attache` : ce qu'il faut savoir avant. `sans` : celui que la page montre ailleurs.
    """
    lies = entretiens_lies(dossier)
    tus: dict[str, Fiche] = {}
    places: list[tuple[Place, Fiche]] = []
    for entretien in dossier["entretiens"]:
        places.append(_placer(entretien["date"], entretien["heure"], "entretien", entretien["id"], entretien))
    for rendez_vous in dossier["rendez_vous"]:
        dit_ailleurs = rendez_vous["statut"] == "honore" and rendez_vous["id"] in lies
        if rendez_vous["id"] == sans or (dit_ailleurs and not est_retournee(dossier, rendez_vous["id"])):
            tus[rendez_vous["id"]] = rendez_vous
            continue
        jour, heure = dates.jour_paris(rendez_vous["debut"]), dates.heure_paris(rendez_vous["debut"])
        places.append(_placer(jour, heure, "rendez_vous", rendez_vous["id"], rendez_vous))
    for mesure in dossier["mesures"]:
        places += [_placer(mesure[champ], None, champ, mesure["id"], mesure) for champ in _JALONS if mesure.get(champ)]
    places.sort(key=lambda place: place[0], reverse=True)
    return [
        _element(place, fiche, dossier, contexte, tus) | {"annee": annee_autre(place[0], contexte["aujourd_hui"])}
        for place, fiche in places
    ]


def _placer(jour: str, heure: str | None, genre: str, identifiant: str, fiche: Fiche) -> tuple[Place, Fiche]:
    return (jour, heure or "", _RANGS.get(genre, 0), f"{genre}-{identifiant}"), fiche


def _element(place: Place, fiche: Fiche, dossier: Fiche, contexte: Contexte, tus: dict[str, Fiche]) -> Vue:
    if fiche["type"] == "entretien":
        tu = tus.pop(fiche.get("rendez_vous_id") or "", None)
        return _entretien(fiche, dossier, contexte) | _issue(tu, dossier, contexte)
    if fiche["type"] == "rendez_vous":
        return _rendez_vous(fiche, place, dossier, contexte)
    return _jalon(place, fiche, contexte)


def _jalon(place: Place, mesure: Fiche, contexte: Contexte) -> Vue:
    champ = place[3].split("-", 1)[0]
    titre = _JALONS[champ]
    if champ == "sortie_le" and mesure.get("sortie_motif"):
        motif = motif_lisible(mesure["sortie_motif"], contexte["utilisateur"]["role"])
        titre += f"\u202f: {minuscule(nomenclatures.libelle('motif_sortie', motif, None, mesure['sortie_le']))}"
    return {
        **_VIDE,
        "genre": "jalon",
        "id": place[3],
        "date": place[0],
        "titre": titre,
        "moyen_libelle": libelle_convention(mesure["convention"], contexte),
        "synthese": _ecart(mesure, contexte) if champ == "sortie_le" else None,
        "auteur_nom": mesure.get("prescripteur") if champ == "orientee_le" else None,
        "envoi": mesure.get("envoi"),
    }


def _ecart(mesure: Fiche, contexte: Contexte) -> str | None:
    """Pourquoi la sortie n'est pas au jour que donnait la règle, pour qui lit son motif."""
    ecart = mesure.get("sortie_ecart") if contexte["utilisateur"]["role"] in LECTEURS_DES_MOTIFS else None
    return f"Un autre jour que celui de la règle\u202f: {ecart}" if ecart else None


def _entretien(entretien: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    moi = contexte["utilisateur"]["id"]
    auteur = None if entretien["auteur"] == moi else entretien.get("auteur_nom")
    note, transmise = entretien.get("note_personnelle"), entretien.get("note_transmise")
    return {
        **_VIDE,
        "genre": "entretien",
        "id": entretien["id"],
        "date": entretien["date"],
        "heure": entretien["heure"],
        "titre": nomenclatures.libelle("titre_entretien", entretien["moyen"]),
        "moyen_libelle": "face à face" if entretien["moyen"] == "presentiel" else None,
        "lieu": entretien["lieu"],
        "duree": entretien["duree"],
        "demarches": demarches_en_mots(entretien["demarches"], entretien["date"]),
        "synthese": entretien["synthese"],
        "note_personnelle": None if note == transmise else note,
        "note_transmise": transmise,
        "partage": _partage(entretien, dossier, contexte),
        "auteur_nom": auteur or nom_de_collegue(entretien["auteur"], contexte),
        "envoi": entretien.get("envoi"),
        "tardive": tardive(entretien),
        "controle": _controle(entretien, dossier),
        "url_modifier": f"/entretiens/{entretien['id']}/modifier" if entretien["auteur"] == moi else None,
    }


def _partage(entretien: Fiche, dossier: Fiche, contexte: Contexte) -> Vue | None:
    """`{url, coche, dit, libelle, op_id, base}` : de quoi le cocher pour le binôme, s'il y en a un ; jamais la note."""
    jour = contexte["aujourd_hui"]
    if est_en_binome(dossier) or not a_un_binome(dossier, jour) or contexte["utilisateur"]["role"] not in TERRAIN:
        return None
    coche = bool(entretien.get("partagee"))
    return {
        "url": f"/dossiers/{entretien['personne_id']}/entretiens/{entretien['id']}/partage",
        "coche": coche,
        "dit": phrase_du_partage("é", dossier, jour) if coche else None,
        "libelle": "Ne plus partager" if coche else "Partager avec le binôme",
        "op_id": contexte["nouvel_identifiant"](),
        "base": entretien.get("version"),
    }


def phrase_du_partage(accord: str, dossier: Fiche, jour: str) -> str:
    """« Partagée avec le binôme. » ; `accord` : « é » ou « ée »."""
    if accord_de_partage(dossier, jour):
        return f"Partag{accord} avec le binôme."
    article = "le" if accord == "é" else "la"
    return f"Coch{accord} pour le binôme\u202f: il {article} lira quand la personne l’aura accepté."


def _issue(rendez_vous: Fiche | None, dossier: Fiche, contexte: Contexte) -> Vue:
    """De quoi corriger, sur son entretien, l'issue d'un rendez-vous qui ne paraît pas ; une fois s'ils sont deux."""
    if rendez_vous is None:
        return {}
    return {
        "rendez_vous_id": rendez_vous["id"],
        "op_id": contexte["nouvel_identifiant"](),
        "base": rendez_vous.get("version"),
        "corrections": corrections_possibles(rendez_vous, dossier, contexte),
        "attache": ATTACHE,
    }


def _controle(fiche: Fiche, dossier: Fiche) -> Vue | None:
    controle = next((c for c in dossier["controles"] if c["fiche_id"] == fiche["id"]), None)
    return {nom: controle[nom] for nom in ("etat", "remarque", "par_nom")} if controle else None


def _rendez_vous(rendez_vous: Fiche, place: Place, dossier: Fiche, contexte: Contexte) -> Vue:
    actuel = etat(rendez_vous, contexte["maintenant"])
    possibles = constats_possibles(rendez_vous, dossier, contexte)
    corrections = corrections_possibles(rendez_vous, dossier, contexte)
    return {
        **_VIDE,
        "genre": "rendez_vous",
        "id": rendez_vous["id"],
        "date": place[0],
        "heure": place[1],
        "titre": "Rendez-vous",
        "etat": "a_venir" if actuel == "propose" else actuel,
        "etat_libelle": etat_libelle(actuel, dossier["personne"], contexte),
        "lieu": rendez_vous["lieu"],
        "duree": rendez_vous["duree"],
        "envoi": rendez_vous.get("envoi"),
        "tardive": tardive(rendez_vous),
        "controle": _controle(rendez_vous, dossier),
        "url_noter": url_de_la_fiche(rendez_vous, dossier),
        "op_id": contexte["nouvel_identifiant"]() if possibles or corrections else None,
        "base": rendez_vous.get("version"),
        "rendez_vous_id": rendez_vous["id"],
        "attache": ATTACHE if rendez_vous["id"] in entretiens_lies(dossier) else None,
        "constats": possibles,
        "corrections": corrections,
    }


def demarches_en_mots(demarches: list[Fiche], jour: str) -> list[str]:
    """« Logement (Demande de FSL ; Chèque énergie) » : une famille, et ses natures précisées."""
    par_famille: dict[str, list[str]] = {}
    for demarche in demarches:
        natures = par_famille.setdefault(demarche["famille"], [])
        if demarche.get("nature"):
            natures.append(nomenclatures.libelle_nature(demarche["famille"], demarche["nature"], jour))
    return [
        nomenclatures.libelle("demarche", famille) + (f" ({' ; '.join(natures)})" if natures else "")
        for famille, natures in par_famille.items()
    ]
