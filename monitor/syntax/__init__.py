"""Sentences as trees: who is the subject of which verb, what its object is, which clause hangs on which.

Pure: words in, frozen values out. The weights beside this module are trained by ``python -m monitor.syntax.train``.
"""
