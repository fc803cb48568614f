"""What an example prints, kept."""

OUTPUT_LIMIT = 65536  # characters that an example may print


class Output(object):
    """Stands in for `sys.stdout`; keeps text, and not without end."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self):
        self.parts = []
        self.size = 0

    def write(self, text):
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        room = OUTPUT_LIMIT - self.size
        if 0 <= room < len(text):
            text = text[:room] + "\n[signalbook: cut off after %d characters]\n" % OUTPUT_LIMIT
        if room >= 0:
            self.parts.append(text)
        self.size += len(text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def take(self):
        """Return what was written since the last call."""
        text = "".join(self.parts)
        self.__init__()
        return text
