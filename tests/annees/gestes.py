"""Par où passe un geste de l'histoire : les liens que l'on touche, quel que soit ce qui rend les écrans."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tests.annees.ecran import Due, Ecran

PAGES_DE_LA_MESURE = {"Dates de la mesure": "/modifier", "Sortie": "/sortie"}


class Gestes(ABC):
    """`dossier` : l'identifiant de la personne, une fois créée."""

    dossier = ""

    @abstractmethod
    def lire(self, adresse: str) -> Ecran:
        """L'écran de cette adresse, tel que le téléphone le montre."""

    def telephone(self) -> list[Due]:
        return self.lire(self.adresse_du_dossier).a_faire()

    @property
    def adresse_du_dossier(self) -> str:
        return f"/dossiers/{self.dossier}"

    def adresse(self, ecran: str) -> str:
        """Par les liens que l'on touche : ce qui n'est pas à l'écran ne se fait pas."""
        verbe, _, quoi = ecran.partition(" ")
        directs = {
            "Nouvelle personne": "/personnes/nouvelle",
            "Situation": f"{self.adresse_du_dossier}/modifier",
            "Contact": f"/entretiens/nouveau?dossier={self.dossier}",
            "Rendez-vous": f"/rendez-vous/nouveau?dossier={self.dossier}",
        }
        if ecran in directs:
            return directs[ecran]
        if ecran in PAGES_DE_LA_MESURE:
            liens = self.lire(self.adresse_du_dossier).liens()
            page = PAGES_DE_LA_MESURE[ecran]
            return next(adresse for _, adresse in liens if "/mesures/" in adresse and adresse.endswith(page))
        if verbe == "Ajouter":
            return self.lire(f"/pieces/nouvelle?dossier={self.dossier}").lien(quoi, "forme=")
        if verbe == "Modifier":
            return self.lire(self.adresse_du_dossier).lien(quoi, "/pieces/") + "/modifier"
        due = next((due for due in self.telephone() if due.titre.startswith(quoi)), None)
        if verbe != "Répondre" or due is None:
            raise AssertionError(f"« {ecran} » n'est pas à l'écran : {self.telephone()}")
        return due.adresse
