"""What a class got wrong: one page and one table from the files that learners hand in.

`read` takes the files, `count` counts, with `guesses` for histograms; `page` and `sheet` write what
was counted, and `python -m teachkit.classroom FOLDER` does all of it.
"""
