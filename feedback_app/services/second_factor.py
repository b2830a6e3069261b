"""The second factor of staff: enrolled at the first sign-in, asked at each one, reset by somebody else (ADR 0013)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, select, update

from feedback_app.database import db
from feedback_app.domain import second_factor as rules
from feedback_app.domain.personal_data import hash_token
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.second_factor import CodeProblem
from feedback_app.domain.trace import AccessAction, ActorKind, EventVerb
from feedback_app.mail import messages, outbox
from feedback_app.models import Account, AccountSession, RecoveryCode, SecondFactor
from feedback_app.services import access_log, events, sign_in
from feedback_app.services.locking import lock
from feedback_app.services.signing import signer

PURPOSE = "second-factor"
LANGUAGE = "fr"  # of mails about what was not done on a page


class CodeRefused(Exception):
    """The code does not pass. It is counted: whoever catches this must let the transaction be committed."""

    def __init__(self, problem: CodeProblem, until: datetime | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.until = until


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator application needs: ``uri`` as a QR code, ``secret`` to be typed."""

    seed: str
    secret: str
    uri: str


@dataclass(frozen=True)
class Passed:
    """The second factor is done: the new session and its secret for the cookie; the codes to be shown, once, after an enrolment."""

    row: AccountSession
    secret: str
    recovery_codes: tuple[str, ...] = ()


def of(account: Account) -> SecondFactor | None:
    """The second factor of an account, or None before it is enrolled."""
    return db.session.scalar(select(SecondFactor).where(SecondFactor.account_id == account.id))


def recovery_codes_left(account: Account) -> int:
    """How many recovery codes still open."""
    return db.session.scalar(select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))) or 0


def enrolment(account: Account, seed: str = "") -> Enrolment:
    """A fresh secret for an account, or the one that ``seed`` makes. Nothing is stored before a code has shown that it arrived."""
    seed = seed or rules.new_seed()
    secret = rules.secret_of(seed, account.id, signer().key_for(PURPOSE))
    site = current_app.config["SETTINGS"].site
    return Enrolment(seed, secret, rules.uri(secret, email=account.identity.email, site=site.name))


def enrol(row: AccountSession, seed: str, code: str, *, at: datetime, machine: str | None = None, language: str = LANGUAGE) -> Passed:
    """The first code proves that the application holds the secret: keep it, make recovery codes, open the session anew.

    Raises ``CodeRefused``; whoever is enrolled already passes by ``verify`` only.
    """
    account = row.account
    lock(account)
    if of(account):
        raise CodeRefused(CodeProblem.WRONG)
    step = rules.matching_step(rules.typed_code(code), enrolment(account, seed).secret, at=at)
    if step is None:
        raise CodeRefused(CodeProblem.WRONG)
    key = signer().key_for(PURPOSE)
    db.session.add(SecondFactor(account_id=account.id, seed=seed, key_id=rules.key_id(key), enrolled_at=at, last_step=step))
    access_log.record(AccessAction.SECOND_FACTOR_ENROLLED, at=at, identity_id=account.identity_id, machine=machine)
    codes = _new_codes(account, at=at)
    fresh = sign_in.replace_session(row, at=at, second_factor=True)
    outbox.queue(messages.second_factor_enrolled(identity=account.identity, language=language, session_id=fresh[0].id), at=at)
    return Passed(*fresh, recovery_codes=tuple(codes))


def verify(row: AccountSession, code: str, *, at: datetime, machine: str | None = None, language: str = LANGUAGE) -> Passed:
    """A code of the application, or a recovery code, opens the session anew with its rights. Raises ``CodeRefused``."""
    account = row.account
    _check(account, code, at=at, machine=machine, language=language)
    access_log.record(AccessAction.SECOND_FACTOR_PASSED, at=at, identity_id=account.identity_id, machine=machine)
    return Passed(*sign_in.replace_session(row, at=at, second_factor=True))


def renew_recovery_codes(account: Account, code: str, *, at: datetime, machine: str | None = None, language: str = LANGUAGE) -> list[str]:
    """Ten new recovery codes; the former ones open nothing any more. Raises ``CodeRefused``."""
    _check(account, code, at=at, machine=machine, language=language)
    access_log.record(AccessAction.RECOVERY_CODES_MADE, at=at, identity_id=account.identity_id, machine=machine)
    return _new_codes(account, at=at)


def reset(account: Account, *, actor: Actor | None, at: datetime, machine: str | None = None, language: str = LANGUAGE) -> bool:
    """Forget somebody's second factor: they enrol again at their next sign-in. False when there was none.

    ``actor``: the administrator who does it, never for themselves; None for the operator's command. Their sessions end.
    """
    if actor is not None:
        authorise(actor, Permission.SECOND_FACTOR_RESET, account)
    lock(account)
    there_was_one = of(account) is not None
    db.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    sign_in.end_all_sessions(account, at=at)
    if not there_was_one:
        return False
    kind = ActorKind.STAFF if actor else ActorKind.SYSTEM
    event = events.record(
        EventVerb.ACCOUNT_RESET_SECOND_FACTOR, account, at=at, actor_kind=kind, actor_id=actor.identity_id if actor else None
    )
    access_log.record(AccessAction.SECOND_FACTOR_RESET, at=at, identity_id=account.identity_id, machine=machine)
    db.session.flush()
    outbox.queue(messages.second_factor_reset(identity=account.identity, language=language, event_id=event.id), at=at)
    return True


def _check(account: Account, code: str, *, at: datetime, machine: str | None, language: str) -> None:
    """Raise ``CodeRefused`` unless the code passes. Codes that are tried at the same time are judged one after the other."""
    factor = of(account)
    if factor is None:
        raise CodeRefused(CodeProblem.WRONG)
    lock(factor)
    if factor.locked_until and factor.locked_until > at:
        raise CodeRefused(CodeProblem.LOCKED, factor.locked_until)
    typed = rules.typed_code(code)
    problem = (
        _recovery_problem(account, typed, at, machine, language)
        if rules.is_recovery_code(typed)
        else _application_problem(factor, typed, at)
    )
    if problem is None:
        factor.failures, factor.locked_until = 0, None
        return
    if problem is CodeProblem.UNREADABLE:
        raise CodeRefused(problem)
    _count_failure(factor, account, at=at, machine=machine)
    raise CodeRefused(problem, factor.locked_until)


def _application_problem(factor: SecondFactor, typed: str, at: datetime) -> CodeProblem | None:
    key = next((key for key in signer().keys_for(PURPOSE) if rules.key_id(key) == factor.key_id), None)
    if key is None:
        return CodeProblem.UNREADABLE
    step = rules.matching_step(typed, rules.secret_of(factor.seed, factor.account_id, key), at=at)
    if step is None:
        return CodeProblem.WRONG
    if step <= factor.last_step:
        return CodeProblem.REPLAYED
    factor.last_step = step
    return None


def _recovery_problem(account: Account, typed: str, at: datetime, machine: str | None, language: str) -> CodeProblem | None:
    this = (RecoveryCode.account_id == account.id, RecoveryCode.code_hash == hash_token(typed), RecoveryCode.used_at.is_(None))
    if db.session.scalar(update(RecoveryCode).where(*this).values(used_at=at).returning(RecoveryCode.id)) is None:
        return CodeProblem.WRONG
    access_log.record(AccessAction.RECOVERY_CODE_USED, at=at, identity_id=account.identity_id, machine=machine)
    left = recovery_codes_left(account)
    message = messages.recovery_code_used(identity=account.identity, language=language, left=left, code_hash=hash_token(typed))
    outbox.queue(message, at=at)
    return None


def _count_failure(factor: SecondFactor, account: Account, *, at: datetime, machine: str | None) -> None:
    factor.failures += 1
    access_log.record(AccessAction.SECOND_FACTOR_REFUSED, at=at, identity_id=account.identity_id, machine=machine)
    wait = rules.wait_after(factor.failures)
    if wait:
        factor.locked_until = at + wait
        access_log.record(AccessAction.SECOND_FACTOR_LOCKED, at=at, identity_id=account.identity_id, machine=machine)


def _new_codes(account: Account, *, at: datetime) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = rules.new_recovery_codes()
    db.session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_token(rules.typed_code(code)), made_at=at) for code in codes)
    return codes
