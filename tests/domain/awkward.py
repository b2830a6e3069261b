"""What people type, how it is kept and how it is shown. A page can show nothing worse than these functions let through."""

import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

FAMILY = "\U0001f468\U0001f3fd\u200d\U0001f469\u200d\U0001f467"
RAINBOW_FLAG = "\U0001f3f3\ufe0f\u200d\U0001f308"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

# Fragments chosen to meet each other: joiners, marks, directions, spaces, Markdown, HTML, addresses.
AWKWARD = st.lists(
    st.one_of(
        st.text(max_size=4),
        st.sampled_from(
            [
                *(
                    "\u200d",
                    "\u200c",
                    "\ufe0f",
                    "\ufe0e",
                    "\U000e0101",
                    "\u0301",
                    "\u0327",
                    "\u20dd",
                    "\u0645",
                    "\u0915\u094d",
                    "\U0001f3fd",
                ),
                *(
                    "\U0001f469",
                    "\u2714",
                    SCOTLAND,
                    "\u202e",
                    "\u2066",
                    "\u200b",
                    "\ufeff",
                    "\u00ad",
                    "\u115f",
                    "\u3164",
                    "\u2800",
                    "e",
                    "\u1100",
                ),
                *(
                    "\r",
                    "\n",
                    "\r\n",
                    "\n\n\n",
                    "\t",
                    "    ",
                    " ",
                    "\u00a0",
                    "\x85",
                    "\x0b",
                    "\u2028",
                    "\x01",
                    "\x9f",
                    "\U0001f1eb\U0001f1f7",
                ),
                *(
                    "- ",
                    "* ",
                    "1. ",
                    "\u2022 ",
                    "# ",
                    "> ",
                    "**",
                    "*",
                    "_",
                    "`",
                    "\\",
                    "[",
                    "](",
                    ")",
                    "!",
                    "<",
                    ">",
                    "&",
                    '"',
                    "'",
                    "***a***",
                ),
                *(
                    "https://",
                    "http://",
                    "//",
                    "a.fr",
                    "@",
                    "evil.example",
                    "javascript:",
                    "mailto:",
                    "/",
                    "&#47;",
                    "&colon;",
                    "&#x6A;",
                    "?x=1&copy=2",
                ),
                *(
                    "<script>",
                    "</p>",
                    "<a href=x>",
                    "<img src=x onerror=1>",
                    "[x](//evil)",
                    "[x](/ok)",
                    "<https://a.fr>",
                    "[y](https://a.fr 't')",
                ),
                *("<!--", "]]>", "<svg>", "<math>", "</textarea>", "[z](java\tscript:1)", "[q](<javascript:1>)", "\ud800", "\x00"),
            ]
        ),
    ),
    max_size=24,
).map("".join)


def for_any(*strategies):
    """Try a test on many texts, however slow the machine: no verdict here depends on a clock."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


def elements(markup):
    """Parse a fragment as a browser does: [(tag, attributes)] of every element, and the text without tags."""
    tree = html5lib.parseFragment(str(markup), namespaceHTMLElements=False)
    return [(node.tag, dict(node.attrib)) for node in tree.iter() if node.tag != "DOCUMENT_FRAGMENT"], "".join(tree.itertext())


def links(markup):
    return [attributes for tag, attributes in elements(markup)[0] if tag == "a"]


def hrefs(markup):
    return [attributes.get("href") for attributes in links(markup)]
