"""Le réseau ment, se tait ou parle à moitié : rien n'est perdu, rien n'est doublé, et l'écran ne se vante pas."""

from __future__ import annotations

import pytest

from .attente import attendre
from .mandataire import Faute, Mandataire
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur


def noter(telephone: Parcours, semis: Semis, synthese: str) -> None:
    telephone.noter_un_contact(semis.rendez_vous_honore.personne_id, synthese)


def envoyer_jusqu_au_bout(telephone: Parcours) -> None:
    """Redemande l'envoi jusqu'à ce qu'il passe : un serveur occupé a pu demander quelques secondes."""

    def essayer() -> bool:
        telephone.envoyer_maintenant()
        telephone.navigateur.patienter(0.5)
        return telephone.envoi().etat == "vide"

    attendre(essayer, "tout envoyé", patienter=telephone.navigateur.patienter)


def test_an_answer_lost_after_commit_leaves_one_fact(
    telephone_relaye: Parcours, mandataire: Mandataire, serveur: Serveur, semis: Semis
) -> None:
    synthese = "La réponse du serveur s'est perdue."
    telephone_relaye.commencer_un_contact(semis.rendez_vous_honore.personne_id)
    telephone_relaye.choisir("moyen", "telephone")
    telephone_relaye.remplir("synthese", synthese)
    telephone_relaye.attendre_envoi("vide")
    # L'échange du chargement est passé : la prochaine réponse est celle de l'enregistrement.
    mandataire.provoquer(Faute.PERDRE_LA_REPONSE, "/sync", fois=1)
    telephone_relaye.enregistrer()
    attendre(
        lambda: [p for p in mandataire.vers("/sync") if p.faute],
        "une réponse perdue",
        patienter=telephone_relaye.navigateur.patienter,
    )
    assert serveur.compter("entretien", "synthese = ?", synthese) == 1

    envoyer_jusqu_au_bout(telephone_relaye)

    assert serveur.compter("entretien", "synthese = ?", synthese) == 1
    assert serveur.compter("operation", "entite = (SELECT id FROM entretien WHERE synthese = ?)", synthese) == 1


@pytest.mark.parametrize(
    "faute", [Faute.PORTAIL_CAPTIF, Faute.COUPER, Faute.COUPER_EN_ROUTE, Faute.OCCUPE], ids=lambda faute: faute.name
)
def test_a_faulty_network_is_never_taken_for_a_success(
    telephone_relaye: Parcours, mandataire: Mandataire, serveur: Serveur, semis: Semis, faute: Faute
) -> None:
    synthese = f"Noté pendant : {faute.value}."
    mandataire.provoquer(faute, "/sync", fois=10_000, secondes=1)
    noter(telephone_relaye, semis, synthese)
    telephone_relaye.envoyer_maintenant()
    etat = telephone_relaye.attendre_envoi("attente", "hors_ligne")
    assert "tout est envoyé" not in etat.texte.lower()
    telephone_relaye.voit("1")

    mandataire.apaiser()
    envoyer_jusqu_au_bout(telephone_relaye)

    assert serveur.compter("entretien", "synthese = ?", synthese) == 1


# Tout ce que l'en-tête a montré, image après image, depuis que l'on guette.
GUETTER_L_ENVOI = """() => {
  window.vus = [];
  const relever = () => vus.push(document.querySelector("[data-etat-envoi]")?.dataset.etat);
  new MutationObserver(relever).observe(document.documentElement, { subtree: true, childList: true, attributes: true });
}"""


def test_the_screen_never_says_all_is_sent_while_something_waits(
    telephone_relaye: Parcours, mandataire: Mandataire, serveur: Serveur, semis: Semis
) -> None:
    telephone, synthese = telephone_relaye, "Noté pendant que le réseau traîne."
    telephone.commencer_un_contact(semis.rendez_vous_honore.personne_id)
    telephone.choisir("moyen", "telephone")
    telephone.remplir("synthese", synthese)
    telephone.attendre_envoi("vide")
    mandataire.provoquer(Faute.RETARDER, "/sync", fois=10, secondes=1)
    telephone.page.evaluate(GUETTER_L_ENVOI)
    telephone.enregistrer()
    telephone.attendre_envoi("attente", "en_cours")
    telephone.attendre_envoi("vide")

    vus = [etat for etat in telephone.page.evaluate("() => vus") if etat]
    apres_la_saisie = vus[min(vus.index(etat) for etat in ("attente", "en_cours") if etat in vus) :]
    premier_vide = apres_la_saisie.index("vide")
    # « Tout est envoyé » ne se dit qu'une fois l'échange passé, et pour de bon.
    assert "en_cours" in apres_la_saisie[:premier_vide]
    assert set(apres_la_saisie[premier_vide:]) <= {"vide", "en_cours"}
    assert serveur.compter("entretien", "synthese = ?", synthese) == 1
