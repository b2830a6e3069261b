"""A limit of our own: the least that Flask, Jinja and sqlite3 can do for pages of the same size. Only ever on loopback.

``rows`` is the limit of pages with a table: as many rows of five cells. The others stand in for the limit of ``BENCH_PEERS`` where that
is absent. One connection a process, kept open; every commit is on the disk before it is acknowledged.
"""

from __future__ import annotations

import sqlite3
import time
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request
from jinja2 import DictLoader

FILE = Path("limit.db")  # in the folder where it is started
SAID = "Le délai annoncé n’est pas celui que je constate dans mon département : pouvez-vous dire ce qui a changé ? "
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><main><h1>{{ title }}</h1>
{% block rows %}{% endblock %}
</main></body></html>"""
COMMENTS = """{% extends "page.html" %}{% block rows %}<ol>{% for r in rows %}
<li id="t{{ r.id }}"><article><header><b>{{ r.author }}</b> <time>{{ r.at }}</time></header>
<p>{{ r.words }}</p>
<footer><a href="#t{{ r.id }}">Lien</a> <a href="/signaler/{{ r.id }}">Signaler</a></footer></article></li>
{% endfor %}</ol>{% endblock %}"""
TABLE = """{% extends "page.html" %}{% block rows %}<table>{% for r in rows %}
<tr><th><a href="/ligne/{{ r.id }}">{{ r.name }}</a></th><td>{{ r.value }}</td>
<td>{{ r.at }}</td><td>{{ r.target }}</td><td>{{ r.rate }}</td></tr>
{% endfor %}</table>{% endblock %}"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE, "comments.html": COMMENTS, "table.html": TABLE})


@cache
def database() -> sqlite3.Connection:
    found = sqlite3.connect(FILE, timeout=20)
    found.row_factory = sqlite3.Row
    found.execute("PRAGMA synchronous=FULL")
    return found


def rows_of(statement: str, *values: Any) -> list[sqlite3.Row]:
    return database().execute(statement, values).fetchall()


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.get("/page/<int:thread>")
def page(thread: int) -> str:
    statement = "SELECT id, author, at, words FROM comment WHERE thread = ? AND public = 1 ORDER BY at LIMIT 100"
    return render_template("comments.html", title="Commentaires", rows=rows_of(statement, thread))


@app.get("/queue")
def queue() -> str:
    place = int(request.args.get("queue", 1))
    (total,) = rows_of("SELECT count(*) FROM ticket WHERE queue = ? AND status IN (1, 2)", place)[0]
    statement = "SELECT id, title AS author, at, owner AS words FROM ticket WHERE queue = ? AND status IN (1, 2) ORDER BY at DESC LIMIT 50"
    return render_template("comments.html", title=f"{total} demandes", rows=rows_of(statement, place))


@app.post("/comment/<int:thread>")
def comment(thread: int) -> tuple[dict[str, int | None], int]:
    values = (thread, request.form["author"], time.time(), request.form["text"])
    with database() as connection:
        written = connection.execute("INSERT INTO comment (thread, author, at, words, public) VALUES (?, ?, ?, ?, 0)", values)
    return {"id": written.lastrowid}, 201


@app.get("/rows/<int:count>")
def rows(count: int) -> str:
    found = rows_of("SELECT id, name, value, at, target, rate FROM line ORDER BY id LIMIT ?", count)
    return render_template("table.html", title="Résultats", rows=found)


def seed(file: Path) -> None:
    """10,000 comments in 100 threads, 10,000 tickets in 10 queues, 500 lines of a table."""
    connection = sqlite3.connect(file)
    connection.executescript("""
        PRAGMA journal_mode=WAL;
        CREATE TABLE comment (id INTEGER PRIMARY KEY, thread INT, author TEXT, at REAL, words TEXT, public INT);
        CREATE INDEX by_thread ON comment (thread, public, at);
        CREATE TABLE ticket (id INTEGER PRIMARY KEY, queue INT, status INT, title TEXT, owner TEXT, at REAL);
        CREATE INDEX by_queue ON ticket (queue, status, at);
        CREATE TABLE line (id INTEGER PRIMARY KEY, name TEXT, value TEXT, at TEXT, target TEXT, rate TEXT);
    """)
    comments = [(n % 100 + 1, f"Citoyenne {n}", 1.7e9 + n, SAID * (1 + n % 4), 1) for n in range(10_000)]
    connection.executemany("INSERT INTO comment (thread, author, at, words, public) VALUES (?, ?, ?, ?, ?)", comments)
    tickets = [(n % 10 + 1, n // 10 % 5 + 1, f"Demande {n}", f"agent {n % 20}", 1.7e9 + n) for n in range(10_000)]
    connection.executemany("INSERT INTO ticket (queue, status, title, owner, at) VALUES (?, ?, ?, ?, ?)", tickets)
    lines = [
        (f"Part des démarches accessibles en ligne, groupe {n}", f"{n},5 %", "31 déc. 2025", f"{n + 9} %", f"{n % 100} %")
        for n in range(500)
    ]
    connection.executemany("INSERT INTO line (name, value, at, target, rate) VALUES (?, ?, ?, ?, ?)", lines)
    connection.commit()
    connection.close()
