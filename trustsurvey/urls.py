from allauth.account.views import login, logout
from django.conf import settings
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from surveys.api.view import Unknown


class Anything(StringConverter):
    """What is left of an address, with line breaks, which `path` stops at."""

    regex = r"[\s\S]+"


register_converter(Anything, "anything")

# Respondents' addresses (/s/...) are answered by surveys.collect.surface before
# any of these.
urlpatterns = [
    path("sign-in/", login, name="account_login"),
    path("sign-out/", logout, name="account_logout"),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", include("surveys.api.urls")),
    path("api/v1/", include("analytics.api.urls")),
    path("", include("surveys.urls")),
    path("", include("analytics.urls")),
    # behind every other address of the API
    path("api/<anything:rest>", Unknown.as_view(), name="api-unknown"),
]
if settings.MAIL.hears_bounces:
    # what became of a mail, told by the provider under a secret
    urlpatterns.append(path("mail/", include("anymail.urls")))
