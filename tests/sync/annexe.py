"""L'annexe des codes : écrite à partir des listes et du catalogue, jamais à la main.

`python -m tests.sync.annexe` la récrit ; `test_documentation.py` vérifie qu'elle est à jour.
"""

from __future__ import annotations

from pathlib import Path

from app.domain import nomenclatures
from app.domain.champs_personne import Champ, catalogue
from sync.regles.personne import LONGUEURS

ANNEXE = Path(__file__).parents[2] / "docs" / "synchronisation-codes.md"

LISTES = {
    "moyen": "`moyen` d'un entretien",
    "demarche": "`famille` d'une démarche",
    "statut_rendez_vous": "`statut` d'un rendez-vous (`a_preciser`, jamais échangé, se déduit de l'heure)",
    "modalite": "`modalite` d'une mesure",
    "motif_sortie": "`sortie_motif` d'une mesure (reçu, jamais envoyé)",
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
    return "\n".join(lignes)


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
