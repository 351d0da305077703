"""The workers of a pool that train a model together, in rounds.

    list of blocks    one for each replica; each worker trains some of the replicas
    round             every worker trains its replicas on copies  ->  the copies go to all, which merge them

The crew is formed anew when a worker is lost, or too slow, and before a list of blocks if others have joined. What it
starts from is the model of the worker that has merged most rounds: only rounds that nobody merged are trained again.
Who trains a replica changes nothing in the result.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any

from w2v.errors import TrainingError
from w2v.machines.peer import Standing
from w2v.machines.pool import Pool, Ticket, WorkersLateError, WorkersLostError
from w2v.machines.shared_text import SharedText
from w2v.machines.station import RunFacts, Snapshot
from w2v.options import TrainingOptions
from w2v.progress import Progress
from w2v.training.model import Model
from w2v.training.run_state import Tally
from w2v.training.schedule import Turn
from w2v.training.synchronous import together
from w2v.training.workers import Work
from w2v.wording import counted

_DEPTH = 3  # rounds that are sent before the first of them is done
_NOBODY = "all workers with the model have ended, or no longer answer; start others, and run the same again"
LEAST_PATIENCE = 60.0  # seconds that a round may take before workers that have not finished it are left out
_COMPILING_SECONDS = 3.0  # loading compiled kernels takes less, compiling them more
LISTEN_SECONDS = 0.1  # between two looks at whether the run is interrupted
_PATIENCE = 20  # times as long as the longest round so far


class _GivenUpError(Exception):
    """The interrupted list of blocks was given up; nothing of it was merged, so that resuming trains it again."""


class Crew:
    """The work of a run in rounds, by the workers of a pool; a Scheme.

    Args:
        pool: the workers.
        model: what is trained; `collect` brings it up to date.
        text: the text, which the same workers have.
        options: how to train.
        epochs_before: epochs that earlier runs trained the model.
        progress: receives notes on workers that are lost or join.

    Attributes:
        n_workers: 1, which sends the work of all.
    """

    n_workers = 1

    def __init__(
        self,
        pool: Pool,
        model: Model,
        text: SharedText,
        options: TrainingOptions,
        epochs_before: int,
        progress: Progress,
    ) -> None:
        self._pool, self._model, self._text, self._options, self._progress = pool, model, text, options, progress
        self._facts = RunFacts(
            text.vocabulary, text.total_tokens, text.block_tokens, text.max_block_ids, options, epochs_before
        )
        self._number = 0  # of the crew
        self._workers: dict[str, int] = {}  # the crew: addresses, with their threads
        self._slow: set[str] = set()
        self._merged = 0  # rounds of all lists before
        self._done = 0  # rounds of the list
        self._standing: Standing | None = None  # within the list
        self._longest_round = 0.0
        self._may_give_up = False  # while no round of the list can have been merged
        self._is_hurried = False
        self._has_waited = False

    def compile(self) -> None:
        """Form the crew; each worker compiles the kernels, or loads what was compiled before."""
        self._note_idle()
        model = self._model
        matrices = model.input_vectors[:, : model.dim], model.output_vectors[:, : model.dim]
        while not self._workers:
            workers = self._available()
            try:
                self._enlist(workers, self._pool.spread(Snapshot(0, None, *matrices), sorted(workers)))
            except WorkersLostError as error:
                self._workers = {}
                self._text.repair(error.addresses)

    def _note_idle(self) -> None:
        threads, replicas = sum(self._pool.threads().values()), self._options.replicas
        if threads > replicas:
            self._progress.note(
                f"the cluster has {counted(threads, 'thread')} but only {counted(replicas, 'replica')}; to use all"
                f" threads, set `replicas` to a multiple of {threads}"
            )

    def units(self, first: int) -> Iterator[list[Turn]]:
        """Yield what is trained together, from block number `first` of the run on."""
        return together(self._text, self._options, first)

    def make_work(self, tally: Tally) -> Work[list[Turn]]:
        """Return what trains a list of blocks; its results go to the tally."""

        def train_list(turns: list[Turn]) -> None:
            if self._is_hurried:  # the list before may have been given up
                return
            self._done, self._standing = 0, None
            try:
                standing = self._until_done(lambda: self._train(turns))
            except _GivenUpError:
                self._pool.halt(self._workers)
                return
            finally:
                self._may_give_up = False
            self._merged += self._done
            for replica, turn in enumerate(turns):
                bits, predictions = float(standing.bits[replica]), int(standing.predictions[replica])
                tally.add(turn, int(self._text.block_tokens[turn.block]), bits, predictions)

        return train_list

    def hurry(self) -> None:
        """Give up the list at hand where nothing of it is merged: a round of the exact softmax takes long."""
        self._is_hurried = True
        self._pool.hurry()

    def collect(self) -> None:
        """Bring the model here up to date. Call this only while training is paused."""
        self._done, self._standing = 0, None
        snapshot: Snapshot = self._until_done(self._snapshot)
        model = self._model
        model.input_vectors[:, : model.dim] = snapshot.input_vectors
        model.output_vectors[:, : model.dim] = snapshot.output_vectors

    def _snapshot(self) -> Snapshot:
        sums = self._ask_all("checksum")
        if len(set(sums)) > 1:
            raise TrainingError(
                "the workers no longer have the same model, so one of them computes otherwise: use machines of one type"
            )
        (snapshot,) = self._answers([self._pool.send(next(iter(self._workers)), "snapshot", self._number)])
        return snapshot  # type: ignore[no-any-return]

    def _until_done(self, work: Any) -> Any:
        """Return what some work returns, which is done again with a new crew when workers are lost."""
        lost: set[str] = set()
        while True:
            try:
                if lost:
                    self._form_again(lost)
                    lost = set()
                return work()
            except WorkersLostError as error:  # noqa: PERF203 - it is done again
                lost |= error.addresses

    def _train(self, turns: Sequence[Turn]) -> Standing:
        """Train the rest of a list of blocks, and return how far all replicas are then."""
        if self._done == 0 and self._could_join():
            self._form_again(())
        chosen = _dealt(len(turns), self._workers)
        blocks = [self._text.send(turn.block) for turn in turns]
        self._wait(blocks)
        words = self._soon(
            [
                self._pool.send(
                    worker, "begin", self._number, list(turns), self._standing, replicas, *[blocks[r] for r in replicas]
                )
                for worker, replicas in chosen.items()
            ]
        )
        rounds = math.ceil(max(map(max, words)) / self._options.merge_every)
        self._may_give_up = rounds == 1 and not self._done  # of several, workers merge one while they train the next
        results: list[Ticket] = []
        waiting: deque[list[Ticket]] = deque()
        for number in range(self._done, rounds):
            merged, first = self._merged + number, number * self._options.merge_every
            results = [
                self._pool.send(worker, "train", self._number, merged, replicas, first, *results)
                for worker, replicas in chosen.items()
            ]
            waiting.append(results)
            if len(waiting) >= _DEPTH:
                self._wait(waiting.popleft())
        for sent in waiting:
            self._wait(sent)
        self._may_give_up = False
        all_merged = [
            self._pool.send(worker, "gather", self._number, self._merged + rounds, *results) for worker in self._workers
        ]
        standing: Standing = self._soon(all_merged)[0]
        self._done = rounds
        return standing

    def _wait(self, tickets: Sequence[Ticket]) -> None:
        """Wait for what takes about as long as a round, but not for ever.

        Raises:
            WorkersLostError: workers ended or are slow.
            _GivenUpError: the run is interrupted, and nothing of the list is merged.
        """
        began = perf_counter()
        patience = max(LEAST_PATIENCE, _PATIENCE * self._longest_round)
        while True:
            if self._may_give_up and self._is_hurried:
                raise _GivenUpError
            try:
                self._pool.wait(tickets, self._others(), LISTEN_SECONDS if self._may_give_up else patience)
                break
            except WorkersLateError as error:
                if perf_counter() - began < patience:
                    continue
                if self._workers.keys() - error.addresses:
                    self._slow |= error.addresses
                    self._progress.note(f"{_named(error.addresses)} too slow; others do the work")
                    raise WorkersLostError(error.addresses) from None
                patience = math.inf  # nobody else has the model
        self._longest_round = max(self._longest_round, perf_counter() - began)

    def _soon(self, tickets: Sequence[Ticket]) -> list[Any]:
        """Return the results of what takes about as long as a round."""
        self._wait(tickets)
        return [self._pool.result(ticket) for ticket in tickets]

    def _answers(self, tickets: Sequence[Ticket]) -> list[Any]:
        """Return the results of what may take much longer, such as compiling."""
        try:
            self._pool.wait(tickets, self._others(), math.inf if self._has_waited else _COMPILING_SECONDS)
        except WorkersLateError:
            self._progress.note("waiting for the workers: each compiles the kernels at its first run")
            self._has_waited = True
            self._pool.wait(tickets, self._others(), math.inf)
        return [self._pool.result(ticket) for ticket in tickets]

    def _ask_all(self, method: str, *arguments: Any) -> list[Any]:
        return self._answers([self._pool.send(worker, method, self._number, *arguments) for worker in self._workers])

    def _others(self) -> set[str]:
        return set(self._workers) | self._text.owners()

    def _available(self) -> dict[str, int]:
        """Return the workers to choose: as many as have replicas to train."""
        threads = {address: n for address, n in sorted(self._pool.threads().items()) if address not in self._slow}
        chosen: dict[str, int] = {}
        for address, n in sorted(threads.items(), key=lambda item: item[0] not in self._workers):  # old ones first
            if sum(chosen.values()) < self._options.replicas:
                chosen[address] = n
        if not chosen:
            raise TrainingError("no worker is left; start others, and run the same again")
        return chosen

    def _could_join(self) -> bool:
        """Return whether another worker would have replicas to train."""
        return not set(self._available()) <= set(self._workers)

    def _form_again(self, lost: Collection[str]) -> None:
        """Form a new crew, which goes on from the model of the worker that has merged most rounds."""
        before = set(self._workers)
        lost = self._text.repair({*lost, *(self._text.owners() - set(self._pool.threads()))})
        self._number += 1
        alive = self._pool.threads().keys() - lost
        self._workers = {address: n for address, n in self._workers.items() if address in alive}
        if not self._workers:
            raise TrainingError(_NOBODY)
        retired = dict(zip(self._workers, self._ask_all("retire"), strict=True))
        best = max(retired, key=lambda address: retired[address][0])
        merged, standing = retired[best]
        if merged < 0:
            raise TrainingError(_NOBODY)
        self._done = merged - self._merged
        self._standing = standing if self._done else None
        workers = self._available()
        self._enlist(workers, self._pool.send(best, "snapshot", self._number))
        joined = set(workers) - before
        if before - set(workers) - self._slow:
            self._progress.note(f"{_named(before - set(workers) - self._slow)} lost; others do the work")
        if joined:
            self._progress.note(f"{_named(joined, 'has', 'have')} joined")

    def _enlist(self, workers: Mapping[str, int], snapshot: Any) -> None:
        facts = self._pool.spread(self._facts, sorted(workers))
        self._workers = dict(workers)
        self._answers(
            [
                self._pool.send(address, "enlist", self._number, facts, snapshot, threads)
                for address, threads in workers.items()
            ]
        )


def _dealt(replicas: int, workers: Mapping[str, int]) -> dict[str, list[int]]:
    """Return which replicas each worker trains, in proportion to its threads; those with none merge all the same.

    Example:
        >>> _dealt(5, {"a": 1, "b": 2})
        {'a': [0, 3], 'b': [1, 2, 4]}
    """
    order = [address for i in range(max(workers.values())) for address, threads in workers.items() if i < threads]
    dealt: dict[str, list[int]] = {address: [] for address in workers}
    for replica in range(replicas):
        dealt[order[replica % len(order)]].append(replica)
    return dealt


def _named(addresses: Collection[str], one: str = "is", several: str = "are") -> str:
    """Return workers as the subject of a sentence, with its verb.

    Example:
        >>> _named(["tcp://10.0.0.2:4001"]), _named(["tcp://10.0.0.2:4001", "tcp://10.0.0.3:4001"], "has", "have")
        ('worker tcp://10.0.0.2:4001 is', '2 workers have')
    """
    if len(addresses) == 1:
        return f"worker {next(iter(addresses))} {one}"
    return f"{counted(len(addresses), 'worker')} {several}"
