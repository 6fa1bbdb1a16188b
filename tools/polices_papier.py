"""La lettre des papiers : la même qu'à l'écran, en TrueType, entière, à deux graisses.

Typst ne lit ni le woff2 ni les polices variables. Les signes d'Europe centrale et turcs viennent d'un second fichier,
sous un autre nom : la famille de secours.
"""

import io
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools ne publie pas ses types
from fontTools.varLib import instancer  # type: ignore[import-untyped]  # idem

from tools.polices import VOISINS

GRAISSES = {"Regular": 400, "Bold": 700}
FAMILLES = {"latin": "Jalon", "latin-ext": "Jalon Secours"}
SOURCE = (
    "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-{}-wght-normal.woff2"
)


def ecrire_polices(racine: Path, destination: Path) -> None:
    """`destination` reçoit quatre fichiers TrueType, refaits à chaque construction."""
    destination.mkdir(parents=True, exist_ok=True)
    for jeu, famille in FAMILLES.items():
        woff2 = (racine / SOURCE.format(jeu)).read_bytes()
        for style, graisse in GRAISSES.items():
            nom = f"{famille.replace(' ', '')}-{style}.ttf"
            (destination / nom).write_bytes(figer(woff2, famille, style, graisse))


def figer(woff2: bytes, famille: str, style: str, graisse: int) -> bytes:
    fonte = TTFont(io.BytesIO(woff2), recalcTimestamp=False)
    for table in fonte["cmap"].tables:
        for absent, voisin in VOISINS.items():
            if voisin in table.cmap:
                table.cmap.setdefault(absent, table.cmap[voisin])
    instancer.instantiateVariableFont(fonte, {"wght": graisse}, inplace=True)
    for rang, texte in {
        1: famille,
        2: style,
        4: f"{famille} {style}",
        6: f"{famille.replace(' ', '')}-{style}",
    }.items():
        fonte["name"].setName(texte, rang, 3, 1, 0x409)
    for rang in (16, 17, 25):
        fonte["name"].removeNames(nameID=rang)
    fonte["OS/2"].usWeightClass = graisse
    fonte["OS/2"].fsSelection = 0x20 if style == "Bold" else 0x40
    fonte["head"].macStyle = 1 if style == "Bold" else 0
    fonte.flavor = None
    sortie = io.BytesIO()
    fonte.save(sortie)
    return sortie.getvalue()
