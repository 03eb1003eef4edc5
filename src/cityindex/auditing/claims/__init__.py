"""The sentences of a report as data, and the judge that computes each."""

from cityindex.auditing.claims.model import Claim, Claims
from cityindex.auditing.claims.read import read_claims
from cityindex.auditing.claims.sheets import Sheet, Sheets, published_sheets

__all__ = ["Claim", "Claims", "Sheet", "Sheets", "published_sheets", "read_claims"]
