// Un nombre de rendez-vous sur une durée : miroir de app/domain/echeance/total.py.
import { ajouterMois, jourParis, joursEntre } from "../dates.js";
import { quantieme, quantite } from "../francais.js";

export function attendre(genre, regle, situation) {
  const { aujourdHui, maintenant, mesure } = situation;
  const dueLe = ajouterMois(mesure.entree_le, regle.mois);
  const ouverture = situation.jour("ouverture");
  const tenus = new Set(situation.jours("physique").filter((jour) => ouverture <= jour && jour <= aujourdHui)).size;
  const restants = regle.total - tenus;
  if (restants <= 0 || (mesure.sortie_le && mesure.sortie_le <= dueLe)) return null;
  const aVenir = situation.proposes.filter(({ debut }) => debut >= maintenant).map(({ debut }) => jourParis(debut));
  const proposes = new Set(aVenir.filter((jour) => jour <= dueLe)).size;
  const aFixer = restants - proposes;
  const resteJours = joursEntre(aujourdHui, dueLe);
  const dont = regle.accueil ? `, dont ${regle.accueil} d’accueil` : "";
  return {
    due_le: dueLe,
    depuis: dueLe,
    quoi: quantite(restants, "rendez-vous physique", "rendez-vous physiques"),
    pourquoi:
      `${quantite(tenus, "tenu")} depuis le ${quantieme(ouverture, aujourdHui)}\u202f: ` +
      `${regle.total} rendez-vous physiques sur ${regle.mois} mois${dont}`,
    suite: proposes ? `. ${quantite(proposes, "proposé")} d’ici là` : "",
    attendu: genre.attendus[0],
    proche: resteJours <= genre.proche || resteJours * regle.total < (aFixer - 1) * joursEntre(mesure.entree_le, dueLe),
    prevu: aFixer <= 0,
  };
}
