"""Le dossier tel qu'il sera : ce que l'on a noté, posé sur ce que l'on sait du serveur.

Le téléphone montre ainsi tout de suite ce qui attend d'être envoyé ; le serveur, en appliquant la même opération, doit
arriver à la même fiche. Rien n'est modifié sur place : chaque projection rend un nouveau dossier.
Miroir : static/js/domain/projection/, mêmes cas dans tests/corpus/projection.json.
"""

from app.domain.cahier import genres as genres_de_feuille
from app.domain.personne import Fiche
from app.domain.piece import genres as genres_de_piece
from app.domain.projection import controle, entretien, feuille, mesure, partage, personne, rattachement, rendez_vous
from app.domain.projection.changement import Acteur, Effet, Operation, inserer_valeur
from app.domain.projection.piece import VERBES

__all__ = ["GENRES", "Acteur", "Operation", "inserer_valeur", "projeter"]

_GENRES: dict[str, Effet] = {
    **personne.GENRES,
    **mesure.GENRES,
    **rendez_vous.GENRES,
    **entretien.GENRES,
    **controle.GENRES,
    **partage.GENRES,
    **rattachement.GENRES,
    # Au bureau seul, et sur deux dossiers : le téléphone en reçoit le résultat.
    **dict.fromkeys(
        (
            *("reprendre_operation", "fusionner_dossiers", "separer_dossiers", "echoir_note", "lire_note"),
            *("creer_cahier", "modifier_cahier", "ajouter_membre", "retirer_membre"),
        ),
        lambda dossier, operation, acteur: dossier,
    ),
}

GENRES = tuple(_GENRES)


def projeter(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Le dossier, ou le cahier, après l'opération ; `dossier` est None pour une personne encore inconnue.

    `acteur` : `{"id", "nom"}` de l'auteur, et son `role`. `operation["envoi"]` (« en_attente » par défaut, « refusee »,
    « retenue ») marque les fiches touchées. Une opération qui vise une fiche absente, ou d'un genre inconnu, laisse le
    dossier tel quel : elle attend la fiche, elle ne l'invente pas.
    """
    appliquer = _GENRES.get(operation["genre"])
    if appliquer is not None:
        return appliquer(dossier, operation, acteur)
    verbe, forme = genres_de_feuille().get(operation["genre"], ("", ""))
    if verbe:
        return feuille.VERBES[verbe](dossier, forme, operation, acteur) if dossier else dossier
    verbe, forme = genres_de_piece().get(operation["genre"], ("", ""))
    return VERBES[verbe](dossier, forme, operation, acteur) if dossier and verbe else dossier
