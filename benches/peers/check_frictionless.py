"""The rules of a log that frictionless knows too: required cells, one of a list, dates, doubled ids."""

import sys

from frictionless import Resource, Schema, fields, system

required = {"required": True}
schema = Schema(
    fields=[
        fields.StringField(name="编号", constraints={"required": True, "unique": True}),
        fields.DateField(name="发现日期", constraints=required),
        fields.StringField(name="责任单位", constraints=required),
        fields.StringField(name="问题类别", constraints=required),
        fields.StringField(name="问题描述", constraints=required),
        fields.StringField(name="整改方式", constraints={"required": True, "enum": ["现场整改", "限期整改", "立行立改", "交办"]}),
        fields.DateField(name="整改期限"),
        fields.DateField(name="整改完成日期"),
    ]
)
with system.use_context(trusted=True):
    report = Resource(path=sys.argv[1], schema=schema).validate(limit_errors=1_000_000)
faults = sorted((error.row_number, error.type) for task in report.tasks for error in task.errors)
print(len(faults))
