"""The comments of a desk and the reply to one, through the pages: who sees what, and that nothing typed is lost."""

from __future__ import annotations

from feedback_app.domain import addresses
from feedback_app.domain.reply import ReplyStatus
from feedback_app.models import OfficialReply

TEXT = "Nous avons lu ce commentaire, et voici."


def test_from_the_desk_to_the_public_page(make, desk, sign_in, client):
    comment = make.comment(topic=desk.topic, body="Les trous sont toujours là.")
    contact, validator = sign_in(desk.contact), sign_in(desk.validator)
    page = contact.get_page("/ministere/commentaires")
    assert "Les trous sont toujours là." in page.text("main")
    contact.send(f"/ministere/commentaires/{comment.id}/reponse", {"body": TEXT, "do": "propose"})
    assert "À valider" in contact.get_page(f"/ministere/commentaires/{comment.id}").text("main")
    assert TEXT not in client.get_page(addresses.topic(desk.topic.key)).text("main")
    assert TEXT in validator.get_page(f"/ministere/commentaires/{comment.id}/reponse/publier").text("main")
    validator.send(f"/ministere/commentaires/{comment.id}/reponse/publier", {})
    public = client.get_page(addresses.topic(desk.topic.key))
    thread = public.text("main")
    said = thread[thread.index("Les trous sont toujours là.") :]
    assert said.index("Réponse officielle") < said.index("Ministère des Routes") < said.index(TEXT)
    assert not {"Ana", "Val"} & set(thread.split())  # signed by the ministry, never by an agent


def test_a_comment_of_another_ministry_is_not_there(make, desk, sign_in):
    comment = make.comment(topic=desk.topic)
    waiting = make.comment(topic=desk.topic, status="pending")
    neighbour, contact = sign_in(desk.neighbour), sign_in(desk.contact)
    for rest in ("", "/reponse", "/reponse/renvoyer", "/sans-reponse"):
        assert neighbour.get(f"/ministere/commentaires/{comment.id}{rest}").status_code == 404
        assert contact.get(f"/ministere/commentaires/{waiting.id}{rest}").status_code == 404
    assert sign_in(make.moderator()).get("/ministere/commentaires").status_code == 403


def test_the_second_of_two_editors_gets_both_texts(make, desk, sign_in):
    comment = make.comment(topic=desk.topic)
    path = f"/ministere/commentaires/{comment.id}/reponse"
    first, second = sign_in(desk.contact), sign_in(desk.colleague)
    values = second.get_page(path).form()
    first.send(path, {"body": "Le premier texte, déjà enregistré.", "do": "save"})
    answer = second.post(path, data={**values, "body": "Le second texte, que personne ne perd.", "do": "save"})
    assert answer.status_code == 409
    page = second.page(answer)
    assert "Le premier texte, déjà enregistré." in page.text("main")
    assert page.form()["body"] == "Le second texte, que personne ne perd."
    second.post(path, data={**page.form(), "do": "save"})
    assert "Le second texte" in second.get_page(path).form()["body"]


def test_a_preview_saves_nothing(make, desk, sign_in):
    comment = make.comment(topic=desk.topic)
    answer = sign_in(desk.contact).send(
        f"/ministere/commentaires/{comment.id}/reponse", {"body": "Du texte **gras** ici.", "do": "preview"}
    )
    assert answer.status_code == 200
    assert "<strong>gras</strong>" in answer.get_data(as_text=True)
    assert make.all(OfficialReply) == []


def test_no_reply_needed_wants_a_reason_and_leaves_the_list(make, desk, sign_in, client):
    comment = make.comment(topic=desk.topic)
    contact, path = sign_in(desk.contact), f"/ministere/commentaires/{comment.id}/sans-reponse"
    assert contact.send(path, {"body": "Non"}).status_code == 422
    assert contact.send(path, {"body": "Il ne demande rien de précis."}).status_code == 303
    assert make.all(OfficialReply)[0].status is ReplyStatus.NOT_NEEDED
    assert "Il ne demande rien de précis." in contact.get_page(f"/ministere/commentaires/{comment.id}").text("main")
    assert "Il ne demande rien de précis." not in client.get("/engagements/" + "/".join(desk.topic.key.split(":")[1:])).get_data(
        as_text=True
    )


def test_the_share_of_each_ministry_is_public(make, desk, client):
    comments = [make.comment(topic=desk.topic) for _number in range(4)]
    make.reply_to(comments[0])
    assert "Ministère des Routes 4 1 25 %" in " ".join(client.get_page("/transparence/reponses").text("main").split())
