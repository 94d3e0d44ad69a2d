"""The catalogue as it lies on disk: text, digests, entries. Read once per run."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from tasks.texts import read_text
from yearbook.catalog import (
    Code,
    Explanation,
    Extract,
    Indicator,
    Rule,
    Source,
    Tie,
    Waiver,
    parse_codes,
    parse_headings,
    parse_indicators,
    parse_rules,
    parse_sources,
    parse_ties,
    parse_waivers,
    require_coherent,
    require_exceptions,
)
from yearbook.errors import Refusal
from yearbook.intake.table import Agreement
from yearbook.ties import own_ties, require_terms
from yearbook.verdict import Severity
from yearbook.wording import POLICIES


@dataclass(frozen=True)
class Library:
    """All text files a statistician or an office writes, or those of them that speak of one body.

    Attributes:
        texts: Text by name relative to the project folder.
        own: Codes of the sources of the body; None for the whole catalogue.
        owners: Who acts in the body, by the name that the catalogue uses.
    """

    texts: dict[str, str]
    own: frozenset[str] | None = None
    owners: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Sources by code."""
        entries = parse_sources(self.text("sql/sources.toml"))
        return {
            code: source.model_copy(update={"owner": self._here(source.owner)})
            for code, source in entries.items()
            if self.own is None or code in self.own
        }

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators by code, in printed order."""
        entries = parse_indicators(self.text("sql/indicators.toml"))
        return {code: one for code, one in entries.items() if self.own is None or one.source in self.own}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Expectations of all sources, in order."""
        return tuple(
            rule.model_copy(update={"owner": self._here(rule.owner), "do": self._here(rule.do)})
            for source in self.sources
            for rule in parse_rules(source, self.text(f"expectations/{source}.toml"))
            if self.own is None or not rule.beside or rule.beside in self.own
        )

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """Tie-outs, in order."""
        every = parse_ties(self.text("expectations/ties.toml"))
        return tuple(
            tie.model_copy(update={"owner": self._here(tie.owner), "do": self._here(tie.do)})
            for tie in (every if self.own is None else own_ties(every, self.indicators))
        )

    def of_body(self, sources: Collection[str], owners: Mapping[str, str]) -> "Library":
        """The part of the catalogue that speaks of a body: its sources, what is counted from them, their rules.

        A file of another kind of body is no input of its report.

        Args:
            sources: Codes of the body's sources.
            owners: Who acts in the body, by the name that the catalogue uses.
        """
        own = Library(self.texts, frozenset(sources), owners)
        lists = {rule.codes for rule in own.rules}
        for indicator in own.indicators.values():
            lists.update(re.findall(r"\bcode_(\w+)", own.indicator_sql(indicator)))
        other = tuple(self._files_of(self.sources.keys() - set(sources), self.codes.keys() - lists))
        return Library(
            {name: text for name, text in self.texts.items() if not name.startswith(other)}, own.own, own.owners
        )

    def names_of_owners(self) -> frozenset[str]:
        """Everybody whom the catalogue names as the one who acts."""
        entries = (*self.sources.values(), *self.rules, *self.ties)
        return frozenset(entry.owner for entry in entries if entry.owner)

    @staticmethod
    def _files_of(sources: Collection[str], lists: Collection[str]) -> Iterator[str]:
        """Beginnings of the names of the files of sources and code lists."""
        for source in sources:
            yield f"sql/{source}/"
            yield f"expectations/{source}.toml"
        for name in lists:
            yield f"sql/codes/{name}.csv"

    def _here(self, words: str) -> str:
        """Words of the catalogue with the body's own names of those who act."""
        if not self.owners:
            return words
        longest_first = sorted(self.owners, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda match: self.owners[match.group()], words)

    def exceptions(self, body: str, year: int) -> tuple[tuple[Waiver, ...], tuple[Explanation, ...]]:
        """Waivers and explanations of one body and report year."""
        waivers, explanations = self.every_exception
        return (
            tuple(entry for entry in waivers if (entry.body, entry.year) == (body, year)),
            tuple(entry for entry in explanations if (entry.body, entry.year) == (body, year)),
        )

    @cached_property
    def every_exception(self) -> tuple[tuple[Waiver, ...], tuple[Explanation, ...]]:
        """Waivers and explanations of all bodies and years."""
        return parse_waivers(self.text("expectations/waivers.toml"))

    @cached_property
    def codes(self) -> dict[str, tuple[Code, ...]]:
        """Code lists by name."""
        prefix = "sql/codes/"
        names = [name for name in self.texts if name.startswith(prefix)]
        return {Path(name).stem: parse_codes(Path(name).stem, self.texts[name]) for name in names}

    def agreements(self, source: str, year: int) -> dict[str, Agreement]:
        """What was agreed with the owner of an export, by extract, as valid for a year."""
        headings = parse_headings(source, self.text(f"sql/{source}/columns.csv"), year)
        return {
            extract.code: Agreement(extract, headings.get(extract.code, ()), self._accepted(extract.code))
            for extract in self.sources[source].extracts
        }

    def _accepted(self, extract: str) -> dict[str, frozenset[str]]:
        """The codes that a column may hold, where a rule that stops the run says so."""
        lists = {name: [code.code for code in codes] for name, codes in self.codes.items()}
        return {
            rule.columns[0]: frozenset(rule.values or lists[rule.codes])
            for rule in self.rules
            if rule.extract == extract and rule.check in {"in_codes", "in_set"} and rule.severity is Severity.FATAL
        }

    def extract_sql(self, extract: Extract) -> str:
        """Text of the query that an extract asks a database."""
        return self.text(f"sql/{extract.source}/extract/{extract.code}.sql")

    def probe_sql(self, source: Source) -> str:
        """Text of the query that a database is asked before its extracts."""
        return self.text(f"sql/{source.code}/probe.sql")

    def indicator_sql(self, indicator: Indicator) -> str:
        """Text of the query that an indicator asks the engine."""
        return self.text(f"sql/{indicator.sql_name}")

    def text(self, name: str) -> str:
        """Text of a file.

        Raises:
            Refusal: The file does not exist.
        """
        if name not in self.texts:
            raise Refusal(f"缺少文件 {name}", todo="目录条目与文件一一对应，请补上文件或删去条目")
        return self.texts[name]

    def require_coherent(self) -> None:
        """Refuse a catalogue whose entries and files do not fit together.

        Raises:
            Refusal: An entry names something that does not exist, or lacks its file.
        """
        require_coherent(self.sources, self.indicators, self.rules, self.codes, policies=POLICIES.keys())
        figures = [i.figure_code(c) for i in self.indicators.values() for c in i.combinations()]
        require_terms(self.ties, figures)
        waivers, explanations = self.every_exception
        rules = {rule.code for rule in self.rules} | {tie.code for tie in self.ties}
        require_exceptions(waivers, explanations, rules=rules, ties=self.ties, figures=figures)
        self._require_no_stray()
        for indicator in self.indicators.values():
            self.indicator_sql(indicator)
        for source in self.sources.values():
            if source.kind == "export":
                self.text(f"sql/{source.code}/columns.csv")
                continue
            self.probe_sql(source)
            for extract in source.extracts:
                self.extract_sql(extract)

    def _require_no_stray(self) -> None:
        """A file of rules that nobody reads is a misspelt one."""
        known = {f"expectations/{name}.toml" for name in (*self.sources, "ties", "waivers")}
        if stray := sorted(name for name in self.texts if name.startswith("expectations/") and name not in known):
            raise Refusal(
                f"{stray[0]} 没有对应的来源，其中的规则不会被判断",
                todo=f"文件名改为来源代码：{'、'.join(self.sources)}；不是规则的文件移走",
            )

    def digest(self) -> str:
        """One digest over every name and text."""
        whole = sha256()
        for name in sorted(self.texts):
            whole.update(f"{name}\0{text_digest(self.texts[name])}\n".encode())
        return whole.hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 of a text as UTF-8."""
    return sha256(text.encode()).hexdigest()


def load_library(project: Path) -> Library:
    """Read ``sql/`` and ``expectations/`` of the project folder."""
    texts = {}
    for folder in ("sql", "expectations"):
        for path in sorted((project / folder).rglob("*")):
            if path.is_file():
                name = path.relative_to(project).as_posix()
                texts[name] = read_text(path, name)
    return Library(texts)


def require_bodies(library: Library, project: Path) -> None:
    """Refuse a waiver or explanation for a body that is not registered: it would never be read.

    Raises:
        Refusal: Named with its rule or cell.
    """
    known = {path.stem for path in (project / "deployments" / "agencies").glob("*.toml")}
    waivers, explanations = library.every_exception
    for body, entry in (*((w.body, w.rule) for w in waivers), *((e.body, e.cell) for e in explanations)):
        if body not in known:
            raise Refusal(
                f"expectations/waivers.toml 中 {entry} 一条的机构 {body} 没有登记",
                todo=f"改用已登记的机构代码：{'、'.join(sorted(known))}",
            )


def dictionary(project: Path) -> str:
    """The catalogue as a page for people, ``docs/dictionary.md``."""
    from yearbook.report.dictionary import write_dictionary

    library = load_library(project)
    return write_dictionary(library.indicators, library.sources, library.rules, library.ties, library.codes)
