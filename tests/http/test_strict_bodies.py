"""A body is taken as it is written, or not at all; nothing in it is ever an error of ours."""

from __future__ import annotations

import json

import pytest

from webshop import Web, error_of, faults_of

ADD = "/api/cart/items"
DEEP = b'{"itemId": "a", "quantity": 1, "x": ' + b"[" * 40 + b"]" * 40 + b"}"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b'{"itemId": "a", "quantity": "1"}', "quantity"),
        (b'{"itemId": "a", "quantity": 1e2}', "quantity"),
        (b'{"itemId": "a", "quantity": 1.0}', "quantity"),
        (b'{"itemId": "a", "quantity": true}', "quantity"),
        (b'{"itemId": "a", "quantity": null}', "quantity"),
        (b'{"itemId": "a", "quantity": 0}', "quantity"),
        (b'{"itemId": "a", "quantity": 1000}', "quantity"),
        (b'{"itemId": "a", "quantity": -1}', "quantity"),
        (b'{"itemId": "a", "quantity": 9223372036854775808}', "quantity"),
        (b'{"itemId": "a", "quantity": 123456789012345678901234567890}', "quantity"),
        (b'{"itemId": "a", "quantity": NaN}', "quantity"),
        (b'{"itemId": "a", "quantity": -Infinity}', "quantity"),
        (b'{"itemId": "a", "quantity": 1e999999999}', "quantity"),
        (b'{"itemId": "a", "quantity": 1, "quantity": 2}', "quantity"),
        (b'{"itemId": true, "quantity": 1}', "itemId"),
        (b'{"itemId": 1.5, "quantity": 1}', "itemId"),
        (b'{"itemId": {}, "quantity": 1}', "itemId"),
        (b'{"itemId": "", "quantity": 1}', "itemId"),
        (b'{"itemId": "a\\u0000b", "quantity": 1}', "itemId"),
        (b'{"itemId": "a\\ud800b", "quantity": 1}', "itemId"),
        (b'{"itemId": "a", "quantity": 1, "x": {"y": ["\\u0000"]}}', "x.y[0]"),
        (b'{"itemId": "a", "quantity": 1, "x": {"y": 1, "y": 2}}', "x.y"),
        (b'{"itemId": "a", "quantity": 1, "x": 99999999999999999999}', "x"),
        (DEEP, "body"),
        (b"[" * 100_000, "body"),
        (b'{"itemId": "\xff", "quantity": 1}', "body"),
        (b'{"itemId": "\xed\xa0\x80", "quantity": 1}', "body"),
        (b"\xef\xbb\xbf{}", "body"),
        (b'{"itemId": "a\x00b", "quantity": 1}', "body"),
        (b'{"itemId": "a", "quantity": 1', "body"),
        (b'{"itemId": "a", "quantity": 1} x', "body"),
        (b"{'itemId': 1}", "body"),
        (b'{"itemId": "a", "quantity": 01}', "body"),
        (b'"text"', "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b"", "body"),
        ('{"itemId": "a", "quantity": 1}'.encode("utf-16"), "body"),
    ],
)
def test_what_is_not_exactly_a_body_of_this_kind_is_refused_by_field(table: Web, raw: bytes, field: str) -> None:
    answer = table.call("POST", ADD, by="ann", raw=raw)

    assert field in faults_of(answer)


def test_every_bad_field_is_told_at_once(table: Web) -> None:
    body = {
        "name": " ",
        "price": "7.50",
        "stock": 1.5,
        "sku": 5,
        "imageUrls": ["a", 1],
        "maxPerCustomer": 0,
        "id": "mine",
        "currency": "euro",
    }

    answer = table.call("POST", "/api/items", body, by="admin")

    assert set(faults_of(answer)) >= {"name", "price", "stock", "sku", "imageUrls[1]", "maxPerCustomer", "id"}


def test_what_is_missing_is_told(table: Web) -> None:
    assert faults_of(table.call("POST", ADD, {}, by="ann")) == {"itemId": "is required", "quantity": "is required"}


def test_the_first_fault_also_stands_for_itself(table: Web) -> None:
    details = error_of(table.call("POST", ADD, {"itemId": "a", "quantity": 0}, by="ann"))["details"]

    assert (details["field"], details["reason"]) == ("quantity", "must be a whole number >= 1")


def test_nested_fields_are_told_by_their_path(table: Web) -> None:
    answer = table.call("PUT", "/api/users/me", {"profile": {"displayName": 5}}, by="ann")

    assert set(faults_of(answer)) == {"profile.displayName"}


def test_keys_that_nobody_knows_are_ignored(web: Web) -> None:
    item = web.item()

    answer = web.call("POST", ADD, {"itemId": item, "quantity": 1, "colour": "red"}, by="ann")

    assert answer.status_code == 200


def test_an_id_may_be_sent_as_a_number(web: Web) -> None:
    web.item(item_id="12")

    answer = web.call("POST", ADD, {"itemId": 12, "quantity": 1}, by="ann")

    assert answer.json()["items"][0]["itemId"] == "12"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "", "application/jsonx"],
)
def test_another_content_type_is_415(table: Web, content_type: str) -> None:
    raw = b'{"itemId": "a", "quantity": 1}'

    answer = table.call("POST", ADD, by="ann", raw=raw, headers={"Content-Type": content_type})

    assert answer.status_code == 415
    assert error_of(answer)["code"] == "UNSUPPORTED_MEDIA_TYPE"


def test_a_body_without_a_content_type_is_415(table: Web) -> None:
    token = {"Authorization": f"Bearer {table.token('ann')}"}

    answer = table.client.post(ADD, content=b'{"itemId": "a", "quantity": 1}', headers=token)

    assert answer.status_code == 415


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; Charset=UTF-8"])
def test_json_in_utf8_is_taken_however_it_is_named(table: Web, content_type: str) -> None:
    answer = table.call("POST", ADD, by="ann", raw=b"{}", headers={"Content-Type": content_type})

    assert answer.status_code == 400


def test_a_body_of_a_megabyte_is_read_and_a_larger_one_is_413(table: Web) -> None:
    def sized(size: int) -> bytes:
        return b'{"itemId": "a", "quantity": 0, "x": "' + b"x" * (size - 39) + b'"}'

    assert len(sized(1 << 20)) == 1 << 20
    assert table.call("POST", ADD, by="ann", raw=sized(1 << 20)).status_code == 400
    assert table.call("POST", ADD, by="ann", raw=sized((1 << 20) + 1)).status_code == 413


@pytest.mark.parametrize("text", ["1e5", "-2.5E3", "NaN", "\\u00e9", "123456789012345678901", "a, 1e5"])
def test_what_looks_odd_inside_a_text_is_only_text(web: Web, text: str) -> None:
    raw = b'{"name": "%s", "price": 7.5, "note": "%s"}' % (text.encode(), text.encode())

    item = web.call("POST", "/api/items", by="admin", raw=raw).json()

    assert item["name"] == item["note"] == json.loads(f'"{text}"')


def test_a_body_in_chunks_is_counted_while_it_comes(table: Web) -> None:
    headers = {"Authorization": f"Bearer {table.token('ann')}", "Content-Type": "application/json"}

    answer = table.client.post(ADD, content=(b"x" * 65536 for _ in range(17)), headers=headers)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("7.505", "decimals"),
        ("-0.01", "negative"),
        ("1e20", "limit"),
        ("99999999999999", "limit"),
        ("1e-99999", "exactly"),
        ('"7.50"', "must be a number"),
        ("NaN", "no JSON"),
    ],
)
def test_a_price_that_is_none_is_refused(table: Web, price: str, reason: str) -> None:
    answer = table.call("POST", "/api/items", by="admin", raw=b'{"name": "Mug", "price": %s}' % price.encode())

    assert reason in faults_of(answer)["price"]


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [
        ("19.99", "EUR", "19.99"),
        ("7.5", "EUR", "7.50"),
        ("7", "EUR", "7.00"),
        ("0", "EUR", "0.00"),
        ("0.1", "EUR", "0.10"),
        ("9999999999.99", "EUR", "9999999999.99"),
        ("1500", "JPY", "1500"),
        ("1.234", "KWD", "1.234"),
    ],
)
def test_a_price_comes_back_to_the_last_digit(web: Web, price: str, currency: str, shown: str) -> None:
    raw = f'{{"name": "Mug", "price": {price}, "currency": "{currency}"}}'.encode()

    answer = web.call("POST", "/api/items", by="admin", raw=raw)

    assert f'"price":{shown},' in answer.text


@pytest.mark.parametrize(
    "raw",
    [
        b'{"%s": [%s]}' % (b"k" * 60_000, b",".join([b"NaN"] * 2_000)),
        b"[%s]" % b",".join([b"NaN"] * 100_000),
        b'{"a": {"%s": {"%s": ["\\u0000"]}}}' % (b"k" * 60_000, b"l" * 60_000),
    ],
    ids=["many faults below a long key", "many faults", "long keys"],
)
def test_the_answer_to_a_bad_body_is_never_much_larger_than_the_body(table: Web, raw: bytes) -> None:
    answer = table.call("POST", "/api/auth/login", raw=raw)

    assert answer.status_code == 400
    assert len(answer.content) < 50_000
    assert len(answer.json()["error"]["details"]["errors"]) <= 100
