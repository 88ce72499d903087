"""Personal identifiers in messages that are kept as they came: replaced before anything is written, with a secret key.

Which members of JSON hold one is known from the formats that carry any: tokens and contracts of OCPP and OCPI, and what
back ends add of users and cars. The same identifier becomes the same word, so that what one card did can be seen, and
who has the key could tell whose a word is by trying. Without the key nobody can. No reading and no session needs them.
"""

import hmac
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

_MEMBERS: Final = (
    r"(?:parent_?)?id_?tag|(?:additional_?|group_?)?id_?token|contract_?id|auth_?id|authorization_?reference"
    r"|user(?:_?(?:id|name))?|customer(?:_?(?:id|name))?|e_?mail|phone|rfid|card(?:_?(?:id|number))?|emaid|evcc_?id|vin"
    r"|licen[cs]e_?plate"
)
_VALUE: Final = rb'\s*:\s*("(?:[^"\\]|\\.)*"|\\"[^"\\]*\\"|-?\d[\d.eE+-]*)'
# Where JSON is in a text of JSON, as some back ends forward messages, its quotation marks are escaped.
_PERSONAL: Final = re.compile(rb'\\?"(?:%s)\\?"' % _MEMBERS.encode() + _VALUE, re.IGNORECASE)
_TOKEN: Final = re.compile(rb'"(?:cdr_)?token"\s*:\s*\{[^{}]*\}', re.IGNORECASE)
_UID: Final = re.compile(rb'"uid"' + _VALUE, re.IGNORECASE)
_DONE: Final = re.compile(rb"(?:p-[0-9a-f]{16})?")
_LEAST: Final = 4  # characters of a word that is looked for in sentences


@dataclass(frozen=True)
class Pseudonyms:
    """Words in the place of identifiers, by ``key``."""

    key: bytes = field(repr=False)

    def word(self, identifier: bytes) -> bytes:
        """Return the word for an identifier: of 18 characters, since tokens of OCPP have 20 at most."""
        return b"p-" + hmac.digest(self.key, identifier, sha256).hex()[:16].encode()

    def hidden(self, payload: bytes, sentence: str | None = None) -> tuple[bytes, str | None]:
        """Return a payload without identifiers, and a ``sentence`` about it; what is hidden already stays."""
        words: dict[bytes, bytes] = {}

        def replaced(found: re.Match[bytes]) -> bytes:
            quote = b'\\"' if found[0].startswith(b"\\") else b'"'
            identifier = found[1].removeprefix(quote).removesuffix(quote)
            if _DONE.fullmatch(identifier):
                return found[0]
            words[identifier] = self.word(identifier)
            return found[0][: found.start(1) - found.start()] + quote + words[identifier] + quote

        payload = _PERSONAL.sub(replaced, payload)
        payload = _TOKEN.sub(lambda token: _UID.sub(replaced, token[0]), payload)
        if sentence is not None:
            for identifier, word in words.items():
                text = identifier.decode(errors="backslashreplace")
                sentence = sentence.replace(text, word.decode()) if len(text) >= _LEAST else sentence
        return payload, sentence
