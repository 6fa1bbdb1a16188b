/* La position d'une rencontre : demandée au téléphone quand on touche le bouton, jamais avant ; arrondie avant d'être écrite dans la page.
 * Sans elle, la rencontre s'enregistre de même. */
import { arrondir, enMots } from "../domain/position.js";

const OPTIONS = { enableHighAccuracy: true, timeout: 30_000, maximumAge: 0 };
/** En mètres : au-delà, ce que dit le téléphone enverrait l'équipe suivante au mauvais endroit. */
const VAGUE = 300;
const SEARCHING = "Recherche de la position…";
const SANS = "Écrivez plutôt où\u202f: la rencontre s’enregistre sans.";
const REFUSED = `Ce téléphone refuse de donner sa position\u202f: elle se permet dans ses réglages. ${SANS}`;
const LOST = `La position n’a pas été trouvée\u202f: réessayez à découvert. ${SANS}`;
const LATE = `La position tarde trop\u202f: réessayez à découvert. ${SANS}`;
const UNSURE = `Le téléphone ne sait pas assez bien où il est\u202f: réessayez à découvert. ${SANS}`;
const WHY = new Map([[1, REFUSED], [3, LATE]]);

const PLACE = "[data-position]";

function partsOf(place) {
  const [input, said, take, drop] = ["input", "[data-position-dite]", "[data-position-prendre]", "[data-position-retirer]"].map((one) => place.querySelector(one));
  return { input, said, take, drop };
}

function say(place, text, failed = false) {
  const { said } = partsOf(place);
  said.textContent = text;
  said.classList.toggle("champ-erreur", failed);
}

/** Ce qui se montre suit la valeur : aussi quand un brouillon l'a rendue. */
function show(place) {
  const { input, take, drop } = partsOf(place);
  say(place, enMots(input.value));
  if (take) take.hidden = input.value !== "";
  drop.hidden = input.value === "";
}

function put(place, value) {
  const { input, take, drop } = partsOf(place);
  const touched = place.contains(document.activeElement);
  input.value = value;
  show(place);
  // Le bouton touché s'efface : le geste suivant est l'autre.
  if (touched) (value ? drop : take)?.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

export function startPosition({ root = document, geolocation = navigator.geolocation } = {}) {
  const asked = new WeakSet();

  async function ask(place) {
    asked.add(place);
    say(place, SEARCHING);
    try {
      const { coords } = await new Promise((found, failed) => {
        geolocation.getCurrentPosition(found, failed, OPTIONS);
      });
      if (coords.accuracy > VAGUE) say(place, UNSURE, true);
      else put(place, arrondir(coords.latitude, coords.longitude));
    } catch (error) {
      say(place, WHY.get(error.code) ?? LOST, true);
    }
    asked.delete(place);
  }

  function onClick({ target }) {
    const place = target.closest?.(PLACE);
    if (!place) return;
    if (target.closest("[data-position-retirer]")) put(place, "");
    else if (target.closest("[data-position-prendre]") && !asked.has(place)) ask(place);
  }

  const placesOf = (form) => form.querySelectorAll?.(PLACE) ?? [];

  /** Un brouillon rendu le dit au formulaire entier. */
  function onChange({ target }) {
    if (target.matches?.("form")) placesOf(target).forEach(show);
  }

  /** Un champ caché n'est pas de ceux que le navigateur remet. */
  function onReset({ target }) {
    for (const place of placesOf(target)) {
      partsOf(place).input.value = place.dataset.position;
      show(place);
    }
  }

  root.addEventListener("click", onClick);
  root.addEventListener("change", onChange);
  root.addEventListener("reset", onReset);
}
