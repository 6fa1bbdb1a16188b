"""L'aide et les erreurs de la ligne de commande, en français, autant que click le permet."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

_RUBRIQUES = {"Options": "Options", "Commands": "Commandes", "Arguments": "Arguments"}

_DEFAUT = re.compile(r"default: \(?([^);\]]*)\)?")


class MiseEnPage(click.HelpFormatter):
    """Les titres de l'aide de click, traduits."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("COMMAND [ARGS]...", "COMMANDE [ARGUMENTS]...")
        super().write_usage(prog, args, "Usage : " if prefix is None else prefix)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(nom, _traduire(aide)) for nom, aide in rows], col_max, col_spacing)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(_RUBRIQUES.get(name, name)):
            yield

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading} :\n")


def _traduire(aide: str) -> str:
    """Les précisions que click ajoute entre crochets à l'aide d'une option."""
    return _DEFAUT.sub(r"par défaut : \1", aide).replace("required]", "obligatoire]")


class _Contexte(click.Context):
    formatter_class = MiseEnPage


class _Aide:
    """Partagé par les commandes et les groupes : contexte et option d'aide en français."""

    context_class: type[click.Context] = _Contexte

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option: click.Option | None = super().get_help_option(ctx)  # type: ignore[misc]  # fourni par click.Command
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class CommandeFrancaise(_Aide, click.Command):
    pass


class GroupeFrancais(_Aide, click.Group):
    """Un groupe dont les sous-commandes peuvent venir de modules chargés à la demande."""

    command_class = CommandeFrancaise
    group_class = type

    def __init__(self, *args: Any, modules: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = dict(modules or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(self.modules[cmd_name])
        commandes = [objet for objet in vars(module).values() if isinstance(objet, click.Command)]
        return next((commande for commande in commandes if commande.name == cmd_name), None)


def dire_erreur(erreur: click.ClickException) -> None:
    """Écrit l'erreur sur la sortie d'erreur, avec l'usage de la commande quand il aide."""
    contexte = getattr(erreur, "ctx", None)
    if isinstance(erreur, click.UsageError) and contexte is not None:
        click.echo(contexte.get_usage(), err=True)
        click.echo(f"« {contexte.command_path} --help » montre l'aide.\n", err=True)
    click.echo(f"Erreur : {_message(erreur)}", err=True)


def _message(erreur: click.ClickException) -> str:
    match erreur:
        case click.NoSuchOption():
            return f"l'option {erreur.option_name} n'existe pas."
        case click.MissingParameter():
            nom = erreur.param.get_error_hint(erreur.ctx) if erreur.param and erreur.ctx else "un argument"
            return f"il manque {nom}."
        case click.BadParameter():
            nom = erreur.param.get_error_hint(erreur.ctx) if erreur.param and erreur.ctx else "un argument"
            return f"{nom} ne convient pas : {_raison(erreur)}"
    message = erreur.format_message()
    if message.startswith("No such command"):
        return f"cette commande n'existe pas : {message.removeprefix('No such command').strip(' .')}."
    if message.startswith("Got unexpected extra argument"):
        return "il y a un argument de trop : " + message[message.find("(") + 1 : message.rfind(")")] + "."
    if message.startswith("Missing command"):
        return "dites quelle commande lancer."
    return message


def _raison(erreur: click.BadParameter) -> str:
    """Les refus de valeur que click écrit en anglais ; les nôtres sont déjà en français."""
    message, genre = erreur.message, erreur.param.type if erreur.param else None
    if isinstance(genre, click.IntRange) and "not in the range" in message:
        return f"il faut un nombre de {genre.min} à {genre.max}."
    if isinstance(genre, click.Choice) and "is not one of" in message:
        return "choisissez parmi " + ", ".join(map(str, genre.choices)) + "."
    if "is not a valid integer" in message:
        return "il faut un nombre entier."
    if isinstance(genre, click.Path) and "does not exist" in message:
        return "ce dossier ou ce fichier n'existe pas."
    return message


def megaoctets(octets: int) -> str:
    """« 6,3 Mo »."""
    return f"{octets / 1e6:.1f} Mo".replace(".", ",")
