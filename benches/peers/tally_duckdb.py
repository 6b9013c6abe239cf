"""The tally by unit and category with DuckDB, on two threads."""

import sys

import duckdb

QUERY = """
with issue as (
  select "责任单位" as unit, "问题类别" as category, "整改方式" as disposition, "整改完成日期" as done,
    case when disposition = '立行立改' then coalesce("整改期限", "发现日期") else "整改期限" end as deadline,
    (disposition = '现场整改' or coalesce(done <= date '2021-10-01', false)) as rectified
  from read_csv(?, header = true)
)
select unit, category, count(*),
  count(*) filter (disposition = '现场整改'), count(*) filter (disposition = '立行立改'),
  count(*) filter (disposition = '限期整改'), count(*) filter (disposition = '交办'),
  count(*) filter (rectified), count(*) filter (not rectified),
  count(*) filter (not rectified and deadline < date '2021-10-01'),
  count(*) filter (not rectified and deadline between date '2021-10-01' and date '2021-10-04'),
  count(*) filter (rectified and done > deadline),
  count(*) - 1
from issue group by all
"""

connection = duckdb.connect()
connection.execute("set threads = 2")
for row in sorted(connection.execute(QUERY, [sys.argv[1]]).fetchall()):
    print(*row, sep=",")
