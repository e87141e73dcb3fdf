"""File names made of names and titles, safe on Windows, macOS and Linux alike."""

import re
import unicodedata

_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])", re.IGNORECASE)
_BYTES_PER_LETTER = 3  # a Chinese letter in UTF-8; file systems count bytes, 255 at most


def safe_filename(text: str, limit: int = 80) -> str:
    """A non-empty name without path, illegal sign, device name or trailing dot, at most `limit` letters."""
    name = _ILLEGAL.sub("_", " ".join(unicodedata.normalize("NFC", text).split()))
    name = "".join(map(_visible, name)).strip(" .")
    name = _cut(name, limit).rstrip(" .")
    if _RESERVED.fullmatch(name.split(".")[0].rstrip()):
        name = _cut(f"_{name}", limit)
    return name or "_"


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return "_" if category in ("Cs", "Cc", "Zl", "Zp") else letter


def _cut(name: str, limit: int) -> str:
    encoded = name[:limit].encode()[: limit * _BYTES_PER_LETTER]
    return encoded.decode(errors="ignore")
