"""What makes an exercise check itself. Modules import one way only, in this order:

display < result; values < words, secret, factors; mistake < exercise < known < relation < diagnose;
clock < run; code; then check, progress, task, quiz, course.
"""
