"""Envoi : ce qui attend, ce qui a été refusé et pourquoi, le dernier échange."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.domain import cahier, dates, feuilles, formes, nomenclatures, piece
from app.domain.champs_personne import catalogue
from app.domain.francais import heure as heure_en_mots
from app.domain.francais import jour_proche, minuscule, quantieme, quantite
from app.domain.personne import Fiche, nom_affiche
from app.viewmodels import desaccord as desaccords_en_mots
from app.viewmodels import mots_piece
from app.viewmodels.contexte import Contexte, Vue, sexe

_CHAMPS = {
    "date": "Date",
    "heure": "Heure",
    "debut": "Date et heure",
    "duree": "Durée",
    "moyen": "Moyen",
    "lieu": "Lieu",
    "demarches": "Démarches",
    "synthese": "Synthèse",
    "note_personnelle": "Note personnelle",
    "statut": "Issue du rendez-vous",
    "convention": "Convention",
    "orientee_le": "Orientation",
    "entree_le": "Entrée",
    "premier_contact_le": "Premier contact",
    "date_effet": "Date d’effet",
    "utilisateur": "Collègue",
    "du": "À partir du",
    "jusqu_au": "Jusqu’au",
    "motif": "Pourquoi",
}

# Un geste n'a pas de formulaire à reprendre : refusé, il se refait depuis le dossier, tel qu'il est devenu.
_GESTES = (
    *("regler_desaccord", "archiver_dossier", "rouvrir_dossier", "cesser_partage", "confier_mesure"),
    *("transmettre_note", "effacer_note", "rattacher_rencontres", "detacher_rencontres"),
)
# Ce que l'on y a écrit de plus long.
_TEXTES = ("synthese", "note", "decision", "issue", "transmission")
_CREENT = ("creer_personne", "ouvrir_mesure", "proposer_rendez_vous", "noter_entretien")
_MODIFIENT = ("modifier_personne", "modifier_mesure", "prononcer_sortie", "deplacer_rendez_vous", "modifier_entretien")


def envoi(
    dossiers: Mapping[str, Fiche],
    operations: Sequence[Vue],
    contexte: Contexte,
    en_cours: bool = False,
    appareil: Vue | None = None,
    perdus: int = 0,
    cahiers: Mapping[str, Fiche] | None = None,
) -> Vue:
    """`{attente: [{op_id, quoi, nom, url, quand, etat}], refusees: [{op_id, quoi, nom, erreurs: [{libelle,
    message}], texte, url_corriger, url_voir, dependantes: [{op_id, quoi}], url_renoncer}], perdus, desaccords:
    [{dossier_id, nom, quoi}], dernier_echange, dernier_echange_texte, en_cours, appareil}`.

    `perdus` : combien d'envois une ligne abîmée a emportés, pli compris : le carnet n'en sait plus que le nombre.
    `attente` : une ligne par fiche, quoi que l'on y ait noté depuis ; `desaccords` : ce qui est bien arrivé, alors que
    quelqu'un avait noté autre chose au même endroit.

    `dossiers` : par id de personne ; `operations` : `[{"op", "etat", "erreurs"}]`, dans l'ordre où elles ont été
    notées, `etat` : attente, retenue ou refusee ; `cahiers` : par id ; `contexte["dernier_echange"]` : un instant ou
    None.
    """
    refusees = []
    fiches: dict[str, list[Vue]] = {}
    for operation in operations:
        op = operation["op"]
        if operation["etat"] == "refusee":
            dossier = dossiers.get(op["personne"])
            refusees.append(
                {
                    "op_id": op["id"],
                    "quoi": quoi(op, dossier, contexte),
                    "nom": _nom(op, dossier, True, contexte, cahiers or {}),
                    "erreurs": _erreurs(operation["erreurs"], op["genre"]),
                    # Sans dossier où l'ouvrir, ce qui a été écrit ne se lit plus qu'ici.
                    "texte": None if dossier else _texte(op),
                    "url_corriger": None if op["genre"] in _GESTES else url_corriger(op, dossier, cahiers or {}),
                    "url_voir": f"/dossiers/{op['personne']}" if dossier and op["genre"] in _GESTES else None,
                    "dependantes": [
                        {"op_id": autre["id"], "quoi": quoi(autre, dossiers.get(autre["personne"]), contexte)}
                        for autre in _dependantes(op, operations)
                    ],
                    "url_renoncer": f"/envoi/{op['id']}/renoncer",
                }
            )
        else:
            fiches.setdefault(op["entite"], []).append(operation)
    dernier = contexte.get("dernier_echange")
    return {
        "attente": [_en_attente(notees, dossiers, contexte, cahiers or {}) for notees in fiches.values()],
        "refusees": refusees,
        "perdus": perdus,
        "desaccords": _desaccords(dossiers, contexte),
        "dernier_echange": dernier,
        "dernier_echange_texte": moment(dernier, contexte) if dernier else None,
        "en_cours": en_cours,
        "appareil": _appareil(appareil, contexte),
    }


def _texte(op: Fiche) -> str | None:
    dits = (op["champs"].get(nom) for nom in _TEXTES)
    return next((dit for dit in dits if dit is not None), None)


def _en_attente(
    notees: Sequence[Vue], dossiers: Mapping[str, Fiche], contexte: Contexte, cahiers: Mapping[str, Fiche]
) -> Vue:
    """Une fiche qui attend, telle que la laisse la dernière chose notée."""
    ops = [operation["op"] for operation in notees]
    premiere, derniere = ops[0], ops[-1]
    dossier = dossiers.get(derniere["personne"])
    if _cree(premiere["genre"]) and _modifie(derniere["genre"]):
        # Corrigée avant d'être partie, c'est encore une fiche nouvelle.
        dite = {**premiere, "champs": {nom: v for op in ops for nom, v in op["champs"].items()}}
    else:
        dite = derniere
    return {
        "op_id": premiere["id"],
        "quoi": quoi(dite, dossier, contexte),
        "nom": _nom(dite, dossier, False, contexte, cahiers),
        "url": f"/dossiers/{derniere['personne']}" if dossier else None,
        "quand": moment(derniere["heure"], contexte),
        "etat": "retenue" if any(operation["etat"] == "retenue" for operation in notees) else "en_attente",
    }


def _desaccords(dossiers: Mapping[str, Fiche], contexte: Contexte) -> list[Vue]:
    """Ceux qu'a ouverts ce que cette personne a envoyé."""
    return [
        {
            "dossier_id": desaccord["personne_id"],
            "nom": nom_affiche(dossier["personne"]),
            "quoi": desaccords_en_mots.quoi(desaccord, dossier, contexte["aujourd_hui"]),
        }
        for dossier in dossiers.values()
        for desaccord in desaccords_en_mots.ouverts(dossier)
        if desaccord["propose"]["par"] == contexte["utilisateur"]["id"]
    ]


def _nom(op: Fiche, dossier: Fiche | None, refusee: bool, contexte: Contexte, cahiers: Mapping[str, Fiche]) -> str:
    if op["genre"] in cahier.genres():
        tenu = cahiers.get(op["personne"])
        if tenu is None:
            return "Cahier qui n’est pas dans ce carnet"
        de_qui = cahier.qui(tenu, cahier.genres()[op["genre"]][1], op["entite"], op["champs"])
        return ", ".join(mot for mot in (de_qui, tenu["cahier"]["nom"]) if mot)
    if dossier:
        return nom_affiche(dossier["personne"])
    if op["genre"] == "creer_personne":
        return nom_affiche(op["champs"])
    # Une note à décider, d'un dossier déjà parti.
    for note in contexte["reference"].get("notes") or []:
        if note["entretien"] == op["entite"]:
            return str(note["nom"])
    return "Personne qui n’est pas dans ce carnet" if refusee else "Personne à recevoir"


_CITES = ("mesure_id", "rendez_vous_id", "maraude_id", "connu_id", "seance_id", "inscription_id", "dossier_id")


def _dependantes(refusee: Fiche, operations: Sequence[Vue]) -> list[Fiche]:
    """Ce qui se rattache à une création refusée, de proche en proche : sans elle, rien de cela ne partira jamais."""
    if not _cree(refusee["genre"]):
        return []
    attendues, trouvees = {refusee["entite"]}, [refusee]
    for op in (operation["op"] for operation in operations):
        champs = op["champs"]
        cites = {op["personne"], op["entite"], *(champs.get(nom) for nom in _CITES)}
        if op["id"] != refusee["id"] and cites & attendues:
            trouvees.append(op)
            attendues |= {op["entite"]} if _cree(op["genre"]) else set()
    return trouvees[1:]


def _cree(genre: str) -> bool:
    return genre in _CREENT or _verbe(genre) == "noter"


def _modifie(genre: str) -> bool:
    return genre in _MODIFIENT or _verbe(genre) == "modifier"


def _verbe(genre: str) -> str:
    return (piece.genres().get(genre) or cahier.genres().get(genre) or ("",))[0]


def quoi(op: Fiche, dossier: Fiche | None, contexte: Contexte) -> str:
    """« Entretien du 26 novembre », « Absence excusée au rendez-vous du 12 novembre »."""
    genre, champs, aujourd_hui = op["genre"], op["champs"], contexte["aujourd_hui"]
    if genre == "noter_entretien":
        titre = nomenclatures.libelle("titre_entretien", champs["moyen"])
        return f"{titre} du {quantieme(champs['date'], aujourd_hui)}"
    if genre in ("proposer_rendez_vous", "deplacer_rendez_vous") and champs.get("debut"):
        jour = quantieme(dates.jour_paris(champs["debut"]), aujourd_hui)
        return f"Rendez-vous {'du' if genre == 'proposer_rendez_vous' else 'déplacé au'} {jour}"
    if genre == "constater_rendez_vous":
        rendez_vous = next((r for r in (dossier or {}).get("rendez_vous", []) if r["id"] == op["entite"]), None)
        du = f" du {quantieme(dates.jour_paris(rendez_vous['debut']), aujourd_hui)}" if rendez_vous else ""
        if champs["statut"] == "propose":
            return f"Rendez-vous{du}\u202f: issue annulée"
        accord = sexe(dossier["personne"], contexte) if dossier else None
        return f"Rendez-vous{du}\u202f: {nomenclatures.libelle('statut_rendez_vous', champs['statut'], accord).lower()}"
    if genre == "regler_desaccord":
        desaccord = next((d for d in (dossier or {}).get("desaccords") or [] if d["id"] == op["entite"]), None)
        if dossier and desaccord:
            return f"Valeur choisie\u202f: {minuscule(desaccords_en_mots.quoi(desaccord, dossier, aujourd_hui))}"
    return piece.acte(genre) or cahier.acte(genre) or nomenclatures.libelle("genre_operation", genre)


def moment(instant: str, contexte: Contexte) -> str:
    """« aujourd’hui à 9 h 52 », « hier à 18 h », « jeudi 12 novembre à 9 h »."""
    jour = jour_proche(dates.jour_paris(instant), contexte["aujourd_hui"])
    return f"{jour} à {heure_en_mots(dates.heure_paris(instant))}"


def url_corriger(op: Fiche, dossier: Fiche | None, cahiers: Mapping[str, Fiche] = MappingProxyType({})) -> str | None:
    """Le formulaire rempli de ce qui a été refusé ; `corrige` y dit quelle opération sera remplacée."""
    genre, personne_id, suite = op["genre"], op["personne"], f"corrige={op['id']}"
    if genre == "creer_personne":
        return f"/personnes/nouvelle?{suite}"
    geste, feuille = cahier.genres().get(genre, ("", ""))
    if geste:
        url = f"/{feuille}s/{op['entite']}/modifier" + ("" if geste == "retirer" else f"?{suite}")
        return url if personne_id in cahiers else None
    verbe, forme = piece.genres().get(genre, ("", ""))
    if dossier is not None and verbe == "noter":
        return f"/pieces/nouvelle?dossier={personne_id}&forme={forme}&{suite}"
    if dossier is not None and verbe:
        return f"/pieces/{op['entite']}" + (f"/modifier?{suite}" if verbe == "modifier" else "")
    urls = {
        "modifier_personne": f"/dossiers/{personne_id}/modifier?{suite}",
        "ouvrir_mesure": f"/dossiers/{personne_id}/mesures/nouvelle?{suite}",
        "modifier_mesure": f"/dossiers/{personne_id}/mesures/{op['entite']}/modifier?{suite}",
        "prononcer_sortie": f"/dossiers/{personne_id}/mesures/{op['entite']}/sortie?{suite}",
        "partager_dossier": f"/dossiers/{personne_id}/partager?{suite}",
        "noter_entretien": f"/entretiens/nouveau?dossier={personne_id}&{suite}",
        "modifier_entretien": f"/entretiens/{op['entite']}/modifier?{suite}",
        "proposer_rendez_vous": f"/rendez-vous/nouveau?dossier={personne_id}&{suite}",
        "deplacer_rendez_vous": f"/rendez-vous/{op['entite']}/deplacer?{suite}",
    }
    if dossier is None:
        return None
    return urls.get(genre, f"/dossiers/{personne_id}")


def _erreurs(erreurs: Mapping[str, Sequence[str]], genre: str) -> list[Vue]:
    return [
        {"libelle": _libelle_champ(champ, genre), "message": message}
        for champ, messages in erreurs.items()
        for message in messages
    ]


def _libelle_champ(champ: str, genre: str) -> str | None:
    if genre in cahier.genres():
        decrit = formes.champ(feuilles.charger()[cahier.genres()[genre][1]], champ)
        return str(decrit["libelle"]) if decrit else None
    if genre in piece.genres():
        return mots_piece.libelle(piece.genres()[genre][1], champ)
    if champ in _CHAMPS:
        return _CHAMPS[champ]
    connu = catalogue().get(champ)
    return connu.libelle if connu else None


def _appareil(appareil: Vue | None, contexte: Contexte) -> Any:
    """`{nom, bail_texte}` ; `bail_jours_restants` dit combien de jours encore le carnet s'ouvre sans échange."""
    if appareil is None:
        return None
    restants = appareil.get("bail_jours_restants")
    texte = f"s’ouvre sans réseau encore {quantite(restants, 'jour')}" if restants is not None else None
    return {"nom": appareil["nom"], "bail_texte": texte}
