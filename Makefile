# Jalon : `make demo` pour l'essayer, `make test` pour le vérifier, `make` pour la liste.

PYTHON ?= python3
PORT ?= 8000
HTTPS ?=
HISTOIRES ?= 10000
GRAINE ?= 1
BASE ?= sqlite
POINTS ?= 100
NODE = .venv/bin/python -m tools.node node
# Deux ouvriers de plus que de cœurs ; un fichier entier à chacun, dans l'ordre de tests/conftest.py.
A_PLUSIEURS = -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
VERIFICATIONS = types style scripts
# Ce que chacune écrit reste d'un tenant.
DEUX_A_DEUX = --no-print-directory --jobs=2 --output-sync=target

# Sorties sans couleur ni largeur de terminal : les mêmes partout.
export NO_COLOR = 1
export PYTHONUTF8 = 1
export PORT
# Le code compilé se garde, quoi qu'en dise la machine : chaque serveur qu'un essai lance recompilait l'application.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := aide
.PHONY: aide demo test browsers construire verifier faults simulation bench preparer preparer-essais construire-essais
.PHONY: types style scripts essais-js

aide: ## Cette liste
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

preparer:
	@$(PYTHON) tools/preparer.py execution

preparer-essais:
	@$(PYTHON) tools/preparer.py developpement --navigateur --postgresql --strace

construire: preparer ## Construit les pages, les styles et le service worker
	@.venv/bin/python -m tools.construire

demo: construire ## Sert la démonstration sur http://localhost:8000 (PORT=… ; HTTPS=1 pour un vrai téléphone)
	@.venv/bin/jalon demo --port $(PORT) $(if $(filter-out 0,$(HTTPS)),--https)

construire-essais: preparer-essais
	@.venv/bin/python -m tools.construire

verifier: construire-essais ## Style, types, dépendances entre couches, JavaScript
	@$(MAKE) $(DEUX_A_DEUX) $(VERIFICATIONS)

types:
	.venv/bin/mypy --no-error-summary

style:
	.venv/bin/ruff check --quiet
	.venv/bin/ruff format --check --quiet
	.venv/bin/lint-imports --no-logo

scripts:
	$(NODE) node_modules/eslint/bin/eslint.js --max-warnings 0 static/js tests/js tests/gabarits eslint.config.js

essais-js:
	$(NODE) --test --test-reporter=./tests/js/rapport.mjs $$(find tests/js -name '*.test.js' | sort)

test: construire-essais ## Tous les essais : Python, JavaScript, navigateur, sur SQLite et sur PostgreSQL
	@$(MAKE) $(DEUX_A_DEUX) essais-js $(VERIFICATIONS)
	.venv/bin/pytest $(A_PLUSIEURS)

faults: preparer-essais ## Les pannes pour de vrai : cent morts du serveur, disque, horloge, réseau (POINTS=…)
	@.venv/bin/python -m tools.construire
	JALON_POINTS=$(POINTS) .venv/bin/pytest -rs tests/faults tests/browser/test_tue_en_ecrivant.py

simulation: preparer-essais ## Dix mille histoires d'appareils et de réseau fautif (HISTOIRES=…, GRAINE=…, BASE=postgresql)
	@.venv/bin/python -m tools.construire
	.venv/bin/python -m tests.simulation --histoires $(HISTOIRES) --graine $(GRAINE) --base $(BASE)

browsers: ## Le parcours hors ligne dans Chromium, Firefox ESR et WebKitGTK ; chaque année d'un dossier dans Chromium
	@$(PYTHON) tools/preparer.py developpement --navigateur --moteurs
	.venv/bin/pytest tests/browser/test_parcours_complet.py tests/browser/test_https.py tests/moteurs
	JALON_ANNEES=toutes .venv/bin/pytest tests/browser/test_annee.py

bench: preparer-essais ## Mesure le téléphone freiné au quart d'un cœur, et l'import de 10 000 personnes
	@.venv/bin/python -m tools.construire
	.venv/bin/python -m bench.telephone
	.venv/bin/python -m bench.fichiers_import
