"""Around any view: the language that a reader chose, what no text can hold, an address of a form opened as a page."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _

from geo.problems import problem

APIS = ("/api/", "/ogc/")
"""What programs ask: it speaks the language that a request asks for, and answers errors as problem documents."""


class ChosenLanguageMiddleware:
    """Activate the language of the cookie; for the API, of `Accept-Language`; else Ukrainian.

    Django's own LocaleMiddleware lets a browser's language win over the site's, and many Ukrainians use an
    English browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_api = request.path_info.startswith(APIS)
        if is_api and "Accept-Language" in request.headers:
            language = translation.get_language_from_request(request)
        else:
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"] if is_api else ["Cookie"])
        return response


class RefuseNulMiddleware:
    """Answer 400 where path, query or cookies bring U+0000, which PostgreSQL keeps in no text.

    Fields of forms and of the API refuse it themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        brings_nul = (
            "\0" in request.path_info
            or "%00" in request.META.get("QUERY_STRING", "")
            or r"\000" in request.META.get("HTTP_COOKIE", "")  # as a quoted cookie spells it
        )
        if not brings_nul:
            return self.get_response(request)
        if request.path_info.startswith(APIS):
            return problem(400, "bad-request", _("The address holds a character that no text has (U+0000)."))
        return render(request, "400.html", status=400)


class FormAloneMiddleware:
    """Tell in words, with a way on, what an address is that takes a form alone and was opened as a page.

    So it comes after a sign-in that ended while somebody typed, or by Enter in the address line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_opened = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET"
        if not is_opened or request.path_info.startswith(APIS):
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response.headers["Allow"]
        add_never_cache_headers(page)
        return page
