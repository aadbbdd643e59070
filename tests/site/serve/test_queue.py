"""Once each, in order, however often it was asked for."""

import threading

from lorafig.site.serve.queue import Queue


def test_saves_while_one_is_drawn_are_drawn_once() -> None:
    begun, go, done = threading.Event(), threading.Event(), threading.Event()
    order: list[int] = []

    def work(number: int) -> None:
        order.append(number)
        begun.set()
        assert go.wait(10)
        if len(order) == 4:
            done.set()

    queue = Queue(work)
    thread = threading.Thread(target=queue.run, daemon=True)
    thread.start()
    queue.ask([0])
    assert begun.wait(10)
    for _ in range(5):
        queue.ask([2])
        queue.ask([0])
        queue.ask([1, 2])
    assert queue.waits(0)
    assert not queue.waits(3)
    go.set()
    assert done.wait(10)
    queue.close()
    thread.join(10)
    assert not thread.is_alive()
    assert order == [0, 2, 0, 1]


def test_what_waits_when_it_is_closed_is_left() -> None:
    order: list[int] = []
    queue = Queue(order.append)
    queue.ask([0, 1])
    queue.close()
    queue.run()
    assert order == []
