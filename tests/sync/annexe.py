"""L'annexe des codes : écrite à partir des listes et du catalogue, jamais à la main.

`python -m tests.sync.annexe` la récrit ; `test_documentation.py` vérifie qu'elle est à jour.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.domain import cahier, feuilles, nomenclatures
from app.domain.champs_personne import Champ, catalogue
from app.domain.formes import charger
from sync.regles.personne import LONGUEURS

ANNEXE = Path(__file__).parents[2] / "docs" / "synchronisation-codes.md"

LISTES = {
    "moyen": "`moyen` d'un entretien",
    "demarche": "`famille` d'une démarche",
    "statut_rendez_vous": "`statut` d'un rendez-vous (`a_preciser`, jamais échangé, se déduit de l'heure)",
    "modalite": "`modalite` d'une mesure",
    "motif_sortie": "`sortie_motif` d'une mesure",
    "etat_controle": "`etat` d'un contrôle",
    "type_fiche": "`fiche_type` (tous sauf `controle`)",
    "role": "`role` de l'utilisateur",
}

FORMES = {
    "booleen": "`true` ou `false`",
    "jour": "jour",
    "mois": '`"2026-11"`',
    "telephones": 'liste (6 au plus) de `{"numero": "0600000001", "libelle": null}`',
    "commune": '`{"code": "54528", "nom": "Toul"}` ; `code` INSEE ou `null`',
    "textes": "liste (10 au plus) de textes de 80 signes",
}


def ecrire() -> str:
    lignes = [
        "# Synchronisation : les codes et les champs",
        "",
        "Annexe de [la synchronisation](synchronisation.md), écrite par `python -m tests.sync.annexe` d'après",
        "`app/domain/nomenclatures.toml`. Un code ne change jamais de sens ; une version suivante peut en ajouter : un",
        "client montre tel quel un code qu'il ne connaît pas.",
        "",
        "## Les champs d'une personne",
        "",
        "« Daté » : la valeur prend effet un jour et se lit dans `historique`. « Reçu » : il descend dans la fiche.",
        "",
        "| Champ | Ce que c'est | Forme | Daté | Reçu |",
        "|---|---|---|---|---|",
    ]
    for champ in catalogue().values():
        date, recu = ("oui" if champ.date else "non"), ("oui" if champ.telephone == "oui" else "jamais")
        lignes.append(f"| `{champ.nom}` | {champ.libelle} | {_forme(champ)} | {date} | {recu} |")
    lignes += ["", "## Les listes", ""]
    champs = {champ.liste: f"`{champ.nom}` d'une personne" for champ in catalogue().values() if champ.liste}
    for liste, usage in {**LISTES, **champs}.items():
        lignes += [f"### {liste}", "", f"{usage[0].upper()}{usage[1:]}.", "", "| Code | Libellé |", "|---|---|"]
        lignes += [f"| `{code}` | {nomenclatures.libelle(liste, code)} |" for code in nomenclatures.codes(liste)]
        lignes.append("")
    return "\n".join(lignes + _pieces() + _cahiers())


def _pieces() -> list[str]:
    lignes = [
        "## Les formes des pièces",
        "",
        "Une pièce est notée par `noter_<forme>` (§ 3). Lecteurs : R référent, C chef de service, S secrétariat,",
        "P binôme, si la pièce est partagée et que la personne l'accepte. En gras : obligatoire, si on la demande.",
        "",
    ]
    for decrite in charger().values():
        lignes += [
            f"### {decrite['code']}",
            "",
            f"{decrite['libelle']}. Lecteurs : {' '.join(decrite['lecteurs'])}.",
            "",
        ]
        lignes += ["| Champ | Ce que c'est | Forme | Lecteurs |", "|---|---|---|---|"]
        for champ in decrite["champs"]:
            nom = f"**`{champ['nom']}`**" if champ.get("obligatoire") else f"`{champ['nom']}`"
            lecteurs = " ".join(champ.get("lecteurs", decrite["lecteurs"]))
            lignes.append(f"| {nom} | {champ['libelle']} | {_forme_de_piece(champ)} | {lecteurs} |")
        lignes.append("")
    return lignes


def _cahiers() -> list[str]:
    lignes = [
        "## Les cahiers",
        "",
        "En plus de `genre`, `nom` et `ferme_le` ; dans la fiche, ils sont dans `valeurs`.",
        "",
        "| Champ | Ce que c'est | Forme | Genres |",
        "|---|---|---|---|",
    ]
    for champ in cahier.champs():
        genres = ", ".join(f"`{genre}`" for genre in champ["cahiers"])
        lignes.append(f"| `{champ['nom']}` | {champ['libelle']} | {_forme_de_piece(champ)} | {genres} |")
    lignes += [
        "",
        "## Les formes des feuilles",
        "",
        "Une feuille est notée par `noter_<forme>` (§ 3), dans un cahier du genre dit. Lue de qui tient le cahier, lui",
        "seul. En gras : obligatoire.",
        "",
    ]
    for decrite in feuilles.charger().values():
        lignes += [f"### {decrite['code']}", "", f"{decrite['libelle']}. Cahier : `{decrite['cahier']}`.", ""]
        if "au_moins" in decrite:
            noms = ", ".join(f"`{nom}`" for nom in decrite["au_moins"]["champs"])
            lignes += [f"À la création, l'un au moins de {noms} est rempli, et n'est pas zéro.", ""]
        if "cle" in decrite:
            noms = ", ".join(f"`{nom}`" for nom in decrite["cle"])
            lignes += [f"Quand ils sont remplis, {noms} font son identifiant (§ 3).", ""]
        lignes += ["| Champ | Ce que c'est | Forme |", "|---|---|---|"]
        for champ in decrite["champs"]:
            nom = f"**`{champ['nom']}`**" if champ.get("obligatoire") else f"`{champ['nom']}`"
            forme = _forme_de_piece(champ)
            if champ["genre"] == "fiche":
                forme = f"identifiant d'une feuille `{champ['de']}` du cahier"
            lignes.append(f"| {nom} | {champ['libelle']} | {forme} |")
        lignes.append("")
    return lignes


def _forme_de_piece(champ: dict[str, Any]) -> str:
    genre = champ["genre"]
    if genre in ("lignes", "grille"):
        petits = ", ".join(f"`{petit['nom']}` ({_forme_de_piece(petit)})" for petit in champ["champs"])
        if genre == "lignes":
            return f"liste (20 au plus) de lignes : {petits}"
        return f"liste, par `cle` ({_codes(champ['liste'])}) : {petits}"
    formes = {
        "texte": "texte d'au plus 200 signes",
        "long": "texte d'au plus 10 000 signes",
        "booleen": "`true` ou `false`",
        "jour": "jour, un lundi" if champ.get("semaine") else "jour",
        "heures": "minutes, entier",
        "entier": f"entier de 1 à {len(champ['degres'])}"
        if "degres" in champ
        else f"entier de 0 à {champ.get('maximum', 99)}",
        "heure": "heure",
        "collegues": "liste (30 au plus) d'identifiants de comptes",
        "conventions": "liste (20 au plus) de codes de conventions",
        "dossier": "identifiant d'un dossier que l'auteur suit, ou a suivi",
        "signature": "tracé dans un cadre de 300 sur 120 : `M10 20 30 40`, 6 000 signes au plus",
        "position": '`"48.693,6.183"` : latitude et longitude, trois décimales',
        "fiche": "identifiant d'un rendez-vous du dossier",
    }
    if genre in ("code", "codes"):
        return ("l'un de : " if genre == "code" else "liste de : ") + _codes(champ["liste"])
    return formes[genre]


def _codes(liste: str) -> str:
    return ", ".join(f"`{code}`" for code in nomenclatures.codes(liste))


def _forme(champ: Champ) -> str:
    if champ.genre == "entier":
        return f"entier de 0 à {champ.maximum}"
    if champ.genre in FORMES:
        return FORMES[champ.genre]
    if champ.liste:
        lien = f"[{champ.liste}](#{champ.liste})"
        return f"code de {lien}" if champ.genre == "code" else f"liste (30 au plus) de codes de {lien}"
    return f"texte d'au plus {LONGUEURS.get(champ.nom, 120)} signes"


if __name__ == "__main__":
    ANNEXE.write_text(ecrire(), encoding="utf-8")
