"""The signal engine: senders, receivers, and who hears whom.

A `Signal` calls, for each `send`, the receivers that are connected to its sender or to `ANY`.
The interface and its behaviour are those of blinker 1.9.0, so it can be used in its place.

```python
saved = signal("saved")
saved.connect(print)
saved.send("a record", user="alice")
```

It is to be read in this order:

- `base` has what users see, by the name that blinker has for it.
- `calls` has the loops in which a send calls its receivers, one for each kind, for speed.
- `links` has what a connection is made of, and the `Snapshot` that a send follows: what there is
  to call is worked out once for each change of connections, not for each send.
- `connections` has the bookkeeping, with what threads and destructors may do to it.
- `blocks` has the `with` blocks.
"""

from .base import ANY, NamedSignal, Namespace, Signal, default_namespace, signal

__all__ = ["ANY", "NamedSignal", "Namespace", "Signal", "default_namespace", "signal"]
