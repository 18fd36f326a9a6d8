"""`mirps serve`: the pages and the API, under gunicorn."""

from __future__ import annotations

import os

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT", "8000")), help="PORT, or 8000")
@click.option("--workers", default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API, and send what people are told by mail, until Ctrl-C."""
    import sys

    from mirps.web.shell.beside import start_beside

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
    start_beside(os.getpid())  # this process becomes gunicorn's, and its end is the loop's
    os.execv(  # noqa: S606 - our own interpreter, no shell
        sys.executable,
        [
            sys.executable, "-m", "gunicorn", "mirps.config.wsgi:application",
            "--bind", f"{host}:{port}", "--workers", str(workers), "--threads", "4",
            "--worker-class", "gthread", "--preload", "--log-level", "warning",
            "--max-requests", "20000", "--max-requests-jitter", "1000",
            # Longer than people think between two values: a line that the server ends first loses the next post.
            "--keep-alive", "75",
        ],
    )  # fmt: skip
