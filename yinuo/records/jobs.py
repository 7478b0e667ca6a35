"""Sealing what was written."""

from yinuo.kit import jobs


@jobs.job("records.seal")
def seal() -> None:
    """Seal what is not sealed yet."""
