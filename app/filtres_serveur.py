"""Les filtres des gabarits que seul le serveur rend ; ceux du carnet sont dans `app/gabarits`."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from markupsafe import Markup

from app.domain.dates import heure_paris, instant, jour_paris
from app.domain.francais import jour_court, mois_long
from app.domain.nomenclatures import libelle
from app.rapports.conservation import pseudonyme
from app.rapports.dessin import dessiner
from app.rapports.tableau import Tableau


def en_liste(erreurs: dict[str, str]) -> list[dict[str, str]]:
    """Les erreurs d'un formulaire, pour leur résumé : dans l'ordre où elles ont été trouvées, celui des champs."""
    return [{"champ": champ, "message": message} for champ, message in erreurs.items()]


def dessin(tableau: Tableau) -> Markup:
    """Le graphique d'un tableau, ou rien ; ses textes y sont échappés par l'arbre qui l'écrit."""
    dessine = dessiner(tableau)
    return Markup(dessine.svg if dessine else "")  # noqa: S704  # un SVG dessiné ici


def installer(app: Flask) -> None:
    app.jinja_env.filters["jour_de_paris"] = lambda valeur: jour_paris(instant(valeur))
    app.jinja_env.filters["jour_lisible"] = lambda valeur: jour_court(
        jour_paris(instant(valeur)), jour_paris(instant(dt.datetime.now(dt.UTC)))
    )
    app.jinja_env.filters["heure_de_paris"] = lambda valeur: heure_paris(instant(valeur))
    app.jinja_env.filters["libelle_role"] = lambda role: libelle("role", role)
    app.jinja_env.filters["en_liste"] = en_liste
    app.jinja_env.filters["dessin"] = dessin
    app.jinja_env.filters["pseudonyme"] = pseudonyme
    app.jinja_env.filters["mois_long"] = mois_long
