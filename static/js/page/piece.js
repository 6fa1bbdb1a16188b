/* Le formulaire d'une pièce : les champs qu'une réponse appelle, et la signature tracée du doigt. Sans ce script, tout se remplit quand même :
 * les champs sont tous là, et une signature se fait sur papier. */

const WIDTH = 300;
const HEIGHT = 120;
/** Le plus long tracé que le serveur reçoit ; au-delà, la plume ne marque plus. */
const LONGEST = 6_000;

function showCalled(form) {
  for (const part of form.querySelectorAll("[data-si]")) {
    const [name, codes] = part.dataset.si.split("=");
    const chosen = form.querySelector(`[name="${name}"]:checked`)?.value ?? "";
    part.hidden = !codes.split(",").includes(chosen);
  }
}

/** La suite du tracé, ou ce qu'il était si la plume n'a pas bougé d'un point. */
function extend(drawn, point) {
  const next = drawn ? `${drawn} ${point}` : point;
  return drawn.endsWith(point) || next.length > LONGEST ? drawn : next;
}

const clamp = (value, most) => Math.max(0, Math.min(most, Math.round(value)));

function pointOf({ clientX, clientY }, surface) {
  const { left, top, width, height } = surface.getBoundingClientRect();
  return `${clamp(((clientX - left) / width) * WIDTH, WIDTH)} ${clamp(((clientY - top) / height) * HEIGHT, HEIGHT)}`;
}

export function createPieceForm() {
  const pen = { pad: null };

  const partsOf = (pad) => ({ input: pad.querySelector("input"), path: pad.querySelector("path"), surface: pad.querySelector("svg") });

  function put(pad, value) {
    const { input, path } = partsOf(pad);
    input.value = value;
    path.setAttribute("d", value);
  }

  /** Le brouillon et l'envoi l'apprennent comme de toute saisie. */
  const told = (pad) => partsOf(pad).input.dispatchEvent(new Event("input", { bubbles: true }));

  function down(event) {
    const surface = event.target.closest?.("[data-signature] svg");
    if (!surface) return;
    event.preventDefault();
    pen.pad = surface.closest("[data-signature]");
    surface.setPointerCapture(event.pointerId);
    const { input } = partsOf(pen.pad);
    const point = pointOf(event, surface);
    if (input.value.length + point.length < LONGEST) put(pen.pad, `${input.value}M${point} ${point}`);
  }

  function move(event) {
    if (!pen.pad) return;
    const { input, surface } = partsOf(pen.pad);
    put(pen.pad, extend(input.value, pointOf(event, surface)));
  }

  function up() {
    if (pen.pad) told(pen.pad);
    pen.pad = null;
  }

  function erase(event) {
    const pad = event.target.closest?.("[data-effacer]")?.closest("[data-signature]");
    if (!pad) return;
    put(pad, "");
    told(pad);
  }

  function change(event) {
    const form = event.target.closest?.("[data-piece]");
    if (form) show(form);
  }

  /** Un brouillon repris : le tracé suit la valeur. */
  function show(form) {
    showCalled(form);
    for (const pad of form.querySelectorAll("[data-signature]")) put(pad, partsOf(pad).input.value);
  }

  const refresh = () => document.querySelectorAll("[data-piece]").forEach(show);

  return {
    refresh,
    start() {
      document.addEventListener("pointerdown", down);
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", up);
      document.addEventListener("pointercancel", up);
      document.addEventListener("click", erase);
      document.addEventListener("change", change);
      refresh();
    },
  };
}
