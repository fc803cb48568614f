"""Runs a clause's examples inside the interpreter of the implementation under test.

This one file is started with that interpreter, CPython 2.7 or 3.6 and later: standard library
only, and nothing of the kit. It never sees what an example should print, since the kit compares:
an implementation, however broken, can't turn a failure into a pass. Nor can one that replaces
what it finds by a name when it is imported: this module has none, and holds what it needs itself.
Only one that was written to cheat can, since it runs in the same process and as the same user: by
way of frames, the garbage collector or its classes, or by acting on this process from another.

Its argument is the folder that it removes if the kit doesn't. Standard input brings JSON lines:
first `{"flask", "blinker", "replaced", "path", "memory", "setup"}`, then for each job `{"token",
"setup", "checks", "timeout"}`, where a check is `{"token", "examples", "folder"}` and examples are
triples of file, line and source, and `{"begin"}` once the kit knows the process that the job will
run in. The first of the two set-ups is the name of a function, the other is examples.
The original standard output takes JSON lines: the interpreter and the worker's process, a greeting,
then for each job its process, and its answer.
The process that the kit started is the guard, which loads nothing of the implementation and ends
all the others with the kit. In a fork of it the implementation is imported once; each job runs in
a fork of that, so nothing that a clause does outlives its job, and each check in a folder of its
own.
"""
