"""Processes killed at random moments leave whole files, and the next run ends as if nothing had happened."""

from kills import SCENARIOS, Trials


def test_kills_at_random_moments_lose_nothing(tmp_path):
    pair = next(scenario for scenario in SCENARIOS if scenario.name == "train a pair of files")
    trials = Trials(tmp_path, seed=1, scenarios=[pair])
    trials.run(4)
    assert sum(trials.kills.values()) >= 4
