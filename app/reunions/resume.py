"""Une situation sur un écran : ce qu’un comité a besoin d’avoir sous les yeux. Rien de ce que disent les entretiens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.domain import dates, nomenclatures
from app.domain.echeance import echeances
from app.domain.francais import date_chiffree, minuscule, quantieme, quantite
from app.domain.mesure import convention_au, est_ouverte, mesure_principale, nom_court, referent_au
from app.domain.mouvement import dernier_mouvement
from app.domain.personne import Fiche, age_texte, nom_affiche, valeur
from app.domain.piece import derniere
from app.domain.piece import valeur as valeur_de
from app.domain.sortant import FREIN_JUSTICE, frein_sortant
from app.equipe.lieux_masques import taire
from app.viewmodels import en_mots
from app.viewmodels.contexte import Contexte
from app.viewmodels.papier_contenu import Sujet, nommer

# Ce qui se lit d'un coup d'œil, dans l'ordre où un comité le demande.
_REPERES = ("rsa", "logement", "situation_familiale", "enfants_a_charge", "niveau_formation", "permis", "vehicule")
_DEPUIS_MOIS = 6


def resumer(dossier: Fiche, contexte: Contexte, *, sortant: bool = False) -> dict[str, Any]:
    """`{nom, age, reperes: [[libellé, valeur]], sections: [{titre, lignes}]}` ; une section vide n'y est pas.

    Lu à plusieurs, il tait les lieux masqués et la justice ; `sortant`, emporté sur une feuille, la santé aussi.
    """
    dossier = taire(dossier, contexte["reference"].get("masques") or ())
    personne, jour = dossier["personne"], contexte["aujourd_hui"]
    sections = (
        ("Accompagnement", list(_mesure(dossier, contexte))),
        ("Présence sur six mois", list(_presence(dossier, jour))),
        ("Ce qui freine", list(_freins(dossier, sortant))),
        ("En cours", _en_cours(dossier, contexte)),
        ("En retard", _retards(dossier, contexte)),
    )
    return {
        "nom": nom_affiche(personne),
        "age": age_texte(personne, jour),
        "reperes": list(_reperes(personne, jour)),
        "sections": [{"titre": titre, "lignes": lignes} for titre, lignes in sections if lignes],
    }


def feuille(dossier: Fiche, contexte: Contexte, comite: Any, decision: str | None) -> dict[str, Any]:
    """Le même, à emporter (`app/papiers/papier.py`)."""
    resume = resumer(dossier, contexte, sortant=True)
    blocs: list[dict[str, Any]] = [{"genre": "champs", "lignes": resume["reperes"]}] if resume["reperes"] else []
    for section in resume["sections"]:
        blocs += [{"genre": "titre", "texte": section["titre"]}, {"genre": "liste", "elements": section["lignes"]}]
    blocs += [{"genre": "titre", "texte": "Décision"}, {"genre": "paragraphe", "texte": decision or "\u00a0"}]
    return {
        "titre": f"{resume['nom']}{', ' if resume['age'] else ''}{resume['age']}",
        "sous_titre": f"{comite.titre}, {quantieme(comite.jour.isoformat())}",
        "langue": "fr",
        "fichier": "situation",
        "emetteur": {"nom": contexte["reference"]["structure"]["nom"]},
        "lieu_date": f"Le {quantieme(contexte['aujourd_hui'])}",
        "blocs": blocs,
    }


def _reperes(personne: Fiche, jour: str) -> Iterator[list[str]]:
    for champ in _REPERES:
        lue = valeur(personne, champ, jour)
        if lue not in (None, "", []):
            yield [en_mots.champ(champ), en_mots.valeur(champ, lue, valeur(personne, "sexe", jour), jour)]


def _mesure(dossier: Fiche, contexte: Contexte) -> Iterator[str]:
    jour = contexte["aujourd_hui"]
    mesure = mesure_principale(dossier["mesures"], jour)
    if mesure is None:
        return
    version = convention_au(contexte["reference"]["conventions"], mesure["convention"], jour)
    entree = mesure.get("entree_le")
    etat = f"depuis le {date_chiffree(entree)}" if entree and est_ouverte(mesure, jour) else None
    if mesure.get("sortie_le") and not est_ouverte(mesure, jour):
        etat = f"sortie le {date_chiffree(mesure['sortie_le'])}"
    nom = nom_court(version or {"code": mesure["convention"]})
    yield f"{nom}, {etat or 'en cours d’intégration'}"
    qui = referent_au(mesure, jour)
    collegues = contexte["reference"].get("collegues") or []
    referent = next((str(collegue["nom"]) for collegue in collegues if collegue["id"] == qui), None)
    if referent:
        yield f"Référent\u202f: {referent}"
    depuis = dernier_mouvement(dossier, jour)
    if depuis:
        yield f"Dernier mouvement le {date_chiffree(depuis)}"


def _presence(dossier: Fiche, jour: str) -> Iterator[str]:
    debut = dates.ajouter_mois(jour, -_DEPUIS_MOIS)
    comptes = Counter(
        r["statut"]
        for r in dossier["rendez_vous"]
        if debut <= dates.jour_paris(r["debut"]) <= jour and r["statut"] != "propose"
    )
    for statut, nombre in comptes.most_common():
        yield f"{quantite(nombre, 'rendez-vous', 'rendez-vous')}\u202f: {minuscule(_statut(statut))}"


def _statut(statut: str) -> str:
    return nomenclatures.libelle("statut_rendez_vous", statut)


def _freins(dossier: Fiche, sortant: bool) -> Iterator[str]:
    """Ceux du dernier diagnostic, du plus lourd au plus léger."""
    diagnostic = derniere(dossier, "diagnostic")
    lignes = (valeur_de(diagnostic, "freins") or []) if diagnostic else []
    dits = [ligne for ligne in lignes if ligne["cle"] != FREIN_JUSTICE]
    for frein in sorted(dits, key=lambda ligne: -(ligne.get("niveau") or 0)):
        etat = frein.get("etat")
        dit = frein_sortant(frein["cle"]) if sortant else nomenclatures.libelle("frein", frein["cle"])
        yield f"{dit}\u202f: {minuscule(nomenclatures.libelle('etat_frein', etat))}" if etat else dit
    projet = valeur_de(diagnostic, "projet") if diagnostic else None
    if projet:
        yield f"Projet\u202f: {projet}"


def _en_cours(dossier: Fiche, contexte: Contexte) -> list[str]:
    blocs = Sujet(dossier, contexte, None, None, contexte["aujourd_hui"], None).blocs()["en_cours"]
    bilan = derniere(dossier, "bilan")
    derniers = [f"Dernier bilan\u202f: {nommer(bilan)}"] if bilan else []
    return [element for bloc in blocs for element in bloc["elements"]] + derniers


def _retards(dossier: Fiche, contexte: Contexte) -> list[str]:
    dues = echeances(dossier, contexte["reference"]["conventions"], contexte["maintenant"])
    return [due["titre"] for due in dues if due["etat"] == "en_retard"]
