"""Lire un formulaire : des champs propres, des erreurs dites en français, les opérations à faire.

Chaque lecture rend `{"champs", "erreurs", "avertissements", "operations"}` :
- `erreurs` et `avertissements` : `{champ du formulaire: phrase}` ; une erreur arrête, un avertissement jamais ;
- `operations` : `[{"id", "genre", "entite", "personne", "base", "champs"}]`, dans l'ordre où elles doivent s'appliquer.
Les identifiants viennent des champs cachés : le même formulaire envoyé deux fois est un seul fait.
Miroir : static/js/domain/saisie/, mêmes cas dans tests/corpus/saisie.json.
"""

from app.domain.saisie.action import lire_inscription, lire_presence, lire_presences, lire_seance
from app.domain.saisie.annuaire import lire_annotation
from app.domain.saisie.comite import lire_situation
from app.domain.saisie.constat import lire_constat
from app.domain.saisie.deplacement import lire_deplacement
from app.domain.saisie.entretien import lire_entretien
from app.domain.saisie.geste import lire_archive, lire_coche, lire_fin_de_partage, lire_reglement
from app.domain.saisie.maraude import (
    lire_connu,
    lire_maraude,
    lire_prevue,
    lire_redit,
    lire_rencontre,
    lire_retour,
)
from app.domain.saisie.mesure import lire_mesure
from app.domain.saisie.notes import lire_notes
from app.domain.saisie.partage import lire_partage
from app.domain.saisie.personne import lire_personne
from app.domain.saisie.piece import lire_piece, lire_retrait
from app.domain.saisie.rattachement import lire_detachement, lire_rattachement
from app.domain.saisie.rendez_vous import lire_rendez_vous
from app.domain.saisie.sortie import lire_sortie

__all__ = [
    "lire_annotation",
    "lire_archive",
    "lire_coche",
    "lire_connu",
    "lire_constat",
    "lire_deplacement",
    "lire_detachement",
    "lire_entretien",
    "lire_fin_de_partage",
    "lire_inscription",
    "lire_maraude",
    "lire_mesure",
    "lire_notes",
    "lire_partage",
    "lire_personne",
    "lire_piece",
    "lire_presence",
    "lire_presences",
    "lire_prevue",
    "lire_rattachement",
    "lire_redit",
    "lire_reglement",
    "lire_rencontre",
    "lire_rendez_vous",
    "lire_retour",
    "lire_retrait",
    "lire_seance",
    "lire_situation",
    "lire_sortie",
]
