"""Qui d'autre a ce dossier, jusqu'à quand, et s'il est archivé. Miroir : static/js/viewmodels/acces.js."""

from app.domain import nomenclatures
from app.domain.acces import (
    est_archive,
    est_en_binome,
    est_en_cours,
    est_fini,
    peut_partager,
    pret_a,
    referents,
    version_du_dossier,
)
from app.domain.francais import jour_long, minuscule
from app.domain.personne import Fiche
from app.domain.recherche import cle
from app.domain.roles import CONTROLEURS
from app.viewmodels.contexte import Contexte, Vue, nom_de_collegue


def acces(dossier: Fiche, contexte: Contexte) -> Vue:
    """`{archive, geste_archive: {url, op_id, base, libelle} | None, pret, en_binome, partages: [{id, nom, texte, envoi,
    url, op_id, geste}], url_partager, url_confier}`.

    `archive` et `pret` : une phrase, ou None ; `pret` : ce dossier est à un collègue, qui l'a ouvert à qui lit. Un
    partage sans `op_id` n'est pas à elle de le finir. `en_binome` : elle n'en change ni la situation ni les mesures.
    """
    moi, jour = contexte["utilisateur"], contexte["aujourd_hui"]
    base = f"/dossiers/{dossier['personne']['id']}"
    peut = peut_partager(dossier, moi, jour)
    ouverts = [partage for partage in dossier.get("partages") or [] if not est_fini(partage, jour)]
    geste = _geste_archive(dossier, contexte, base) if peut else None
    vues = [_partage(partage, contexte, base, peut or partage["utilisateur"] == moi["id"]) for partage in ouverts]
    return {
        "archive": f"Dossier archivé le {jour_long(dossier['personne']['archive_le'], jour)}."
        if est_archive(dossier)
        else None,
        "geste_archive": geste,
        "pret": _en_binome(dossier, pret_a(dossier, moi["id"], jour), jour)
        if est_en_binome(dossier)
        else _pret(pret_a(dossier, moi["id"], jour), jour),
        "en_binome": est_en_binome(dossier),
        "partages": sorted(vues, key=lambda vue: (cle(vue["nom"]), vue["id"])),
        "url_partager": f"{base}/partager" if peut else None,
        "url_confier": _url_confier(dossier, contexte),
    }


def _url_confier(dossier: Fiche, contexte: Contexte) -> str | None:
    """Le chef de service passe le dossier à quelqu'un d'autre : la page Équipe, ce dossier déjà coché."""
    suivi_par = referents(dossier, contexte["aujourd_hui"])
    if contexte["utilisateur"]["role"] not in CONTROLEURS or not suivi_par:
        return None
    return f"/equipe?de={suivi_par[0]}&dossier={dossier['personne']['id']}"


def _geste_archive(dossier: Fiche, contexte: Contexte, base: str) -> Vue:
    archive = est_archive(dossier)
    return {
        "url": f"{base}/rouvrir" if archive else f"{base}/archiver",
        "libelle": "Rouvrir ce dossier" if archive else "Archiver ce dossier",
        "op_id": contexte["nouvel_identifiant"](),
        "base": version_du_dossier(dossier),
    }


def _partage(partage: Fiche, contexte: Contexte, base: str, peut_finir: bool) -> Vue:
    a_moi = partage["utilisateur"] == contexte["utilisateur"]["id"]
    nom = partage.get("utilisateur_nom") or nom_de_collegue(partage["utilisateur"], contexte) or "Un collègue"
    return {
        "id": partage["id"],
        "nom": "Vous" if a_moi else nom,
        "texte": _en_mots(partage, contexte["aujourd_hui"]),
        "envoi": partage.get("envoi"),
        "url": f"{base}/partages/{partage['id']}/cesser",
        "op_id": contexte["nouvel_identifiant"]() if peut_finir else None,
        "geste": "Rendre ce dossier" if a_moi else "Terminer ce partage",
    }


def _en_mots(partage: Fiche, jour: str) -> str:
    """« en binôme », « absence, à partir du lundi 7 décembre, jusqu'au vendredi 11 décembre »."""
    termes = [minuscule(nomenclatures.libelle("motif_partage", partage["motif"]))] if partage.get("motif") else []
    if not est_en_cours(partage, jour):
        termes.append(f"à partir du {jour_long(partage['du'], jour)}")
    if partage.get("jusqu_au"):
        termes.append(f"jusqu’au {jour_long(partage['jusqu_au'], jour)}")
    return ", ".join(termes) or "sans terme"


def _en_binome(dossier: Fiche, partage: Fiche | None, jour: str) -> str:
    """Par qui, jusqu'à quand, et ce qui s'en lit."""
    par = f" par {partage['par_nom']}" if partage else ""
    fin = f" jusqu’au {jour_long(partage['jusqu_au'], jour)}" if partage and partage.get("jusqu_au") else ""
    if dossier["personne"]["en_binome"]["accord"]:
        lu = "Vous y lisez ce que vous notez et ce qui vous est partagé."
    else:
        lu = "L’accord de partage de la personne n’est pas noté\u202f: vous y lisez son nom et ce que vous notez."
    return f"Ouvert à vous en binôme{par}{fin}. {lu}"


def _pret(partage: Fiche | None, jour: str) -> str | None:
    if partage is None:
        return None
    if partage.get("jusqu_au"):
        fin = jour_long(partage["jusqu_au"], jour)
        return f"Prêté par {partage['par_nom']} jusqu’au {fin}. Il quittera votre carnet le lendemain."
    return f"Ouvert à vous par {partage['par_nom']}, sans terme."
