"""Makes the returns of made-up councils: a folder of CSV lists each, with a Cover. Nobody in them exists.

    python make.py returns 153
"""

import csv
import random
import sys
from pathlib import Path

HEAD = "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN".split()


def episode(child: int, dice: random.Random) -> list[str]:
    began = f"{dice.randint(1, 28):02}/{dice.randint(1, 9):02}/{dice.randint(2022, 2026)}"
    ended = dice.random() < 0.25 and not began.endswith("2026")
    return [
        str(child), began, "S", "C2", "N1",
        dice.choice(["U4", "U4", "U4", "U1", "K2", "H5", "P1"]), "PR1",
        f"{dice.randint(1, 28):02}/08/2026" if ended else "", "E4A" if ended else "", "",
        "AB1 0JA", "AB1 0JB", "",
    ]  # fmt: skip


def council(number: int, into: Path) -> None:
    dice = random.Random(number)
    into.mkdir(parents=True, exist_ok=True)
    cover = [
        ["Cover", ""],
        ["Authority", f"Council {number}"],
        ["Authority code", f"E0600{number:04}"],
        ["Period end", "30/09/2026"],
        ["Population under 18", str(dice.randint(20_000, 90_000))],
    ]
    children = range(number * 10_000, number * 10_000 + dice.randint(60, 900))
    for name, rows in [
        ("cover.csv", cover),
        ("episodes.csv", [HEAD, *(episode(child, dice) for child in children)]),
    ]:
        with open(into / name, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)


if __name__ == "__main__":
    folder, how_many = Path(sys.argv[1]), int(sys.argv[2])
    for number in range(how_many):
        council(number, folder / f"council{number:03}")
