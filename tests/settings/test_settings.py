"""Settings are read once, strictly, and every problem is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopcore_settings import ConfigurationError, Settings, load

SECRET = "0123456789abcdef0123456789abcdef"


def problems(**given: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        load({f"SHOPCORE_{name}": raw for name, raw in given.items()})
    return list(refused.value.problems)


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    settings = load({"PATH": "/bin", "HOME": "/root"})

    assert settings == Settings()
    assert (settings.database_url, settings.currency) == ("sqlite:///shopcore.db", "EUR")
    assert (settings.hold_minutes, settings.hold_cap_minutes) == (15, 60)
    assert (settings.rate_limit, settings.login_limit) == (6000, 20)
    assert settings.dialects == ("orders", "basket")


def test_values_are_read_as_what_they_are() -> None:
    settings = load(
        {
            "SHOPCORE_DATABASE_URL": "postgresql://ann:pw@db/shop",
            "SHOPCORE_HOLD_MINUTES": "0.05",
            "SHOPCORE_GUEST_CARTS": "true",
            "SHOPCORE_DIALECTS": "basket",
            "SHOPCORE_ITEMS_PATH": "tickets",
            "SHOPCORE_PUBLIC_URL": "https://shop.example/",
            "SHOPCORE_LOG_LEVEL": "INFO",
        }
    )

    assert settings.hold_minutes == 0.05
    assert settings.guest_carts is True
    assert settings.dialects == ("basket",)
    assert settings.items_path == "tickets"
    assert settings.public_url == "https://shop.example"
    assert settings.log_level == "info"


def test_no_dialect_at_all_is_a_choice() -> None:
    assert load({"SHOPCORE_DIALECTS": ""}).dialects == ()


def test_proxies_are_addresses_and_networks() -> None:
    assert load({"SHOPCORE_TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16,2001:db8::/32"}).trusted_proxies == (
        "10.0.0.1/32",
        "10.1.0.0/16",
        "2001:db8::/32",
    )
    assert load({"SHOPCORE_TRUSTED_PROXIES": ""}).trusted_proxies == ()
    for wrong in ("proxy.example", "10.0.0.1/8", "10.0.0.0/8,", "*"):
        assert problems(TRUSTED_PROXIES=wrong) == [
            "SHOPCORE_TRUSTED_PROXIES must be empty or name, with commas between, networks such as 10.0.0.0/8"
        ]


def test_an_unknown_name_is_an_error_that_names_the_nearest() -> None:
    assert problems(JWT_SECRT=SECRET) == [
        "SHOPCORE_JWT_SECRT is no setting of shopcore; did you mean SHOPCORE_JWT_SECRET?"
    ]
    assert problems(XYZZY="1") == ["SHOPCORE_XYZZY is no setting of shopcore"]


def test_names_of_the_tests_are_not_settings() -> None:
    assert load({"SHOPCORE_TEST_DATABASE_URL": "postgresql://x/y", "SHOPCORE_DATA": "/data"}) == Settings()


def test_every_problem_is_told_at_once() -> None:
    told = problems(HOLD_MINUTES="soon", SIGNUP="maybe", GUEST_CARTS="yes", CURRENCY="euro")

    assert [line.split()[0] for line in told] == [
        "SHOPCORE_CURRENCY",
        "SHOPCORE_GUEST_CARTS",
        "SHOPCORE_HOLD_MINUTES",
        "SHOPCORE_SIGNUP",
    ]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("HOLD_MINUTES", "1e2"),
        ("HOLD_MINUTES", "-1"),
        ("HOLD_MINUTES", "nan"),
        ("HOLD_CAP_MINUTES", "0"),
        ("RATE_LIMIT", "1.5"),
        ("RATE_LIMIT", " 5"),
        ("LOGIN_LIMIT", "٣"),
        ("GUEST_CARTS", "True"),
        ("GUEST_CARTS", ""),
        ("ITEMS_PATH", "cart"),
        ("ITEMS_PATH", "a/b"),
        ("PUBLIC_URL", "shop.example"),
        ("RESERVATION_URL", "http://[::1"),
        ("JWT_SECRET", "short"),
        ("DATABASE_URL", ""),
        ("DIALECTS", "orders,other"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_value_that_is_not_one_is_refused_by_name(name: str, raw: str) -> None:
    [line] = problems(**{name: raw})

    assert line.startswith(f"SHOPCORE_{name} ")


def test_a_secret_may_come_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")

    assert load({"SHOPCORE_JWT_SECRET_FILE": str(path)}).jwt_secret == SECRET


def test_a_secret_file_that_is_not_there_or_given_twice_is_one_clear_line(tmp_path: Path) -> None:
    [missing] = problems(JWT_SECRET_FILE=str(tmp_path / "none"))
    [twice] = problems(JWT_SECRET=SECRET, JWT_SECRET_FILE=str(tmp_path / "none"))

    assert "No such file" in missing
    assert "give one of them" in twice


def test_printed_settings_show_no_secret() -> None:
    settings = load(
        {
            "SHOPCORE_DATABASE_URL": "postgresql://ann:hunter2@db/shop",
            "SHOPCORE_REPLICA_URL": "postgresql://ann:hunter2@copy/shop",
            "SHOPCORE_JWT_SECRET": SECRET,
        }
    )

    printed = settings.masked()

    assert printed["SHOPCORE_DATABASE_URL"] == "postgresql://ann:***@db/shop"
    assert printed["SHOPCORE_REPLICA_URL"] == "postgresql://ann:***@copy/shop"
    assert printed["SHOPCORE_JWT_SECRET"] == "***"
    assert "hunter2" not in str(printed)
    assert SECRET not in str(printed) + repr(settings)


def test_a_file_address_is_printed_as_it_is() -> None:
    assert load({"SHOPCORE_DATABASE_URL": "sqlite:////var/shop.db"}).masked()["SHOPCORE_DATABASE_URL"] == (
        "sqlite:////var/shop.db"
    )


def test_settings_that_this_version_does_not_follow_are_named() -> None:
    assert load({}).without_effect() == []
    assert load({"SHOPCORE_GUEST_CARTS": "true"}).without_effect() == ["SHOPCORE_GUEST_CARTS"]
