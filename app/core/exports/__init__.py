"""Lists as Excel and CSV files, streamed row by row; which rows and columns is the caller's affair.

Both files end with the number of rows, so a reader can see that nothing is missing. Nothing in
them is ever a formula: text that a spreadsheet could take for one is guarded, numbers stay numbers.
"""

from app.core.exports.cells import CellWriter, is_dangerous, plain
from app.core.exports.text_file import csv_text, stream_csv, write_csv
from app.core.exports.workbook import write_xlsx

__all__ = [
    "CellWriter",
    "csv_text",
    "is_dangerous",
    "plain",
    "stream_csv",
    "write_csv",
    "write_xlsx",
]
