"""The harness: what it measures, how it compares, and that pages and charts show the committed results."""

import doctest
import json
import lzma
import re
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from optional import is_promised, require

from benchmarks import cli, corpora, pages, reading, registry, report, results, scaling, suites, task, useful_work
from benchmarks.cpus import CPUS
from benchmarks.processes import MeasurementError, ask, run
from benchmarks.results import Measurement, Results
from benchmarks.running import cases_of, contenders, select
from benchmarks.suites import Job
from benchmarks.task import Case

EVERYTHING = frozenset().union(*(cpu.needs for cpu in CPUS.values()))


def measured(task, case, tool, values, cpu="host", **figures):
    """Return a measurement for each value, of the figure that a task compares unless others are given."""
    name = registry.tasks()[task].figures[0].name
    return [
        Measurement(task, case, tool, cpu, repeat, 0, 0.0, {name: value, **figures})
        for repeat, value in enumerate(values, start=1)
    ]


def row(text, label):
    cells = next(line for line in text.splitlines() if line.startswith(f"| {label} |"))
    return [cell.strip() for cell in cells.strip("|").split("|")]


RUN = {
    "cpu": "EPYC", "cpus": 2, "simd": "AVX2", "system": "Linux", "python": "3.11.7", "commit": "abc", "threads": 2,
    "corpus": "books.txt, 4,000,000 words", "words": 4_000_000, "date": "2026-01-02",
    "versions": {"w2v": "1.0", "gensim": "4.4.0"},
}  # fmt: skip


def test_runs_that_differ_only_in_tools_are_merged():
    first = {"commit": "a", "versions": {"w2v": "1"}}
    second = {"commit": "a", "versions": {"gensim": "4"}, "labelled": "t"}
    other = {"commit": "b", "versions": {}}
    assert report.merged_runs([first, other, second]) == [
        ({"commit": "a", "versions": {"w2v": "1", "gensim": "4"}, "labelled": "t"}, [0, 2]),
        (other, [1]),
    ]


def test_each_process_is_measured_alone():
    # In a small process of its own: a child's peak memory starts at its parent's, and pytest's is large.
    code = """
import sys
from benchmarks.processes import run
for child in "held = b'x' * 300_000_000", "import time, os; time.sleep(0.3); print(os.environ['SAID'], end='')":
    done = run([sys.executable, "-c", child], {"SAID": "hello"})
    print(done.peak_bytes, done.seconds, done.output)
"""
    large, small = (line.split() for line in run([sys.executable, "-c", code], {}).output.splitlines())
    assert float(large[0]) > 300e6
    assert float(small[0]) < 100e6
    assert float(small[1]) > 0.3
    assert small[2] == "hello"


def test_the_measuring_process_stays_small():
    code = "import sys, benchmarks.cli; print([name for name in sys.modules if name in ('numpy', 'numba', 'gensim')])"
    assert run([sys.executable, "-c", code], {}).output == "[]\n"


def test_a_failed_process_is_named_with_its_last_line():
    with pytest.raises(MeasurementError, match=r"exited with 3: it broke$"):
        run([sys.executable, "-c", "import sys; print('long story\\nit broke', file=sys.stderr); sys.exit(3)"], {})


def test_a_compressed_text_is_unpacked_and_counted_and_cut(tmp_path):
    text = "one two  three\n\nvier fünf\n" * 50_000
    (tmp_path / "text.xz").write_bytes(lzma.compress(text.encode()))
    whole = corpora.prepare(str(tmp_path / "text.xz"), tmp_path / "made")
    assert whole.words == 250_000
    assert whole.path.read_text(encoding="utf-8") == text
    head = whole.warm_up.read_text(encoding="utf-8")
    assert text.startswith(head)
    assert 900_000 < len(head.encode()) <= 1 << 20
    start = corpora.prepare(f"{tmp_path / 'text.xz'}:1k", tmp_path / "made")
    assert start.words == 1_000
    assert start.title == "the start of text.xz, 1,000 words"
    with pytest.raises(MeasurementError, match="four: not a number such as 20, 50k, 4M or 1G"):
        corpora.prepare(f"{tmp_path / 'text.xz'}:four", tmp_path / "made")


def test_made_up_text_has_all_words_with_the_frequencies_of_a_language(tmp_path):
    made = corpora.prepare("zipf:100k:1k", tmp_path)
    words = made.path.read_text(encoding="utf-8").split()
    counts = np.sort(np.unique(words, return_counts=True)[1])[::-1]
    assert made.words == len(words) == 100_000
    assert len(counts) == 1_000
    expected = 1 / (np.arange(1_000) + 2.7)
    np.testing.assert_allclose(counts[:5] / counts.sum(), (expected / expected.sum())[:5], rtol=0.1)


def test_tools_and_tasks_are_found_by_their_files():
    assert next(iter(registry.tools())) == "w2v"
    assert {"w2v", "gensim-corpus-file", "gensim-iterable", "fasttext", "word2vec-c"} <= set(registry.tools())
    for found in registry.tools(), registry.tasks():
        for name, one in found.items():
            assert type(one).__module__.rpartition(".")[2] == name.replace("-", "_")
    for jobs in suites.SUITES.values():
        for job in jobs:
            assert cases_of(job)
            assert set(job.tools) <= set(registry.tools())
    assert {job.task for job in suites.SUITES["quick"]} == set(registry.tasks())


def test_only_tools_that_can_be_forced_compute_for_another_cpu():
    case = next(case for case in registry.tasks()["train"].cases() if case.name == "sg100")
    job = Job("train", tools=("w2v", "gensim-corpus-file", "fasttext"), cpus=("host", "haswell"))
    found = {(one.tool.name, one.cpu) for one in contenders(job, registry.tasks()["train"], case, EVERYTHING)}
    if is_promised("gensim"):
        assert {("gensim-corpus-file", "host"), ("gensim-corpus-file", "haswell")} <= found
    assert ("fasttext", "haswell") not in found
    here = contenders(job, registry.tasks()["train"], case, frozenset())
    assert {one.cpu for one in here} == {"host"}
    forced = registry.tools()["w2v"].forced("haswell")
    assert forced == {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma"}


def test_a_job_is_narrowed_by_what_is_named():
    job = Job("train", ("sg100", "cbow100"), ("w2v", "fasttext"))
    narrow = select(job, ["cbow100"], ["w2v"], ["haswell"], 1)
    assert narrow == Job("train", ("cbow100",), ("w2v",), ("haswell",), repeat=1)
    assert select(job, [], [], [], 9).repeat == 3
    assert select(job, ["letters"], [], [], 1) is None
    assert select(job, [], ["floret"], [], 1) is None
    assert select(Job("scan"), [], ["floret", "w2v"], [], None).tools == ("w2v", "floret")
    with pytest.raises(MeasurementError, match="train has no case fast; it has sg100"):
        cases_of(Job("train", ("fast",)))


def test_speeds_are_medians_against_the_best_other_tool():
    found = Results([RUN])
    for tool, speeds in ("w2v", [9e6, 12e6, 10e6]), ("gensim-corpus-file", [0.5e6]), ("gensim-iterable", [0.3e6]):
        found.measurements += measured("train", "sg100", tool, speeds)
    found.measurements += measured("train", "sg100", "w2v", [5e6], cpu="haswell")
    text = report.task_table(found, "train")
    assert row(text, "skip-gram, d = 100")[1:] == ["10.00 (9.00–12.00)", "0.50", "0.30", "**20.0 x**"]
    assert row(text, "skip-gram, d = 100, AVX2")[1:] == ["5.00", "", "", "**10.0 x**"]
    assert "OpenBLAS" in text


def test_what_other_tools_do_better_is_listed():
    found = Results([RUN])
    found.measurements += measured("vectors", "sg100", "w2v", [2.0], peak_bytes=250e6)
    found.measurements += measured("vectors", "sg100", "gensim-corpus-file", [40.0], peak_bytes=180e6)
    for tool, speed in ("w2v", 1e6), ("gensim-corpus-file", 2e6):  # shows how cost grows, and compares no tools
        found.measurements += measured("growth", "dim=25", tool, [speed])
    behind = pages.renewed("<!-- benchmarks: behind -->\n<!-- end of benchmarks -->", found)
    assert "| The whole command: skip-gram, d = 100, peak memory, MB | gensim | 250 | 180 | 0.72 x |" in behind
    assert behind.count("\n|") == 3
    summary = pages.renewed("<!-- benchmarks: summary -->old<!-- end of benchmarks -->", found)
    assert "old" in summary
    summary = pages.renewed("<!-- benchmarks: summary -->\nold\n<!-- end of benchmarks -->", found)
    assert row(summary, "the whole command, 5 epochs, seconds")[1:] == ["2.00", "40.00", "**20.0 x**"]
    with pytest.raises(MeasurementError, match="a page has a block trian"):
        pages.renewed("<!-- benchmarks: trian -->\n<!-- end of benchmarks -->", found)


def test_quality_shows_means_and_seeds():
    found = Results([RUN])
    for tool, seeds in ("w2v", (0.5, 0.6)), ("gensim-corpus-file", (0.4, 0.41)):
        for seed, score in enumerate(seeds, start=1):
            scores = {"wordsim353": score, "analogies": score / 4}
            found.measurements.append(Measurement("quality", "sg100", tool, "host", seed, 0, 0.0, scores))
    text = report.task_table(found, "quality")
    assert "| skip-gram, d = 100 | w2v | 0.550 (0.500, 0.600) | 0.138 (0.125, 0.150) |" in text


def test_new_results_replace_what_they_measured_again(tmp_path):
    old, new = Results([RUN]), Results([{**RUN, "commit": "def"}])
    old.measurements += measured("scan", "scan", "w2v", [1e6, 2e6]) + measured("scan", "scan", "gensim-iterable", [3e5])
    new.measurements += measured("scan", "scan", "w2v", [5e6])
    old.write(tmp_path / "a.json")
    new.write(tmp_path / "b.json")
    both = results.read_all([tmp_path / "a.json", tmp_path / "b.json"])
    assert both.values("scan", "scan", "w2v", "words_per_second") == [5e6]
    assert both.values("scan", "scan", "gensim-iterable", "words_per_second") == [3e5]
    assert [run["commit"] for run in both.conditions("scan")] == ["abc", "def"]
    (tmp_path / "c.json").write_text("[]")
    with pytest.raises(MeasurementError, match=r"c\.json: no results of `python -m benchmarks run`"):
        results.read(tmp_path / "c.json")


def test_a_wrong_request_is_one_line(tmp_path):
    for arguments, message in (
        (["run"], "name a --suite (speed, growth, cluster, roofline, quality, all, quick) or a --task"),
        (["run", "--task", "scan", "--evaluation", str(tmp_path)], "has no wordsim353.tsv, simlex999.txt"),
        (["run", "--task", "scan", "--case", "x", "--folder", str(tmp_path)], "nothing to measure: no such case: x"),
        (["run", "nowhere.txt", "--task", "scan", "--folder", str(tmp_path)], "No such file or directory"),
    ):
        result = CliRunner().invoke(cli.main, arguments)
        assert result.exit_code != 0
        assert "Traceback" not in result.output
        assert message in result.output


def test_formats_and_rules_are_measured(tmp_path, monkeypatch, capsys):
    require("python-docx", "docx")
    require("pyarrow")
    require("mwparserfromhell")
    require("icu4py")
    (tmp_path / "a.txt").write_text("a rose & so\nis a rose\n" * 200)
    text = str(tmp_path / "a.txt")
    monkeypatch.setattr(sys, "argv", ["reading", text, "--cut", f"icu={text}", "--large", text])
    monkeypatch.setattr(reading, "TURNS", 1)
    reading.main()
    shown = capsys.readouterr().out
    for label in ("plain", *reading.ALONE, "conllu", "icu", "without", "with --dedup"):
        assert all(re.fullmatch(r"-?[\d,.]+|-|[a-zA-Z].*", cell) for cell in row(shown, label)[1:])


@pytest.mark.long
def test_a_quick_run_measures_every_task(tmp_path):
    """As CI does: whether the harness works, for every tool that the extra `test` installs."""
    if not is_promised("gensim"):
        pytest.skip("gensim has no wheel for this Python")
    path = tmp_path / "quick.json"
    chosen = ["--tool", "w2v", "--tool", "gensim-corpus-file", "--tool", "fasttext", "--remark", "Quick."]
    arguments = ["run", "--quick", "--threads", "1", "--folder", str(tmp_path), "--json", str(path), *chosen]
    done = run([sys.executable, "-m", "benchmarks", *arguments], {})
    found = results.read(path)
    assert {one.task for one in found.measurements} == set(registry.tasks())
    assert {"w2v", "gensim-corpus-file"} <= {one.tool for one in found.measurements}
    assert done.output.startswith("".join((found.runs[0]["cpu"], ",")))
    assert "1 threads" in done.output
    assert "Quick." in done.output
    assert "## Roofline" in done.output
    assert all(one.values for one in found.measurements)
    (kernel,) = (one.values for one in found.of("roofline"))
    assert kernel["share"] * kernel["peak"] == pytest.approx(kernel["flops_per_second"], rel=2e-5)  # six digits each
    assert kernel["flops_per_second"] > 0
    printed = CliRunner().invoke(cli.main, ["report", str(path)]).output
    assert printed == done.output


def test_tools_and_tasks_are_listed():
    printed = CliRunner().invoke(cli.main, ["list"]).output
    assert re.search(r"^tool  w2v +\d", printed, re.MULTILINE)
    assert re.search(r"^task  growth +How cost grows: threads=1,", printed, re.MULTILINE)
    assert re.search(r"^suite quick +scan, train,", printed, re.MULTILINE)


def test_pages_and_charts_show_the_committed_results():
    result = CliRunner().invoke(cli.main, ["pages", "--check"])
    assert result.exit_code == 0, result.output
    assert {page.name for page in pages.pages()} >= {"README.md", "benchmarks.md"}


def test_committed_results_name_no_place_of_a_machine():
    for path in cli.committed():
        stored = json.loads(path.read_text(encoding="utf-8"))
        assert all(run["commit"] != "unknown" for run in stored["runs"])
        assert not re.search(r'"/|\.\./|[A-Z]:\\', json.dumps(stored["runs"]))


def test_charts_suit_light_and_dark_pages():
    from benchmarks.charts import CHARTS, draw

    found = results.read_all(cli.committed())
    for name in CHARTS:
        text = draw(name, found)
        if text is not None:
            assert "prefers-color-scheme: dark" in text
            assert "#0101" not in text
            assert not set(re.findall(r"(?:fill|stroke): ?(#[0-9a-f]{6})", text)) - {"#000000"}


@pytest.mark.parametrize("module", [corpora, report, scaling, task, useful_work], ids=lambda module: module.__name__)
def test_the_examples_of_docstrings_run(module):
    failed, tried = doctest.testmod(module, extraglobs={"np": np})
    assert tried
    assert not failed


def test_large_texts_are_calculated_from_what_was_measured():
    found = Results([RUN])
    clocks = {"seconds": 4.0, "cpu_seconds": 8.0}
    for words, speed, peak in (200_000, 4e6, 1e9), (2_000_000, 2e6, 6.4e9):
        found.measurements += measured(
            "growth", f"large={words}", "w2v", [speed], vocabulary=words, peak_bytes=peak, **clocks
        )
    kernel = {"flops_per_second": 4e10, "words_per_second": 1e6, "intensity": 2.0}
    found.measurements += measured("roofline", "sg300", "w2v", [0.5], **kernel)
    times = scaling.time_table(found)
    assert row(times, "1B")[1:] == ["16.7 min", "1.0 min", "8 s"]
    assert row(times, "1T")[1:] == ["11.6 days", "17.4 h", "2.2 h"]
    assert row(times, "memory traffic, GB/s")[1:] == ["20", "320", "2,560"]
    memory = scaling.memory_table(found)
    assert row(memory, "10M")[1] == "24.3"
    assert row(memory, "1T")[1] == "4,000"
    assert "the peak grows by 3,000 bytes for each word; the matrices alone take 2,432" in memory
    assert "Not measured yet" in scaling.time_table(Results())


def test_a_worker_answers_one_action():
    answer = ask("benchmarks.inputs", "text_facts", {"folder": "", "path": __file__}, {})
    assert answer["words"] > 100


def test_a_failed_case_is_named_at_the_end_and_stops_no_other(tmp_path, monkeypatch):
    scan = registry.tasks()["scan"]
    monkeypatch.setattr(scan, "cases", lambda: [Case("bad", "bad", {}, "zipf:x:y"), Case("good", "good")])
    arguments = ["run", "--task", "scan", "--tool", "w2v", "--repeat", "1", "--threads", "1", "--folder", str(tmp_path)]
    result = CliRunner().invoke(cli.main, [*arguments, "zipf:1k:100", "--json", str(tmp_path / "some.json")])
    assert result.exit_code == 1
    assert "Error: scan bad: " in result.output
    assert [one.case for one in results.read(tmp_path / "some.json").measurements] == ["good"]
