"""Les familles d'écrans, un blueprint chacune. Une vue lit la demande, appelle, rend."""

from __future__ import annotations

from importlib import import_module

from flask import Blueprint, Flask

FAMILLES = (
    "technique",
    "connexion",
    "mot_de_passe",
    "confirmation",
    "journee",
    "tournee",
    "actions",
    "maraudes",
    "rattachements",
    "situations",
    "dossiers",
    "entretiens",
    "rendez_vous",
    "personnes",
    "mesures",
    "partages",
    "pieces",
    "papiers",
    "annuaire",
    "annoter",
    "notes",
    "envoi",
    "appareils",
    "agenda",
    "verrou",
    "echange",
    "aide",
    "supervision",
    "anomalies",
    "desaccords",
    "doublons",
    "orientations",
    "rapports",
    "fichiers_rapports",
    "rapport_maraude",
    "textes_rapports",
    "vignettes",
    "clotures",
    "participants_fse",
    "conventions",
    "grilles",
    "bilans",
    "modeles",
    "equipe",
    "telephones",
    "cahiers",
    "reunions",
    "logement",
    "comites",
    "situations_preparees",
    "point",
    "charge",
    "passations",
    "personnel",
    "lieux_masques",
    "lieux",
    "partenaires",
    "permanences",
    "administration",
    "comptes",
)


def installer(app: Flask) -> None:
    for famille in FAMILLES:
        module = import_module(f"app.views.{famille}")
        blueprint = getattr(module, famille)
        if not isinstance(blueprint, Blueprint):
            raise TypeError(f"app/views/{famille}.py ne définit pas de blueprint de ce nom")
        app.register_blueprint(blueprint)
