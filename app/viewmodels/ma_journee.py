"""Ma journée : qui vient, ce qui reste à préciser, ce qui est dû et pourquoi, ce qui est à reprendre."""

from collections.abc import Sequence

from app.domain import dates, nomenclatures
from app.domain.acces import est_archive, peut_regler
from app.domain.echeance import echeances
from app.domain.francais import quantieme, quantite
from app.domain.masque import masquer
from app.domain.mesure import est_ouverte
from app.domain.personne import Fiche, nom_affiche
from app.domain.piece import titre
from app.domain.recherche import cle
from app.domain.saisie.notes import a_choisir
from app.viewmodels.agenda import ligne_rendez_vous
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.desaccord import ouverts

SOIR = "18:00"
MATIN = "05:00"


def ma_journee(dossiers: Sequence[Fiche], contexte: Contexte) -> Vue:
    """`{date, salutation, rendez_vous, a_preciser, echeances, compteurs: {dossiers, en_retard}, nouveautes,
    desaccords: [{dossier_id, nom, texte}], notes}`. Un dossier archivé n'y est plus, sauf pour ce qui s'y contredit.
    `notes` : combien de notes personnelles de dossiers quittés attendent un choix.

    `rendez_vous` : ceux du jour, par heure puis par nom ; le premier encore à venir est marqué `prochain`.
    `a_preciser` : ceux des jours passés sans issue, le plus récent d'abord. `echeances` : proches ou en retard.
    """
    aujourd_hui, maintenant = contexte["aujourd_hui"], contexte["maintenant"]
    du_jour, passes, dues = [], [], []
    suivis = [dossier for dossier in dossiers if not est_archive(dossier)]
    for dossier in suivis:
        for rendez_vous in dossier["rendez_vous"]:
            jour = dates.jour_paris(rendez_vous["debut"])
            if jour == aujourd_hui:
                du_jour.append((rendez_vous["debut"], cle(nom_affiche(dossier["personne"])), rendez_vous, dossier))
            elif jour < aujourd_hui and rendez_vous["statut"] == "propose":
                passes.append((rendez_vous["debut"], rendez_vous["id"], rendez_vous, dossier))
        dues += [
            ligne_echeance(echeance, dossier)
            for echeance in echeances(dossier, contexte["reference"]["conventions"], maintenant)
            if echeance["etat"] in ("en_retard", "proche")
        ]
    du_jour.sort(key=lambda place: place[:2])
    passes.sort(key=lambda place: place[:2], reverse=True)
    dues.sort(key=lambda due: (due["due_le"], cle(due["nom"])))
    lignes = [_ligne(rendez_vous, dossier, contexte) for _, _, rendez_vous, dossier in du_jour]
    prochain = next((ligne for ligne in lignes if ligne["etat"] == "a_venir"), None)
    if prochain is not None:
        prochain["prochain"] = True
    return {
        "date": aujourd_hui,
        "salutation": _salutation(contexte["utilisateur"], dates.heure_paris(maintenant)),
        "rendez_vous": lignes,
        "a_preciser": [_ligne(rendez_vous, dossier, contexte) for _, _, rendez_vous, dossier in passes],
        "echeances": dues,
        "compteurs": {
            "dossiers": sum(1 for d in suivis if any(est_ouverte(m, aujourd_hui) for m in d["mesures"])),
            "en_retard": sum(1 for due in dues if due["etat"] == "en_retard"),
        },
        "nouveautes": [vue for dossier in suivis for vue in _retours(dossier, contexte)],
        "desaccords": _desaccords(dossiers, contexte),
        "notes": len(a_choisir(contexte)),
    }


def _ligne(rendez_vous: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    """Un rendez-vous, sans le nom d'un lieu à taire : la page se regarde à plusieurs."""
    ligne = ligne_rendez_vous(rendez_vous, dossier, contexte)
    return {**ligne, "lieu": masquer(ligne["lieu"], contexte["reference"].get("masques") or ())}


def _desaccords(dossiers: Sequence[Fiche], contexte: Contexte) -> list[Vue]:
    """Un dossier par ligne, par nom, pour qui peut les régler."""
    if not peut_regler(contexte["utilisateur"]):
        return []
    vues = [
        {
            "dossier_id": dossier["personne"]["id"],
            "nom": nom_affiche(dossier["personne"]),
            "texte": f"{quantite(nombre, 'désaccord')} à régler",
        }
        for dossier in dossiers
        if (nombre := len(ouverts(dossier)))
    ]
    return sorted(vues, key=lambda vue: (cle(vue["nom"]), vue["dossier_id"]))


def ligne_echeance(echeance: Fiche, dossier: Fiche) -> Vue:
    """`{dossier_id, nom, titre, pourquoi, citation, etat, etat_libelle, due_le, action: {libelle, url}}`."""
    return {
        "dossier_id": dossier["personne"]["id"],
        "nom": nom_affiche(dossier["personne"]),
        "etat_libelle": delai_en_mots(echeance),
        **{nom: echeance[nom] for nom in ("titre", "pourquoi", "citation", "etat", "due_le", "action")},
    }


def delai_en_mots(echeance: Fiche) -> str:
    """« en retard », « aujourd’hui », « dans 3 jours », « prévu »."""
    if echeance["etat"] in ("en_retard", "prevu"):
        return {"en_retard": "en retard", "prevu": "prévu"}[echeance["etat"]]
    proches = {0: "aujourd’hui", 1: "demain"}
    return proches.get(echeance["jours"]) or f"dans {quantite(echeance['jours'], 'jour')}"


def _salutation(utilisateur: Fiche, heure: str) -> str:
    salut = "Bonsoir" if heure >= SOIR or heure < MATIN else "Bonjour"
    return f"{salut} {utilisateur.get('prenom') or ''}".strip()


def _retours(dossier: Fiche, contexte: Contexte) -> list[Vue]:
    """Les fiches que le chef de service a retournées ; celles d'un entretien, à leur auteur seulement."""
    vues = []
    entretiens = {entretien["id"]: entretien for entretien in dossier["entretiens"]}
    rendez_vous_connus = {rendez_vous["id"]: rendez_vous for rendez_vous in dossier["rendez_vous"]}
    for controle in dossier["controles"]:
        if controle["etat"] != "retournee":
            continue
        entretien = entretiens.get(controle["fiche_id"])
        if entretien is not None and entretien["auteur"] != contexte["utilisateur"]["id"]:
            continue
        quoi = nomenclatures.libelle("type_fiche", controle["fiche_type"])
        url = f"/dossiers/{dossier['personne']['id']}"
        if entretien is not None:
            quoi += f" du {quantieme(entretien['date'], contexte['aujourd_hui'])}"
            url = f"/entretiens/{entretien['id']}/modifier"
        rendue = next((p for p in dossier.get("pieces") or [] if p["id"] == controle["fiche_id"]), None)
        if rendue is not None:
            quoi, url = titre(rendue, contexte["reference"].get("masques") or ()), f"/pieces/{rendue['id']}"
        rendez_vous = rendez_vous_connus.get(controle["fiche_id"])
        if rendez_vous is not None:
            quoi += f" du {quantieme(dates.jour_paris(rendez_vous['debut']), contexte['aujourd_hui'])}"
            url += f"#fil-{rendez_vous['id']}"
        vues.append(
            {
                "dossier_id": dossier["personne"]["id"],
                "nom": nom_affiche(dossier["personne"]),
                "quoi": quoi,
                "remarque": controle["remarque"],
                "par_nom": controle["par_nom"],
                "url": url,
            }
        )
    return vues
