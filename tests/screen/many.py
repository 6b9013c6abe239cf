"""Prints a log of many issues, the same for the same number: many.py ROWS"""

import csv
import datetime
import random
import sys

units = [f"第{n}街道办事处" for n in range(1, 41)]
categories = ["消防安全", "用电安全", "食品卫生", "环境卫生", "燃气安全", "交通秩序", "建筑施工", "特种设备"]
draw = random.Random(1)
out = csv.writer(sys.stdout)
out.writerow("编号 发现日期 责任单位 点位 问题类别 问题描述 整改方式 整改期限 整改完成日期".split())
for row in range(int(sys.argv[1])):
    found = datetime.date(2021, 1, 1) + datetime.timedelta(days=draw.randrange(230))
    deadline = found + datetime.timedelta(days=draw.choice([3, 7, 15]))
    done = found + datetime.timedelta(days=draw.randrange(1, 20)) if draw.random() < 0.85 else ""
    text = f"检查发现第{row}号问题：通道堆放杂物、标识缺失，未按要求整改到位。"
    out.writerow([f"B{row:05}", found, draw.choice(units), f"点位{draw.randrange(500)}", draw.choice(categories), text, "限期整改", deadline, done])
