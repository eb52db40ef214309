"""The cache of answers stays within its size, and ETags depend on all that an answer depends on."""

from hamakg.engine.jobs import Head
from hamakg.web.service import AnswerCache, make_etag

HEAD = Head("text/csv")


def test_the_answers_used_last_stay_in_the_cache() -> None:
    cache = AnswerCache(1000)
    for number in range(101):
        cache.add(str(number), HEAD, b"x" * 10)
        assert cache.get("0") == (HEAD, b"x" * 10)
    assert cache.get("1") is None
    assert cache.get("100") is not None


def test_a_large_answer_is_not_cached() -> None:
    cache = AnswerCache(1000)
    cache.add("large", HEAD, b"x" * 11)
    assert cache.get("large") is None


def test_a_cache_of_size_zero_is_empty() -> None:
    cache = AnswerCache(0)
    cache.add("any", HEAD, b"x")
    assert cache.get("any") is None


def test_an_etag_is_the_same_for_the_same_parts_only() -> None:
    assert make_etag("1", "ASK {}") == make_etag("1", "ASK {}") != make_etag("2", "ASK {}")
