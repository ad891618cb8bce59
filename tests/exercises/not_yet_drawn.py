"""Lessons whose exercises do not draw their cases yet: none."""

NOT_YET_DRAWN: tuple[str, ...] = ()
