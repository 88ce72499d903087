"""Addresses of the console's pages: the server knows those that the console knows, and no others."""

import re

import httpx
import pytest

from kpi_engine.api.console import FOLDER, PAGES

PATIENT = 60.0


def test_the_server_and_the_console_know_the_same_pages() -> None:
    router = (FOLDER / "router.js").read_text(encoding="utf-8")
    assert tuple(re.findall(r'^  \w+: "(/cities/.+)",$', router, re.MULTILINE)) == PAGES


def test_every_page_has_its_part_of_the_document() -> None:
    router = (FOLDER / "router.js").read_text(encoding="utf-8")
    document = (FOLDER / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'^  (\w+): "/cities/', router, re.MULTILINE)
    assert re.findall(r'<template id="page-(\w+)">', document) == named


@pytest.mark.integration
def test_every_address_of_a_page_is_answered_with_the_same_document(url_without_database: str) -> None:
    document = httpx.get(url_without_database, timeout=PATIENT).text
    for path in PAGES:
        filled = re.sub(r"\{\w+\}", "any-name", path)
        answer = httpx.get(f"{url_without_database}{filled}?period=day", timeout=PATIENT)
        assert (answer.status_code, answer.text) == (200, document), path


@pytest.mark.integration
@pytest.mark.parametrize("path", ["/cities/harbour/nothing", "/cities/harbour/sites/", "/cities/a%3Cb/c"])
def test_an_address_of_no_page_is_told_so_in_a_sentence(url_without_database: str, path: str) -> None:
    answer = httpx.get(f"{url_without_database}{path}", timeout=PATIENT)
    assert answer.status_code == 404
    assert "There is no page /cities/" in answer.text
    assert "a<b" not in answer.text
