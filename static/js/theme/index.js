/* Lu en tête de page, avant la feuille de style : la page naît dans la bonne lumière, sans éclair de l'autre. */
import { chosenTheme, showTheme } from "./choix.js";

const theme = chosenTheme();
if (theme) showTheme(theme);
