"""What the benchmark of the archive counts; the archive itself is read by `make bench` in test_bench."""

from bench.archive import Mark, Reading


def test_runs_count_from_their_first_word_of_progress() -> None:
    reading = Reading()
    reading.add([Mark(400, 10.0, 5.0, 300), Mark(1_200, 14.0, 8.0, 290)])
    reading.add([])
    reading.add([Mark(400, 50.0, 5.0, 280), Mark(600, 51.0, 6.0, 310)])
    assert (reading.rate, reading.cost, reading.resident) == (200.0, 4.0, 310)


def test_a_run_of_one_word_has_no_rate() -> None:
    reading = Reading()
    reading.add([Mark(400, 10.0, 5.0, 300)])
    assert (reading.rate, reading.cost, reading.resident) == (0.0, 0.0, 300)
