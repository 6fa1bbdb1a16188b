"""Construit ce que le navigateur reçoit : gabarits compilés, scripts, styles, icônes, service worker.

``python -m tools.construire`` écrit ``static/construit/`` et ne refait rien si aucune entrée n'a changé :

- ``modules/*.js`` : les données du serveur vues du JavaScript (``modules_serveur.py``) ;
- ``nom.<empreinte>.ext`` et leurs formes compressées : ce que sert WhiteNoise, immuable ;
- ``actifs.json`` : nom → adresse hachée, et la version de l'ensemble ;
- ``sw.js`` : le service worker d'un seul tenant.
"""

import fcntl
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import publication
from tools.publication import CONSTRUIT, RACINE, ConstructionImpossible

MANIFESTE = CONSTRUIT / "actifs.json"
WORKER = CONSTRUIT / "sw.js"
EMPREINTE = CONSTRUIT / "empreinte.txt"

ENTREES = (
    "templates/partages",
    "static/js",
    "static/css",
    "static/icones",
    "app/gabarits",
    "app/domain/nomenclatures.toml",
    "app/domain/listes_pieces.toml",
    "app/domain/listes_feuilles.toml",
    "app/domain/cahiers.toml",
    "app/domain/feuilles",
    "app/domain/nomenclatures.py",
    "app/domain/formes",
    "app/domain/echeance/delais.toml",
    "app/securite/entetes.py",
    "app/securite/permissions.py",
    "app/securite/permissions_liste.py",
    "sync/regles/regle.py",
    "tools",
    "package.json",
    "package-lock.json",
)


def empreinte_des_entrees() -> str:
    """Ce qui, en changeant, demande de reconstruire ; une entrée absente est une erreur."""
    resume = hashlib.sha256()
    for entree in ENTREES:
        chemin = RACINE / entree
        if not chemin.exists():
            raise ConstructionImpossible(f"{entree} est absent")
        for fichier in sorted(chemin.rglob("*")) if chemin.is_dir() else [chemin]:
            if fichier.is_file() and fichier.suffix != ".pyc":
                resume.update(
                    f"{fichier.relative_to(RACINE)}\0".encode() + hashlib.sha256(fichier.read_bytes()).digest()
                )
    return resume.hexdigest()


def est_a_jour(attendue: str) -> bool:
    if not all(fichier.exists() for fichier in (EMPREINTE, WORKER, MANIFESTE)):
        return False
    adresses = [Path(adresse) for adresse in json.loads(MANIFESTE.read_text("utf-8")).values()]
    presents = all((CONSTRUIT / adresse.name).exists() for adresse in adresses if adresse.is_absolute())
    return presents and EMPREINTE.read_text("utf-8") == attendue


@contextmanager
def verrou() -> Iterator[None]:
    """Une seule construction à la fois dans un même dossier."""
    CONSTRUIT.mkdir(parents=True, exist_ok=True)
    with (CONSTRUIT / ".verrou").open("w") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield


def taille(fichier: Path) -> str:
    compresse = fichier.with_name(f"{fichier.name}.br")
    octets = (compresse if compresse.exists() else fichier).stat().st_size
    return f"{octets / 1024:.1f} Ko".replace(".", ",")


def construire() -> str:
    """Construit tout et rend le résumé d'une ligne."""
    # Importé ici : dire que tout est à jour ne doit pas charger Jinja2 ni l'application.
    from tools import modules_serveur, polices_papier

    polices_papier.ecrire_polices(RACINE, CONSTRUIT / "papier")
    nombre = modules_serveur.ecrire_donnees()
    with tempfile.TemporaryDirectory(prefix="jalon-") as dossier:
        provisoire = Path(dossier)
        gardes, au_besoin = publication.publier_styles(provisoire)
        gardes |= {nom: publication.publier_script(nom, provisoire) for nom in ("theme", "page")}
        actifs = gardes | au_besoin | publication.publier_icones()
        modules_serveur.ecrire_actifs(actifs, sorted(gardes.values()))
        version = modules_serveur.ecrire_version(actifs)
        worker = publication.assembler(RACINE / "static/js/worker/index.js", provisoire / "sw.js", "--format=iife")
    publication.ecrire(WORKER, worker)
    publication.compresser(WORKER)
    publication.ecrire(MANIFESTE, (json.dumps(actifs | {"version": version}, indent=2) + "\n").encode())
    publication.oublier_les_anciens(actifs.values())
    poids = [f"{nom} {taille(CONSTRUIT / Path(adresse).name)}" for nom, adresse in gardes.items()]
    return f"Construit : {nombre} gabarits, {', '.join(poids)}, worker {taille(WORKER)}, version {version}"


def main() -> int:
    from tools.gabarits.sous_ensemble import HorsSousEnsemble

    with verrou():
        try:
            attendue = empreinte_des_entrees()
            if not est_a_jour(attendue):
                print(construire())
                EMPREINTE.write_text(attendue, "utf-8")
        except (ConstructionImpossible, HorsSousEnsemble) as erreur:
            print(f"Construction impossible : {erreur}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
