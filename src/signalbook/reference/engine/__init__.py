"""The signal engine: senders, receivers, and who hears whom.

A `Signal` calls, for each `send`, the receivers that are connected to its sender or to `ANY`.
The interface and its behaviour are those of blinker 1.9.0, so it can be used in its place.

```python
saved = signal("saved")
saved.connect(print)
saved.send("a record", user="alice")
```
"""

from .base import ANY, NamedSignal, Namespace, Signal, default_namespace, signal

__all__ = ["ANY", "NamedSignal", "Namespace", "Signal", "default_namespace", "signal"]
