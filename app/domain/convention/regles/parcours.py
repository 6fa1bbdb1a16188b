"""Ce qu'une convention règle d'un accompagnement : accueil, rythme, durée, contrat, sortie et ses suites."""

from typing import Final

from app.domain.convention.formes import Booleen, Champ, Code, Entier, Liste, Table, Texte
from app.domain.convention.regles.regle import JOURS, MOIS, OUI, Regle

PERIODES: Final = {"mois": "par mois", "quinzaine": "par quinzaine", "semaine": "par semaine"}
CONTRATS: Final = {
    "contrat_insertion": "Contrat d’insertion",
    "cer": "Contrat d’engagements réciproques (CER)",
    "contrat_engagement": "Contrat d’engagement",
}
RELANCES: Final = {
    "sms": "SMS",
    "telephone": "Appel",
    "courriel": "Courriel",
    "courrier": "Courrier",
    "saisine": "Saisine",
}
LIVRABLES: Final = {
    "diagnostic": "Diagnostic",
    "modalites_accompagnement": "Modalités d’accompagnement",
    "modalites_contact": "Modalités de contact",
    "parcours": "Parcours construit ensemble",
    "droits_devoirs": "Droits et devoirs présentés",
    "contrat": "Contrat signé",
    "premieres_actions": "Premières actions engagées",
}

PARCOURS: Final[tuple[Regle, ...]] = (
    Regle(
        "premier_contact_jours",
        "Premier contact",
        "accueil",
        JOURS,
        "Le délai, en jours après l’orientation.",
        True,
    ),
    Regle(
        "accueil",
        "Phase d’accueil",
        "accueil",
        Table(
            {
                "jours": Champ("Durée, au plus", JOURS),
                "depuis": Champ("Comptée depuis", Code({"orientation": "l’orientation", "entree": "l’entrée"}), True),
                "livrables": Champ("À remettre", Liste(Code(LIVRABLES)), True),
                "rendez_vous": Champ("Rendez-vous physiques, au moins", Entier(maxi=20, exemple="1"), True),
            }
        ),
        "Ce qui doit être fait dans les premiers jours.",
        True,
        '{ jours = 15, depuis = "entree", livrables = ["diagnostic", "contrat"], rendez_vous = 1 }',
    ),
    Regle("etapes", "Étapes", "accueil", Liste(Texte('"Diagnostic partagé"')), "Les étapes, dans l’ordre."),
    Regle(
        "tripartite",
        "Entretien tripartite",
        "accueil",
        OUI,
        "Un entretien à trois, puis un entretien d’initialisation de chaque côté.",
        True,
    ),
    Regle(
        "information_fse", "Information sur le cofinancement", "accueil", OUI, "À donner au premier entretien.", True
    ),
    Regle(
        "cadence",
        "Rythme des entretiens",
        "rythme",
        Table(
            {
                "nombre": Champ("Nombre", Entier("entretien", "entretiens", maxi=31, exemple="1")),
                "par": Champ("Par", Code(PERIODES)),
            },
            "{nombre} {par}, au moins",
        ),
        "Combien d’entretiens, au moins, par mois, quinzaine ou semaine.",
        True,
    ),
    Regle("intensif_mois", "Début renforcé", "rythme", MOIS, "Les premiers mois où l’on se voit davantage.", True, "3"),
    Regle(
        "rendez_vous_physiques",
        "Rendez-vous physiques",
        "rythme",
        Table(
            {
                "total": Champ("En tout, au moins", Entier("rendez-vous", maxi=200, exemple="13")),
                "accueil": Champ("Dont à l’accueil", Entier("rendez-vous", maxi=200, exemple="1"), True),
                "mois": Champ("Sur", Entier("mois", maxi=60, exemple="12")),
            }
        ),
        "Combien sur toute la durée, dont combien à l’accueil.",
        True,
    ),
    Regle(
        "activite_minutes",
        "Activité par semaine",
        "rythme",
        Entier("minute par semaine", "minutes par semaine", maxi=2400, exemple="900"),
        "En minutes entières\u202f: 900 pour quinze heures.",
        True,
    ),
    Regle(
        "relances",
        "Relances après une absence",
        "rythme",
        Liste(
            Table(
                {
                    "quoi": Champ("Quoi", Code(RELANCES)),
                    "apres": Champ("Après", Entier("absence", "absences", maxi=20, exemple="1")),
                },
                "{quoi}, après {apres} sans nouvelles",
            )
        ),
        "Ce que la structure fait, après combien d’absences sans nouvelles\u202f; jamais tout seul.",
        True,
        '[{ quoi = "sms", apres = 1 }, { quoi = "courrier", apres = 2 }]',
    ),
    Regle("duree_mois", "Durée", "duree", MOIS, "D’une mesure, sans renouvellement.", True),
    Regle(
        "duree_max_mois", "Durée la plus longue", "duree", MOIS, "Quand la convention donne une fourchette.", True, "9"
    ),
    Regle(
        "duree_selon",
        "Durée, si elle suit autre chose",
        "duree",
        Code({"contrat_travail": "Celle du contrat de travail"}),
        "Quand la durée suit autre chose qu’un nombre de mois.",
        True,
    ),
    Regle(
        "renouvellements",
        "Renouvellements",
        "duree",
        Table(
            {
                "mois": Champ("Chacun de", Entier("mois", maxi=60, exemple="6")),
                "nombre": Champ("Au plus", Entier("fois", maxi=10, exemple="1")),
                "motif": Champ("Motif", Booleen("à donner par écrit", "non demandé"), True),
            }
        ),
        "De combien de mois, combien de fois, et si un motif est demandé.",
        True,
        "{ mois = 6, nombre = 2, motif = true }",
    ),
    Regle("contrat", "Contrat", "contrat", Code(CONTRATS), "Celui que la personne et la structure signent.", True),
    Regle(
        "contrat_pour",
        "Contrat demandé",
        "contrat",
        Code({"brsa": "Aux bénéficiaires du RSA"}),
        "Quand il n’est pas demandé à tous.",
        True,
    ),
    Regle("contrat_mois", "Durée du contrat", "contrat", MOIS, "En mois.", True),
    Regle("outil", "Outil du financeur", "contrat", Texte('"Phénix"'), "Où le contrat est aussi saisi.", True),
    Regle(
        "bilan_final",
        "Bilan final",
        "contrat",
        Table({"diagnostic": Champ("Diagnostic", Booleen("repris à cette occasion", "non repris"))}),
        "Un bilan avant la fin\u202f; `diagnostic`\u202f: repris à cette occasion.",
        True,
    ),
    Regle("veille_mois", "Veille après la sortie", "suites", MOIS, "Le délai, en mois après la sortie.", True),
    Regle(
        "veille_apres",
        "Veille après",
        "suites",
        Liste(Code({"emploi": "Une sortie en emploi", "formation": "Une sortie en formation"})),
        "Après quelles sorties la veille est due.",
        True,
    ),
    Regle(
        "file_active",
        "Fin de file active",
        "suites",
        Table(
            {
                "emploi": Champ("En emploi", Code({"fin_essai": "à la fin de la période d’essai"}), True),
                "formation_mois": Champ("En formation", Entier("mois après le début", exemple="1", maxi=24), True),
            }
        ),
        "Quand une personne en emploi ou en formation quitte la file active.",
        True,
    ),
    Regle("siae_comites", "Comités techniques des SIAE", "suites", OUI, "La conseillère y participe.", True),
    Regle(
        "siae_reprise",
        "Reprise après une SIAE",
        "suites",
        OUI,
        "L’accompagnement reprend quand le contrat finit sans solution.",
        True,
    ),
    Regle(
        "motifs_sortie",
        "Motifs de sortie",
        "suites",
        Liste(
            Table(
                {
                    "libelle": Champ("Libellé", Texte('"Emploi durable"')),
                    "motifs": Champ("Motifs", Liste(Texte('"cdi"')), True),
                },
                "{libelle}",
            )
        ),
        "Les lignes du tableau des sorties, telles que le financeur les écrit.",
        exemple='[{ libelle = "Emploi durable", motifs = ["cdi"] }]',
    ),
)
