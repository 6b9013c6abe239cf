"""The tally by unit and category with polars, streaming, on two threads."""

import os
import sys
from datetime import date

os.environ["POLARS_MAX_THREADS"] = "2"
import polars as pl  # noqa: E402

DAY, SOON = date(2021, 10, 1), date(2021, 10, 4)
dates = {name: pl.Date for name in ("发现日期", "整改期限", "整改完成日期")}
disposition, done = pl.col("整改方式"), pl.col("整改完成日期")
due = pl.when(disposition == "立行立改").then(pl.col("整改期限").fill_null(pl.col("发现日期"))).otherwise(pl.col("整改期限"))
issues = pl.scan_csv(sys.argv[1], schema_overrides=dates).with_columns(
    due=due, rectified=(disposition == "现场整改") | (done <= DAY).fill_null(False)
)
rectified, due = pl.col("rectified"), pl.col("due")
counts = {
    "found": pl.len(),
    "on_site": (disposition == "现场整改").sum(),
    "immediate": (disposition == "立行立改").sum(),
    "deadline": (disposition == "限期整改").sum(),
    "assigned": (disposition == "交办").sum(),
    "rectified": rectified.sum(),
    "open": (~rectified).sum(),
    "overdue": (~rectified & (due < DAY)).sum(),
    "due_soon": (~rectified & (due >= DAY) & (due <= SOON)).sum(),
    "late": (rectified & (done > due)).sum(),
    "repeat": pl.len() - 1,
}
groups = issues.group_by("责任单位", "问题类别").agg(**counts).collect(engine="streaming")
for row in sorted(groups.rows()):
    print(*row, sep=",")
