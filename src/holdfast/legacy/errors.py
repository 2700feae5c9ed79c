"""Why a whole file cannot be read. What is wrong with single rows is a finding in the report (report.py)."""


class UnreadableFile(Exception):
    """The file is not what was announced; the message says where. For operators, in English like the command line."""


class ImportRunning(Exception):
    """Another import for the same organization is under way."""
