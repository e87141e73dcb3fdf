"""单位根密钥: the office's own key, which certifies every person: duties, whether in office, and the key signed with.

Nobody holds it. It is sealed to the 恢复码 of the safe, and for everyday use in shares: any two of the administrators
and approvers in office with passwords of their own open it together, one of them an administrator, because only
administrators may do what it is opened for. While there is only one such person, that one opens it alone. It is dealt
anew as soon as it is open and those persons are others than before.
"""

import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session, col, delete, select

from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.boxes import box_for, box_of, code_box, put_in, take_out
from zjtx_desktop.storage.sealing import public_hex, verifies
from zjtx_desktop.storage.shares import join, split
from zjtx_desktop.usecases.consents import agreed, may_second, who_may_agree
from zjtx_desktop.usecases.duties import Actor, Second, guarded, is_staffed
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.usecases.slots import is_encrypted

ENABLED, RENEWED, ENCRYPTED = "启用单位根密钥", "更换恢复码", "加密账簿"
MAKE_ROOTS = (ENABLED, RENEWED, ENCRYPTED)  # the deeds that may give the office another root key
CODE_BOX = "code_box"
_ONCE = bytes(12)  # every key it goes with is used once
p, r, s = tables.Person, tables.RootKey, tables.Setting


def fingerprint(session: Session) -> str:
    """By what persons compare the root key with what was written down: eight groups of four; empty without one."""
    public = session.exec(select(r.public_key)).first()
    letters = sha256(bytes.fromhex(public)).hexdigest()[:32].upper() if public else ""
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def has_root(session: Session) -> bool:
    """Whether the persons of this book are certified."""
    return session.exec(select(r.id)).first() is not None


def holders(session: Session) -> tuple[str, ...]:
    """Who has a share of the root key as it was dealt last."""
    return tuple(session.exec(select(tables.RootShare.name).order_by(col(tables.RootShare.id))))


def partners(session: Session, first: str) -> tuple[str, ...]:
    """Who may agree to what `first` does to persons: as `who_may_agree`, and with a share where two are needed."""
    able, held = who_may_agree(session, first), holders(session)
    needed = session.exec(select(r.needed)).first() or 1
    return tuple(name for name in able if name in held) if needed == 2 else able


def key_hints(session: Session, encrypted: bool) -> tuple[str, ...]:
    """What is right in this book and yet not as safe as a new one; a sentence each, with what to do."""
    said = []
    if encrypted and not _has_code_box(session):
        said.append("本账簿由旧版程序加密，每人的密码都能推出恢复码。请由系统管理员用“文件 → 更换恢复码…”更换一次。")
    elif is_staffed(session) and not has_root(session):
        said.append(
            "本账簿的人员是旧版程序登记的，还没有单位根密钥证明，此前的人员和岗位按旧账对待。"
            "请由系统管理员在“设置 → 人员”中启用单位根密钥。"
        )
    return tuple(said)


def gives_code_away(session: Session) -> bool:
    """Whether the slots of an encrypted book hold, or once held, the secret of its code."""
    return is_encrypted(session) and not _has_code_box(session)


def _has_code_box(session: Session) -> bool:
    return session.exec(select(s.id).where(s.key == CODE_BOX)).first() is not None


def note_code(session: Session, secret: bytes) -> None:
    """Keep the box of a code that was just made, so that things can be sealed to the code when nobody has it at hand."""
    row = session.exec(select(s).where(s.key == CODE_BOX)).first() or s(key=CODE_BOX, value="")
    row.value = code_box(secret).public_key().public_bytes_raw().hex()
    session.add(row)
    session.flush()


@guarded
def enable(session: Session) -> None:
    """启用单位根密钥: certify the persons of a book that has none yet, or under a new root where shares were lost."""
    if gives_code_away(session):
        raise Refused("加密的账簿请用“文件 → 更换恢复码…”，单位根密钥会同时启用。")
    renew(session, ENABLED)


def renew(session: Session, deed: str) -> None:
    """Give the office a new root key, by two persons, and certify everybody there is."""
    agreed(session, deed, {"names": list(session.exec(select(p.name).order_by(col(p.id))))})
    begin(session)


def begin(session: Session) -> None:
    """Make a root key and certify everybody by it. The private half is sealed before it is forgotten."""
    key = Ed25519PrivateKey.generate()
    session.info["root"] = key
    box = session.exec(select(s.value).where(s.key == CODE_BOX)).first()
    row = session.exec(select(r)).first() or r(public_key="", needed=1, dealt=0, by_shares=b"")
    row.public_key = public_hex(key)
    row.by_code = put_in(bytes.fromhex(box), key.private_bytes_raw()) if box and is_encrypted(session) else None
    session.add(row)
    session.flush()
    for person in session.exec(select(p).order_by(col(p.id))).all():
        certify(session, person)
    deal(session, always=True)


def certify(session: Session, person: tables.Person) -> None:
    """Let the root key say what this person now is; nothing in a book from before that has none."""
    if not has_root(session):
        return
    session.add(person)
    session.flush()
    text = certificate_text(person.name, person.roles, person.active, person.public_key, session.info["key"])
    session.add(
        tables.Certificate(
            name=person.name,
            roles=person.roles,
            active=person.active,
            public_key=person.public_key,
            signature=opened(session).sign(text).hex(),
        )
    )
    session.flush()


def certificate_text(name: str, roles: str, active: bool, public_key: str, action_key: str) -> bytes:
    """The very bytes that the root key signs; the action is among them, so that no old certificate is said again."""
    told = {"name": name, "roles": roles, "active": bool(active), "public_key": public_key, "action": action_key}
    return b"zjtx certificate 1 " + canonical(told).encode()


def opened(session: Session) -> Ed25519PrivateKey:
    """The root key, by the persons of this action or by the code; Refused when their shares are not enough."""
    if "root" not in session.info:
        row = session.exec(select(r)).one()
        code = session.info.get("code")
        raw = take_out(code_box(code), row.by_code or b"") if code else _by_shares(session, row)
        key = Ed25519PrivateKey.from_private_bytes(raw) if raw else None
        if key is None or public_hex(key) != row.public_key:
            raise BadFile("单位根密钥打不开，账簿可能被改动过，没有保存。请运行检查，并联系系统管理员。")
        session.info["root"] = key
    key = session.info["root"]
    assert isinstance(key, Ed25519PrivateKey)
    return key


def deal(session: Session, always: bool = False) -> None:
    """Deal the opened root key to those who may open it from now on, where they are others than before."""
    if not has_root(session):
        return
    wanted = _entitled(session)
    if not always and sorted(wanted) == sorted(holders(session)):
        return
    if not wanted:
        raise Refused("没有人持有单位根密钥，没有保存。至少要有一名用自己密码的系统管理员。")
    row, key = session.exec(select(r)).one(), opened(session)
    lock = os.urandom(32)
    row.needed, row.dealt = min(2, len(wanted)), row.dealt + 1
    row.by_shares = AESGCM(lock).encrypt(_ONCE, key.private_bytes_raw(), None)
    session.add(row)
    session.execute(delete(tables.RootShare))
    shares = split(lock, row.needed, len(wanted))
    for (name, public), share in zip(wanted.items(), shares, strict=True):
        session.add(tables.RootShare(name=name, dealt=row.dealt, sealed=put_in(box_for(public), share)))
    session.flush()


def deal_if_alone(session: Session) -> None:
    """At the sign-in of somebody who opens the root key alone: share it with those who have come since."""
    row = session.exec(select(r)).first()
    if row and row.needed == 1 and session.info["by"] in holders(session):
        deal(session)


def wants_dealing(session: Session, name: str) -> bool:
    """Whether `deal_if_alone` would do something for this person."""
    row = session.exec(select(r)).first()
    held = holders(session)
    return row is not None and row.needed == 1 and name in held and sorted(_entitled(session)) != sorted(held)


def _entitled(session: Session) -> dict[str, str]:
    """Who may open it with another, and the public keys of those. Only whom it certifies: a row is written by anybody."""
    public = session.exec(select(r.public_key)).one()
    rows = session.exec(select(p).where(col(p.active), col(p.must_change).is_(False)).order_by(col(p.id))).all()
    able = (row for row in rows if row.public_key and may_second(row.roles))
    return {row.name: row.public_key for row in able if _is_certified(session, row, public)}


def _is_certified(session: Session, row: tables.Person, public: str) -> bool:
    """Whether the last certificate of this root for the person says what the row says."""
    a, c, k = tables.Action, tables.Change, tables.Certificate
    query = (
        select(k, a.key)
        .join(c, (col(c.table_name) == "certificate") & (col(c.row_id) == col(k.id)))
        .join(a, col(c.action_id) == a.id)
        .where(k.name == row.name)
        .order_by(col(k.id).desc())
    )
    for said, action_key in session.exec(query):
        text = certificate_text(said.name, said.roles, said.active, said.public_key, action_key)
        if verifies(public, said.signature, text):
            return (said.roles, said.active, said.public_key) == (row.roles, row.active, row.public_key)
    return False


def _by_shares(session: Session, row: tables.RootKey) -> bytes | None:
    actor, second = session.info.get("actor"), session.info.get("second") or Second()
    hands = {one.name: one for one in (actor, second.actor) if one}
    found = [share for one in hands.values() if (share := _share(session, one, row.dealt))]
    if len(found) < row.needed:
        names = "、".join(name for name in holders(session) if actor is None or name != actor.name)
        raise Refused(f"改动人员要由两个持有单位根密钥的人同办，没有保存。请由系统管理员登录，并请{names or '另一位'}输入密码同意。")
    try:
        return AESGCM(join(found[: row.needed])).decrypt(_ONCE, row.by_shares, None)
    except InvalidTag:
        return None


def _share(session: Session, actor: Actor, dealt: int) -> bytes | None:
    share = tables.RootShare
    row = session.exec(select(share).where(share.name == actor.name, share.dealt == dealt)).first()
    return take_out(box_of(actor.key), row.sealed) if row and actor.key else None
