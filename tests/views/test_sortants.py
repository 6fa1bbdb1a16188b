"""Ce qui quitte la structure ne dit ni la détention ni la justice : tout fichier d'un rapport, ouvert ou clos."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

from python_calamine import CalamineWorkbook

from app.base import db, ecrire
from app.models import Convention, Mesure
from tests.papiers.balises import lire_pdf, texte
from tests.views.faits import un_cas, un_id

BASE = "/rapports/DSP-TDL/2022"


def test_detention_and_justice_leave_with_the_others_closed_or_not(app, equipes, connecte):
    """L'écran du chef de service garde la ligne que la grille publie ; aucun fichier ne l'emporte."""
    cas = un_cas(app, equipes[0])
    freins = [{"cle": cle, "niveau": 2, "etat": "travaille"} for cle in ("justice", "isolement", "budget")]
    diagnostic = {"mesure_id": cas.mesure, "moment": "entree", "jour": "2022-02-01", "freins": freins}
    cas.faire("noter_diagnostic", un_id(), diagnostic)
    with app.app_context(), ecrire(db.engine) as session:
        (mesure,) = session.query(Mesure)
        mesure.entree_le, mesure.sortie_le = dt.date(2021, 3, 1), dt.date(2022, 6, 15)
        mesure.sortie_motif = "suspension_incarceration"
        (convention,) = session.query(Convention)
        convention.donnees = convention.donnees | {"grilles": ["activite_2017", "asp_resultats", "iae"]}
    chef = connecte("chef_de_service")
    for _ in range(2):
        ecran = chef.get(BASE).text
        for ligne in ("Incarcérations", "Suspension (incarcération)", "Décès, incarcération", "Situation judiciaire"):
            assert ligne in ecran, ligne
        fichiers = {forme: sortir(chef, forme) for forme in ("csv", "json", "xlsx", "pdf")}
        for forme, octets in fichiers.items():
            dit = lisible(forme, octets).lower()
            assert "sorties" in dit
            for tu in ("ncarc", "judiciaire", "justice", "décès"):
                assert tu not in dit, (forme, tu)
        contenu = json.loads(fichiers["json"])
        notes = {t["code"]: t["notes"] for t in contenu["tableaux"]}
        for code, dits in notes.items():
            tait = code == "freins" or code.startswith("sorties_")
            assert any("Par discrétion" in note for note in dits) == tait, code
        assert all(c["juste"] for t in contenu["tableaux"] for c in t["controles"])
        assert nombres(contenu, "sorties_motifs")["autre"] == [1, 0]
        assert nombres(contenu, "sorties_activite_2017")["autres"] == [1]
        assert nombres(contenu, "sorties_asp_resultats")["autres_sorties"] == [1]
        iae = nombres(contenu, "sorties_iae")
        assert iae["neutres"] == iae["retirees"] == [1]
        # Qui a les deux freins n'y est qu'une fois.
        assert nombres(contenu, "freins")["isolement"] == [1, 1, 0]
        assert chef.post(f"{BASE}/cloture", {"verifie": "oui"}).status_code == 303


def sortir(nav, forme: str) -> bytes:
    fichier = nav.post(f"{BASE}/sortir", {"format": forme, "motif": "financeur"})
    assert fichier.status_code == 200, fichier.text
    return fichier.data


def nombres(contenu: dict[str, Any], tableau: str) -> dict[str, list[int | None]]:
    (trouve,) = (t for t in contenu["tableaux"] if t["code"] == tableau)
    return {li["code"]: [cellule["nombre"] for cellule in li["cellules"]] for li in trouve["lignes"]}


def lisible(forme: str, octets: bytes) -> str:
    if forme == "pdf":
        return texte(lire_pdf(octets))
    if forme == "xlsx":
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
        return str([classeur.get_sheet_by_name(nom).to_python() for nom in classeur.sheet_names])
    return octets.decode("utf-8-sig")
