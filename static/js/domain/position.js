// Où l'équipe a rencontré quelqu'un, à cent mètres près : miroir de app/domain/position.py.
const ECRITE = /^(-?)([0-9]{1,2}\.[0-9]{3}),(-?)([0-9]{1,3}\.[0-9]{3})$/;

export function estPosition(lue) {
  const trouvee = ECRITE.exec(lue);
  return Boolean(trouvee && Number(trouvee[2]) <= 90 && Number(trouvee[4]) <= 180);
}

export function enMots(lue) {
  const trouvee = ECRITE.exec(lue);
  if (!trouvee) return lue;
  const [, sud, latitude, ouest, longitude] = trouvee;
  return `${latitude.replace(".", ",")}° ${sud ? "sud" : "nord"}, ${longitude.replace(".", ",")}° ${ouest ? "ouest" : "est"}`;
}

// Ici seulement, ce que dit le téléphone perd ce qu'il a de trop précis : rien d'autre ne lit ses degrés.
export const arrondir = (latitude, longitude) => [latitude, longitude].map((degres) => (Math.round(degres * 1000) / 1000 || 0).toFixed(3)).join(",");
