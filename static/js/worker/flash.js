/* Un mot à montrer une fois, sur la page qui suit un enregistrement. En mémoire : s'il se perd, la fiche, elle, est écrite. */

const SHELF_LIFE = 15_000;

export function createFlash({ now }) {
  const held = { message: null, until: 0 };
  return {
    put(message) {
      Object.assign(held, { message, until: now() + SHELF_LIFE });
    },
    take() {
      const message = now() < held.until ? held.message : null;
      Object.assign(held, { message: null, until: 0 });
      return message;
    },
  };
}
