from sensor_hub.app.recently import BELIEVED_S, MOST_KEPT, Recently


def test_an_answer_is_believed_for_a_second_and_no_longer() -> None:
    asked: list[str] = []
    now_s = 5.0

    def ask(name: str) -> int:
        asked.append(name)
        return len(asked)

    known = Recently(ask, lambda: now_s)
    assert (known("a"), known("b"), known("a")) == (1, 2, 1)
    now_s += BELIEVED_S
    assert known("a") == 3


def test_what_is_kept_is_bounded() -> None:
    known: Recently[int, int] = Recently(lambda number: number, lambda: 0.0)
    for number in range(3 * MOST_KEPT):
        assert known(number) == number
    assert len(known._kept) <= MOST_KEPT
