from django.apps import AppConfig


class TrustsurveyConfig(AppConfig):
    name = "trustsurvey"

    def ready(self) -> None:
        from trustsurvey import checks  # noqa: F401  (registers itself)
