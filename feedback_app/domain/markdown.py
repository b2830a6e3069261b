"""The small Markdown of official texts: from source to HTML that nobody has cleaned yet (``domain/text.py`` does that, last)."""

from __future__ import annotations

import re
from itertools import chain

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.token import Token

from feedback_app.domain.links import is_official_href, split_links

LISTS_DEEP = 4
EMPHASIS_DEEP = 4
_RULES = ["heading", "list", "newline", "escape", "backticks", "emphasis", "link", "autolink", "text_join"]
# Bullets as word processors write them, and a hyphen followed by a no-break space, become Markdown's own.
_WORD_PROCESSOR_BULLET = re.compile("^( *)(?:[\u2022\u25cf\u25aa\u25e6\u2023\u2043][ \t\u00a0]*|-\u00a0[ \u00a0]*)", re.MULTILINE)


def to_html(source: str) -> str:
    """Turn a source into HTML: paragraphs, visible line breaks, bold, italic, lists, links, inline code, and nothing else.

    Raw HTML is shown as typed. A heading becomes a bold paragraph, an image a link: the headings of a page belong to the page.
    No character of the source is lost, whatever its nesting. The result still has to be cleaned.
    """
    tokens = _MARKDOWN.parse(_WORD_PROCESSOR_BULLET.sub(r"\1- ", source))
    _make_headings_bold(tokens)
    for token in tokens:
        if token.children is not None:
            token.children = list(chain.from_iterable(_with_links(token.children)))
            _flatten_emphasis(token.children)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html.strip()


def to_plain(source: str, base: str = "") -> str:
    """Turn a source into the text that a mail shows: no marks, a link as "text (address)", a list with dashes or its numbers.

    What is no Markdown (an asterisk that nothing closes) stays as typed. ``base`` goes before the paths of ours that links lead to.
    """
    blocks: list[list[str]] = []
    lists: list[int | None] = []  # the next number of each list that is open, None for dashes
    mark = heading = ""
    for token in _MARKDOWN.parse(_WORD_PROCESSOR_BULLET.sub(r"\1- ", source)):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                if not lists:
                    blocks.append([])
                lists.append(int(token.attrs.get("start", 1)) if token.tag == "ol" else None)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                mark = "- " if number is None else f"{number}. "
                lists[-1] = None if number is None else number + 1
            case "list_item_close" if mark:  # an item without a word
                blocks[-1].append("  " * (len(lists) - 1) + mark.rstrip())
                mark = ""
            case "heading_open":
                heading = token.markup  # what is shown of one without words
            case "inline" if not lists:
                blocks.append([_plain_line(token, base) or heading])
            case "inline":
                first, *rest = (_plain_line(token, base) or heading).split("\n")
                margin = "  " * (len(lists) - 1)
                blocks[-1] += [f"{margin}{mark or '  '}{first}", *(f"{margin}  {line}" for line in rest)]
                mark = ""
    return "\n\n".join("\n".join(block) for block in blocks)


def _plain_line(inline: Token, base: str) -> str:
    """The words of a paragraph, or of an item; an address follows the words that lead to it, unless they are the address itself."""
    said, links = "", []
    for token in inline.children or []:
        match token.type:
            case "link_open":
                links.append((len(said), str(token.attrs.get("href", ""))))
            case "link_close":
                begun, href = links.pop()
                address = base + href if href.startswith("/") else href.removeprefix("mailto:")
                said += "" if said[begun:] in (address, href) else f" ({address})"
            case "softbreak" | "hardbreak":
                said += "\n"
            case _:
                said += token.content
    return said


def _shallow_list(state: StateBlock, first_line: int, last_line: int, silent: bool) -> bool:
    # Past its own limit markdown-it drops the rest of the text without a word; here a deeper list stays text instead.
    return state.level < 2 * LISTS_DEEP and list_block(state, first_line, last_line, silent)


class _OfficialMarkdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (named by markdown-it)
        """Leave a link that may not go where it wants as it was typed, readable."""
        return is_official_href(url)


def _parser() -> MarkdownIt:
    parser = _OfficialMarkdown("zero", {"html": False, "breaks": True}).enable(_RULES)
    parser.block.ruler.at("list", _shallow_list, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser


_MARKDOWN = _parser()


def _make_headings_bold(tokens: list[Token]) -> None:
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.type, token.tag = "paragraph_open", "p"
            children = tokens[index + 1].children or [Token("text", "", 0, content=token.markup)]
            tokens[index + 1].children = [
                Token("strong_open", "strong", 1, markup="**"),
                *children,
                Token("strong_close", "strong", -1, markup="**"),
            ]
        elif token.type == "heading_close":
            token.type, token.tag = "paragraph_close", "p"


def _with_links(tokens: list[Token]) -> list[list[Token]]:
    """Make the bare https addresses of an official text clickable, as those of a citizen are, outside links and code."""
    result, inside_link = [], False
    for token in tokens:
        if token.type == "link_open":
            inside_link = True
            token.attrs = _link_attributes(str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            inside_link = False
        result.append(_linked(token.content) if token.type == "text" and not inside_link else [token])
    return result


def _linked(text: str) -> list[Token]:
    tokens: list[Token] = []
    for piece, is_link in split_links(text):
        content = Token("text", "", 0, content=piece)
        if is_link:
            opening = Token("link_open", "a", 1, attrs=dict(_link_attributes(piece)))
            tokens += [opening, content, Token("link_close", "a", -1)]
        else:
            tokens.append(content)
    return tokens


def _link_attributes(href: str) -> dict[str, str | int | float]:
    return {"href": href} if href.startswith("/") else {"href": href, "rel": "noopener"}


def _flatten_emphasis(tokens: list[Token]) -> None:
    """Show the asterisks of emphasis that is nested deeper than anybody writes: browsers and parsers choke on the tree."""
    depth = 0
    for token in tokens:
        if token.tag not in ("em", "strong"):
            continue
        depth += max(token.nesting, 0)
        too_deep = depth > EMPHASIS_DEEP
        depth += min(token.nesting, 0)
        if too_deep:
            token.type, token.tag, token.nesting, token.content = "text", "", 0, token.markup
