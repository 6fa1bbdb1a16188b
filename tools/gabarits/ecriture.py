"""Ce qu'un corps écrit dans sa chaîne : d'un trait quand c'est possible, pour un code plus court à descendre."""

from collections.abc import Iterable, Sequence

from tools.gabarits.portee import literal


def write(out: str, value: str) -> str:
    """L'instruction qui ajoute une valeur, déjà du texte, à la chaîne ``out``."""
    return f"{out} += {value};"


def written(lines: Sequence[str], out: str) -> str | None:
    """Ce qu'ajoute un corps qui ne fait qu'écrire, en une expression ; ``None`` s'il fait autre chose."""
    prefix = f"{out} += "
    if not lines:
        return literal("")
    return lines[0][len(prefix) : -1] if len(lines) == 1 and lines[0].startswith(prefix) else None


def merged(lines: Iterable[str], out: str) -> list[str]:
    """Les mêmes instructions, celles qui écrivent d'affilée réunies."""
    kept: list[str] = []
    for line in lines:
        before, added = written(kept[-1:], out), written([line], out)
        if kept and before is not None and added is not None:
            kept[-1] = write(out, f"{before} + {added}")
        else:
            kept.append(line)
    return kept


def choice(branches: Sequence[tuple[str, Sequence[str]]], otherwise: Sequence[str], out: str) -> list[str]:
    """Un ``if`` : une expression quand chaque branche ne fait qu'écrire."""
    values = [written(body, out) for _, body in branches]
    last = written(otherwise, out)
    if last is not None and None not in values:
        tests = "".join(f"{condition} ? {value} : " for (condition, _), value in zip(branches, values, strict=True))
        return [write(out, f"({tests}{last})")]
    lines: list[str] = []
    for condition, body in branches:
        lines += [f"{'} else ' if lines else ''}if ({condition}) {{", *body]
    if otherwise:
        lines += ["} else {", *otherwise]
    return [*lines, "}"]


def function_body(entering: Sequence[str], lines: Sequence[str], out: str) -> str:
    """Le corps d'une fonction qui rend ce que ses instructions écrivent."""
    value = written(lines, out)
    if value is not None:
        return "\n".join([*entering, f"return {value};"])
    return "\n".join([f'let {out} = "";', *entering, *lines, f"return {out};"])
