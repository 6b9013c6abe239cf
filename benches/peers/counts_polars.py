"""Every count of a tally by some columns with polars, streaming, on two threads; days are compared as text."""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"
import polars as pl  # noqa: E402

DAY, SOON = "2021-10-01", "2021-10-04"
path, *keys = sys.argv[1:]
disposition, done = pl.col("整改方式"), pl.col("整改完成日期")
due = pl.when(disposition == "立行立改").then(pl.col("整改期限").fill_null(pl.col("发现日期"))).otherwise(pl.col("整改期限"))
log = pl.scan_csv(path, infer_schema=False)
issues = log.with_columns(due=due, rectified=(disposition == "现场整改") | (done <= DAY).fill_null(False))
rectified, due = pl.col("rectified"), pl.col("due")
counts = {"found": pl.len()}
counts |= {text: (disposition == text).sum() for text in ("现场整改", "立行立改", "限期整改", "交办")}
counts |= {
    "rectified": rectified.sum(),
    "open": (~rectified).sum(),
    "overdue": (~rectified & (due < DAY)).sum(),
    "due_soon": (~rectified & (due >= DAY) & (due <= SOON)).sum(),
    "late": (rectified & (done > due)).sum(),
    "repeat": pl.len() - (1 if len(keys) == 2 else pl.col("问题类别").n_unique()),
}
if "点位" in log.collect_schema().names():
    counts |= {text: (pl.col("来源") == text).sum() for text in ("日常检查", "群众举报", "上级交办", "网络舆情")}
    counts["sites"] = pl.col("点位").n_unique()
for row in issues.group_by(keys).agg(**counts).collect(engine="streaming").rows():
    print(*row, sep=",")
