"""What readers do besides reading: copy, print, use the keyboard, come by a link."""

PAGE = "spec/signals/request-started.html"
CLAUSE = "request-started.arguments"
WIDE = "docs/compatibility/runs.html"


def test_program_is_copied(visit, folder):
    """The button puts what `signalbook script` prints into the clipboard, and says so."""
    page = visit(PAGE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Open all examples").click()
    clause = page.locator("dl.clause", has=page.locator(f"[id='{CLAUSE}']"))
    clause.locator(".clause-programs").get_by_role("button", name="post", exact=True).click()
    clause.get_by_text("Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (folder / "programs" / f"{CLAUSE}.post.py").read_text("utf-8") == copied


def test_programs_are_links_without_scripts(visit, server):
    """Whoever has no JavaScript follows a link to the program."""
    page = visit(PAGE, scripts=False)
    line = page.locator(".clause-programs").first
    assert line.text_content().startswith("As a program: ")
    target = line.locator("a").first.get_attribute("href").removeprefix("../../")
    assert page.request.get(f"{server}{target}").ok


def test_link_jumps_to_its_place(visit):
    """A link to a clause is there at once: nothing glides."""
    page = visit(PAGE)
    top = (
        "document.querySelector('[id=\"request-started.view-arguments\"]')"
        ".getBoundingClientRect().top"
    )
    page.evaluate("location.hash = 'request-started.view-arguments'")
    at_once = page.evaluate(top)
    page.wait_for_timeout(500)
    assert 0 <= at_once < 200
    assert at_once == page.evaluate(top)


def test_keys_search_and_turn_pages(visit):
    """`/` goes to the search, and an arrow to the next page and back."""
    page = visit(PAGE)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: PAGE not in url)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/{PAGE}")


def test_wide_table_is_scrolled_by_keyboard(visit):
    """What scrolls sideways has a name and the focus, and the arrows move it, not the page."""
    page = visit(WIDE, width=390)
    area = page.locator(".table-wrapper[tabindex='0']").first
    assert area.get_attribute("aria-label").endswith("(scrolls sideways)")
    area.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.table-wrapper[tabindex]').scrollLeft > 0")
    assert page.url.endswith(WIDE)


def test_nothing_moves_for_who_asks_for_that(visit):
    """With reduced motion there are neither transitions nor animations."""
    page = visit(PAGE)
    moving = (
        "[...document.querySelectorAll('*')].map((each) => getComputedStyle(each)).filter((each) =>"
        " each.animationName !== 'none' || /[1-9]/.test(each.transitionDuration)).length"
    )
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0


def test_text_begins_on_the_first_sheet(visit):
    """On paper the title is at the top, and what can't be used there is left out."""
    page = visit(PAGE)
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().top") < 100
    for name in (".sidebar-drawer", ".toc-drawer", "footer", ".clause-programs"):
        assert not page.locator(name).first.is_visible()


def test_lost_reader_finds_the_way(visit, server, folder):
    """The page for dead links works at any address: its styles and its links are there."""
    page = visit(PAGE)
    lost = (folder / "404.html").read_text("utf-8")
    page.route("**/no/such/page", lambda route: route.fulfill(content_type="text/html", body=lost))
    page.goto(f"{server}no/such/page")
    assert page.evaluate("[...document.styleSheets].every((each) => each.cssRules.length > 0)")
    page.get_by_role("link", name="All clauses", exact=True).last.click()
    page.wait_for_url("**/docs/reference/clauses.html")


def test_button_to_the_top_covers_no_heads(visit):
    """Heads of tables stay in view at the top, so it is at the bottom."""
    page = visit("docs/reference/which-signal-when.html")
    button = page.get_by_role("link", name="Back to top")
    # It comes when one scrolls up.
    for place in (1000, 900, 800):
        page.evaluate(f"scrollTo(0, {place})")
        page.wait_for_timeout(200)
    button.wait_for()
    assert button.bounding_box()["y"] > 800
