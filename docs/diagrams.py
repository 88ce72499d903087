"""Draw the Mermaid blocks of pages when the site is built, so that it needs no script and no network."""

import re
from html import unescape

import mermaidx

BLOCK = re.compile(r'<pre><code class="language-mermaid">(.*?)</code></pre>', re.DOTALL)


def on_post_page(output: str, **_: object) -> str:
    """Return the page with a drawing in place of each block; the search index, made before, keeps its words."""
    drawn = 0

    def draw(block: re.Match[str]) -> str:
        nonlocal drawn
        drawn += 1
        svg = str(mermaidx.render(unescape(block[1])).svg())
        return f'<div style="background: white; overflow-x: auto">{svg.replace("my-svg", f"diagram-{drawn}")}</div>'

    return BLOCK.sub(draw, output)
