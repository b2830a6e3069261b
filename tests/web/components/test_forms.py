"""Fields and forms: every control named and described, every error said and reached, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, IntegerField, SelectChoice, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from feedback_app.web.catalogue.samples import SampleForm
from tests.web.components.rendering import render, sample, text


def test_a_field_without_error_is_described_by_its_hint() -> None:
    page = render("{{ forms.field(form.email, autocomplete='email') }}", form=SampleForm())
    control = page.one("input")
    assert control.get("aria-describedby") == "email-hint"
    assert text(page.by_id("email-hint")) == "Elle n’est jamais publiée."
    assert (control.get("type"), control.get("autocomplete"), control.get("aria-invalid")) == ("email", "email", None)


def test_a_field_in_error_says_so_to_eyes_and_ears() -> None:
    page = render("{{ forms.field(form.email) }}", form=sample(email="camille"))
    control = page.one("input")
    assert (control.get("aria-invalid"), control.get("aria-describedby")) == ("true", "email-hint email-error")
    assert text(page.by_id("email-error")).startswith("Erreur : Cette adresse est incomplète")
    assert "fr-input-group--error" in page.classes()


@pytest.mark.parametrize("name", ["body", "name", "territory"])
def test_every_kind_of_field_keeps_what_was_typed(name: str) -> None:
    form = SampleForm(data={"body": "<b>Un texte", "name": 'Camille "R."', "territory": "D69"})
    page = render("{{ forms.field(field) }}", field=form[name])
    shown = {"body": lambda: page.one("textarea").text, "name": lambda: page.one("input").get("value")}
    chosen = [option.get("value") for option in page.all("option") if option.get("selected") is not None]
    assert (shown[name]().strip() if name in shown else chosen[0]) == form[name].data


def test_only_what_may_stay_empty_is_marked_optional() -> None:
    names = ("body", "name", "email", "territory", "kind", "subjects", "charter")
    marked = [name for name in names if "(facultatif)" in render("{{ forms.field(f) }}", f=SampleForm()[name]).html]
    assert marked == ["name", "territory"]
    assert "(facultatif)" not in render("{{ forms.field(f, optional=false) }}", f=SampleForm().name).html


def test_the_limit_of_a_text_is_said_and_never_enforced_by_the_browser() -> None:
    page = render("{{ forms.field(form.body, rows=9) }}", form=SampleForm())
    control = page.one("textarea")
    assert (control.get("maxlength"), control.get("minlength"), control.get("rows")) == (None, None, "9")
    assert text(page.by_id("body-hint")).endswith("Entre 10 et 5 000 caractères.")


def test_a_date_s_year_has_four_digits() -> None:
    control = render("{{ forms.field(form.day) }}", form=SampleForm()).one("input")
    assert (control.get("type"), control.get("max")) == ("date", "9999-12-31")


def test_no_line_is_cut_by_the_browser_either() -> None:
    class Named(Form):
        name = StringField("Nom", [Length(min=2, max=80)])

    control = render("{{ forms.field(form.name) }}", form=Named()).one("input")
    assert (control.get("maxlength"), control.get("minlength")) == (None, None)


def test_the_limit_is_also_read_from_validators_of_our_own() -> None:
    class Between:
        least, most = 20, 2000

        def __call__(self, form: Form, field: Any) -> None: ...

    class Decision(Form):
        facts = TextAreaField("Faits", [Between()])

    assert "Entre 20 et 2\u202f000 caractères." in render("{{ forms.field(form.facts) }}", form=Decision()).html
    assert "300 caractères au maximum." in render("{{ forms.textarea(form.facts, least=0, limit=300) }}", form=Decision()).html


def test_radios_are_a_group_with_a_legend_and_hints() -> None:
    page = render("{{ forms.field(form.kind, hints={'question': 'Sous 15 jours ouvrés.'}) }}", form=sample(kind="opinion"))
    group = page.one("fieldset")
    assert (group.get("role"), group.get("aria-required"), text(page.one("legend"))) == ("radiogroup", "true", "De quoi s’agit-il ?")
    options = [(option.get("id"), option.get("checked") is not None, option.get("aria-describedby")) for option in page.all("input")]
    assert options == [("kind-0", True, None), ("kind-1", False, None), ("kind-2", False, "kind-2-hint")]


def test_radios_in_error_describe_the_group() -> None:
    group = render("{{ forms.field(form.kind) }}", form=sample()).one("fieldset")
    assert (group.get("aria-invalid"), group.get("aria-describedby")) == ("true", "kind-error")


def test_several_boxes_share_a_name_and_keep_their_ticks() -> None:
    form = SampleForm(data={"subjects": ["hours", "cost"]})
    boxes = list(render("{{ forms.field(form.subjects) }}", form=form).all("input"))
    assert [(box.get("name"), box.get("value"), box.get("checked") is not None) for box in boxes] == [
        ("subjects", "access", False),
        ("subjects", "hours", True),
        ("subjects", "cost", True),
    ]


def test_a_single_box_is_labelled_and_described() -> None:
    page = render("{{ forms.field(form.charter) }}", form=sample())
    assert page.one("input").get("aria-describedby") == "charter-error"
    assert page.one("label").get("for") == "charter"


def test_groups_of_choices_keep_their_headings() -> None:
    class Grouped(Form):
        territory = SelectField(
            "Territoire", choices=[SelectChoice("R84", "Région", optgroup="Régions"), SelectChoice("D69", "Rhône", optgroup="Départements")]
        )

    page = render("{{ forms.field(form.territory) }}", form=Grouped())
    assert [group.get("label") for group in page.all("optgroup")] == ["Régions", "Départements"]
    assert "(facultatif)" not in page.html


def test_a_submit_field_is_a_button() -> None:
    class Send(Form):
        send = SubmitField("Envoyer")

    button = render("{{ forms.field(form.send) }}", form=Send()).one("button")
    assert (text(button), button.get("type"), button.get("class")) == ("Envoyer", "submit", "fr-btn")


def test_a_form_writes_its_hidden_fields_once_and_without_ids() -> None:
    page = render("{{ forms.form_open(form, action='/ici', hidden={'suite': '/a?b&c'}) }}</form>", form=SampleForm())
    form = page.one("form")
    assert (form.get("method"), form.get("action"), "novalidate" in form.attrib) == ("post", "/ici", True)
    assert [(i.get("name"), i.get("value"), i.get("id")) for i in page.all("input")] == [("key", "clé", None), ("suite", "/a?b&c", None)]


def test_the_honeypot_is_out_of_reach_of_people() -> None:
    page = render("{{ forms.form_open(form, honeypot='website') }}</form>", form=SampleForm())
    pot = page.by_id("website")
    assert (pot.get("tabindex"), pot.get("autocomplete"), pot.get("required")) == ("-1", "off", None)
    assert any(element.get("aria-hidden") == "true" and pot in list(element) for element in page.all("div"))


def test_the_error_summary_links_to_each_field() -> None:
    page = render(
        "{{ forms.error_summary(form, messages=['Trop d’envois : patientez une minute.']) }}"
        "{% for field in form if field.name != 'key' %}{{ forms.field(field) }}{% endfor %}",
        form=sample(body="court"),
    )
    summary = page.by_id("erreurs")
    assert (summary.get("role"), summary.get("tabindex"), "autofocus" in summary.attrib) == ("alert", "-1", True)
    assert text(page.one("h2")) == "5 corrections sont nécessaires"
    targets = [link.get("href", "")[1:] for link in summary.iter("a")]
    assert targets == ["body", "email", "kind-0", "charter"]
    assert all(page.by_id(target).tag in {"input", "textarea"} for target in targets)


def test_the_error_summary_counts_one_in_the_singular() -> None:
    page = render("{{ forms.error_summary(form) }}", form=sample(body="Un texte assez long.", kind="opinion", charter="y"))
    assert text(page.one("h2")) == "Une correction est nécessaire"


def test_no_error_no_summary() -> None:
    assert "erreurs" not in render("{{ forms.error_summary(form) }}", form=SampleForm()).html


def test_the_error_summary_reaches_forms_inside_forms() -> None:
    class Milestone(Form):
        title = StringField("Jalon", [InputRequired("Donnez un titre au jalon.")])

    class Plan(Form):
        first = FormField(Milestone)
        links = FieldList(StringField("Lien", [Length(max=3, message="Ce lien est trop long.")]), min_entries=1)
        position = IntegerField("Rang")

    form = Plan(MultiDict({"links-0": "trop long", "position": "x"}))
    form.validate()
    links = [link.get("href") for link in render("{{ forms.error_summary(form) }}", form=form).all("a")]
    assert links == ["#first-title", "#links-0", "#position"]
