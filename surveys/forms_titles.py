"""The two titles of a survey."""

from django import forms
from django.utils.translation import gettext_lazy


class TitlesForm(forms.Form):
    """What a survey is called, in both languages."""

    title_en = forms.CharField(
        label=gettext_lazy("Title in English"),
        max_length=200,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    title_zh_hans = forms.CharField(
        label=gettext_lazy("Title in Chinese"),
        max_length=200,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
