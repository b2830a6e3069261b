"""Published texts are found by what they are about, and nothing else is ever found."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from feedback_app.database import db
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind, ContributionStatus, TextAction
from feedback_app.models import Answer, CitizenRequest, Contribution, SearchText, TextVersion
from feedback_app.services import contributions, moderation, search, sign_in
from feedback_app.services.cases import answers, desk

KIND = ContributionKind.CLARIFICATION
SECRET = "zanzibarium"
HOUSING = "Pourquoi le nombre de logements sociaux rénovés dans le Rhône a-t-il baissé en 2024\u00a0?"


def ask(make, body, **more):
    """A published request."""
    return make.comment(kind=KIND, body=body, **more)


def find(app, text, **more):
    with app.app_context():
        return search.similar(text, **more)


def test_the_nearest_text_comes_first(app, make):
    housing = ask(make, HOUSING)
    near = ask(make, "Combien de logements sociaux ont été construits dans l’Isère\u00a0?")
    ask(make, "Les délais d’attente aux urgences des hôpitaux restent longs.")
    assert find(app, "La renovation d’un logement social dans le Rhône") == [housing.id, near.id]


def test_a_text_is_found_without_its_accents_in_capitals_and_in_the_plural(app, make):
    comment = ask(make, "La scolarité des élèves handicapés en école primaire.")
    for words in ("SCOLARITE", "eleve handicape", "les écoles primaires"):
        assert find(app, words) == [comment.id], words


def test_a_rare_word_counts_more_than_words_that_many_texts_have(app, make):
    for number in range(6):
        ask(make, f"Le logement social du territoire numéro {number + 10}.")
    rare = ask(make, "Une passoire thermique classée G.")
    assert find(app, "logement social, passoire thermique")[0] == rare.id


def test_words_that_very_many_texts_have_are_looked_for_together(app, make, monkeypatch):
    monkeypatch.setattr(search, "COMMON", 2)
    both = [ask(make, "Le logement et le transport.") for _ in range(2)]
    ask(make, "Le logement seulement.")
    ask(make, "Le transport seulement.")
    with app.app_context():
        db.session.execute(sa.text("ANALYZE search_text"))
        db.session.commit()
    assert sorted(find(app, "logement transport")) == sorted(one.id for one in both)


def test_texts_are_found_when_the_statistics_are_those_of_an_emptier_site(app, make):
    """PostgreSQL may remember which words were common, and believe that there are no rows: autovacuum looked between two times."""
    texts = [ask(make, "Le logement du quartier.") for _ in range(12)]
    with app.app_context():
        for statement in ("ANALYZE search_text", "UPDATE pg_class SET reltuples = 0 WHERE relname = 'search_text'"):
            if on_sqlite():
                continue
            db.session.execute(sa.text(statement))
        db.session.commit()
    assert sorted(find(app, "Un logement, un quartier", enough=0.3, limit=20)) == [one.id for one in texts]


def test_at_most_so_many_and_never_the_text_itself(app, make):
    comments = [ask(make, HOUSING) for _ in range(4)]
    found = find(app, HOUSING, limit=2, without=comments[3].id)
    assert found == [comments[2].id, comments[1].id]


@pytest.mark.parametrize("text", ["", "   ", "le la les", '" OR * NEAR(', "a & b | !c :*", "\\ ' \" ; DROP TABLE", "x" * 100_000, "😀"])
def test_hostile_and_empty_words_find_nothing_and_break_nothing(app, make, text):
    ask(make, HOUSING)
    assert find(app, text) == []


@pytest.mark.parametrize("status", [status for status in ContributionStatus if status is not ContributionStatus.PUBLISHED])
def test_what_is_not_public_is_never_found(app, make, status):
    ask(make, f"Un mot secret\u00a0: {SECRET}.", status=status)
    assert find(app, SECRET) == []
    assert SECRET not in stored(app)


def test_a_public_text_that_is_withdrawn_is_found_no_more(app, make, clock):
    comment = ask(make, f"Un mot\u00a0: {SECRET}.")
    assert find(app, SECRET) == [comment.id]
    with app.app_context():
        contributions.withdraw(db.session.get_one(Contribution, comment.id), at=clock())
        db.session.commit()
    assert find(app, SECRET) == []
    assert SECRET not in stored(app)


def test_a_correction_is_found_by_its_words_once_it_is_public_and_not_before(app, make, clock):
    comment = ask(make, f"Un mot\u00a0: {SECRET}.")
    version = make.correction(comment, "Un autre mot\u00a0: xylophonie.")
    assert (find(app, SECRET), find(app, "xylophonie")) == ([comment.id], [])
    moderator = sign_in.actor_of(make.moderator())
    with app.app_context():
        moderation.decide(db.session.get_one(TextVersion, version.id), TextAction.PUBLISH, moderator=moderator, at=clock())
        db.session.commit()
    assert (find(app, SECRET), find(app, "xylophonie")) == ([], [comment.id])


def test_even_a_forgotten_row_of_the_index_shows_nothing_that_is_not_public(app, make):
    comment = ask(make, f"Un mot\u00a0: {SECRET}.")
    with app.app_context():
        db.session.execute(sa.update(Contribution).values(status=ContributionStatus.WITHDRAWN))
        db.session.commit()
    assert SECRET in stored(app)
    assert find(app, SECRET) == []
    assert comment.id


def test_erasing_a_contribution_takes_its_words_out_of_the_index(app, make):
    comment = ask(make, f"Un mot\u00a0: {SECRET}.")
    with app.app_context():
        db.session.execute(sa.update(Contribution).values(current_version_id=None))
        db.session.execute(sa.text("DELETE FROM moderation_decision"))
        db.session.execute(sa.text("DELETE FROM citizen_request"))
        db.session.execute(sa.delete(Contribution).where(Contribution.id == comment.id))
        db.session.commit()
        assert db.session.scalars(sa.select(SearchText)).all() == []
    assert find(app, SECRET) == []


def test_no_deleted_word_stays_in_the_file_of_sqlite(app, make, clock):
    comments = [ask(make, f"Un mot\u00a0: {SECRET}{number}.") for number in range(3)]
    ask(make, HOUSING)
    with app.app_context():
        for comment in comments:
            contributions.withdraw(db.session.get_one(Contribution, comment.id), at=clock())
        db.session.commit()
        search.forget_deleted()
        db.session.commit()
        kept = b"".join(db.session.scalars(sa.text("SELECT block FROM search_index_data"))) if on_sqlite() else stored(app).encode()
        db.session.rollback()
    assert SECRET.encode() not in kept
    assert b"renov" in kept


def test_a_rebuild_mends_whatever_is_wrong_with_the_index(app, make, monkeypatch):
    monkeypatch.setattr(search, "BATCH", 2)
    kept, lost, wrong = (ask(make, f"Un mot\u00a0: {word}.") for word in ("alphabetum", "betatronum", "gammatronum"))
    hidden = ask(make, f"Un mot\u00a0: {SECRET}.", status=ContributionStatus.REJECTED)
    with app.app_context():
        db.session.execute(sa.delete(SearchText).where(SearchText.contribution_id == lost.id))
        row = db.session.scalars(sa.select(SearchText).where(SearchText.contribution_id == wrong.id)).one()
        row.words = frozenset({"deltatronum"})
        db.session.add(SearchText(contribution_id=hidden.id, kind=KIND, length=1, words=frozenset({SECRET})))
        db.session.commit()
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0
    assert "4 textes lus, 3 lignes changées" in result.output
    assert [find(app, word) for word in ("alphabetum", "betatronum", "gammatronum", "deltatronum")] == [
        [kept.id],
        [lost.id],
        [wrong.id],
        [],
    ]
    assert SECRET not in stored(app)
    assert "0 lignes changées" in app.test_cli_runner().invoke(args=["search", "rebuild"]).output


def test_an_answer_is_found_by_its_words_once_it_is_published_and_not_before(app, make):
    contact, validator = make.team(ministry := make.ministry())
    request = make.request(topic=make.commitment(ministry=ministry).topic, status=CaseStatus.ASSIGNED, contact=contact)
    answer = make.draft(request, f"Un mot\u00a0: {SECRET}.", contact=contact, propose=True)
    assert (find(app, SECRET), stored(app).count(SECRET)) == ([], 0)
    with app.app_context():
        live = db.session.get_one(Answer, answer.id)
        answers.publish(live, actor=sign_in.actor_of(validator), seen_wording=1, at=make.clock())
        db.session.commit()
    assert find(app, SECRET, answered=True) == [request.contribution_id]
    assert find(app, "chiffre baisse cible") == [request.contribution_id]


def test_only_answered_requests_when_only_these_are_wanted(app, make):
    make.request(body=HOUSING)
    answered = make.request(body=HOUSING, status=CaseStatus.ANSWERED)
    assert find(app, HOUSING, answered=True) == [answered.contribution_id]
    with app.app_context():
        (line,) = desk.public_like(HOUSING)
        assert (line.reference, line.body) == (answered.reference, HOUSING)
        assert desk.public_like(HOUSING, without=db.session.get_one(CitizenRequest, answered.id)) == []


def test_comments_are_not_among_requests(app, make):
    make.comment(body=HOUSING)
    assert find(app, HOUSING) == []


def test_a_lookup_has_two_statements_whatever_is_there(app, make, statements):
    for _ in range(5):
        ask(make, HOUSING)
    with statements() as seen:
        find(app, HOUSING)
    assert len(seen) == 2


def on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def stored(app) -> str:
    """Every word that the index holds."""
    with app.app_context():
        return " ".join(" ".join(row.words) for row in db.session.scalars(sa.select(SearchText)))
