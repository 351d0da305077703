"""A crew ends with the vectors of one process, in a simulation in which workers end, stop and join at any moment.

The workers are real stations in this process; only their processes, the network and the clock are simulated.
"""

import random
from dataclasses import dataclass, field, replace
from unittest import mock

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from w2v.corpus import encode
from w2v.errors import TrainingError
from w2v.machines.crew import LISTEN_SECONDS, Crew
from w2v.machines.peer import StaleError
from w2v.machines.pool import WorkersLateError, WorkersLostError
from w2v.machines.shared_text import SharedText
from w2v.machines.station import Station
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.progress import Silent
from w2v.training import Model, train

RUNS = 1000
LONG = 1e6  # seconds for which a simulated worker stops
OPTIONS = TrainingOptions(
    dim=4, window=1, epochs=2, threads=1, deterministic=True, replicas=3, merge_every=60, sample=0, lr=0.2
)


@dataclass(eq=False)
class Sent:
    """A ticket: work that a simulated worker has done, or has still to do."""

    address: str
    station: Station
    method: str
    arguments: tuple
    done: bool = False
    value: object = None
    error: Exception | None = None


@dataclass
class Worker:
    """A simulated process: it does no work while it is slow, and gives no sign of life while it has stopped."""

    threads: int
    station: Station = field(default_factory=lambda: Station(lambda n_bytes: None))
    work: list = field(default_factory=list)
    slow: bool = False
    stopped: bool = False
    is_silent: bool = False  # it has stopped, and others know


class SimulatedPool:
    """Workers whose faults a seed decides: before any piece of work, one may end, stop, go on, be slow, or join."""

    def __init__(self, seed, faults, interrupt_after=None):
        self._random, self._faults = random.Random(seed), faults
        self._until_interrupt = interrupt_after  # pieces of training; None is never
        self._is_interrupted = False
        self.on_interrupt = None
        self._workers = {}
        self._started = 0
        self._now = 0.0
        self.events = []
        for _ in range(self._random.randint(1, 3)):
            self._start()

    def _start(self):
        self._started += 1
        self._workers[f"w{self._started}"] = Worker(self._random.randint(1, 2))

    def clock(self):
        """Return the simulated time in seconds, in which work takes none."""
        return self._now

    def threads(self):
        return {address: worker.threads for address, worker in self._workers.items() if not worker.is_silent}

    def send(self, address, method, *arguments):
        worker = self._workers.get(address)
        sent = Sent(address, worker and worker.station, method, arguments)
        if worker is not None:
            worker.work.append(sent)
        return sent

    def spread(self, value, addresses):
        self._require(addresses[:1])
        return value

    def wait(self, tickets, others, patience):
        needed = {sent.address for sent in tickets} | set(others)
        while True:
            self._require(needed)
            for sent in tickets:
                if sent.error is not None:
                    raise sent.error
            if all(sent.done for sent in tickets):
                return
            if self._is_interrupted and patience <= LISTEN_SECONDS:  # who listens sees it
                self._is_interrupted = False
                raise WorkersLateError({sent.address for sent in tickets if not sent.done})
            if not self._step(faults=self._faults and patience > LISTEN_SECONDS):  # or many would come in a minute
                stopped = [worker for worker in self._workers.values() if worker.stopped and not worker.is_silent]
                for worker in stopped:
                    worker.is_silent = True
                if stopped:
                    continue
                if patience < LONG:
                    self._now = 2 * self._now + patience  # a crew waits twenty times as long each time
                    raise WorkersLateError({sent.address for sent in tickets if not sent.done})
                for worker in self._workers.values():  # what is slow goes on some day
                    worker.slow = False

    def _require(self, needed):
        lost = set(needed) - self.threads().keys()
        if lost:
            for address in lost & self._workers.keys():
                self._workers[address].station = Station(lambda n_bytes: None)  # another one if it is used again
            raise WorkersLostError(lost)

    def result(self, sent):
        self._require([sent.address])
        return sent.value

    def halt(self, addresses):
        for address in self._workers.keys() & set(addresses):
            self._workers[address].station.halt()

    def hurry(self):
        pass

    def bytes_read(self):
        return 0

    def _step(self, faults):
        """Do one piece of work of any worker that can; return whether there was one."""
        if faults:
            self._disturb()
        able = [
            worker
            for worker in self._workers.values()
            if not worker.stopped and not worker.slow and self._next(worker) is not None
        ]
        if not able:
            return False
        worker = self._random.choice(able)
        sent = self._next(worker)
        if self._until_interrupt is not None and sent.method == "train":
            self._until_interrupt -= 1
            if self._until_interrupt == 0:
                self._is_interrupted = True
                self.on_interrupt()
                return True
        worker.work.remove(sent)
        given = [argument.value if isinstance(argument, Sent) else argument for argument in sent.arguments]
        try:
            sent.value = getattr(sent.station, sent.method)(*given)
            sent.done = True
        except (StaleError, TrainingError) as error:
            sent.error = error
        return True

    def _next(self, worker):
        """Return the first work whose arguments are there: as Dask, which takes what is ready."""
        for sent in worker.work:
            needs = [argument for argument in sent.arguments if isinstance(argument, Sent)]
            givers = [need.address for need in needs if self._workers.get(need.address) is not worker]
            can_give = all(address in self._workers and not self._workers[address].stopped for address in givers)
            if can_give and all(need.done for need in needs):
                return sent
        return None

    def _disturb(self):
        if self._random.random() > 0.08:
            return
        event = self._random.choice(("end", "stop", "go on", "go on", "slow", "join", "join"))
        worker = self._workers[self._random.choice(list(self._workers))]
        if event == "join" and len(self._workers) < 4:
            self._start()
        elif event == "go on" and worker.stopped:
            worker.stopped = worker.is_silent = False
        elif event == "slow":
            worker.slow = True
        elif event == "stop" and len(self._workers) > 1:
            worker.stopped = True
        elif event == "end" and len(self._workers) > 1:
            self._workers = {address: other for address, other in self._workers.items() if other is not worker}
        else:
            return
        self.events.append(event)


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """A text of two volumes and several lists of blocks."""
    folder = tmp_path_factory.mktemp("crew")
    random_words = random.Random(1)
    for name, lines in (("a", 60), ("b", 90)):
        words = [[random_words.choice("abcdefghij") for _ in range(8)] for _ in range(lines)]
        (folder / name).write_text("".join(" ".join(line) + "\n" for line in words))
    return [str(folder / "a"), str(folder / "b")]


def most_ids(n_words):
    return 200


def alone(text, options):
    """Return a model that one process has trained, and what it did."""
    with encode(
        text, CorpusOptions(threads=1), VocabularyOptions(min_count=1), most_ids=most_ids, apart=True
    ) as corpus:
        model = Model.create(corpus.vocabulary, options)
        state = train(model, corpus, options)
        assert corpus.n_blocks > options.replicas
    return model, state


@pytest.fixture(scope="module")
def expected(text):
    return alone(text, OPTIONS)


class InterruptedCrew(Crew):
    """A crew that begins no list once the pool has interrupted it, as when a signal comes."""

    def __init__(self, pool, *arguments):
        super().__init__(pool, *arguments)
        self._is_interrupted = False
        pool.on_interrupt = self.interrupt

    def interrupt(self):
        self._is_interrupted = True
        self.hurry()

    def units(self, first):
        for some in super().units(first):
            if self._is_interrupted:
                return
            yield some


def trained(text, pool, options=OPTIONS, so_far=None, start=None):
    """Return a model that a crew has trained, from where another one came or from the beginning; and what it did."""
    shared = SharedText(pool, text, CorpusOptions(threads=1), VocabularyOptions(min_count=1), Silent(), most_ids)
    model = so_far or Model.create(shared.vocabulary, options)

    def make_scheme(model, text, options, epochs_before):
        return InterruptedCrew(pool, model, text, options, epochs_before, Silent())

    try:
        with mock.patch("w2v.machines.crew.perf_counter", pool.clock):
            return model, train(model, shared, options, start=start, make_scheme=make_scheme)
    finally:
        pool.on_interrupt = None  # or the crew's threads would wait for the garbage collector


def test_without_faults_a_crew_trains_the_model_of_one_process(text, expected):
    model, state = trained(text, SimulatedPool(seed=1, faults=False))
    assert_array_equal(model.input_vectors, expected[0].input_vectors)
    assert_array_equal(model.output_vectors, expected[0].output_vectors)
    assert (state.words, state.predictions) == (expected[1].words, expected[1].predictions)


def test_workers_whose_models_differ_end_the_run(text):
    """As on machines that compute other bits."""
    pool = SimulatedPool(seed=1, faults=False)
    pool._start()
    send_on = pool.send

    def send(address, method, *arguments):
        if method == "checksum" and address == "w1":
            pool._workers[address].station._peer.model.input_vectors[0, 0] += 1
        return send_on(address, method, *arguments)

    pool.send = send
    with pytest.raises(TrainingError, match=r"^the workers no longer have the same model, .*use machines of one type"):
        trained(text, pool)


def test_whatever_becomes_of_workers_the_model_is_that_of_one_process_or_an_error(text, expected):
    events, endings = [], []
    for seed in range(RUNS):
        pool = SimulatedPool(seed, faults=True)
        try:
            model, state = trained(text, pool)
        except TrainingError as error:
            endings.append(error.message)
            continue
        finally:
            events += pool.events
        assert np.array_equal(model.input_vectors, expected[0].input_vectors), seed
        assert np.array_equal(model.output_vectors, expected[0].output_vectors), seed
        assert state.predictions == expected[1].predictions, seed
    assert min(events.count(event) for event in ("end", "stop", "go on", "slow", "join")) > RUNS / 8
    assert all("have ended" in ending or "no worker is left" in ending for ending in endings)
    assert len(endings) < RUNS / 4


@pytest.mark.parametrize("merge_every, gives_up", [(60, False), (240, True)])
def test_a_run_that_is_interrupted_at_any_moment_goes_on_to_the_same_model(text, merge_every, gives_up):
    """With rounds as long as a block, nothing of a list is merged before its end, and it may be given up."""
    options = replace(OPTIONS, merge_every=merge_every)
    expected, whole = alone(text, options)
    kept, endings = [], []
    for seed in range(RUNS // 10):
        after = random.Random(seed).randint(1, 20)
        try:
            model, state = trained(text, SimulatedPool(seed, faults=True, interrupt_after=after), options)
            kept.append(state.words)
            model, state = trained(text, SimulatedPool(seed, faults=False), options, model, state)
        except TrainingError as error:
            endings.append(error.message)
            continue
        assert np.array_equal(model.input_vectors, expected.input_vectors), seed
        assert np.array_equal(model.output_vectors, expected.output_vectors), seed
        assert (state.words, state.predictions) == (whole.words, whole.predictions), seed
    assert all("have ended" in ending or "no worker is left" in ending for ending in endings)
    assert len(endings) < RUNS / 40
    assert len(set(kept)) > 2
    assert (0 in kept) == gives_up
