"""Ce que notent les gens, chacun sur son appareil."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.simulation.scene import Scene, appareils, rangs, telephones

CHAMPS = ("prenom", "nom_usage", "adresse")
MOTIFS = (None, "binome", "binome", "remplacement")
ISSUES = ("honore", "absence_excusee", "absence_non_excusee", "annule_service", "propose")
# Ce qui suffit à noter une pièce, d'une forme qui se partage et d'autres qui ne se partagent pas.
PIECES: dict[str, dict[str, Any]] = {
    "demande": {"nature": "logement", "deposee_le": "2026-11-20", "statut": "en_cours"},
    "etape": {"nature": "cdd", "debut": "2026-11-20"},
    "relance": {"le": "2026-11-20", "moyen": "sms"},
}

BESOINS = ("ecoute", "repas", "soins", "couchage")


class Terrain(Scene):
    """Chaque geste ouvre d'abord le carnet, et ne touche qu'à ce qu'il montre."""

    @rule(quel=appareils, rang=rangs, combien=st.integers(1, 3))
    def noter_un_entretien(self, quel: int, rang: int, combien: int) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            faits = {"date": "2026-11-20", "moyen": "telephone", "synthese": "Point sur les démarches. " * 4}
            self._noter(poste, *(("noter_entretien", self._id(), personne, dict(faits)) for _ in range(combien)))

    @rule(quel=appareils, rang=rangs, champ=st.sampled_from(CHAMPS), jour=st.sampled_from(["2026-11-20", "2026-11-21"]))
    def modifier_la_personne(self, quel: int, rang: int, champ: str, jour: str) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            champs = {champ: f"Valeur {self.numero}"} | ({"date_effet": jour} if champ == "adresse" else {})
            self._noter(poste, ("modifier_personne", personne, personne, champs))

    @rule(quel=appareils, sexe=st.sampled_from(["femme", "homme", "illisible"]))
    def rencontrer_quelqu_un(self, quel: int, sexe: str) -> None:
        """Illisible, la fiche de la personne est refusée, et ce qui la suit attend qu'elle soit corrigée."""
        personne, entretien = self._id(), self._id()
        faits = {"date": "2026-11-20", "moyen": "presentiel"}
        self._noter(
            self.postes[quel],
            ("creer_personne", personne, personne, self._personne() | {"sexe": sexe}),
            ("noter_entretien", entretien, personne, faits),
        )

    def _personne(self) -> dict[str, Any]:
        return {"nom": f"Fictive {self.numero}", "date_effet": "2026-11-20"}

    @rule(quel=appareils)
    def corriger_un_refus(self, quel: int) -> None:
        poste = self.postes[quel]
        self._fiches_de(poste)
        for identifiant, etat in poste.vue().boite.items():
            fait = poste.faits.get(identifiant)
            if etat == "refusee" and fait and fait["genre"] == "creer_personne":
                correction = ("creer_personne", fait["entite"], fait["personne"], self._personne())
                self._noter(poste, correction, remplace=identifiant)
                return

    @rule(quel=appareils)
    def proposer_un_rendez_vous(self, quel: int) -> None:
        mesure, personne = self.mesure
        if personne in {identifiant for _, identifiant in self._fiches_de(self.postes[quel])}:
            champs = {"mesure_id": mesure, "debut": "2026-11-25T09:00:00Z", "duree": 30}
            self._noter(self.postes[quel], ("proposer_rendez_vous", self._id(), personne, champs))

    @rule(quel=appareils, rang=rangs, issue=st.sampled_from(ISSUES))
    def dire_l_issue(self, quel: int, rang: int, issue: str) -> None:
        poste = self.postes[quel]
        connus = sorted(i for type_, i in self._fiches_de(poste) if type_ == "rendez_vous")
        if connus:
            entite = connus[rang % len(connus)]
            self._noter(poste, ("constater_rendez_vous", entite, self.mesure[1], {"statut": issue}))

    @rule(quel=telephones, rang=rangs, choix=st.sampled_from(["en_vigueur", "propose"]))
    def regler_un_desaccord(self, quel: int, rang: int, choix: str) -> None:
        poste = self.postes[quel]
        ouverts = sorted(
            (i, fiche["personne_id"])
            for (type_, i), fiche in self._fiches_de(poste).items()
            if type_ == "desaccord" and fiche["etat"] == "ouvert"
        )
        if ouverts:
            entite, personne = ouverts[rang % len(ouverts)]
            self._noter(poste, ("regler_desaccord", entite, personne, {"choix": choix}))

    @rule(quel=telephones, rang=rangs, rouvrir=st.booleans())
    def archiver_ou_rouvrir(self, quel: int, rang: int, rouvrir: bool) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            genre, champs = ("rouvrir_dossier", {}) if rouvrir else ("archiver_dossier", {"le": "2026-11-20"})
            self._noter(poste, (genre, personne, personne, champs))

    @rule(quel=telephones, forme=st.sampled_from(sorted(PIECES)), partagee=st.booleans())
    def noter_une_piece(self, quel: int, forme: str, partagee: bool) -> None:
        mesure, personne = self.mesure
        if ("mesure", mesure) in self._fiches_de(self.postes[quel]):
            champs = {"mesure_id": mesure, **PIECES[forme]} | ({} if forme == "relance" else {"partagee": partagee})
            self._noter(self.postes[quel], (f"noter_{forme}", self._id(), personne, champs))

    @rule(quel=telephones, rang=rangs, geste=st.sampled_from(["modifier", "retirer", "partager"]))
    def reprendre_une_piece(self, quel: int, rang: int, geste: str) -> None:
        poste = self.postes[quel]
        pieces = sorted(
            (i, fiche["personne_id"], fiche["forme"], fiche["partagee"])
            for (type_, i), fiche in self._fiches_de(poste).items()
            if type_ == "piece" and fiche["forme"] in PIECES
        )
        if not pieces:
            return
        entite, personne, forme, partagee = pieces[rang % len(pieces)]
        if geste == "retirer":
            self._noter(poste, (f"retirer_{forme}", entite, personne, {"motif": "En double."}))
        elif geste == "partager" and forme != "relance":
            self._noter(poste, (f"modifier_{forme}", entite, personne, {"partagee": not partagee}))
        else:
            nom, jour = list(PIECES[forme].items())[-1 if forme != "demande" else 1]
            valeur = "courriel" if nom == "moyen" else jour
            self._noter(poste, (f"modifier_{forme}", entite, personne, {nom: valeur}))

    @rule(quel=appareils, combien=st.integers(1, 2), ou=st.sampled_from([None, "Porche", "Quai 3"]))
    def noter_une_rencontre(self, quel: int, combien: int, ou: str | None) -> None:
        """Dans le cahier que tiennent les deux collègues, tant que l'appareil le montre."""
        poste = self.postes[quel]
        maraudes = self._feuilles_de(poste, "maraude")
        if maraudes:
            (maraude, cahier), *_ = maraudes
            faits = {"maraude_id": maraude, "adultes": 1, "ou": ou}
            self._noter(poste, *(("noter_rencontre", self._id(), cahier, dict(faits)) for _ in range(combien)))

    @rule(quel=appareils, rang=rangs, geste=st.sampled_from(["ou", "besoins", "besoins", "retirer"]))
    def reprendre_une_rencontre(self, quel: int, rang: int, geste: str) -> None:
        poste = self.postes[quel]
        rencontres = self._feuilles_de(poste, "rencontre")
        if not rencontres:
            return
        entite, cahier = rencontres[rang % len(rencontres)]
        if geste == "retirer":
            self._noter(poste, ("retirer_rencontre", entite, cahier, {"motif": "En double."}))
        elif geste == "ou":
            self._noter(poste, ("modifier_rencontre", entite, cahier, {"ou": f"Rue {self.numero}"}))
        else:
            connus = self._fiches_de(poste)["feuille", entite]["valeurs"].get("besoins", [])
            voulus = sorted({*connus, BESOINS[rang % len(BESOINS)]})
            self._noter(poste, ("modifier_rencontre", entite, cahier, {"besoins": voulus}))

    def _feuilles_de(self, poste: Any, forme: str) -> list[tuple[str, str]]:
        feuilles = self._fiches_de(poste).items()
        return sorted((i, f["cahier_id"]) for (type_, i), f in feuilles if type_ == "feuille" and f["forme"] == forme)

    @rule(quel=telephones, rang=rangs, accord=st.booleans())
    def demander_son_accord(self, quel: int, rang: int, accord: bool) -> None:
        """Accepter que son dossier se partage, ou ne plus l'accepter : des pièces paraissent ou se taisent."""
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            champs = {"accord_partage": accord, "date_effet": "2026-11-20"}
            self._noter(poste, ("modifier_personne", personne, personne, champs))

    @rule(
        quel=telephones,
        rang=rangs,
        jusqu_au=st.sampled_from([None, "2026-11-27", "2026-12-10"]),
        motif=st.sampled_from(MOTIFS),
    )
    def partager(self, quel: int, rang: int, jusqu_au: str | None, motif: str | None) -> None:
        poste = self.postes[quel]
        autre = self.nadia if poste.acteur is self.camille else self.camille
        if personne := self._dossier_de(poste, rang):
            champs = {"utilisateur": autre.utilisateur_id, "jusqu_au": jusqu_au, "motif": motif}
            self._noter(poste, ("partager_dossier", self._id(), personne, champs))

    @rule(quel=telephones, rang=rangs)
    def cesser_un_partage(self, quel: int, rang: int) -> None:
        poste = self.postes[quel]
        partages = sorted(
            (i, fiche["personne_id"]) for (type_, i), fiche in self._fiches_de(poste).items() if type_ == "partage"
        )
        if partages:
            entite, personne = partages[rang % len(partages)]
            self._noter(poste, ("cesser_partage", entite, personne, {}))
