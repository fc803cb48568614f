"""Seven readers find their answer from the front page: two clicks at most, and no scrolling."""

import pytest

ARGUMENTS = "Show what tells cases apart: response, template, message, exception"


@pytest.fixture
def reader(visit):
    """A reader on the front page, who clicks."""
    page = visit()

    class Reader:
        """Clicks, and sees what is on the screen."""

        clicks = 0

        def click(self, name, *, role="link", within="main"):
            """Click the first thing that has this name, whole."""
            page.get_by_role(within).get_by_role(role, name=name, exact=True).first.click()
            self.clicks += 1

        def choose(self, release):
            """Choose a release of Flask, which is kept and is no click."""
            page.locator(".release-switch select").select_option(release)

        def sees(self, text, place="article"):
            """Tell whether a text is on the screen."""
            return self.has_whole(page.locator(place).get_by_text(text).first)

        def sees_program(self, text):
            """Tell whether the first program that has a text is on the screen, with its output."""
            return self.has_whole(page.locator("article .highlight", has_text=text).first)

        def has_whole(self, element):
            """Tell whether an element is on the screen, whole, after two clicks at most."""
            box = element.bounding_box()
            height = page.viewport_size["height"]
            return self.clicks <= 2 and box["y"] >= 0 and box["y"] + box["height"] <= height

    return Reader()


def test_which_signal_is_sent_for_a_handled_exception_in_a_release(reader):
    """The row says it, with the response; the release is chosen for the whole site."""
    reader.choose("2.3")
    reader.click("Which signal when")
    reader.click(
        "Show what tells cases apart: response, template, message, exception", role="checkbox"
    )
    row = "tr:not([hidden]):has-text('The view raises an exception; an error handler answers it.')"
    assert reader.sees("Shown for Flask 2.3")
    assert reader.sees("The view raises an exception; an error handler answers it.", row)
    assert reader.sees("response: 409", row)


def test_why_a_receiver_is_never_called(reader):
    """The causes are listed by what one sees, from the usual one to the last."""
    reader.click("My receiver is not called")
    assert reader.sees("nobody keeps it", "article table")
    assert reader.sees("no blinker", "article table")


def test_how_to_define_and_test_a_signal_of_an_extension(reader):
    """The calls are listed by what one wants, and the shortest program follows."""
    reader.click("Define signals of your own, and test them")
    assert reader.sees("Namespace().signal(name, doc)")
    assert reader.sees("see in a test that it is sent")
    assert reader.sees_program("order_paid = shop_signals.signal(")


def test_what_changes_for_receivers_between_two_releases(reader):
    """What breaks is told for each step, a sentence for each change that matters."""
    reader.click("What changes for your receivers")
    assert reader.sees("blinker is required")
    assert reader.sees("streams are torn down twice")
    reader.click("From 1.1 to 2.3")
    assert reader.sees("blinker is required, and without it")


def test_where_a_method_is_documented_and_what_it_keeps(reader):
    """The API's page leads to the method's entry, which names the clauses."""
    reader.click("API", within="complementary")
    reader.click("Signal.send")
    entry = "dl:has(> dt[id$='Signal.send']) > dd"
    assert reader.sees("Call every receiver", entry)
    assert reader.sees("Keeps", entry)


def test_how_to_verify_an_engine(reader):
    """The command is there, with what to install before it."""
    reader.click("Verify what you built")
    assert reader.sees("pip install")
    assert reader.sees("signalbook verify --blinker mysignals")


def test_where_to_begin_without_knowing_signals(reader):
    """A first program is there, whole, with what it prints."""
    reader.click("Hooks and signals")
    assert reader.sees_program("@request_finished.connect_via(app)")
