"""What every serializer of the API has in common."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import serializers

from surveys.api.problems import invalid


class Shape(serializers.Serializer[Any]):
    """The public shape of something; in a body, a field it does not know is a fault."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                sentence = _("There is no such field.")
                raise serializers.ValidationError(
                    {str(name): [sentence] for name in unknown}
                )
        return super().to_internal_value(data)


class Bilingual(Shape):
    """A text in both languages."""

    en = serializers.CharField(max_length=200)
    zh_hans = serializers.CharField(max_length=200)


def query_of(shape: type[Shape], request: HttpRequest) -> dict[str, Any]:
    """Return the parameters of the address as `shape` reads them.

    Raises
    ------
    Problem
        400: one is unknown, given twice or wrong.
    """
    given = request.GET
    read = shape(data={name: given[name] for name in given})
    twice = {
        name: [_("Given more than once.")]
        for name in given
        if len(given.getlist(name)) > 1
    }
    if twice:
        raise invalid(twice, query=True)
    if not read.is_valid():
        raise invalid(read.errors, query=True)
    return dict(read.validated_data)
