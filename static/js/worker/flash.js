/* Un mot à montrer une fois, sur la page qui suit un enregistrement. En mémoire : s'il se perd, la fiche, elle, est écrite. */

const SHELF_LIFE = 15_000;

export function createFlash({ now }) {
  const nothing = { message: null, until: 0, shown: () => {} };
  const held = { ...nothing };
  return {
    /** `shown` : ce qui doit être dit tôt ou tard attend tout le temps qu'il faut, et l'on sait quand c'est fait. */
    put(message, { shown } = {}) {
      Object.assign(held, nothing, { message, until: shown ? Infinity : now() + SHELF_LIFE, shown: shown ?? nothing.shown });
    },
    take() {
      const { message, shown } = now() < held.until ? { ...held } : nothing;
      Object.assign(held, nothing);
      shown();
      return message;
    },
  };
}
