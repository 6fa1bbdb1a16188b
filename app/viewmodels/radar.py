"""Le dessin d'une grille : un rayon par ligne remplie, ce qu'elle pèse d'autant plus loin du centre, et son tableau.

Tout y est en nombres entiers, pour que les deux langues dessinent au point près la même chose. Miroir :
static/js/viewmodels/radar.js, mêmes cas dans tests/corpus/vues/piece.json.
"""

import math
from collections.abc import Sequence
from typing import Any

from app.domain import nomenclatures, piece
from app.domain.formes import Forme
from app.domain.francais import date_chiffree
from app.viewmodels import mots_piece
from app.viewmodels.contexte import Vue

_CENTRE = (200, 150)
# Pairs : un rayon impair tomberait, à soixante degrés, juste entre deux points.
_PAS, _BORD, _MOTS = 36, 108, 122
# En dessous, un dessin n'apprend rien que le tableau ne dise.
LIGNES_MIN = 3
Releve = tuple[str | None, Sequence[dict[str, Any]]]


def radar(champ: Forme, releves: Sequence[Releve]) -> Vue | None:
    """`{nom, axes, mots: [{x, y, ancre, mot}], traces: [{points, avant, quand, x}], entetes, lignes}`.

    `releves` : un ou deux, le plus ancien d'abord. `traces` est vide si trop peu est rempli pour un dessin.
    """
    par_cle = [{ligne["cle"]: ligne for ligne in lignes} for _, lignes in releves]
    jours = [date_chiffree(jour) if jour else "" for jour, _ in releves]
    codes = [code for code in nomenclatures.codes(champ["liste"]) if any(code in lues for lues in par_cle)]
    quand = " et ".join(f"le {jour}" for jour in jours if jour)
    return {
        "nom": f"{champ['libelle']}, {quand}\u202f: le dessin de ce que dit le tableau",
        "axes": "".join(
            "M{} {}L{} {}".format(*_CENTRE, *_point(rang, len(codes), _BORD)) for rang in range(len(codes))
        ),
        "mots": [_mot(champ, rang, codes) for rang in range(len(codes))],
        "traces": [
            {
                "points": _points(champ, lues, codes),
                "avant": rang < len(releves) - 1,
                "quand": jours[rang],
                "x": 70 + 160 * rang,
            }
            for rang, lues in enumerate(par_cle)
        ]
        if len(codes) >= LIGNES_MIN
        else [],
        "entetes": [champ["libelle"], *jours],
        "lignes": [
            [nomenclatures.libelle(champ["liste"], code), *(_dit(champ, lues.get(code)) for lues in par_cle)]
            for code in codes
        ],
    }


def _point(rang: int, total: int, rayon: int) -> tuple[int, int]:
    angle = 2 * math.pi * rang / total
    x, y = (math.floor(rayon * part + 0.5) for part in (math.sin(angle), math.cos(angle)))
    return _CENTRE[0] + x, _CENTRE[1] - y


def _points(champ: Forme, lues: dict[str, dict[str, Any]], codes: Sequence[str]) -> str:
    points = (_point(rang, len(codes), _rayon(champ, lues.get(code))) for rang, code in enumerate(codes))
    return " ".join(f"{x},{y}" for x, y in points)


def _rayon(champ: Forme, ligne: dict[str, Any] | None) -> int:
    """Ce qui est levé ne pèse plus."""
    if ligne is None or ligne.get("etat") == "leve":
        return 0
    return _PAS * int(ligne.get(champ["radar"]) or 0)


def _mot(champ: Forme, rang: int, codes: Sequence[str]) -> Vue:
    x, y = _point(rang, len(codes), _MOTS)
    ancre = "middle" if abs(x - _CENTRE[0]) < _PAS else "start" if x > _CENTRE[0] else "end"
    mot = champ.get("courts", {}).get(codes[rang]) or nomenclatures.libelle(champ["liste"], codes[rang]).split(",")[0]
    return {"x": x, "y": y + 4, "ancre": ancre, "mot": mot}


def _dit(champ: Forme, ligne: dict[str, Any] | None) -> str:
    mots = [
        mots_piece.en_mots(c, ligne[c["nom"]])
        for c in champ["champs"]
        if ligne is not None and not piece.est_vide(ligne.get(c["nom"]))
    ]
    return ", ".join(mots)
