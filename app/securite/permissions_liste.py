"""Les noms des rôles et des permissions, écrits une fois ; le typage refuse une faute de frappe."""

from __future__ import annotations

from typing import Literal

Role = Literal["conseiller", "maraude", "chef_de_service", "secretariat", "administrateur", "partenaire"]

Permission = Literal[
    "compte",  # sa session, son jeton
    "appareil",  # enrôler et voir ses propres appareils
    "accueil",  # la première page, qui mène chacun à la sienne
    "journee",  # Ma journée
    "dossiers.lire",
    "dossiers.ecrire",  # personnes et rendez-vous
    "entretiens.noter",  # noter un contact, corriger sa fiche
    "envoi",  # ce qui attend sur cet appareil
    "echange",  # POST /sync
    "deposer",  # POST /sync/scelles avec une session
    "fiches.lire",  # Fiches reçues
    "fiches.controler",  # valider, retourner
    "orientations.importer",  # recevoir une liste d'orientations, et la confier
    "rapports.lire",
    "rapports.sortir",  # en faire un fichier, avec un motif
    "rapports.ecrire",  # ses textes, sa clôture, la liste nominative du FSE
    "conventions.lire",
    "conventions.ajuster",  # dater une valeur que la convention laisse à la structure
    "modeles",  # écrire et valider les modèles des papiers
    "equipe",  # confier et prêter des dossiers, retirer un appareil de l'équipe, lire les arrivées tardives
    "annuaire",  # recevoir l'annuaire des partenaires, le compléter, l'annoter
    "lieux",  # les lieux où l'on reçoit : adresse, ouverture, qui les prête
    "permanences",  # ses permanences ; celles de chacun pour qui tient les lieux
    "administration",  # comptes et appareils de la structure
]
