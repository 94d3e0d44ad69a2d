"""What a body's documents are furnished with: its own word template, and the site's own fonts.

Reads files and tells their digests; whether a template is suitable is the writer's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tasks.agency import Agency
from tasks.settings import Settings
from yearbook.errors import Refusal

FONT_ENDINGS = frozenset({".otf", ".ttf", ".otc", ".ttc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishing:
    """Files that shape the documents besides the wording.

    Attributes:
        word_name: Name of the word template, as messages and inputs cite it; empty without one.
        word: Its bytes; None without one.
        font_folder: Folder with the site's own fonts; None without one.
        fonts: Digest of every font file there, by its path below the folder.
    """

    word_name: str = ""
    word: bytes | None = None
    font_folder: Path | None = None
    fonts: Mapping[str, str] = field(default_factory=dict)

    def inputs(self) -> dict[str, dict[str, str]]:
        """Kind → name → digest, for the inputs of a run; kinds of which there is nothing are left out."""
        found = {"word": {} if self.word is None else {self.word_name: sha256(self.word).hexdigest()}}
        return {kind: names for kind, names in {**found, "font": dict(self.fonts)}.items() if names}


def furnish(settings: Settings, agency: Agency) -> Furnishing:
    """Read the template and look through the font folder, before any source is asked.

    Raises:
        Refusal: The template or the folder is missing.
    """
    name, word = "", None
    if agency.word_template:
        name = f"deployments/word/{agency.word_template}.docx"
        path = settings.project / name
        if not path.is_file():
            raise Refusal(
                f"没有文书模板 {agency.word_template}.docx",
                todo="在 deployments/word/ 放入该文件，或更正机构文件的 word_template",
            )
        word = path.read_bytes()
    return Furnishing(word_name=name, word=word, font_folder=settings.fonts, fonts=_fonts(settings.fonts))


def _fonts(folder: Path | None) -> dict[str, str]:
    if folder is None:
        return {}
    if not folder.is_dir():
        raise Refusal(f"字体文件夹“{folder}”不存在", todo="改正 YEARBOOK_FONTS；没有自有字体的，不设此项")
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in FONT_ENDINGS)
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}
