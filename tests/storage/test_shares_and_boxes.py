"""Shares of a secret and boxes for one person: what opens them, and that nothing else does."""

import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zjtx_desktop.storage.boxes import box_for, box_of, code_box, put_in, take_out
from zjtx_desktop.storage.keys import data_key, is_code, new_secret
from zjtx_desktop.storage.sealing import public_hex
from zjtx_desktop.storage.shares import join, split


def test_any_two_shares_give_the_secret_and_one_gives_another():
    secret = os.urandom(32)
    shares = split(secret, 2, 5)
    assert all(join((a, b)) == secret for a in shares for b in shares if a != b)
    assert all(join((one,)) != secret for one in shares)
    assert join((shares[0], split(secret, 2, 2)[1])) != secret, "shares of two dealings do not fit"


def test_where_one_is_enough_each_gives_the_secret():
    secret = os.urandom(32)
    assert {join((one,)) for one in split(secret, 1, 3)} == {secret}


def test_the_public_half_of_a_box_follows_from_the_public_key_of_the_person():
    for _ in range(20):
        key = Ed25519PrivateKey.generate()
        assert box_for(public_hex(key)) == box_of(key).public_key().public_bytes_raw()


def test_a_box_opens_with_its_own_key_and_unaltered_only():
    mine, others = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    sealed = put_in(box_for(public_hex(mine)), b"share")
    assert take_out(box_of(mine), sealed) == b"share" and take_out(box_of(others), sealed) is None
    assert all(take_out(box_of(mine), sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :]) is None for n in range(32, len(sealed)))
    assert take_out(box_of(mine), b"") is None


def test_the_data_key_says_nothing_of_the_code_and_is_its_own():
    secret = new_secret()
    key = data_key(secret)
    assert is_code(secret) and not is_code(key) and data_key(key) == key and secret not in key
    box = code_box(secret)
    assert take_out(box, put_in(box.public_key().public_bytes_raw(), b"root")) == b"root"
