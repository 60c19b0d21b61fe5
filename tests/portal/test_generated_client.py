"""A client that openapi-python-client generates from the API's schema, with no settings of its own, has every operation."""

import compileall
import json
from pathlib import Path

import pytest
from django.conf import settings
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import ErrorLevel

from portal.api.schema_view import schema_in


@pytest.mark.takes(3)
def test_a_generated_client_has_every_operation(tmp_path: Path) -> None:
    schema = schema_in(settings.LANGUAGE_CODE)
    file, client = tmp_path / "schema.json", tmp_path / "client"
    file.write_text(json.dumps(schema), encoding="utf-8")
    config = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, file, "utf-8", overwrite=False, output_path=client
    )
    errors = generate(config=config)
    assert [error for error in errors if error.level == ErrorLevel.ERROR] == []
    operations = {
        operation["operationId"]
        for methods in schema["paths"].values()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert len(operations) >= 100
    assert {path.stem for path in (client / "api").glob("*/*.py")} - {"__init__"} == operations
    assert compileall.compile_dir(client, quiet=1)
