"""The test ground itself: isolation holds on both databases, HTML is parsed strictly, queries are counted."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from html5lib.html5parser import ParseError

from perfapp import clock
from perfapp.data import jobs
from perfapp.data.session import transaction
from tests.conftest import Counting, parse_strictly


def ask(key: str) -> None:
    with transaction():
        jobs.ask("preview", key, {})


def ask_and_fail() -> None:
    with transaction():
        jobs.ask("preview", "undone", {})
        raise RuntimeError


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.usefixtures("rolled_back")
def test_what_a_test_commits_is_gone_in_the_next(turn: int) -> None:
    assert jobs.due(clock.now()) == [], turn
    ask("kept")
    with pytest.raises(RuntimeError):
        ask_and_fail()
    assert len(jobs.due(clock.now())) == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_real_commits_of_several_threads_are_gone_in_the_next(committed: Flask, turn: int) -> None:
    with committed.app_context():
        assert jobs.due(clock.now()) == [], turn

    def in_its_own_context(number: int) -> None:
        with committed.app_context():
            ask(str(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(in_its_own_context, range(8)))
    assert len(jobs.due(clock.now())) == 8


@pytest.mark.usefixtures("rolled_back")
def test_queries_are_counted_without_the_savepoints(queries: Counting) -> None:
    with queries() as seen:
        jobs.due(clock.now())
        jobs.due(clock.now())
    assert len(seen) == 2


@pytest.mark.parametrize("html", ["<p>没有结束</div>", "<p><div></p>", "<b><i></b></i>", "<a href=a href=b>"])
def test_html_that_needs_repair_is_refused(html: str) -> None:
    with pytest.raises(ParseError):
        parse_strictly(html)


def test_sound_html_passes() -> None:
    parse_strictly('<!doctype html><html lang="zh-CN"><head><title>绩效</title></head><body><p>正文</p></body></html>')
    parse_strictly('<section><h2>部分</h2><svg viewBox="0 0 1 1"><path d="M0 0"/></svg></section>')
