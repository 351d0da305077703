"""Processes killed at random moments leave whole files, and the next run ends as if nothing had happened."""

from kills import Trials


def test_kills_at_random_moments_lose_nothing(tmp_path):
    trials = Trials(tmp_path, seed=1)
    trials.run(25)
    assert sum(trials.kills.values()) >= 25
