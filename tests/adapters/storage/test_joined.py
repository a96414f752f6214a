"""Joined or single, again and in any order: a store makes the same of a session."""

import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.model.message import Envelope, Outgoing
from sensor_hub.model.ports import Store
from sensor_hub.wire import Topics, decode, encode, join
from tests.adapters.storage.runs import GW, HEADER, all_steps, run

N_BATCHES = 9


@cache
def rows() -> list[Outgoing]:
    messages = [(e.seq, encode(e.event, topics=Topics(), gw=e.gw, seq=e.seq)) for e in run(N_BATCHES)]
    return [Outgoing(seq, message.topic, message.payload) for seq, message in messages]


def delivered(cuts: Sequence[int]) -> list[Envelope]:
    """The session's messages, joined between the cuts."""
    sent, edges = rows(), sorted({0, *cuts, N_BATCHES + 2})
    parts = [sent[first:last] for first, last in pairwise(edges)]
    return [decode(parcel.payload) for part in parts for parcel in join(part)]


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


@pytest.fixture(scope="module")
def of_single_messages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("joined") / "single.sqlite"
    with closing(SqliteStore(path)) as store:
        for envelope in delivered(range(N_BATCHES + 2)):
            store.commit([envelope])
    return content(path)


@settings(max_examples=15)
@given(
    cuts=st.lists(st.lists(st.integers(0, N_BATCHES + 2), max_size=4), min_size=1, max_size=3),
    order=st.randoms(use_true_random=False),
    n_commits=st.integers(1, 6),
)
def test_whatever_is_joined_and_comes_again_in_any_order_the_file_is_the_same(
    of_single_messages: list[str], tmp_path_factory: pytest.TempPathFactory, cuts: list[list[int]],
    order: random.Random, n_commits: int,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("joined")
    sent = [envelope for one in cuts for envelope in delivered(one)]
    order.shuffle(sent)
    with closing(SqliteStore(folder / "joined.sqlite")) as store:
        for i in range(n_commits):
            store.commit(sent[i::n_commits])
        assert store.received(GW) == [(0, N_BATCHES + 1)]
    assert content(folder / "joined.sqlite") == of_single_messages


def answers(store: Store) -> dict[str, Any]:
    return {
        "received": store.received(GW), "session": store.session(HEADER.sid), "steps": store.steps(HEADER.sid),
        "sessions": store.sessions(HEADER.athlete), "minutes": store.minutes(HEADER.sid), "gateways": store.gateways(),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_every_store_answers_the_same(opener: Callable[[], Store], tmp_path: Path, seed: int) -> None:
    with closing(SqliteStore(tmp_path / "single.sqlite")) as single:
        single.commit(delivered(range(N_BATCHES + 2)))
        expected = answers(single)
    order = random.Random(seed)
    cuts = [[], order.sample(range(N_BATCHES + 2), 3), order.sample(range(N_BATCHES + 2), 2)]
    sent = [envelope for one in cuts for envelope in delivered(one)]
    order.shuffle(sent)
    store = opener()
    for envelope in sent:
        store.commit([envelope])
    assert answers(store) == expected


def test_a_joined_message_of_which_a_part_is_there_brings_the_rest(store: Store) -> None:
    (whole,) = [envelope for envelope in delivered([1, N_BATCHES + 1]) if len(envelope.seqs) > 1]
    singles = delivered(range(N_BATCHES + 2))
    store.commit(singles[:4])
    store.commit([whole])
    assert store.received(GW) == [(0, N_BATCHES)]
    assert len(store.steps(HEADER.sid)) == len(all_steps(N_BATCHES))
    store.commit(singles)
    assert store.received(GW) == [(0, N_BATCHES + 1)]
    assert len(store.steps(HEADER.sid)) == len(all_steps(N_BATCHES))
