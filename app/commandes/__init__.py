"""La commande `jalon` : une sous-commande par fichier, chargée seulement quand on l'appelle."""

from __future__ import annotations

import sys

from app.commandes.codes import Issue
from app.commandes.francais import GroupeFrancais, dire_erreur

# Nom tapé → module qui la définit. Charger la base pour afficher une aide serait du temps perdu.
COMMANDES = {
    "annuaire": "app.commandes.annuaire",
    "conventions": "app.commandes.conventions",
    "demo": "app.commandes.demo",
    "entretenir": "app.commandes.entretenir",
    "import": "app.commandes.importer",
    "rapport": "app.commandes.rapport",
    "restaurer": "app.commandes.restaurer",
    "sauvegarde": "app.commandes.sauvegarde",
    "serve": "app.commandes.serve",
    "structure": "app.commandes.structure",
    "utilisateur": "app.commandes.utilisateur",
}

jalon = GroupeFrancais(
    "jalon",
    modules=COMMANDES,
    help=(
        "Jalon, le carnet de terrain de l'accompagnement.\n\n"
        "Codes de sortie : 0 tout va bien ; 1 la demande est refusée par les données ; 2 la commande est mal "
        "écrite ; 3 l'installation ou la configuration ne convient pas ; 130 interrompu."
    ),
)


def main() -> None:
    """Point d'entrée installé par le projet."""
    from click import Abort, ClickException

    from app.config import ConfigurationDangereuse

    try:
        resultat = jalon.main(standalone_mode=False)
    except ClickException as erreur:
        dire_erreur(erreur)
        sys.exit(erreur.exit_code)
    except ConfigurationDangereuse as erreur:
        print(f"Erreur : {erreur}", file=sys.stderr)
        sys.exit(Issue.CONFIGURATION)
    except (Abort, KeyboardInterrupt):
        print("Interrompu.", file=sys.stderr)
        sys.exit(Issue.INTERROMPU)
    sys.exit(resultat if isinstance(resultat, int) else Issue.REUSSIE)
