"""Write the Python client from the description of the API.

    .venv/bin/python clients/generate.py            # into clients/python

The result is kept in the repository; a test writes it again and compares.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETTINGS = HERE / "settings.yaml"


def generate(target: Path) -> None:
    """Write the client into the folder `target`, in place of what was there."""
    from surveys.api.pages import openapi

    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "openapi.json"
        description.write_text(json.dumps(openapi(), default=str), encoding="utf-8")
        command = (
            *("-m", "openapi_python_client", "generate", "--meta", "uv"),
            *("--path", str(description), "--output-path", str(target)),
            *("--config", str(SETTINGS), "--overwrite", "--fail-on-warning"),
        )
        done = subprocess.run(  # noqa: S603, our own words
            [sys.executable, *command], capture_output=True, text=True
        )
    if done.returncode:
        raise RuntimeError(f"The client was not written: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustsurvey.settings")
    import django

    django.setup()
    generate(HERE / "python")
