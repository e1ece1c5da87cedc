"""The package, in an environment that has nothing but the wheel. Frames are tried where their
libraries are there."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import rapporteur

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "children-in-care-2026-27-q2.xlsx"


def has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


class Package(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.here = Path(self.folder.name)
        self.q2 = self.here / "q2.xlsx"
        shutil.copy(EXAMPLE, self.q2)

    def test_three_lines_make_an_appendix(self) -> None:
        built = rapporteur.build(self.q2, figures=True)
        self.assertEqual(built.appendix, self.here / "q2-appendix.xlsx")
        self.assertTrue(built.appendix.read_bytes().startswith(b"PK"))
        own = built.figures.own("cla_n")
        self.assertGreater(own["value"], 1)
        self.assertEqual(own["printed"].replace(",", ""), f"{own['value']:.0f}")

    def test_figures_are_those_of_the_command_line(self) -> None:
        built = rapporteur.build(self.q2, figures=True)
        table = self.here / "figures.csv"
        rapporteur.run("build", self.q2, "--figures", table)
        self.assertEqual(list(built.figures), list(rapporteur.Figures.read(table)))

    def test_what_cannot_be_made_is_raised_with_its_problems(self) -> None:
        broken = self.here / "broken.xlsx"
        broken.write_bytes(b"PK\x03\x04 and no more")
        with self.assertRaises(rapporteur.Failed) as raised:
            rapporteur.build(broken)
        self.assertEqual(raised.exception.exit_code, 4)
        self.assertEqual(raised.exception.problems[0].kind, "file")
        self.assertIn("broken.xlsx", str(raised.exception))

    def test_problems_are_objects_without_anybodys_data(self) -> None:
        lists = self.here / "lists"
        lists.mkdir()
        head = "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC\n"
        (lists / "episodes.csv").write_text(head + "secret-child,03/04/2026,S,C2,N1,XX,,\n")
        found = rapporteur.check(lists, period="2026/27 Q1/Q2")
        self.assertTrue(found)
        self.assertTrue(any(problem.cells for problem in found))
        self.assertNotIn("secret-child", " ".join(map(str, found)))

    def test_a_folder_and_then_one_report_of_all(self) -> None:
        returns = self.here / "returns"
        returns.mkdir()
        shutil.copy(EXAMPLE, returns / "one.xlsx")
        (returns / "bad.xlsx").write_bytes(b"PK\x03\x04")
        made = rapporteur.build_all(returns, into=self.here / "out", jobs=2, exchange=True)
        self.assertIsInstance(made["one.xlsx"], rapporteur.Built)
        self.assertIsInstance(made["bad.xlsx"], rapporteur.Failed)
        with self.assertRaises(rapporteur.Failed):
            rapporteur.combine(self.here / "nowhere", output=self.here / "region.xlsx")

    def test_frames(self) -> None:
        figures = rapporteur.build(self.q2, figures=True).figures
        tried = 0
        for module, frame in [("pandas", "to_pandas"), ("polars", "to_polars"), ("pyarrow", "to_arrow")]:
            if has(module):
                self.assertEqual(getattr(figures, frame)().shape, (len(figures), len(figures.columns)))
                tried += 1
            else:
                print(f"skipped {frame}: {module} is not installed", file=sys.stderr)
        self.assertGreaterEqual(tried, 0)

    def test_parquet(self) -> None:
        """As Parquet and back the exchange file is the same to the byte, and so is the region."""
        if not has("pyarrow"):
            with self.assertRaisesRegex(ModuleNotFoundError, "rapporteur\\[arrow\\]"):
                rapporteur.build(self.q2, exchange=self.here / "x.parquet")
            return
        table, packed = self.here / "x.csv", self.here / "packed" / "x.parquet"
        packed.parent.mkdir()
        code = ["[authority]", 'name = "Exampleton"', 'code = "E06000901"']
        (self.here / "rapporteur.toml").write_text("\n".join(code))
        rapporteur.build(self.q2, project=self.here, exchange=table)
        built = rapporteur.build(self.q2, project=self.here, exchange=packed)
        self.assertIn(packed, built.written)
        self.assertEqual(packed.stat().st_mode & 0o777, 0o600)
        again = self.here / "again.csv"
        rapporteur.parquet.to_csv(packed, again)
        self.assertEqual(again.read_bytes(), table.read_bytes())
        region = {"area": "Region", "area_code": "E12000091", "figures": True}
        of_csv = rapporteur.combine(table, output=self.here / "csv.xlsx", **region)
        of_parquet = rapporteur.combine(packed.parent, output=self.here / "packed.xlsx", **region)
        self.assertEqual(list(of_csv.figures), list(of_parquet.figures))
        self.assertEqual(of_csv.appendix.read_bytes(), of_parquet.appendix.read_bytes())
        with self.assertRaises(rapporteur.Failed) as raised:
            rapporteur.combine([packed, packed], output=self.here / "twice.xlsx", **region)
        self.assertIn("x.parquet", str(raised.exception))

    def test_numbers_of_parquet_are_written_as_the_program_does(self) -> None:
        for number, text in [(5e-05, "0.00005"), (12.0, "12"), (0.1 + 0.2, "0.30000000000000004"), (1e20, "1" + 20 * "0")]:
            self.assertEqual(rapporteur.parquet._text(number), text)

    def test_the_program_itself(self) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "rapporteur", "--version"], capture_output=True, text=True, check=True
        )
        self.assertTrue(ran.stdout.startswith("rapporteur "))


if __name__ == "__main__":
    unittest.main()
