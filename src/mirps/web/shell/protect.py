"""`mirps protect`: a table that may be published, and the audit that proves it. Needs no database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mirps.base.texts.api import in_lang, say
from mirps.evidence.disclosure import api as disclosure
from mirps.evidence.disclosure import files, writing
from mirps.evidence.disclosure.api import Cost, Faults, Method, Protected, Table

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--layout", type=_FILE, help="a YAML file: dimensions with their hierarchies, value, sensitivity"
)
@click.option("--sensitivity", help="default, children, gbv (data/disclosure/rules.yaml)")
@click.option("--earlier", type=_FILE, multiple=True, help="what `kept.csv` held of an earlier release")
@click.option("--out", type=_OUT, required=True, help="a folder for table.csv, audit.json and kept.csv")
@click.option("--method", type=click.Choice([m.value for m in Method]), default="auto", show_default=True)
@click.option("--cost", type=click.Choice([c.value for c in Cost]), default="between", show_default=True)
@click.option("--round", "base", type=click.IntRange(2, 1000), help="round to this base instead of hiding")
@click.option("--exact", is_flag=True, help="an attacker's bounds for every hidden cell in the audit")
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
def protect(
    file: Path, layout: Path | None, sensitivity: str | None, earlier: tuple[Path, ...], out: Path, method: str,
    cost: str, base: int | None, exact: bool, lang: str,
) -> None:  # fmt: skip
    """Protect the table in FILE (CSV or Parquet): hide what tells too much about few, and what would give it away.

    \b
    table.csv   may be published: hidden cells are marked _S
    audit.json  what an attacker could still work out
    kept.csv    true values, for the next release (with kept.json); they never leave the office

    A table with a cell that cannot be protected is refused, and nothing is written but the audit.
    """
    try:
        plan = disclosure.read_layout(layout) if layout else None
        table = files.table(file, plan)
        before = [files.earlier(path) for path in earlier]
        known = disclosure.rules()
    except Faults as e:
        for fault in e.faults:
            click.echo(fault.say(lang), err=True)
        click.echo(say("disclosure.shell.unread", lang, n=len(e.faults)), err=True)
        raise SystemExit(1) from None
    code = sensitivity or (plan.sensitivity if plan else "default")
    if code not in known:
        click.echo(say("disclosure.shell.sensitivity", lang, found=code, known=", ".join(known)), err=True)
        raise SystemExit(1)
    out.mkdir(parents=True, exist_ok=True)
    if base:
        _rounded(table, base, out, lang)
        return
    done = disclosure.protect(
        table, known[code], earlier=before, method=Method(method), cost=Cost(cost),
        exempt=bool(plan and plan.exempt), exact=exact,
    )  # fmt: skip
    _written(done, out, lang)


def _rounded(table: Table, base: int, out: Path, lang: str) -> None:
    try:
        done = disclosure.controlled(table, base)
    except ArithmeticError:
        click.echo(say("disclosure.shell.not_rounded", lang, base=base), err=True)
        raise SystemExit(1) from None
    names = [d.name for d in table.dimensions]
    rows = (
        dict(zip(names, table.key(i), strict=True)) | {"value": writing.number(float(x))}
        for i, x in enumerate(done.values.ravel())
    )
    files.write(out / "table.csv", rows, [*names, "value"])
    furthest = writing.number(done.furthest)
    click.echo(say("disclosure.shell.rounded", lang, base=base, furthest=furthest, out=out / "table.csv"))


def _written(done: Protected, out: Path, lang: str) -> None:
    found = writing.report(done)
    (out / "audit.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if done.refused:
        for row in [*found["cannot_be_protected"], *(x["cell"] for x in found["narrow"])][:20]:
            click.echo("  " + ", ".join(f"{k}={v}" for k, v in row.items()), err=True)
        n = len({*done.hopeless, *(x.cell for x in done.audit.narrow)})
        click.echo(say("disclosure.shell.refused", lang, n=n, out=out / "audit.json"), err=True)
        raise SystemExit(1)
    names = [d.name for d in done.table.dimensions]
    files.write(out / "table.csv", writing.shown(done), [*names, "value", "absence", "level"])
    (out / "kept.csv").touch(0o600)
    (out / "kept.csv").chmod(0o600)
    files.write(out / "kept.csv", writing.kept(done), [*names, "value", "absence", "why", "up", "down"])
    (out / "kept.json").write_text(writing.layout(done.table), encoding="utf-8")
    rules = in_lang(done.rules.name, lang)
    click.echo(
        say(
            "disclosure.shell.done",
            lang,
            rules=rules,
            cells=done.table.values.size,
            hidden=int(done.hidden.sum()),
        )
    )
    for why, n in found["why"].items():
        if n:
            click.echo(f"  {n:>7}  " + say(f"disclosure.why.{why}", lang))
    audit = "exempt" if done.exempt else "sampled" if done.audit.sampled else "clean"
    click.echo(say(f"disclosure.shell.{audit}", lang, asked=done.audit.asked, narrow=len(done.audit.narrow),
                   n=done.audit.sampled or 0))  # fmt: skip
    click.echo(say("disclosure.shell.written", lang, out=out))
