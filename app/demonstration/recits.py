"""Ce que disent les synthèses de la démonstration : de quoi relire un dossier, sans rien de sensible."""

from random import Random
from typing import Final

# (famille de démarche, nature, phrase) ; les poids suivent la part de l'accompagnement social et de l'emploi.
RECITS: Final = (
    (
        "administratif",
        "caf",
        "Déclaration trimestrielle faite ensemble. L'attestation arrivera dans l'espace personnel.",
    ),
    (
        "administratif",
        "france_travail",
        "Actualisation vérifiée. Rappel des dates à venir et du mot de passe à garder.",
    ),
    ("administratif", "courriers", "Courriers du mois relus. Réponse préparée pour l'échéancier d'électricité."),
    ("administratif", "impots", "Avis d'imposition retrouvé, copie jointe au dossier de demande."),
    ("administratif", "demarches_en_ligne", "Espace personnel créé, identifiants notés sur le carnet de la personne."),
    ("administratif", "aide_alimentaire", "Orientation vers l'épicerie solidaire, premier passage prévu vendredi."),
    ("logement", "demande_logement", "Demande de logement renouvelée. Il manque le dernier avis d'échéance."),
    ("logement", "fsl", "Dossier d'aide au maintien complété, à déposer avant la fin du mois."),
    ("logement", "siao", "Point sur la demande d'hébergement : toujours en attente, relance faite par téléphone."),
    ("lien_social", "fle", "Inscription à l'atelier de français du mardi, début à la prochaine session."),
    ("sante", "acces_droits_sante", "Droits à jour, carte reçue. Rien d'autre demandé pour le moment."),
    ("mobilite", "offre_transport", "Trajet repéré ensemble : le bus de 8 h 10 permet d'arriver à l'heure."),
    ("mobilite", "aides_permis", "Devis de l'auto-école apporté. Demande d'aide à préparer pour la commission."),
    (
        "lien_departement",
        "liens_situations",
        "Échange avec le service insertion : la poursuite du parcours est validée.",
    ),
    ("offres", None, "Deux offres retenues : agent d'entretien à mi-temps et aide de cuisine. Candidatures envoyées."),
    ("offres", None, "Mise en relation avec le chantier d'insertion. Entretien d'embauche la semaine prochaine."),
    ("tre", "cv", "CV repris : expériences remises dans l'ordre, une page. Version imprimée remise."),
    (
        "tre",
        "preparation_entretien",
        "Simulation d'entretien. À l'aise pour parler du poste, à reprendre : les horaires.",
    ),
    (
        "emploi_formation",
        "decouverte_metiers",
        "Deux métiers retenus après l'atelier : préparation de commandes, espaces verts.",
    ),
    (
        "emploi_formation",
        "inscriptions",
        "Dossier d'inscription à la formation envoyé, réponse attendue sous quinze jours.",
    ),
)
_POIDS: Final = (8, 8, 6, 5, 6, 4, 5, 4, 4, 1, 5, 1, 2, 9, 9, 9, 6, 4, 6, 6)

COURTS: Final = (
    "Appel bref : confirme sa venue au prochain rendez-vous.",
    "Message laissé, rappelle dans l'après-midi. Tout va bien.",
    "Demande à décaler, un autre créneau est trouvé.",
    "Envoie la photo du justificatif demandé, bien reçu.",
)
NOTES: Final = (
    "Penser à reparler du permis, le sujet avait l'air important.",
    "Venait avec sa fille aujourd'hui : prévoir un créneau hors mercredi.",
    "Préfère être rappelée le matin.",
)

# Ce que disent les pièces des dossiers.
FREINS: Final = (
    ("mobilite", "garde", "numerique", "confiance"),
    ("logement", "budget", "administratif", "isolement"),
    ("francais", "formation", "mobilite", "numerique", "isolement"),
    ("budget", "mobilite", "sante", "confiance", "administratif"),
)
ATOUTS: Final = ("experience", "langues", "ponctualite", "reseau", "autonomie")
PROJETS: Final = (
    ("Travailler en cuisine collective, près de la maison.", "Trouver une place de garde le matin."),
    ("Reprendre la préparation de commandes, à temps plein.", "Stabiliser le logement avant de chercher."),
    ("Devenir aide à domicile.", "Passer le code, puis une immersion."),
    ("Les espaces verts, dehors et en équipe.", "Refaire le CV, s'inscrire au chantier d'insertion."),
)
OBJECTIFS: Final = (
    ("Se rendre seul à un entretien d'embauche", "Repérer les lignes de bus ; demander l'aide au permis.", "en_cours"),
    ("Avoir un CV à jour", "Atelier CV, puis relecture ensemble.", "atteint"),
)
ACTIONS: Final = (
    ("Demander le relevé de carrière", "administratif"),
    ("Visiter le centre de formation", "emploi_formation"),
    ("Remplir la demande d'aide au permis", "mobilite"),
    ("Répondre à deux offres", "offres"),
)
# Un service de l'annuaire de la démonstration, qui le tient, et pour quoi.
ORIENTATIONS: Final = (
    ("Cours de français du soir", "Les Mots Passants", "Lire et écrire pour le travail"),
    ("Prêt de vélo et de scooter", "Garage solidaire des Péripéties", "Aller en immersion"),
    ("Aide pour le budget", "Point conseil du Val-de-Fable", "Un plan pour deux factures"),
)
BILAN: Final = "Les rendez-vous sont tenus, le CV est prêt. Il reste le trajet du matin : on continue."
VISITE: Final = "Poste d'entretien des espaces verts, deux places en janvier. Le chef d'équipe rappellera."
SAISINE: Final = {
    "faits": "Trois rendez-vous manqués en deux mois. Un SMS, deux appels et un courrier sont restés sans réponse.",
    "motifs_entendus": "Au dernier contact, des trajets difficiles depuis le déménagement.",
    "demarches_proposees": "Des rendez-vous à la permanence la plus proche, l'aide au transport.",
}
SAISINE_AVANT: Final = {
    "faits": "Deux propositions de premier rendez-vous, un courrier et un appel : personne ne s'est présenté.",
    "demarches_proposees": "Un rendez-vous à la permanence la plus proche du domicile.",
}
EMPLOYEURS: Final = (
    "Atelier des Péripéties",
    "Cuisines du Val-de-Fable",
    "Centre des Quatre-Récits",
    "Les Serres de Contes-sur-Brume",
    "Transports du Dernier-Chapitre",
)


def tirer(alea: Random) -> tuple[str, str | None, str]:
    """(famille, nature, synthèse) d'un entretien ordinaire."""
    famille, nature, synthese = alea.choices(RECITS, _POIDS)[0]
    return famille, nature, synthese
