"""Les échéances, racontées : des fichiers `echeances_*.json` qu'une travailleuse sociale peut lire.

Un fichier : `{"sujet", "convention", "regarde", "scenarios"}`. Un scénario dit ce qui s'est passé (`recit`), les fiches
qui le disent, et, jour par jour, ce que l'on doit lire :

- `mesure`, `personne` (valeurs datées), `entretiens` `[[jour, moyen, rendez-vous]]`, `rendez_vous` `[[jour et heure,
  issue]]`, `pieces` `[[forme, {champs}, retirée le]]`, `autre_mesure` ;
- `convention` et `regarde` (les genres que l'on regarde ; tous si rien n'est dit) remplacent ceux du fichier ;
- les espaces insécables s'y écrivent comme les autres ;
- `jours` : `{jour: [titre, ou {titre, pourquoi, source, geste, url, etat}]}` ; une liste vide : rien n'est attendu.

Les conventions sont les vraies, dans `conventions.json` ; `python -m tests.corpus.scenarios` les y recopie.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain import convention
from tests.corpus.actualiser import en_texte

DOSSIER = Path(__file__).parent
CONVENTIONS = DOSSIER / "conventions.json"
_DATES = ("orientee_le", "premier_contact_le", "entree_le", "fin_prevue_le", "sortie_le", "sortie_motif")
_CLES = {"titre": "titre", "pourquoi": "pourquoi", "source": "citation", "etat": "etat", "due_le": "due_le"}


@dataclass(frozen=True)
class Jour:
    """Un jour d'un scénario : le dossier, et ce qu'on doit y lire."""

    nom: str
    dossier: dict[str, Any]
    maintenant: str
    regarde: list[str]
    attendu: list[dict[str, str]]

    def lu(self, obtenues: list[dict[str, Any]]) -> list[dict[str, str]]:
        """Ce que le moteur en dit, aux clés que le scénario nomme."""
        vues = [e for e in obtenues if not self.regarde or {e["genre"], *e["aussi"]} & set(self.regarde)]
        paires = [(e, self.attendu[rang] if rang < len(self.attendu) else {"titre": ""}) for rang, e in enumerate(vues)]
        return [{cle: _dire(e, cle) for cle in attendue} for e, attendue in paires]


def _dire(echeance: dict[str, Any], cle: str) -> str:
    if cle in ("geste", "url"):
        return str(echeance["action"]["libelle" if cle == "geste" else "url"])
    return str(echeance[_CLES[cle]]).replace("\u202f", " ").replace("\u00a0", " ")


def conventions() -> list[dict[str, Any]]:
    return list(json.loads(CONVENTIONS.read_text(encoding="utf-8")))


def livrees() -> list[dict[str, Any]]:
    """Les conventions telles qu'un téléphone les reçoit."""
    return [lue.pour_appareil() for lue in convention.charger()]


def scenarios() -> Iterator[Jour]:
    for chemin in sorted(DOSSIER.glob("echeances_*.json")):
        fichier = json.loads(chemin.read_text(encoding="utf-8"))
        for brut in fichier["scenarios"]:
            regarde = brut.get("regarde", fichier.get("regarde", []))
            for jour, attendu in brut["jours"].items():
                yield Jour(
                    nom=f"{brut['recit']} — {jour}",
                    dossier=dossier(brut, fichier.get("convention")),
                    maintenant=f"{jour}T08:00:00Z",
                    regarde=regarde,
                    attendu=[{"titre": dit} if isinstance(dit, str) else dit for dit in attendu],
                )


def dossier(brut: dict[str, Any], code: str | None) -> dict[str, Any]:
    mesure = _mesure("m1", {"convention": code, **brut.get("mesure", {}), **_seule(brut, "convention")})
    return {
        "personne": {"type": "personne", "id": "p1", "nom": "Diallo-Fictive", "historique": brut.get("personne", {})},
        "mesures": [mesure, *(_mesure("m2", autre) for autre in [brut.get("autre_mesure")] if autre)],
        "entretiens": [
            {"id": f"e{rang}", "mesure_id": "m1", "date": lu[0], "moyen": lu[1], "rendez_vous_id": _troisieme(lu)}
            for rang, lu in enumerate(brut.get("entretiens", []), 1)
        ],
        "rendez_vous": [
            {"id": f"r{rang}", "mesure_id": "m1", "debut": lu[0].replace(" ", "T") + ":00Z", "statut": lu[1]}
            for rang, lu in enumerate(brut.get("rendez_vous", []), 1)
        ],
        "pieces": [
            {"id": f"x{rang}", "mesure_id": "m1", "forme": lu[0], "retiree_le": _troisieme(lu), "valeurs": lu[1]}
            for rang, lu in enumerate(brut.get("pieces", []), 1)
        ],
        "controles": [],
    }


def _mesure(identifiant: str, dites: dict[str, Any]) -> dict[str, Any]:
    vides = dict.fromkeys(_DATES)
    return {"id": identifiant, **vides, "historique": {}, **dites}


def _troisieme(lu: list[Any]) -> Any:
    return lu[2] if len(lu) > 2 else None


def _seule(brut: dict[str, Any], cle: str) -> dict[str, Any]:
    return {cle: brut[cle]} if cle in brut else {}


if __name__ == "__main__":
    CONVENTIONS.write_text(en_texte(livrees()) + "\n", encoding="utf-8")
