"""What a faulty page, or a folder of pages, is told."""

import pytest

from signalbook.pages import PageError, SpecificationError, read_page, read_specification


@pytest.fixture
def error_of(tmp_path):
    """Return the error of a page with some content, without the page's name."""

    def error_of(content):
        page = tmp_path / "signals" / "shop.md"
        page.parent.mkdir(exist_ok=True)
        page.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(PageError) as caught:
            read_page(page, tmp_path)
        assert str(caught.value) == (
            f"{caught.value.file}:{caught.value.line}: {caught.value.problem};"
            f" {caught.value.remedy}"
        )
        return str(caught.value).removeprefix("spec/signals/shop.md:")

    return error_of


@pytest.fixture
def errors_of(write, tmp_path):
    """Return the errors of a folder of pages, given by their paths; none if it can be read."""

    def errors_of(pages):
        write(pages, tmp_path / "pages")
        try:
            read_specification(tmp_path / "pages")
        except SpecificationError as error:
            return [str(each) for each in error.errors]
        return []

    return errors_of
