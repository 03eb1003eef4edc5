"""Search that finds Chinese: every two characters that stand together are a word, in the index and in what is asked.

Chinese has no spaces, and a word list would be one more dependency. A question of several characters is several such
words, all of which have to be on the page.
"""

from __future__ import annotations

import re
from itertools import pairwise

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

CHINESE = "\u3400-\u9fff"
WORD = re.compile(rf"[{CHINESE}]+|[^\W{CHINESE}]+")
SPLIT_JS = r"""
var splitQuery = (query) =>
  (query.match(/[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\p{Letter}\p{Number}_\p{Emoji_Presentation}])+/gu) || [])
    .flatMap((word) => /^[\u3400-\u9fff]{3,}$/.test(word)
      ? Array.from({ length: word.length - 1 }, (_, start) => word.slice(start, start + 2))
      : [word]);
"""


def words(text: str) -> list[str]:
    """The words of a text; of Chinese, each character and every two neighbours."""
    found: list[str] = []
    for word in WORD.findall(text):
        chinese = re.match(f"[{CHINESE}]", word)
        found += [*word, *("".join(two) for two in pairwise(word))] if chinese else [word]
    return found


class Search(SearchEnglish):
    """English with its stems, Chinese by pairs."""

    lang = "en"
    language_name = "English"  # of the stemmer
    js_splitter_code = SPLIT_JS

    def split(self, input: str) -> list[str]:
        """The words of a text."""
        return words(input)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_search_language(Search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
