"""Les notes personnelles, et les entretiens que l'on coche pour son binôme."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app import moteur as application
from sync.reference import reference
from tests.simulation.postes import PosteJs, PostePy
from tests.simulation.scene import Scene, appareils, rangs
from tests.simulation.secret import un_secret

DECISIONS = ("transmettre_note", "effacer_note")
GESTES = (*DECISIONS, "récrire", "cocher", "cocher", "décocher")


class Notes(Scene):
    def _secret(self, poste: PosteJs | PostePy) -> str:
        self.numero += 1
        return un_secret(poste.acteur.utilisateur_id, self.numero)

    @rule(quel=appareils, rang=rangs)
    def noter_pour_soi(self, quel: int, rang: int) -> None:
        poste = self.postes[quel]
        if personne := self._dossier_de(poste, rang):
            faits = {"date": "2026-11-20", "moyen": "telephone", "note_personnelle": self._secret(poste)}
            self._noter(poste, ("noter_entretien", self._id(), personne, faits))

    @rule(quel=appareils, rang=rangs, geste=st.sampled_from(GESTES))
    def reprendre_un_entretien(self, quel: int, rang: int, geste: str) -> None:
        """Décider de sa note, la récrire (transmise, elle redevient à lui seul) ; le cocher pour le binôme, ou non."""
        poste = self.postes[quel]
        coche = geste in ("cocher", "décocher")
        choisis = sorted(
            (identifiant, fiche["personne_id"])
            for (type_, identifiant), fiche in self._fiches_de(poste).items()
            if type_ == "entretien" and (coche or fiche.get("note_personnelle"))
        )
        if not choisis:
            return
        entite, personne = choisis[rang % len(choisis)]
        if geste in DECISIONS:
            self._noter(poste, (geste, entite, personne, {}))
            return
        champs: dict[str, Any] = {"partagee": geste == "cocher"} if coche else {"note_personnelle": self._secret(poste)}
        self._noter(poste, ("modifier_entretien", entite, personne, champs))

    @rule(quel=appareils, rang=rangs, genre=st.sampled_from(DECISIONS))
    def decider_d_une_note_laissee(self, quel: int, rang: int, genre: str) -> None:
        """Le dossier est parti, ou va partir : il n'en reste que la note, à l'écran des notes."""
        poste = self.postes[quel]
        self._fiches_de(poste)
        with application.lire(self.serveur.moteur, poste.acteur.structure_id) as session:
            laissees = [(n["entretien"], n["personne"]) for n in reference(session, poste.acteur)["notes"]]
        if laissees and not poste.revoque:
            entite, personne = laissees[rang % len(laissees)]
            self._noter(poste, (genre, entite, personne, {}))
            self.comptes["notes laissées décidées"] += 1
