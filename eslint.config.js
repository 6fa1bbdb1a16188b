// Règles du JavaScript : pas de HTML fabriqué à la main, pas de code fait de texte, rien d'inutilisé.

const globales = (noms) => Object.fromEntries(noms.split(/\s+/).map((nom) => [nom, "readonly"]));

const PARTOUT = globales(
  `console crypto fetch setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone CryptoKey
  URL URLSearchParams Response Request Headers FormData Blob File AbortController AbortSignal TextEncoder
  TextDecoder btoa atob performance CompressionStream DecompressionStream ReadableStream Event EventTarget
  CustomEvent DOMException MessageChannel BroadcastChannel indexedDB IDBKeyRange navigator Intl`,
);
const PAGE = globales(
  `window document location history htmx HTMLElement HTMLFormElement HTMLInputElement HTMLTextAreaElement
  HTMLSelectElement HTMLButtonElement HTMLDialogElement Element Node NodeFilter Option MutationObserver
  PublicKeyCredential CredentialsContainer trustedTypes sessionStorage localStorage requestAnimationFrame
  matchMedia addEventListener removeEventListener dispatchEvent getComputedStyle confirm CSS`,
);
const WORKER = globales("self clients caches registration skipWaiting addEventListener importScripts");
const NODE = globales("process Buffer global globalThis");

const HTML_A_LA_MAIN = [
  ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property })),
  ...["write", "writeln"].map((property) => ({ object: "document", property })),
];

export default [
  { ignores: ["static/construit/**", "node_modules/**", ".venv/**"] },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: PARTOUT },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      "constructor-super": "error",
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "getter-return": "error",
      "no-async-promise-executor": "error",
      "no-cond-assign": "error",
      "no-const-assign": "error",
      "no-constant-binary-expression": "error",
      "no-control-regex": "error",
      "no-dupe-args": "error",
      "no-dupe-keys": "error",
      "no-empty": "error",
      "no-eval": "error",
      "no-fallthrough": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": "error",
      "no-restricted-properties": [
        "error",
        ...HTML_A_LA_MAIN.map((interdit) => ({ ...interdit, message: "le HTML vient des gabarits" })),
      ],
      "no-restricted-globals": ["error", "alert", "confirm", "prompt", "event", "name"],
      "no-self-compare": "error",
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unsafe-finally": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["static/js/page/**", "static/js/theme/**"], languageOptions: { globals: PAGE } },
  { files: ["static/js/worker/**"], languageOptions: { globals: WORKER } },
  { files: ["tests/**", "eslint.config.js"], languageOptions: { globals: NODE } },
];
