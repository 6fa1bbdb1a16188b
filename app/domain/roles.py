"""Ce que le métier confie à chaque rôle, écrit une fois : le serveur, les règles de la synchronisation et le téléphone,
qui reçoit ces listes à la construction (`#jalon/permissions`), n'en connaissent pas d'autre.
"""

from typing import Final

# Tous, dans l'ordre où la base les connaît ; `Role` (app/securite/permissions_liste.py) en fait un type.
ROLES: Final = ("conseiller", "maraude", "chef_de_service", "secretariat", "administrateur", "partenaire")
# Qui suit des dossiers : eux notent des contacts, partagent, règlent les désaccords.
TERRAIN: Final = ("conseiller", "maraude", "chef_de_service")
# Ceux-là accompagnent : leur temps de travail est ce que l'on met en face d'une file active.
ACCOMPAGNANTS: Final = ("conseiller", "maraude")
# Qui tient les dossiers à jour.
DOSSIERS: Final = (*TERRAIN, "secretariat")
# Qui voit tous les dossiers ; l'administration n'en lit aucun.
STRUCTURE_ENTIERE: Final = ("chef_de_service", "secretariat")
# Qui relit les fiches, et dispose de tous les dossiers.
CONTROLEURS: Final = ("chef_de_service",)
# Qui lit les motifs de sortie réservés ; pour les autres, ils se rangent avec les autres sorties.
LECTEURS_DES_MOTIFS: Final = ("conseiller", "chef_de_service")
# Qui lit ce qu'un entretien dit, et non seulement qu'il a eu lieu ; et ce que le chef de service remarque d'une fiche.
LECTEURS_DES_SYNTHESES: Final = TERRAIN
# Au nom de qui un dossier de fichiers s'importe, quand la commande ne le dit pas : celui dont c'est le travail d'abord.
IMPORTATEURS: Final = ("secretariat", "administrateur", "chef_de_service")
# Les lettres du catalogue des champs. L'administration ne lit aucune donnée de personne.
LECTEURS: Final = {
    "R": "conseiller",
    "C": "chef_de_service",
    "S": "secretariat",
    "P": "partenaire",
    "M": "maraude",
}
