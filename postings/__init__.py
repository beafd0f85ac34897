"""Ground floor: what a job posting is, how raw fields become facts, and its history."""

from postings.posting import JobPosting, Place, Salary
from postings.verdict import BoardRun, Verdict

__all__ = ["BoardRun", "JobPosting", "Place", "Salary", "Verdict"]
