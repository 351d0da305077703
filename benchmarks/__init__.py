"""Measurements behind the figures in README.md and docs, which docs/benchmarks.md explains: `python -m benchmarks`.

What varies is one small file each, which the registry finds: tools in `tools/`, tasks in `tasks/`.

    processes.py    one measurement in one fresh process: its time, its peak memory, its answer
    worker.py       such a process: one action of a tool
    tool.py         what a tool is
    models.py       the models that all tools train
    cpus.py         CPUs that tools can be made to compute for
    corpora.py      the texts: bundled, a file, made up
    task.py         what a task is: the action that it asks of tools, and its figures
    registry.py     finds tools and tasks
    bench.py        what all measurements of a run share: text, folders, environment
    inputs.py       worker: the inputs of some tasks; scores of vectors
    suites.py       named sets of measurements
    results.py      measurements, and the JSON files that keep them
    running.py      measures; the tools take turns: w2v, gensim, w2v, gensim...
    machine.py      the machine, the versions, the commit; how busy the machine is
    useful_work.py  how much arithmetic training needs
    ceilings.py     multiply-adds and bytes a second of the machine
    roofline.py     where a kernel stands below these
    known_tasks.py  texts whose right labels are known, and what a linear model makes of them
    scaling.py      what large texts would take, by arithmetic from results
    report.py       results -> Markdown
    pages.py        README.md and docs: blocks of tables, made from the committed results
    charts.py       results -> pictures for docs
    cli.py          the command line

Three measurements have commands of their own, since no other tool does the same:

    reading.py      formats of text and token rules, beside the package alone that each uses
    walks.py        random walks on graphs with w2v and PecanPy
    memory.py       estimates of memory beside the memory that commands take

`results/` holds the committed results. The process that measures stays small and imports neither Numba nor gensim: the
peak memory of a child starts at the memory of its parent.
"""
