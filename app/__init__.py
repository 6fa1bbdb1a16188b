"""Jalon : la fabrique de l'application web."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import RACINE, configuration


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Construit l'application. `config` l'emporte sur ce que dit l'environnement (essais, démonstration)."""
    # Importés ici : lire une règle ou une configuration ne doit pas charger tout le web.
    from htmx_flask import Htmx  # type: ignore[import-untyped]  # htmx-flask ne publie pas ses types

    from app import actifs, compression, filtres_serveur, gabarits, views
    from app.base import db
    from app.securite import portier, reponses, session_web
    from app.securite.demande import Demande

    app = Flask(__name__, static_folder=None, template_folder=str(RACINE / "templates"))
    app.config.from_mapping({} if config and "SECRET_KEY" in config and "INSTANCE" in config else configuration())
    app.config.update(config or {})
    app.request_class = Demande
    app.session_interface = session_web.SessionServeur()
    db.init_app(app)
    Htmx(app)
    gabarits.configurer(app.jinja_env)
    filtres_serveur.installer(app)
    portier.installer(app)
    views.installer(app)
    compression.installer(app)
    app.wsgi_app = actifs.servir(app.wsgi_app)  # type: ignore[method-assign]  # la manière documentée de Flask
    reponses.installer(app)
    if relais := app.config["RELAIS_DE_CONFIANCE"]:
        # Sans relais déclaré, X-Forwarded-For n'est qu'un texte que n'importe qui écrit : il est ignoré.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=relais, x_proto=relais)  # type: ignore[method-assign]  # idem
    return app
