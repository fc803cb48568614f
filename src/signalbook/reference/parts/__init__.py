"""What the modules of the reference are made of, each about one subject.

Nobody imports from here but the reference itself.
Flask has all of it elsewhere: the functions in `helpers`, the two classes as bases of `Flask`.
"""
