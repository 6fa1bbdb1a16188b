"""Avec qui ? Les personnes attendues aujourd'hui, puis tous les dossiers ; au-delà d'une page, le serveur cherche."""

from __future__ import annotations

from typing import Any

from app.viewmodels.dossiers import NOTER, choisir_dossier, dossiers
from app.views import carnet

PAGE = "partages/pages/choisir_dossier.html"
# Au-delà ce n'est plus un nom que l'on cherche.
RECHERCHE_MAX = 60


def page(q: str = "", vers: str = NOTER, chercher: str = "/entretiens/choisir") -> dict[str, Any]:
    """La page du choix, qui mène à `vers`. `coupee` : combien répondent, quand il y en a plus que la page n'en montre ;
    elle dit alors de chercher, et la recherche passe par le serveur, à l'adresse `chercher` : filtrer sur place
    cacherait tous ceux qui n'y sont pas.
    """
    q = q[:RECHERCHE_MAX]
    contexte, choisis = carnet.contexte(), carnet.liste({"q": q})
    proches = carnet.file_active() if choisis.conventions is not None else choisis.dossiers
    lignes = dossiers(choisis.dossiers, contexte, {"q": q})["lignes"]
    coupee = choisis.trouves if choisis.trouves > len(lignes) else None
    return {
        **choisir_dossier(proches, contexte, vers),
        "q": q,
        "lignes": lignes,
        "coupee": coupee,
        "cherche": coupee is not None or bool(q),
        "chercher": chercher,
    }
