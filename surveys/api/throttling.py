"""No program takes the site from people: so many requests a minute for each caller.

Respondents are answered by `surveys.collect.surface`, in front of this and never
slowed down by it. Each web process counts for itself.
"""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class PerCaller(SimpleRateThrottle):
    """Counts the requests of one token, or of one member."""

    def get_rate(self) -> str:
        return f"{settings.API_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        holder = getattr(request.auth, "pk", None) or f"user-{request.user.pk}"
        return f"api-{holder}"
