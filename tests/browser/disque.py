"""Ce qui reste lisible dans les fichiers d'un profil : on y cherche des mots témoins et des octets de clé.

Chercher dans les octets bruts ne suffit pas : le cache HTTP garde les corps compressés comme ils sont venus, et LevelDB
compresse ses tables. Un fichier est donc lu tel quel, puis décompressé partout où l'on sait le faire.
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # la bibliothèque ne publie pas ses types

MARQUE_CACHE = struct.pack("<Q", 0xFCFB6D1BA7725C30)  # début d'une entrée du cache simple de Chromium
MARQUE_TABLE = struct.pack("<Q", 0xDB4775248B80FB57)  # fin d'une table LevelDB
SNAPPY = 1


@dataclass(frozen=True)
class Trouvaille:
    quoi: str
    fichier: str
    ou: str

    def __str__(self) -> str:
        return f"{self.quoi} dans {self.fichier} ({self.ou})"


def formes(texte: str) -> list[bytes]:
    """Un texte comme un navigateur peut l'écrire : UTF-8, UTF-16, Latin-1, échappé pour JSON ou pour une adresse."""
    echappe = texte.encode("ascii", "backslashreplace")
    adresse = "".join(chr(o) if chr(o).isalnum() else f"%{o:02X}" for o in texte.encode())
    latin = texte.encode("latin-1", "ignore") or echappe
    return list({texte.encode(), texte.encode("utf-16-le"), latin, echappe, adresse.encode()})


def chercher(profil: Path, temoins: Iterable[str] = (), octets: Mapping[str, bytes] | None = None) -> list[Trouvaille]:
    """Toutes les traces des témoins (textes) et des octets nommés, dans tous les fichiers du profil."""
    motifs: dict[str, list[bytes]] = {temoin: formes(temoin) for temoin in temoins}
    motifs |= {nom: [valeur, valeur.hex().encode()] for nom, valeur in (octets or {}).items()}
    trouvailles = []
    for fichier in sorted(profil.rglob("*")):
        if fichier.is_symlink() or not fichier.is_file():
            continue
        with contextlib.suppress(FileNotFoundError):  # un fichier temporaire qui disparaît
            brut = fichier.read_bytes()
            for ou, contenu in lectures(brut):
                for nom, valeurs in motifs.items():
                    if any(valeur in contenu for valeur in valeurs):
                        trouvailles.append(Trouvaille(nom, str(fichier.relative_to(profil)), ou))
    return trouvailles


def lectures(brut: bytes) -> Iterator[tuple[str, bytes]]:
    """Le fichier lui-même, puis ce qu'il contient de compressé."""
    yield "brut", brut
    if brut.startswith(MARQUE_CACHE):
        yield from _corps_de_cache(brut)
    if brut.endswith(MARQUE_TABLE):
        yield "table LevelDB", b"\n".join(_blocs_de_table(brut))
    debut = brut.find(b"\x1f\x8b\x08")
    while debut >= 0:
        with contextlib.suppress(zlib.error):
            yield "gzip", zlib.decompressobj(31).decompress(brut[debut:])
        debut = brut.find(b"\x1f\x8b\x08", debut + 1)


def _corps_de_cache(brut: bytes) -> Iterator[tuple[str, bytes]]:
    """Brotli n'a pas de marque : on l'essaie là où le corps commence, juste après la clé de l'entrée."""
    longueur_cle = struct.unpack_from("<I", brut, 12)[0]
    for debut in (24 + longueur_cle, 20 + longueur_cle):
        with contextlib.suppress(brotli.error):
            clair = b""
            decompresseur = brotli.Decompressor()
            # Octet par octet : ce qui suit le corps n'est pas du brotli, et en donner trop ferait tout perdre.
            for ici in range(debut, len(brut)):
                clair += decompresseur.process(brut[ici : ici + 1])
                if decompresseur.is_finished():
                    yield "brotli", clair
                    break


def _blocs_de_table(brut: bytes) -> Iterator[bytes]:
    """Les blocs d'une table LevelDB, décompressés : pied → index → blocs de données."""
    pied = brut[-48:]
    _, suite = _entier(pied, 0)
    _, suite = _entier(pied, suite)
    debut, suite = _entier(pied, suite)
    taille, _ = _entier(pied, suite)
    for valeur in _valeurs_de_bloc(_bloc(brut, debut, taille)):
        debut_bloc, suite = _entier(valeur, 0)
        taille_bloc, _ = _entier(valeur, suite)
        yield _bloc(brut, debut_bloc, taille_bloc)


def _bloc(brut: bytes, debut: int, taille: int) -> bytes:
    contenu = brut[debut : debut + taille]
    return decompresser_snappy(contenu) if brut[debut + taille] == SNAPPY else contenu


def _valeurs_de_bloc(bloc: bytes) -> Iterator[bytes]:
    nombre = struct.unpack_from("<I", bloc, len(bloc) - 4)[0]
    fin, ici = len(bloc) - 4 - 4 * nombre, 0
    while ici < fin:
        _, ici = _entier(bloc, ici)
        propre, ici = _entier(bloc, ici)
        valeur, ici = _entier(bloc, ici)
        yield bloc[ici + propre : ici + propre + valeur]
        ici += propre + valeur


def decompresser_snappy(donnees: bytes) -> bytes:
    """Le format Snappy par blocs : des littéraux et des renvois en arrière."""
    _, ici = _entier(donnees, 0)
    clair = bytearray()
    while ici < len(donnees):
        marque = donnees[ici]
        ici += 1
        genre = marque & 3
        if genre == 0:
            longueur = (marque >> 2) + 1
            if longueur > 60:
                large = longueur - 60
                longueur = int.from_bytes(donnees[ici : ici + large], "little") + 1
                ici += large
            clair += donnees[ici : ici + longueur]
            ici += longueur
            continue
        if genre == 1:
            longueur, recul = ((marque >> 2) & 7) + 4, ((marque >> 5) << 8) | donnees[ici]
            ici += 1
        else:
            large = 2 if genre == 2 else 4
            longueur, recul = (marque >> 2) + 1, int.from_bytes(donnees[ici : ici + large], "little")
            ici += large
        for _ in range(longueur):
            clair.append(clair[-recul])
    return bytes(clair)


def _entier(octets: bytes, ici: int) -> tuple[int, int]:
    """Un entier à longueur variable, et la place qui le suit."""
    valeur = decalage = 0
    while True:
        octet = octets[ici]
        ici += 1
        valeur |= (octet & 0x7F) << decalage
        if octet < 0x80:
            return valeur, ici
        decalage += 7
