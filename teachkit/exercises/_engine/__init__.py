"""What makes an exercise check itself.

Its modules import one way only, in the order that pyproject.toml gives to import-linter: displays,
clocks and factors; mistakes; values, parts and draws; the exercise as data; what is known of it on
its cases; relations and diagnosis; the check; and the task around it.
"""
