"""Measurements behind the figures in README.md and docs/benchmarks.md, which names the command for each.

    plan.py            what is measured: configurations, settings, one measurement
    processes.py       one measurement in one fresh process: its time, its peak memory, its answer
    prepare.py         worker: unpack the corpus, count words
    run_w2v.py         worker: one measurement of w2v
    run_gensim.py      worker: the same measurement of gensim
    gensim_script.py   what a gensim user writes to do what `w2v train` does
    gensim_phrases.py  the same for `w2v phrases`
    parts.py           the measurements; the tools take turns: w2v, gensim, w2v, gensim...
    report.py          measurements -> Markdown
    compare.py         the command line: `python -m benchmarks.compare CORPUS` measures w2v and gensim
    run_loading.py     worker: load vectors with one tool
    run_classify.py    worker: train a classifier of w2v, encode texts
    fasttext_script.py what a fastText user writes to do what `w2v classify` does
    classify.py        `python -m benchmarks.classify TRAIN TEST` measures classifiers of w2v and fastText
    known_tasks.py     `python -m benchmarks.known_tasks` measures classifiers on facts of the bundled corpus
    loading.py         `python -m benchmarks.loading VECTORS.txt` measures loading with several tools
    walks.py           `python -m benchmarks.walks` measures random walks on graphs with w2v and PecanPy

The process that starts the measurements stays small and imports neither Numba nor gensim: the peak memory of a child
starts at the memory of its parent.
"""
