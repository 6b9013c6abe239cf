"""The tally by unit and category with pandas."""

import sys

import pandas as pd

DAY, SOON = "2021-10-01", "2021-10-04"
columns = {"责任单位": "unit", "问题类别": "category", "整改方式": "disposition", "发现日期": "found_on",
           "整改期限": "deadline", "整改完成日期": "done"}
issues = pd.read_csv(sys.argv[1], usecols=list(columns), dtype=str).rename(columns=columns)
# Dates of one spelling compare as text.
immediate = issues.disposition == "立行立改"
due = issues.deadline.where(~immediate | issues.deadline.notna(), issues.found_on)
rectified = (issues.disposition == "现场整改") | (issues.done <= DAY)
counts = pd.DataFrame({
    "unit": issues.unit,
    "category": issues.category,
    "found": 1,
    "on_site": issues.disposition == "现场整改",
    "immediate": immediate,
    "with_deadline": issues.disposition == "限期整改",
    "assigned": issues.disposition == "交办",
    "rectified": rectified,
    "open": ~rectified,
    "overdue": ~rectified & (due < DAY),
    "due_soon": ~rectified & (due >= DAY) & (due <= SOON),
    "late": rectified & (issues.done > due),
})
groups = counts.groupby(["unit", "category"]).sum()
groups["repeat"] = groups["found"] - 1
for row in sorted(groups.reset_index().itertuples(index=False, name=None)):
    print(*row, sep=",")
