"""Tournée : la journée lieu par lieu, et sa clôture. Miroir : static/js/viewmodels/tournee.js."""

from collections.abc import Sequence

from app.domain import dates
from app.domain.acces import est_archive, est_en_binome
from app.domain.echeance import echeances
from app.domain.francais import SEMAINE, quantite
from app.domain.jours_ouvres import ouvre_au_plus_tard, ouvre_au_plus_tot
from app.domain.masque import est_masque, masquer
from app.domain.mesure import est_ouverte
from app.domain.personne import Fiche, nom_affiche, valeur
from app.domain.piece import derniere, titre
from app.domain.piece import valeur as valeur_de
from app.domain.recherche import cle
from app.domain.rendez_vous import est_deplacable
from app.viewmodels.agenda import ligne_rendez_vous
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.en_mots import grouper

# Ce que l'échéance dit aussi, quand la pièce elle-même est nommée à côté.
_DIT_PAR_LA_PIECE = "contrat_a_signer"


def tournee(dossiers: Sequence[Fiche], contexte: Contexte, jour: str | None = None) -> Vue:
    """`{date, quand, resume, ici, avant, apres, lieux, url_noter, cloture: {url, libelle} | None}`.

    `lieux` : dans l'ordre de la route, celui du premier rendez-vous de chacun : `{id, nom, adresse, ouverture, ferme,
    pret: {qui, affiche, lien} | None, url_salle, url_imprevu, rendez_vous}`. Chaque rendez-vous est une ligne d'agenda,
    avec `telephone`, `retards` (en mots) et `a_signer` `[{titre, url}]`. `avant`, `apres` : `{jour, url}`, les jours
    voisins où il y a un rendez-vous, à défaut les jours ouvrés.
    """
    vu = dates.lire_jour(jour) or contexte["aujourd_hui"]
    du_jour, precedent, suivant = rendez_vous_du_jour(dossiers, vu)
    vivant = _prochain(du_jour, contexte)
    groupes: dict[str, list[tuple[Fiche, Fiche]]] = {}
    for rendez_vous, dossier in du_jour:
        groupes.setdefault(rendez_vous["lieu"] or "", []).append((rendez_vous, dossier))
    lieux = [_lieu(nom, paires, vivant, vu, contexte) for nom, paires in groupes.items()]
    a_signer = sum(len(r["a_signer"]) for lieu in lieux for r in lieu["rendez_vous"])
    return {
        "date": vu,
        "quand": _quand(vu, contexte["aujourd_hui"]),
        "resume": _resume(len(du_jour), len(lieux), a_signer),
        "ici": adresse("/tournee", vu, contexte),
        "avant": {"jour": precedent, "url": adresse("/tournee", precedent, contexte)},
        "apres": {"jour": suivant, "url": adresse("/tournee", suivant, contexte)},
        "lieux": lieux,
        "url_noter": "/entretiens/nouveau" if vu == contexte["aujourd_hui"] else None,
        "cloture": {"url": adresse("/tournee/cloture", vu, contexte), "libelle": "Clore la journée"}
        if du_jour and vu <= contexte["aujourd_hui"]
        else None,
    }


def cloture(dossiers: Sequence[Fiche], contexte: Contexte, jour: str | None = None) -> Vue:
    """`{date, quand, ici, retour, vide, close, refus, reste, a_preciser, a_venir}` : ce qui n'a pas encore d'issue.

    `close` : chaque rendez-vous a la sienne, et le serveur n'en a refusé aucune ; `refus`, `reste` : ce qui est à
    corriger, ce qui n'est pas parti, en mots.
    """
    vu = dates.lire_jour(jour) or contexte["aujourd_hui"]
    du_jour = rendez_vous_du_jour(dossiers, vu)[0]
    lignes = [_ligne(rendez_vous, dossier, contexte) for rendez_vous, dossier in du_jour]
    a_preciser = [ligne for ligne in lignes if ligne["etat"] == "a_preciser"]
    a_venir = [ligne for ligne in lignes if ligne["etat"] == "a_venir"]
    refusees = sum(1 for ligne in lignes if ligne["envoi"] == "refusee")
    ouverte = bool(a_preciser or a_venir or refusees)
    return {
        "date": vu,
        "quand": _quand(vu, contexte["aujourd_hui"]),
        "ici": adresse("/tournee/cloture", vu, contexte),
        "retour": adresse("/tournee", vu, contexte),
        "close": bool(lignes) and not ouverte,
        "vide": not lignes,
        "refus": f"{quantite(refusees, 'rendez-vous', 'rendez-vous')} à corriger dans Envoi." if refusees else None,
        "reste": _reste(lignes),
        "a_preciser": a_preciser,
        "a_venir": a_venir,
    }


def adresse(chemin: str, jour: str, contexte: Contexte) -> str:
    return chemin if jour == contexte["aujourd_hui"] else f"{chemin}?jour={jour}"


def rendez_vous_du_jour(dossiers: Sequence[Fiche], jour: str) -> tuple[list[tuple[Fiche, Fiche]], str, str]:
    """Les rendez-vous du jour par heure puis par nom, avec leur dossier, et les jours voisins."""
    debut, fin = (dates.instant_de(dates.ajouter_jours(jour, n), "00:00") for n in (0, 1))
    paires, avant, apres = [], "", ""
    for dossier in dossiers:
        if est_archive(dossier):
            continue
        for rendez_vous in dossier["rendez_vous"]:
            quand = rendez_vous["debut"]
            if quand < debut:
                avant = max(avant, quand)
            elif quand < fin:
                paires.append((rendez_vous, dossier))
            else:
                apres = min(apres or quand, quand)
    paires.sort(key=lambda paire: (paire[0]["debut"], cle(nom_affiche(paire[1]["personne"])), paire[0]["id"]))
    precedent = ouvre_au_plus_tard(dates.ajouter_jours(jour, -1))
    suivant = ouvre_au_plus_tot(dates.ajouter_jours(jour, 1))
    if avant:
        precedent = max(precedent, dates.jour_paris(avant))
    if apres:
        suivant = min(suivant, dates.jour_paris(apres))
    return paires, precedent, suivant


def _prochain(du_jour: Sequence[tuple[Fiche, Fiche]], contexte: Contexte) -> str | None:
    a_venir = (r["id"] for r, _ in du_jour if r["statut"] == "propose" and r["debut"] >= contexte["maintenant"])
    return next(a_venir, None)


def _lieu(nom: str, paires: Sequence[tuple[Fiche, Fiche]], vivant: str | None, jour: str, contexte: Contexte) -> Vue:
    """Un lieu, et qui y est attendu. La page se regarde à plusieurs : d'un lieu à taire, elle ne dit rien."""
    masques = contexte["reference"].get("masques") or ()
    connus = contexte["reference"].get("lieux") or []
    connu = next((lieu for lieu in connus if lieu["nom"] == nom), None)
    dit = (connu or {}) if not est_masque(nom, masques) else {}
    ou = [mot for mot in (dit.get("adresse"), dit.get("commune")) if mot]
    horaires = dit.get("horaires")
    au_jour = f"le {SEMAINE[dates.jour_de_semaine(jour)]}"
    heures = horaires[dates.jour_de_semaine(jour)] if horaires else ""
    numero = dit.get("preteur_telephone")
    return {
        "id": (connu or {}).get("id"),
        "nom": masquer(nom, masques) or "Sans lieu",
        "adresse": ", ".join(ou) if dit.get("adresse") else None,
        "ouverture": f"Ouvert {au_jour}\u202f: {heures}" if heures else None,
        "ferme": f"Pas d’ouverture connue {au_jour}" if horaires and not heures else None,
        "pret": {
            "qui": dit.get("preteur"),
            "affiche": grouper(numero) if numero else None,
            "lien": f"tel:{numero}" if numero else None,
        }
        if dit.get("preteur") or numero
        else None,
        "url_salle": f"/tournee/salle?jour={jour}&lieu={connu['id']}"
        if connu and any(est_deplacable(rendez_vous) for rendez_vous, _ in paires)
        else None,
        "url_imprevu": _imprevu(connu) if jour == contexte["aujourd_hui"] else None,
        "rendez_vous": [
            {**_ligne(rendez_vous, dossier, contexte), "lieu": None, "prochain": rendez_vous["id"] == vivant}
            | _a_savoir(dossier, contexte)
            for rendez_vous, dossier in paires
        ],
    }


def _imprevu(connu: Fiche | None) -> str:
    return f"/entretiens/nouveau?lieu={connu['id']}" if connu else "/entretiens/nouveau"


def _ligne(rendez_vous: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    ligne = ligne_rendez_vous(rendez_vous, dossier, contexte)
    return {**ligne, "lieu": masquer(ligne["lieu"], contexte["reference"].get("masques") or ())}


def _a_savoir(dossier: Fiche, contexte: Contexte) -> Vue:
    """Ce que l'on prépare avant de recevoir quelqu'un : son numéro, ce qui est en retard, ce qu'il reste à signer."""
    telephones = valeur(dossier["personne"], "telephones", contexte["aujourd_hui"]) or []
    numero = telephones[0]["numero"] if telephones else None
    a_signer = _a_signer(dossier, contexte)
    return {
        "telephone": {"affiche": grouper(numero), "lien": f"tel:{numero}"} if numero else None,
        "retards": [
            echeance["titre"]
            for echeance in echeances(dossier, contexte["reference"]["conventions"], contexte["maintenant"])
            if echeance["etat"] == "en_retard" and not (a_signer and echeance["genre"] == _DIT_PAR_LA_PIECE)
        ],
        "a_signer": a_signer,
    }


def _a_signer(dossier: Fiche, contexte: Contexte) -> list[Vue]:
    """Le dernier contrat de chaque mesure ouverte, que la personne n'a pas signé et qui court encore."""
    jour, masques = contexte["aujourd_hui"], contexte["reference"].get("masques") or ()
    attendus = {}
    for mesure in [] if est_en_binome(dossier) else dossier["mesures"]:
        contrat = derniere(dossier, "contrat", mesure) if est_ouverte(mesure, jour) else None
        if contrat and not valeur_de(contrat, "signe_personne_le") and (valeur_de(contrat, "fin") or jour) >= jour:
            attendus[contrat["id"]] = {"titre": titre(contrat, masques), "url": f"/pieces/{contrat['id']}"}
    return list(attendus.values())


def _quand(jour: str, aujourd_hui: str) -> str:
    proches = {-1: "Hier", 0: "Aujourd’hui", 1: "Demain"}
    return proches.get(dates.jours_entre(aujourd_hui, jour)) or "Tournée"


def _resume(rendez_vous: int, lieux: int, a_signer: int) -> str | None:
    """« 6 rendez-vous, 3 lieux, 1 contrat à faire signer »."""
    if not rendez_vous:
        return None
    mots = [quantite(rendez_vous, "rendez-vous", "rendez-vous"), quantite(lieux, "lieu", "lieux")]
    return ", ".join([*mots, *([f"{quantite(a_signer, 'contrat')} à faire signer"] if a_signer else [])])


def _reste(lignes: Sequence[Vue]) -> str | None:
    """Ce qui est noté ici et que le serveur n'a pas encore."""
    attente = sum(1 for ligne in lignes if ligne["envoi"] in ("en_attente", "retenue"))
    if not attente:
        return None
    return f"{quantite(attente, 'rendez-vous', 'rendez-vous')} pas encore envoyé{'s' if attente > 1 else ''}."
