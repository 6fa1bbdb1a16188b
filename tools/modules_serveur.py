"""Ce que le JavaScript tient du serveur, en modules ES : gabarits, nomenclatures, en-têtes, actifs, version.

Ils vivent dans ``static/construit/modules`` et s'importent par ``#jalon/<nom>`` (``imports`` de
``package.json``), d'esbuild comme de ``node --test``.
"""

import hashlib
import json
import re
from pathlib import Path

from app.domain import cahier, feuilles, formes, nomenclatures, roles
from app.domain.echeance import table as echeances
from app.securite.entetes import ENTETES
from app.securite.permissions import BUREAU, PERMISSIONS
from tools.gabarits import lire_sources, module_javascript
from tools.publication import CONSTRUIT, RACINE, ConstructionImpossible, ecrire, fichiers

MODULES = CONSTRUIT / "modules"


def ecrire_module(nom: str, source: str) -> None:
    ecrire(MODULES / f"{nom}.js", source.encode())


def constantes(**valeurs: object) -> str:
    return "".join(f"export const {nom} = {javascript(valeur)};\n" for nom, valeur in valeurs.items())


def javascript(valeur: object) -> str:
    return json.dumps(valeur, ensure_ascii=False, separators=(",", ":"))


def ecrire_donnees() -> int:
    """Les modules qui ne dépendent pas des fichiers hachés ; rend le nombre de gabarits compilés."""
    sources = lire_sources(RACINE / "templates")
    ecrire_module("gabarits", module_javascript(sources, "../../js/gabarits"))
    donnees = nomenclatures.donnees()
    verifier_ordre(donnees, "nomenclatures.toml")
    ecrire_module("nomenclatures", constantes(NOMENCLATURES=donnees) + "export default NOMENCLATURES;\n")
    ecrire_module("formes", constantes(FORMES=list(formes.charger().values())))
    tenus = {"CHAMPS": cahier.champs(), "ORIENTATION": cahier.orientation()}
    ecrire_module("feuilles", constantes(FEUILLES=list(feuilles.charger().values()), **tenus))
    ecrire_module("delais", constantes(DELAIS=echeances.DONNEES))
    ecrire_module("entetes", constantes(ENTETES=ENTETES))
    permissions = {role: sorted(accordees) for role, accordees in PERMISSIONS.items()}
    lecteurs = ("LECTEURS", "LECTEURS_DES_MOTIFS", "LECTEURS_DES_SYNTHESES")
    listes = {nom: getattr(roles, nom) for nom in ("TERRAIN", "ACCOMPAGNANTS", "CONTROLEURS", *lecteurs)}
    ecrire_module("permissions", constantes(PERMISSIONS=permissions, BUREAU=BUREAU, **listes))
    return len(sources)


def verifier_ordre(valeur: object, ou: str) -> None:
    """JavaScript range en tête les clés qui ressemblent à un entier : l'ordre du métier serait perdu."""
    if isinstance(valeur, dict):
        for cle, contenu in valeur.items():
            if re.fullmatch(r"0|[1-9]\d*", cle):
                raise ConstructionImpossible(f"{ou} : la clé {cle!r} ressemble à un entier")
            verifier_ordre(contenu, f"{ou}.{cle}")


def ecrire_actifs(actifs: dict[str, str], a_garder: list[str]) -> None:
    """``ACTIFS`` : nom → adresse ; ``LISTE`` : les adresses que le worker garde pour le hors-ligne."""
    ecrire_module("actifs", constantes(ACTIFS=actifs, LISTE=a_garder))


def ecrire_version(actifs: dict[str, str]) -> str:
    """Une version par état du produit : deux pages de même version vont ensemble."""
    resume = hashlib.sha256(javascript(actifs).encode())
    modules = [
        MODULES / f"{nom}.js"
        for nom in ("gabarits", "nomenclatures", "formes", "feuilles", "delais", "entetes", "permissions")
    ]
    for source in [*modules, *fichiers(RACINE / "static/js"), RACINE / "package-lock.json"]:
        resume.update(Path(source).read_bytes())
    version = resume.hexdigest()[:12]
    ecrire_module("version", constantes(VERSION=version))
    return version
