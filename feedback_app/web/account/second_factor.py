"""The second factor of staff: tie an application to the account at the first sign-in, show a code at each one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from feedback_app.domain.second_factor import CodeProblem
from feedback_app.services import second_factor as service
from feedback_app.services.signing import signer
from feedback_app.web.access import first_factor, now, signed_in
from feedback_app.web.account import bp
from feedback_app.web.account.sign_in import own_path, start_page
from feedback_app.web.explanations import when_to_retry
from feedback_app.web.fields import PageForm, Required, Writable, one_line
from feedback_app.web.language import page_language
from feedback_app.web.sessions import open_browser_session
from feedback_app.web.transaction import record_refusal, small_form, transactional

MESSAGES = {
    CodeProblem.WRONG: _l("Ce code n’est pas le bon. Vérifiez que votre téléphone est à l’heure, puis tapez le code affiché en ce moment."),
    CodeProblem.REPLAYED: _l("Ce code a déjà servi. Attendez le suivant\u00a0: il change toutes les trente secondes."),
    CodeProblem.LOCKED: _l("Trop de codes faux à la suite."),
    CodeProblem.UNREADABLE: _l("Votre application ne peut plus être vérifiée. Utilisez un code de secours, ou écrivez à l’administrateur."),
}


class CodeForm(PageForm):
    """A code of the application, or a recovery code."""

    code = StringField(_l("Code"), filters=[one_line], validators=[Writable(), Required(_l("Tapez le code."))])

    def refuse(self, refusal: service.CodeRefused) -> None:
        """Say what is wrong with the code, and let what was counted stay."""
        record_refusal()
        words = [str(MESSAGES[refusal.problem]), when_to_retry(refusal.until, now()) or ""]
        self.code.errors = [*self.code.errors, " ".join(filter(None, words))]
        self.code.data = ""


class EnrolmentForm(CodeForm):
    """The first code of an application, and which secret was shown: signed, so that nobody can choose it for somebody else."""

    seed = HiddenField()

    def known_seed(self) -> str:
        """The seed of the form when it was made for this session, else nothing."""
        match signer().read("enrolment", self.seed.data or ""):
            case [int(session_id), str(seed)] if session_id == current_user.row.id:
                return seed
        return ""

    def remember(self, seed: str) -> None:
        self.seed.data = signer().sign("enrolment", [current_user.row.id, seed])


@dataclass(frozen=True)
class QrCode:
    """A QR code as one SVG path over ``size`` × ``size`` units, its quiet margin included."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Draw it here: nobody else's server may see the secret."""
    import segno  # for a few people, once in a year

    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    squares = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return QrCode(len(rows), "".join(squares))


def _wanted() -> str:
    return own_path(request.args.get("suite", ""))


@bp.route("/second-facteur", methods=["GET", "POST"])
@first_factor
@transactional
@small_form
def second_factor() -> str | Response | tuple[str, int]:
    """Show a code to open the session."""
    if not current_user.pending:
        return redirect(_wanted() or start_page(current_user.actor), 303)
    if service.of(current_user.account) is None:
        return redirect(url_for(".enrol", suite=_wanted() or None), 303)
    form = CodeForm()
    if form.sent():
        try:
            passed = service.verify(current_user.row, form.code.data or "", at=now(), machine=request.remote_addr, language=page_language())
            open_browser_session(passed.row, passed.secret)
            return redirect(_wanted() or start_page(current_user.actor), 303)
        except service.CodeRefused as refusal:
            form.refuse(refusal)
    return render_template("account/second_factor.html", form=form), 422 if request.method == "POST" else 200


@bp.route("/second-facteur/activer", methods=["GET", "POST"])
@first_factor
@transactional
@small_form
def enrol() -> str | Response | tuple[str, int]:
    """Tie an application to the account. The recovery codes come with the answer, once."""
    if not current_user.pending or service.of(current_user.account) is not None:
        return redirect(url_for(".second_factor", suite=_wanted() or None), 303)
    form = EnrolmentForm()
    enrolment = service.enrolment(current_user.account, form.known_seed())
    if form.sent() and form.known_seed():
        try:
            passed = service.enrol(
                current_user.row, enrolment.seed, form.code.data or "", at=now(), machine=request.remote_addr, language=page_language()
            )
            open_browser_session(passed.row, passed.secret)
            onwards = _wanted() or start_page(current_user.actor)
            return render_template("account/new_recovery_codes.html", codes=passed.recovery_codes, onwards=onwards)
        except service.CodeRefused as refusal:
            form.refuse(refusal)
    form.remember(enrolment.seed)
    page = render_template("account/enrol.html", form=form, enrolment=enrolment, qr=qr_code(enrolment.uri))
    return page, 422 if request.method == "POST" else 200


@bp.route("/second-facteur/codes", methods=["GET", "POST"])
@signed_in
@transactional
@small_form
def recovery_codes() -> str | Response | tuple[str, int]:
    """How many recovery codes are left, and ten new ones against a code."""
    if service.of(current_user.account) is None:
        return redirect(url_for(".index"), 303)
    form = CodeForm()
    if form.sent():
        try:
            codes = service.renew_recovery_codes(
                current_user.account, form.code.data or "", at=now(), machine=request.remote_addr, language=page_language()
            )
            return render_template("account/new_recovery_codes.html", codes=codes, onwards=url_for(".index"))
        except service.CodeRefused as refusal:
            form.refuse(refusal)
    left = service.recovery_codes_left(current_user.account)
    return render_template("account/recovery_codes.html", form=form, left=left), 422 if request.method == "POST" else 200
