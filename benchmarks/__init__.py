"""Measurements behind the figures in README.md: `python -m benchmarks.compare CORPUS` sets w2v beside gensim.

    plan.py           what is measured: configurations, settings, one measurement
    processes.py      one measurement, one fresh process: its time, its peak memory, its answer
    prepare.py        worker: unpack the corpus, count words
    run_w2v.py        worker: one measurement of w2v
    run_gensim.py     worker: the same measurement of gensim
    gensim_script.py  what a gensim user would write to get what `w2v train` does
    gensim_phrases.py the same for `w2v phrases`
    parts.py          the measurements, in turn: w2v, gensim, w2v, gensim...
    report.py         measurements -> Markdown
    compare.py        the command line

The process that starts the measurements stays small and imports neither Numba nor gensim: a child's peak memory begins
at what its parent holds.
"""
