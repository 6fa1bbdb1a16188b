"""Recevoir une liste d'orientations telle qu'elle arrive : la lire, la vérifier, en ouvrir les mesures."""
