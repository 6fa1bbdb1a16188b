"""Le dossier tel qu'il sera : ce que l'on a noté, posé sur ce que l'on sait du serveur.

Le téléphone montre ainsi tout de suite ce qui attend d'être envoyé ; le serveur, en appliquant la même opération, doit
arriver à la même fiche. Rien n'est modifié sur place : chaque projection rend un nouveau dossier.
Miroir : static/js/domain/projection.js, mêmes cas dans tests/corpus/projection.json.
"""

from collections.abc import Callable
from typing import Any

from app.domain import dates, piece
from app.domain.champs_personne import catalogue
from app.domain.personne import Fiche
from app.domain.reglement import regler
from app.domain.roles import TERRAIN

Operation = dict[str, Any]
Acteur = dict[str, Any]

LISTES = ("mesures", "rendez_vous", "entretiens", "controles")


def projeter(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Le dossier après l'opération ; `dossier` est None pour une personne encore inconnue.

    `acteur` : `{"id", "nom"}` de l'auteur, et son `role`. `operation["envoi"]` (« en_attente » par défaut, « refusee »,
    « retenue ») marque les fiches touchées. Une opération qui vise une fiche absente, ou d'un genre inconnu, laisse le
    dossier tel quel : elle attend la fiche, elle ne l'invente pas.
    """
    appliquer = _GENRES.get(operation["genre"])
    if appliquer is not None:
        return appliquer(dossier, operation, acteur)
    verbe, forme = piece.genres().get(operation["genre"], ("", ""))
    return _PIECES[verbe](dossier, forme, operation, acteur) if dossier and verbe else dossier


def inserer_valeur(historique: list[list[Any]], jour: str, valeur: Any) -> list[list[Any]]:
    """L'historique d'un champ avec sa nouvelle valeur à sa date d'effet ; deux valeurs du même jour : la dernière."""
    autres = [couple for couple in historique if couple[0] != jour]
    return sorted([*autres, [jour, valeur]], key=lambda couple: str(couple[0]))


def _nouveau_dossier(personne: Fiche) -> Fiche:
    return {"personne": personne, **{liste: [] for liste in LISTES}}


def _envoi(operation: Operation) -> str:
    return str(operation.get("envoi") or "en_attente")


def _poser_champs(personne: Fiche, champs: Fiche, jour: str) -> Fiche:
    """Les champs datés vont dans l'historique à leur date d'effet, les autres prennent leur valeur."""
    suivante = {**personne, "historique": dict(personne["historique"])}
    for nom, donnee in champs.items():
        champ = catalogue().get(nom)
        if champ is None:
            continue
        if champ.date:
            suivante["historique"][nom] = inserer_valeur(suivante["historique"].get(nom, []), jour, donnee)
        else:
            suivante[nom] = donnee
    return suivante


def _date_effet(operation: Operation) -> str:
    return str(operation["champs"].get("date_effet") or dates.jour_paris(operation["heure"]))


def _creer_personne(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche:
    vierge = {
        "type": "personne",
        "id": operation["entite"],
        "version": None,
        "reference": None,
        "nom": "",
        "prenom": "",
        "nom_usage": None,
        "pseudonymes": [],
        "date_naissance": None,
        "naissance_precision": None,
        "historique": {},
        "envoi": _envoi(operation),
    }
    personne = _poser_champs(vierge, operation["champs"], _date_effet(operation))
    return {**dossier, "personne": personne} if dossier else _nouveau_dossier(personne)


def _modifier_personne(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    if dossier is None:
        return None
    personne = _poser_champs(dossier["personne"], operation["champs"], _date_effet(operation))
    suivant = {**dossier, "personne": {**personne, "envoi": _envoi(operation)}}
    return {**suivant, "controles": _rouverts(dossier, operation)}


def _ouvrir_mesure(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    depuis = champs.get("entree_le") or champs.get("orientee_le") or _date_effet(operation)
    modalite = champs.get("modalite")
    # Le secrétariat ouvre pour d'autres : le référent reste à désigner.
    referent = [[depuis, acteur["id"]]] if acteur.get("role") in TERRAIN else []
    mesure = {
        "type": "mesure",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "version": None,
        "reference": None,
        "convention": champs["convention"],
        "orientee_le": champs.get("orientee_le"),
        "prescripteur": champs.get("prescripteur"),
        "premier_contact_le": champs.get("premier_contact_le"),
        "entree_le": champs.get("entree_le"),
        "fin_prevue_le": None,
        "sortie_le": None,
        "sortie_motif": None,
        "historique": {"referent": referent, "modalite": [[depuis, modalite]] if modalite else []},
    }
    return _ajouter(dossier, "mesures", mesure, operation)


def _proposer_rendez_vous(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    rendez_vous = {
        "type": "rendez_vous",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "mesure_id": champs["mesure_id"],
        "version": None,
        "reference": None,
        "debut": champs["debut"],
        "duree": champs.get("duree"),
        "lieu": champs.get("lieu"),
        "statut": "propose",
    }
    return _ajouter(dossier, "rendez_vous", rendez_vous, operation)


def _noter_entretien(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    entretien = {
        "type": "entretien",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "mesure_id": champs.get("mesure_id"),
        "version": None,
        "reference": None,
        "rendez_vous_id": champs.get("rendez_vous_id"),
        "date": champs["date"],
        "heure": champs.get("heure"),
        "duree": champs.get("duree"),
        "moyen": champs["moyen"],
        "lieu": champs.get("lieu"),
        "demarches": champs.get("demarches") or [],
        "synthese": champs.get("synthese"),
        "note_personnelle": champs.get("note_personnelle"),
        "auteur": acteur["id"],
        "auteur_nom": acteur["nom"],
    }
    return _ajouter(dossier, "entretiens", entretien, operation)


def _modifier_mesure(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return _changer(dossier, "mesures", operation, operation["champs"])


def _prononcer_sortie(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Le motif d'une autre date que celle de la règle reste au journal."""
    dite = {nom: lue for nom, lue in operation["champs"].items() if nom in ("sortie_le", "sortie_motif")}
    return _changer(dossier, "mesures", operation, dite)


def _constater_rendez_vous(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return _changer(dossier, "rendez_vous", operation, {"statut": operation["champs"]["statut"]})


def _deplacer_rendez_vous(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return _changer(dossier, "rendez_vous", operation, operation["champs"])


def _modifier_entretien(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Une note de travail, une coche ne sont pas une fiche à relire."""
    suivant = _changer(dossier, "entretiens", operation, operation["champs"])
    if dossier is None or suivant is None or set(operation["champs"]) - {"note_personnelle", "partagee"}:
        return suivant
    return {**suivant, "controles": dossier["controles"]}


def _decider_note(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Transmise, elle se lit de qui suit le dossier ; ce n'est pas une fiche à relire."""
    if dossier is None:
        return None
    entretiens = [
        {**fiche, **_note_decidee(fiche, operation["genre"]), "envoi": _envoi(operation)}
        if fiche["id"] == operation["entite"]
        else fiche
        for fiche in dossier["entretiens"]
    ]
    return {**dossier, "entretiens": entretiens}


def _note_decidee(entretien: Fiche, genre: str) -> Fiche:
    if genre == "effacer_note":
        return {"note_personnelle": None, "note_transmise": None}
    return {"note_transmise": entretien.get("note_personnelle")}


def _controler(etat: str) -> Callable[[Fiche | None, Operation, Acteur], Fiche | None]:
    def appliquer(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
        if dossier is None:
            return None
        champs = operation["champs"]
        fiches = {controle["fiche_id"]: controle for controle in dossier["controles"]}
        vierge = {
            "type": "controle",
            "id": operation["entite"],
            "personne_id": operation["personne"],
            "version": None,
            "fiche_type": champs["fiche_type"],
            "fiche_id": operation["entite"],
        }
        fiches[operation["entite"]] = {
            **fiches.get(operation["entite"], vierge),
            "etat": etat,
            "remarque": champs.get("remarque"),
            "par_nom": acteur["nom"],
            "le": operation["heure"],
            "envoi": _envoi(operation),
        }
        return {**dossier, "controles": list(fiches.values())}

    return appliquer


def _remettre(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """La fiche est de nouveau à lire, comme à son arrivée."""
    if dossier is None:
        return None
    neuve = {"etat": "recue", "remarque": None, "par_nom": None, "le": None, "envoi": _envoi(operation)}
    return {
        **dossier,
        "controles": [
            {**controle, **neuve} if controle["fiche_id"] == operation["entite"] else controle
            for controle in dossier["controles"]
        ],
    }


def _confier(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Ce qui était prévu après revient aussi au nouveau référent."""
    if dossier is None:
        return None
    champs, jour = operation["champs"], _date_effet(operation)
    mesures = []
    for mesure in dossier["mesures"]:
        suivis = [
            [debut, champs["referent"] if debut > jour else qui] for debut, qui in mesure["historique"]["referent"]
        ]
        referent = inserer_valeur(suivis, jour, champs["referent"])
        confiee = {**mesure, "historique": {**mesure["historique"], "referent": referent}, "envoi": _envoi(operation)}
        mesures.append(confiee if mesure["id"] == operation["entite"] else mesure)
    return {**dossier, "mesures": mesures}


def _partager(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    if dossier is None:
        return None
    champs = operation["champs"]
    partage = {
        "type": "partage",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "version": None,
        "utilisateur": champs["utilisateur"],
        "utilisateur_nom": None,
        "du": champs.get("du"),
        "jusqu_au": champs.get("jusqu_au"),
        "motif": champs.get("motif"),
        "par_nom": acteur["nom"],
        "fin_le": None,
    }
    return _ajouter({**dossier, "partages": dossier.get("partages") or []}, "partages", partage, operation)


def _cesser(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Un partage déjà fini garde son jour : deux personnes y ont pensé."""
    if dossier is None:
        return None
    jour = dates.jour_paris(operation["heure"])
    partages = [
        {**partage, "fin_le": jour, "envoi": _envoi(operation)}
        if partage["id"] == operation["entite"] and not partage["fin_le"]
        else partage
        for partage in dossier.get("partages") or []
    ]
    return {**dossier, "partages": partages}


def _archiver(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    jour = operation["champs"].get("le") or dates.jour_paris(operation["heure"])
    return _ranger(dossier, operation, str(jour))


def _rouvrir(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return _ranger(dossier, operation, None)


def _ranger(dossier: Fiche | None, operation: Operation, archive_le: str | None) -> Fiche | None:
    if dossier is None:
        return None
    return {**dossier, "personne": {**dossier["personne"], "archive_le": archive_le, "envoi": _envoi(operation)}}


def _regler(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    if dossier is None:
        return None
    return regler(dossier, operation, str(acteur["nom"]), _envoi(operation), inserer_valeur)


def _noter_piece(dossier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    fiche = {
        "type": "piece",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "version": None,
        "forme": forme,
        "mesure_id": champs.get("mesure_id"),
        "reference": None,
        "auteur": acteur["id"],
        "auteur_nom": acteur["nom"],
        "note_le": operation["heure"],
        "retiree_le": None,
        "retrait_motif": None,
        "partagee": bool(champs.get("partagee")),
        "tardive": None,
        "valeurs": {n: v for n, v in champs.items() if n not in piece.CLES and v not in piece.SANS_LISTE},
        "revisions": [],
    }
    return _ajouter({**dossier, "pieces": dossier.get("pieces") or []}, "pieces", fiche, operation)


def _modifier_piece(dossier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Ce qu'elle disait avant reste, avec qui l'a changé."""
    connue = next((fiche for fiche in dossier.get("pieces") or [] if fiche["id"] == operation["entite"]), None)
    if connue is None:
        return dossier
    return _changer(dossier, "pieces", operation, piece.modifiee(connue, operation, str(acteur["nom"])))


def _retirer_piece(dossier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    retrait = {"retiree_le": operation["heure"], "retrait_motif": operation["champs"].get("motif")}
    return _changer({**dossier, "pieces": dossier.get("pieces") or []}, "pieces", operation, retrait)


_PIECES = {"noter": _noter_piece, "modifier": _modifier_piece, "retirer": _retirer_piece}


def _ajouter(dossier: Fiche | None, liste: str, fiche: Fiche, operation: Operation) -> Fiche | None:
    """Ajoute une fiche, ou rien si elle est déjà là : la même opération deux fois est un seul fait."""
    if dossier is None or any(presente["id"] == fiche["id"] for presente in dossier[liste]):
        return dossier
    return {**dossier, liste: [*dossier[liste], {**fiche, "envoi": _envoi(operation)}]}


def _changer(dossier: Fiche | None, liste: str, operation: Operation, champs: Fiche) -> Fiche | None:
    if dossier is None:
        return None
    fiches = [
        {**fiche, **champs, "envoi": _envoi(operation)} if fiche["id"] == operation["entite"] else fiche
        for fiche in dossier[liste]
    ]
    return {**dossier, liste: fiches, "controles": _rouverts(dossier, operation)}


def _rouverts(dossier: Fiche, operation: Operation) -> list[Fiche]:
    """Une fiche modifiée revient à la lecture du chef de service, sa remarque avec elle."""
    return [
        {**controle, "etat": "recue"} if controle["fiche_id"] == operation["entite"] else controle
        for controle in dossier["controles"]
    ]


_GENRES: dict[str, Callable[[Fiche | None, Operation, Acteur], Fiche | None]] = {
    "creer_personne": _creer_personne,
    "modifier_personne": _modifier_personne,
    "ouvrir_mesure": _ouvrir_mesure,
    "modifier_mesure": _modifier_mesure,
    "prononcer_sortie": _prononcer_sortie,
    "proposer_rendez_vous": _proposer_rendez_vous,
    "constater_rendez_vous": _constater_rendez_vous,
    "deplacer_rendez_vous": _deplacer_rendez_vous,
    "noter_entretien": _noter_entretien,
    "modifier_entretien": _modifier_entretien,
    "transmettre_note": _decider_note,
    "effacer_note": _decider_note,
    "archiver_dossier": _archiver,
    "rouvrir_dossier": _rouvrir,
    "regler_desaccord": _regler,
    "confier_mesure": _confier,
    "partager_dossier": _partager,
    "cesser_partage": _cesser,
    "valider_fiche": _controler("validee"),
    "retourner_fiche": _controler("retournee"),
    "remettre_fiche": _remettre,
    # Au bureau seul, et sur deux dossiers : le téléphone en reçoit le résultat.
    **dict.fromkeys(
        ("reprendre_operation", "fusionner_dossiers", "separer_dossiers", "echoir_note"),
        lambda dossier, operation, acteur: dossier,
    ),
}

GENRES = tuple(_GENRES)
