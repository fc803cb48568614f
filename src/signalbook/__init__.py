"""Signalbook, the executable compatibility specification of Flask's signals."""
