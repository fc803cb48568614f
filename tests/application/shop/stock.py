from flask import abort


class OutOfStock(Exception):
    def __init__(self, name):
        super().__init__(f"There is not enough of {name}.")
        self.name = name


class Book:
    def __init__(self, name, title, cents, count):
        self.name = name
        self.title = title
        self.cents = cents
        self.count = count

    def take(self, count):
        if count > self.count:
            raise OutOfStock(self.name)
        self.count -= count


BOOKS = {
    "emma": Book("emma", "Emma", 995, 3),
    "walden": Book("walden", "Walden & others", 1250, 1),
}


def book_or_404(name):
    if name not in BOOKS:
        abort(404, description=f"There is no book called {name}.")
    return BOOKS[name]
