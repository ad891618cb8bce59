"""`make digits`: does every lesson print the same on other machines?

`conditions` are the machines that can be tried here; `rounding` stands for all others: it changes
what a machine may change. `moved` runs one lesson and says which of its cells print something
else, and the command puts all of it into one table.
"""
