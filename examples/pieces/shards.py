"""Makes the logs of some districts, the same on every machine: shards.py FOLDER DISTRICTS ROWS."""
import csv
import pathlib
import random
import sys

folder, districts, rows = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
chance = random.Random(20210820)
for district in range(1, districts + 1):
    with open(folder / f"district-{district:02}.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["编号", "发现日期", "责任单位", "问题类别", "点位", "问题描述", "整改方式", "整改期限", "整改完成日期"])
        for row in range(1, rows + 1):
            day = chance.randint(1, 28)
            way = chance.choice(["现场整改", "限期整改", "限期整改", "立行立改"])
            table.writerow([
                f"{district:02}-{row}",
                f"2021-07-{day:02}",
                # Some units answer to two districts: distinct units are no sum of the districts' units.
                f"第{chance.randint(1, 40)}街道办事处",
                chance.choice(["消防安全", "环境卫生", "食品安全", "施工安全"]),
                f"点位{chance.randint(1, 900)}",
                f"问题{district}-{row}，\"待查\"",
                way,
                f"2021-08-{day:02}" if way == "限期整改" else "",
                f"2021-08-{chance.randint(1, 28):02}" if chance.random() < 0.6 else "",
            ])
