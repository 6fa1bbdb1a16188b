"""Avec qui ? Les personnes attendues aujourd'hui, puis tous les dossiers ; au-delà d'une page, le serveur cherche."""

from __future__ import annotations

from typing import Any

from app.viewmodels.dossiers import choisir_dossier, dossiers
from app.views import carnet


def page(q: str = "") -> dict[str, Any]:
    """La page du choix. `coupee` : combien répondent, quand il y en a plus que la page n'en montre ; elle dit alors
    de chercher, et la recherche passe par le serveur : filtrer sur place cacherait tous ceux qui n'y sont pas.
    """
    contexte, choisis = carnet.contexte(), carnet.liste({"q": q})
    vue = choisir_dossier(carnet.file_active() if choisis.conventions is not None else choisis.dossiers, contexte)
    lignes = dossiers(choisis.dossiers, contexte, {"q": q})["lignes"]
    coupee = choisis.trouves if choisis.trouves > len(lignes) else None
    return {**vue, "q": q, "lignes": lignes, "coupee": coupee, "cherche": coupee is not None or bool(q)}
