"""Results as Markdown."""

from dataclasses import replace

from markdown_it import MarkdownIt

from signalbook.reports import as_markdown

MARKDOWN = r"""## Signalbook

| implementation | level | passed | failed | crashed | timed out | not applicable | differs | known deviation | stale |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| mine\|v\*1 | MUST | 0 | 1 | 1 | 1 | 1 | 0 | 0 | 1 |
| mine\|v\*1 | SHOULD | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 |
| mine\|v\*1 | MAY | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 0 |

**gone was not run: \<Loader at 0x...\> fails**

### Failures of mine\|v\*1

- [`shop.opens`](https://book.example/spec/signals/shop.html#shop.opens) (MUST): RULE
  - `window` failed: \<b\> at 0x... (spec/signals/shop.md:9)
- [`shop.closes`](https://book.example/spec/signals/shop.html#shop.closes) (MUST): RULE
  - crashed: \<b\> at 0x... (spec/signals/shop.md:3)
- [`shop.rents`](https://book.example/spec/signals/shop.html#shop.rents) (MUST): RULE
  - timed out: \<b\> at 0x... (spec/signals/shop.md:3)
- [`shop.gives`](https://book.example/spec/signals/shop.html#shop.gives) (MUST): RULE
  - stale: \<b\> at 0x... (spec/signals/shop.md:3)

""".replace("RULE", "A shop MUST `ring` & <open>.")  # noqa: E501


def test_markdown_has_counts_and_failures_by_clause(report):
    """The verdicts are counted; what failed is told by clause, with rule, row, reason and link."""
    assert MARKDOWN == as_markdown(report(site="https://book.example"))


def test_markdown_without_a_site_has_no_links(report):
    """Where nobody says where the site is, an id is no link."""
    written = as_markdown(report())

    assert "- `shop.opens` (MUST)" in written
    assert "](" not in written


def test_markdown_shows_what_was_printed_as_it_is(report):
    """What looks like Markdown or HTML in a reason is text."""
    hostile = " ![x](y) `z` | <i>\n# heading"
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(as_markdown(report(hostile=hostile)))
    inline = [child for token in tokens for child in token.children or ()]
    text = "".join(child.content for child in inline)

    assert "<b> at 0x... ![x](y) `z` | <i> # heading" in text
    assert "image" not in {child.type for child in inline}


def test_markdown_says_what_is_missing(report):
    """A run that was stopped is no success."""
    whole = report(not_run=[])
    written = as_markdown(replace(whole, runs=[replace(whole.runs[0], total=9)]))

    assert r"**mine\|v\*1 was stopped: 8 of 9 clauses were run**" in written
