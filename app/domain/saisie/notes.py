"""Choisir ce que deviennent les notes personnelles des dossiers que l'on quitte."""

from typing import Any

from app.domain.saisie.lecture import Resultat, Saisie, conclure, lire_identifiant, nouveau_resultat, operation, texte

# Ce que porte le formulaire, et l'opération qui le fait.
CHOIX = {"transmettre": "transmettre_note", "effacer": "effacer_note"}


def a_choisir(contexte: dict[str, Any]) -> list[dict[str, Any]]:
    """Celles de la référence, moins celles dont le choix attend d'être envoyé (`decidees`)."""
    deja = contexte.get("decidees") or ()
    return [note for note in contexte["reference"].get("notes") or [] if note["entretien"] not in deja]


def lire_notes(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Par note de la référence : `op-<entretien>`, que la page porte si elle la montrait, et `choix-<entretien>`.

    `tout` : le choix de celles dont rien n'est dit. Une note sans choix attend.
    """
    resultat, tout = nouveau_resultat(), texte(saisie, "tout")
    for note in a_choisir(contexte):
        entretien = note["entretien"]
        genre = CHOIX.get(texte(saisie, f"choix-{entretien}") or tout)
        if genre and texte(saisie, f"op-{entretien}"):
            identifiant = lire_identifiant(resultat, saisie, f"op-{entretien}")
            resultat["operations"].append(operation(identifiant, genre, entretien, note["personne"], {}))
    if not resultat["operations"]:
        resultat["erreurs"]["tout"] = "Choisissez au moins pour une note\u202f: la transmettre, ou l’effacer."
    return conclure(resultat)
