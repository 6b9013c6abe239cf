"""Drives LibreOffice: opens a workbook, does to it what a clerk does, and saves it.

A macro in a profile of its own takes the steps from a file, since LibreOffice's own Python is not everywhere.
"""

import os
import pathlib
import subprocess
import tempfile

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}

MACRO = """
Sub Run(steps As String)
  Dim source As Integer, row As String, part, book, sheet, hidden(0) As New com.sun.star.beans.PropertyValue
  Dim saved(0) As New com.sun.star.beans.PropertyValue, cell, area, out As Integer
  Dim field(0) As New com.sun.star.table.TableSortField, sorting(1) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  source = FreeFile : Open steps For Input As #source
  out = FreeFile : Open steps &amp; ".told" For Output As #out
  Do While Not Eof(source)
    Line Input #source, row
    part = Split(row, Chr(9))
    Select Case part(0)
    Case "open"
      book = StarDesktop.loadComponentFromURL(ConvertToURL(part(1)), "_blank", 0, hidden())
      sheet = book.Sheets.getByIndex(0)
    Case "text", "day"
      cell = sheet.getCellRangeByName(part(1))
      On Error Resume Next
      If part(0) = "text" Then
        cell.setString(part(2))
      Else
        cell.setValue(DateSerial(CInt(Left(part(2), 4)), CInt(Mid(part(2), 6, 2)), CInt(Right(part(2), 2))))
      End If
      On Error GoTo 0
    Case "copy"
      area = sheet.getCellRangeByName(part(1))
      cell = sheet.getCellRangeByName(part(2))
      sheet.copyRange(cell.CellAddress, area.RangeAddress)
    Case "sort"
      area = sheet.getCellRangeByName(part(1))
      field(0).Field = CInt(part(2)) : field(0).IsAscending = (part(3) = "up")
      sorting(0).Name = "SortFields" : sorting(0).Value = field()
      sorting(1).Name = "ContainsHeader" : sorting(1).Value = False
      area.sort(sorting())
    Case "tell"
      book.calculateAll()
      Print #out, part(1) &amp; Chr(9) &amp; sheet.getCellRangeByName(part(1)).String
    Case "save"
      saved(0).Name = "FilterName" : saved(0).Value = part(2)
      book.storeToURL(ConvertToURL(part(1)), saved())
    End Select
  Loop
  Close #source : Close #out
  book.close(True)
End Sub
"""

MODULE = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{MACRO}</script:module>"""


def soffice(profile, *arguments):
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, "LC_ALL": "C.UTF-8"})


class Clerk:
    """Steps to be done to one workbook."""

    def __init__(self, path):
        self.steps = [("open", pathlib.Path(path).resolve())]

    def fill(self, row, columns, **cells):
        """Fills cells of a row; `columns` are the letters by header, a day is written as a day."""
        for header, text in cells.items():
            kind = "day" if len(text) == 10 and text[4] == text[7] == "-" else "text"
            self.steps.append((kind, f"{columns[header]}{row}", text))

    def __getattr__(self, name):
        return lambda *parts: self.steps.append((name, *parts))

    def save(self, path):
        path = pathlib.Path(path).resolve()
        self.steps.append(("save", path, FILTERS[path.suffix]))

    def run(self):
        """Does the steps, and returns what was told, by cell."""
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            profile = folder / "profile"
            # The first start writes the profile, with an empty module.
            soffice(profile, "--terminate_after_init")
            (profile / "user/basic/Standard/Module1.xba").write_text(MODULE, encoding="utf-8")
            steps = folder / "steps"
            lines = ["\t".join(str(part) for part in step) for step in self.steps]
            steps.write_text("\n".join(lines) + "\n", encoding="utf-8")
            soffice(profile, f"macro:///Standard.Module1.Run({steps})")
            told = pathlib.Path(f"{steps}.told")
            assert told.exists(), "LibreOffice did not run the macro"
            return dict(line.split("\t", 1) for line in told.read_text(encoding="utf-8").splitlines())

