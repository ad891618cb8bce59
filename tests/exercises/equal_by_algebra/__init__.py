"""Small edits of right answers that are right as well, one file for each lesson.

Each has a table EQUAL: exercise -> {the changed statement: why it is the same}.
"""
