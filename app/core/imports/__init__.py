"""Reading tables that others made (CSV, XLSX, XLS, ODS); what a row becomes is the room's affair.

``sniff`` says what a file is and refuses what is dangerous or too large; ``read_rows`` reads it row
by row; a ``Mapping`` tells which column becomes which field, ``apply_mapping`` obeys it.
"""

from app.core.imports.convert import moment_example
from app.core.imports.grouped import SENTENCES, grouped_text, shared_params
from app.core.imports.mapping import (
    FieldKind,
    FieldMapping,
    Mapping,
    TargetField,
    apply_mapping,
    mapping_violations,
)
from app.core.imports.proposal import ColumnGuess, describe_columns, propose_mapping
from app.core.imports.reading import Preview, preview, read_rows
from app.core.imports.rejects import write_rejects_xlsx
from app.core.imports.sniff import FileInfo, ImportLimits, sniff

__all__ = [
    "SENTENCES",
    "ColumnGuess",
    "FieldKind",
    "FieldMapping",
    "FileInfo",
    "ImportLimits",
    "Mapping",
    "Preview",
    "TargetField",
    "apply_mapping",
    "describe_columns",
    "grouped_text",
    "mapping_violations",
    "moment_example",
    "preview",
    "propose_mapping",
    "read_rows",
    "shared_params",
    "sniff",
    "write_rejects_xlsx",
]
