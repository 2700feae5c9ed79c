"""Origins as browsers write them; whatever else is typed is refused with its reason."""

import pytest

from holdfast.domain.origins import NoOrigin, canonical_origin


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("HTTPS://Example.COM:443/", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it_and_stays_so(typed: str, written: str) -> None:
    assert canonical_origin(typed) == written
    assert canonical_origin(written) == written


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("http://example.com", "not https"),
        ("https://*.example.com", "wildcard"),
        ("*", "wildcard"),
        ("https://example.com/shop", "more than an origin"),
        ("https://example.com?a=1", "more than an origin"),
        ("https://me@example.com", "more than an origin"),
        ("javascript:alert(1)", "no address"),
        ("https://example.com; script-src *", "wildcard"),
        ("https://example.com; script-src x", "no address"),
        ("https://a..b", "no address"),
        ("https://example.com:99999", "no address"),
        ("null", "no address"),
        ("", "no address"),
    ],
)
def test_what_is_no_origin_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(NoOrigin) as refused:
        canonical_origin(typed)
    assert refused.value.reason == reason
