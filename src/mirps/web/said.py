"""Templates with the texts of one language already in them.

A page says the same words whoever reads it: `es:people/file.html` is the template `people/file.html` in which every
`{{ t('key') }}`, `{{ url('name') }}` and `{{ static('file') }}` that takes nothing else is what it gives in Spanish,
put there when the template is compiled; and whatever else `t` or `url` is asked, it is asked in Spanish without a
look at the page's context. What it extends, includes or imports is in that language too. A template asked for by its
plain name says its words as it is written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jinja2 import BaseLoader, Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from markupsafe import Markup, escape

from mirps.base.texts.api import LANGUAGES

_PLAIN = re.compile(r"\{\{ (t|url|static)\('([^']*)'\) \}\}")
#: What a text, put into a template, must not begin there.
_BRACE = {"{": "&#123;", "}": "&#125;"}


def in_language(template: str, lang: str) -> str:
    """The name of a template in a language."""
    return f"{lang}:{template}"


def _language(template: str | None) -> str:
    lang, colon, _ = (template or "").partition(":")
    return lang if colon and lang in LANGUAGES else ""


_MARKS = re.compile("[&<>'\"]").search


def written(said: Any) -> str:
    """As it stands in a page: escaped. A list says some three hundred words that have nothing to escape, and what a
    template gives out is joined at once: nobody asks whether it was."""
    if type(said) is str and not _MARKS(said):
        return said
    return said if type(said) is Markup else escape(said)


class _Writing(CodeGenerator):
    """Jinja's own but for what escapes."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)


class InLanguages(Environment):
    """An environment that finds its templates in each language."""

    code_generator_class = _Writing
    written = staticmethod(written)

    def __init__(self, *, loader: BaseLoader, **options: Any) -> None:
        super().__init__(loader=_Plainly(loader), **options)
        self._spoken: set[str] = set()

    def speak(self, **calls: Callable[..., str]) -> None:
        """What templates of a language call by these names is asked in it: each takes a language first."""
        self._spoken |= calls.keys()
        for name, call in calls.items():
            self.globals.update({_in(name, lang): partial(call, lang) for lang in LANGUAGES})

    def _generate(self, source: nodes.Template, name: str | None, *rest: Any, **more: Any) -> str:
        """Jinja's own hook between a template's tree and its code."""
        if lang := _language(name):
            for call in source.find_all(nodes.Call):
                if isinstance(call.node, nodes.Name) and call.node.name in self._spoken:
                    call.node.name = _in(call.node.name, lang)
        return super()._generate(source, name, *rest, **more)

    def join_path(self, template: str, parent: str) -> str:
        lang = _language(parent)
        return in_language(template, lang) if lang and not _language(template) else template


def _in(name: str, lang: str) -> str:
    return f"{name}_{lang}"


class _Plainly(BaseLoader):
    """The file of a template, in whichever language it is asked for."""

    def __init__(self, files: BaseLoader) -> None:
        self.files = files

    def get_source(self, environment: Environment, template: str) -> Any:
        return self.files.get_source(
            environment, template.partition(":")[2] if _language(template) else template
        )

    def list_templates(self) -> list[str]:
        return self.files.list_templates()


def saying(calls: Mapping[str, Callable[[str, str], str]]) -> type[Extension]:
    """What writes the words: `calls` by name (t, url, static), each of what stands in its brackets and a language."""

    class Saying(Extension):
        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
            lang = _language(name)

            def said(found: re.Match[str]) -> str:
                text = str(escape(calls[found[1]](found[2], lang)))
                return re.sub("[{}]", lambda b: _BRACE[b[0]], text)

            return _PLAIN.sub(said, source) if lang else source

    return Saying
