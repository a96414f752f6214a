"""Catalogues of sentences: whole, current, said in time, and read from what a wheel has."""

import ast
import gettext
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

import catalogues
from sensor_hub.app import speaking_to
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError
from sensor_hub.words import languages, translate, translate_n, use_translations
from sensor_hub.words.manner import Manner, default, speaking, use_by_default
from tests.pseudo_language import PSEUDO, Pseudo, pseudo

PACKAGE = Path(catalogues.ROOT) / "sensor_hub"
SPOKEN = ("_", "_n", "translate", "translate_n")


@pytest.fixture
def in_pseudo() -> Iterator[None]:
    use_translations(Pseudo(), PSEUDO)
    with speaking(Manner(PSEUDO)):
        yield
    use_translations(gettext.NullTranslations(), PSEUDO)


def spoken(tree: ast.AST, *, inside: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    """Every call that translates, and whether it is within a function: said when it is asked for."""
    for node in ast.iter_child_nodes(tree):
        within = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN:
            yield node, within
        yield from spoken(node, inside=within)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_sentences_are_plain_texts_with_names_and_are_said_when_asked_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if not re.search(rf"\b({'|'.join(SPOKEN)})\(", source):
        return  # it says nothing
    for call, is_within in spoken(ast.parse(source)):
        where = f"{path}:{call.lineno}"
        assert is_within, f"{where}: translated while the module is loaded, in nobody's language"
        texts = call.args[:2] if isinstance(call.func, ast.Name) and call.func.id.endswith("n") else call.args
        if isinstance(call.func, ast.Name) and call.func.id in {"_", "_n"}:
            assert all(isinstance(text, ast.Constant) for text in texts), f"{where}: not a plain text"
        for text in texts:
            if isinstance(text, ast.Constant):
                assert "" not in fields(str(text.value)), f"{where}: a placeholder without a name"


def fields(text: str) -> set[str]:
    """Names of the placeholders of a text."""
    return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def sentences(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


def test_the_template_has_every_sentence_of_the_program() -> None:
    with (catalogues.LOCALE / f"{catalogues.DOMAIN}.pot").open("rb") as file:
        kept = sentences(read_po(file))
    said = sentences(catalogues.gathered())
    assert kept == said, "run `make catalogue`"
    assert len(said) > 1500


@pytest.mark.parametrize("path", catalogues.translated(), ids=lambda p: p.parents[1].name)
def test_a_catalogue_is_whole_and_keeps_its_placeholders(path: Path) -> None:
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parents[1].name)
    assert sentences(catalog) == sentences(catalogues.gathered())
    for message in catalog:
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*(fields(str(text)) for text in originals))
        for text in translations:
            assert fields(str(text)) <= wanted, message.id
            assert "n" not in wanted or "{n}" in str(text) or isinstance(message.id, tuple), message.id


def test_a_language_is_compiled_read_and_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locale" / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    says = "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"
    head = f'msgid ""\nmsgstr "{says}"\n\n'
    pair = 'msgid "{n} run"\nmsgid_plural "{n} runs"\nmsgstr[0] "{n} kuro"\nmsgstr[1] "{n} kuroj"\n'
    (folder / "sensor_hub.po").write_text(f'{head}msgid "miles"\nmsgstr "mejloj"\n\n{pair}', encoding="utf-8")
    (written,) = catalogues.compile_all(tmp_path / "locale")
    assert written == folder / "sensor_hub.mo"
    before = default()
    monkeypatch.setattr(speaking_to, "files", lambda _package: tmp_path)
    speaking_to.load_catalogues.cache_clear()
    try:
        speaking_to.speak_as(Settings(language="eo", units="mi"))
        assert "eo" in languages()
        assert [translate("miles"), translate("kilometres")] == ["mejloj", "kilometres"]
        assert [translate_n("{n} run", "{n} runs", n) for n in (1, 2, 0)] == ["{n} kuro", "{n} kuroj", "{n} kuroj"]
        with speaking(Manner("en")):
            assert translate("miles") == "miles"
        with pytest.raises(ConfigError, match="no catalogue for 'nl'"):
            speaking_to.speak_as(Settings(language="nl"))
    finally:
        use_by_default(before)
        use_translations(gettext.NullTranslations(), "eo")
        speaking_to.load_catalogues.cache_clear()


@pytest.mark.usefixtures("in_pseudo")
def test_a_pseudo_language_keeps_placeholders_and_is_a_third_longer() -> None:
    text = "Of {n} of the last {of} runs nobody knows how fast {who!r} was."
    said = translate(text)
    assert fields(said) == fields(text)
    assert len(said) > 1.3 * len(text)
    assert not re.search("[a-z]", re.sub(r"\{[^}]*\}", "", said))
    assert translate_n("{n} run", "{n} runs", 1) == pseudo("{n} run")
