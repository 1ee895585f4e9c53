"""The limit of the public API counts per caller and window, and forgets."""

from geo.limits import FixedWindow


def test_a_window_allows_its_limit_and_no_more() -> None:
    window = FixedWindow(60)
    taken = [window.take("a", limit=2, now_s=second) for second in (0, 1, 2)]
    assert [allowance.remaining for allowance in taken] == [1, 0, -1]
    assert [allowance.is_spent for allowance in taken] == [False, False, True]
    assert taken[-1].reset_s == 58


def test_a_new_window_starts_afresh() -> None:
    window = FixedWindow(60)
    for second in (0, 59):
        window.take("a", limit=1, now_s=second)
    assert not window.take("a", limit=1, now_s=60).is_spent


def test_callers_are_counted_apart() -> None:
    window = FixedWindow(60)
    window.take("a", limit=1, now_s=0)
    assert not window.take("b", limit=1, now_s=0).is_spent
