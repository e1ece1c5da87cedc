#!/usr/bin/env python3
"""Makes what the example council knows besides its lists: earlier reports, months, the published files of a made-up
region, and the return itself, whose lists are those of children-in-care-2026-27-q2.xlsx.

    python3 examples/exampleton/make.py         from the repository's folder; the same files on every run

Everything is made up: no council, no child and no figure here exists. Python's own library is enough.
"""
import csv
import io
import os
import re
import zipfile
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
LISTS = os.path.join(HERE, "..", "children-in-care-2026-27-q2.xlsx")
COUNCIL, REGION = "Exampleton", "Mid England"
QUARTERS = [(2022 + (n + 1) // 4, (n + 1) % 4 + 1) for n in range(16)]  # 2022/23 Q2 to 2026/27 Q1
ENDS = {1: (0, "06-30"), 2: (0, "09-30"), 3: (0, "12-31"), 4: (1, "03-31")}


class Dice:
    """The same throws on every machine."""

    def __init__(self, seed):
        self.state = seed

    def throw(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) / 2**31

    def about(self, mean, spread):
        return mean + spread * (sum(self.throw() for _ in range(6)) - 3) * 1.2


# Percentages: what they are out of (a share of the children in care, or a number), where they began, where they are
# now, how far they scatter from quarter to quarter; and in some a shift, from which quarter on and by how much.
SHARES = {
    "uasc_pct": ("care", 6.4, 8.8, 0.3), "foster_pct": ("care", 69.8, 66.6, 0.7), "res_pct": ("care", 10.4, 14.1, 0.5),
    "parents_pct": ("care", 6.1, 7.1, 0.5), "dist20out_pct": ("care", 22.6, 20.9, 0.8),
    "within20_pct": ("care", 77.2, 79.0, 0.8), "inla_pct": ("care", 60.1, 64.0, 0.9),
    "pl3_pct": ("care", 10.6, 10.4, 0.5, 10, -1.7), "pl2y_pct": (104, 76.3, 81.4, 1.6),
    "fam_10_16": (200, 71.5, 67.3, 1.0), "ifa_pct": (274, 43.2, 39.4, 0.9), "ha_pct": (272, 92.4, 91.5, 0.9, 13, -3.1),
    "dent_pct": (272, 69.9, 75.4, 1.6), "imm_pct": (272, 86.0, 83.6, 1.3), "dev_pct": (40, 86.0, 89.0, 2.4),
    "sdq_done_pct": (197, 71.0, 76.1, 1.5), "conv_pct": (188, 3.6, 2.8, 0.5), "subm_pct": (272, 3.3, 3.0, 0.4),
    "cl_touch_pct": (73, 90.6, 89.6, 1.2), "cl_eet_pct": (73, 51.0, 55.4, 1.6), "cl_neet_pct": (73, 36.0, 31.2, 1.6),
    "cl_acc_pct": (73, 82.4, 85.6, 1.5), "part_pct": (415, 88.1, 89.4, 0.9), "miss_pct": (480, 6.3, 5.8, 0.4),
    "pep_completed": (222, 90.1, 94.0, 1.2), "pathway_plan_6m": (150, 79.0, 86.0, 1.7),
    "homes_good_or_better": (5, 60, 80, 0), "sdq_concern_pct": (150, 37.0, 36.2, 1.2),
    "cl_eet_pct_17_18": (90, 60.2, 58.0, 1.6), "cl_neet_pct_17_18": (90, 31.0, 33.2, 1.6),
    "cl_acc_pct_17_18": (90, 86.0, 84.6, 1.5),
}
# Counts since April: how many in the first year, and in the last.
SINCE_APRIL = {"start_n": (158, 178), "cease_n": (151, 163), "foster_enquiries": (170, 188)}
TITLES = {
    "cla_n": "Children in care at the end of the period", "cla_rate": "Children in care per 10,000 children",
    "fostering_households": "Approved fostering households, connected carers included",
    "sdq_avg": "Average strengths and difficulties score, ages 5 to 16",
}
UNITS = {"cla_rate": "rate per 10,000", "start_rate": "rate per 10,000", "cease_rate": "rate per 10,000", "sdq_avg": "average",
         "weekly_cost": "pounds"}
NUMBERS = {"cl_n", "cl_n_17_18", "cla_n", "start_n", "cease_n", "uasc_n", "foster_enquiries", "fostering_households"}
# Figures of the year 2025/26 that were counted again since: what the report for it had printed.
PRINTED_THEN = {"ha_pct": -0.8, "miss_pct": 0.4, "dent_pct": -1.1}
# What managers give month by month: where it began in April 2025, where it is in September 2026, its scatter.
MONTHS = {"visits_on_time": (84.0, 93.4, 1.5), "talks_in_72_hours": (71.0, 78.5, 3.0), "weekly_cost": (1296, 1418, 14)}
DECIMALS = {"weekly_cost": 0}
MONTH_NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

COLUMNS = ["indicator", "title", "unit", "area_type", "area", "area_code", "period", "period_end", "numerator", "denominator",
           "value", "symbol", "printed", "origin", "release", "mark", "was", "reported_in"]


def label(year, quarter=None):
    years = f"{year}/{(year + 1) % 100:02}"
    return years if quarter is None else f"{years} Q{quarter}"


def rounded(value, decimals):
    return f"{int(value * 10**decimals + 0.5 + 1e-9) / 10**decimals:.{decimals}f}"


def printed(code, value):
    if code.endswith("_n") or code in NUMBERS:
        return f"{value:,.0f}"
    if UNITS.get(code) == "pounds":
        return f"£{value:,.0f}"
    if code in UNITS:
        return rounded(value, 1)
    return rounded(value, 1) + "%"


def series():
    """The figures of each quarter: code to numerator, denominator, value."""
    dice, out = Dice(20260930), {}
    for at, (year, quarter) in enumerate(QUARTERS + [(2026, 2)]):
        share = at / len(QUARTERS)
        figures = {}
        care = round(dice.about(372 + 39 * share, 4))
        children = 39_402 + 186 * (year - 2022)
        figures["cla_n"] = (None, None, care)
        figures["cla_rate"] = (care, children, care / children * 10_000)
        for code, (first, last) in SINCE_APRIL.items():
            count = round(dice.about((first + (last - first) * share) * quarter / 4, 2))
            figures[code] = (None, None, count)
            if code != "foster_enquiries":
                figures[code.replace("_n", "_rate")] = (count, children, count / children * 10_000)
        for code, (of, first, last, spread, *shift) in SHARES.items():
            mean = first + (last - first) * share + (shift[1] if shift and at >= shift[0] else 0)
            total = care if of == "care" else max(5, round(dice.about(of, of / 60 if of > 5 else 0)))
            count = min(total, round(dice.about(mean, spread) * total / 100))
            figures[code] = (count, total, count / total * 100)
        figures["uasc_n"] = (None, None, figures["uasc_pct"][0])
        figures["fostering_households"] = (None, None, round(dice.about(104 + 12 * share, 1)))
        figures["cl_n"] = (None, None, figures["cl_eet_pct"][1])
        figures["cl_n_17_18"] = (None, None, figures["cl_eet_pct_17_18"][1])
        figures["sdq_avg"] = (None, None, round(dice.about(14.3 + 0.5 * share, 0.15), 2))
        out[(year, quarter)] = figures
    return out


def titles():
    """What the shipped scripts call each measure; a code stands for those that this file need not know."""
    found = {}
    folder = os.path.join(HERE, "..", "..", "scripts", "children_in_care")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".luau"):
            text = open(os.path.join(folder, name), encoding="utf-8").read()
            for code, title in re.findall(r'rap\.indicator "(\w+)" \{\s*title\s*=\s*"([^"]+)"', text):
                found[code] = title.replace("{since}", "since April")
    return {**found, **TITLES}


def write(path, rows):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())


def row(code, title, period, end, figure, reported):
    numerator, denominator, value = figure
    unit = "number" if code in NUMBERS else UNITS.get(code, "percentage")
    shown = lambda n: "" if n is None else f"{n:.12g}"
    return [code, title, unit, "council", COUNCIL, "E06000901", period, end, shown(numerator), shown(denominator),
            shown(value), "", printed(code, value), "calculated", "", "", "", reported]


def history(figures, named):
    """A file for each quarter's report and each year's."""
    for (year, quarter), found in figures.items():
        if (year, quarter) == (2026, 2):
            continue
        later, day = ENDS[quarter]
        end, period = f"{year + later}-{day}", label(year, quarter)
        rows = [row(code, named.get(code, code), period, end, found[code], period) for code in sorted(found)]
        write(os.path.join(HERE, "history", f"{year}-{(year + 1) % 100:02}-q{quarter}.csv"), [COLUMNS] + rows)
        if quarter == 4:
            period, printed_then = label(year), dict(found)
            for code, by in PRINTED_THEN.items():
                if year == 2025:
                    printed_then[code] = (None, None, round(found[code][2] + by, 1))
            rows = [row(code, named.get(code, code), period, end, printed_then[code], period) for code in sorted(found)]
            write(os.path.join(HERE, "history", f"{year}-{(year + 1) % 100:02}.csv"), [COLUMNS] + rows)


def months():
    """April 2025 to September 2026, by measure."""
    dice, out = Dice(18), {}
    for code, (first, last, spread) in MONTHS.items():
        for at in range(18):
            year, month = 2025 + (at + 3) // 12, (at + 3) % 12 + 1
            value = dice.about(first + (last - first) * at / 17, spread)
            out.setdefault(code, []).append((year, month, round(value, DECIMALS.get(code, 1))))
    return out


def month_history(found, named):
    days = lambda year, month: [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    rows = []
    for code, values in sorted(found.items()):
        for year, month, value in values[:-3]:
            name, end = f"{MONTH_NAMES[month - 1]} {year}", f"{year}-{month:02}-{days(year, month)}"
            rows.append(row(code, named[code], name, end, (None, None, value), "June 2026"))
    write(os.path.join(HERE, "history", "2026-06.csv"), [COLUMNS] + rows)


# --- the published files of a made-up region, and of another one, which make up all of England here ---

STARTS = ["Sample", "Mock", "Draft", "Fable", "Figment", "Notion", "Fancy", "Pretend", "Invent", "Phantom", "Whimsy"]
ENDINGS = {"E12000091": (REGION, ["ford", "bury", "wich", "ham"]), "E12000092": ("Far England", ["by", "dale", "mouth", "field"])}
FILES = {
    "cla_number_and_rate_per_10k_children.csv": (["population_type"], "children_count", "rate_per_10000", [
        (("Children looked after on 31 March each year",), "cla_n", "cla_rate"),
        (("Children starting to be looked after each year",), "start_n", "start_rate"),
        (("Children ceasing to be looked after each year",), "cease_n", "cease_rate"),
    ]),
    "la_cla_placement_stability.csv": (["placement_stability"], "children_count", "children_percent", [
        (("With 3 or more placements during the year",), None, "pl3_pct"),
        (("Living with the same carer for at least 2 years",), None, "pl2y_pct"),
    ]),
    "la_conviction_health_outcome_cla.csv": (["breakdown"], "children_count", "children_percent", [
        (("Had their annual health assessment",), None, "ha_pct"),
        (("Had their teeth checked by a dentist",), None, "dent_pct"),
        (("Had their immunisations up to date",), None, "imm_pct"),
        (("Development assessments up to date",), None, "dev_pct"),
        (("SDQ average score",), "sdq_avg", None),
        (("SDQ score was received",), None, "sdq_done_pct"),
        (("SDQ score is a cause for concern",), None, "sdq_concern_pct"),
        (("Identified as having a substance misuse problem",), None, "subm_pct"),
        (("Convicted or subject to youth cautions, or youth conditional cautions during the year",), None, "conv_pct"),
    ]),
    "la_care_leavers_activity_totals.csv": (["care_leaver_age", "breakdown"], "care_leaver_count", "care_leaver_percent", [
        ((f"{ages} years", breakdown), number, rate)
        for ages, ending in (("19 to 21", ""), ("17 to 18", "_17_18")) for breakdown, number, rate in (
            ("Total", "cl_n" + ending, None),
            ("Total in education, employment or training", None, "cl_eet_pct" + ending),
            ("Total not in education, employment or training", None, "cl_neet_pct" + ending),
        )
    ]),
    "la_care_leavers_accommodation_suitability.csv": (["care_leaver_age", "breakdown"], "care_leaver_count", "care_leaver_percent", [
        (("19 to 21 years", "Accommodation considered suitable"), None, "cl_acc_pct"),
        (("17 to 18 years", "Accommodation considered suitable"), None, "cl_acc_pct_17_18"),
    ]),
}
# Where other councils' figures lie: their mean, how far councils lie apart, how the mean moves each year.
ELSEWHERE = {
    "cla_rate": (78, 14, 0.9), "start_rate": (30, 5, 0.3), "cease_rate": (29, 5, 0.2), "pl3_pct": (10.3, 1.6, 0.1),
    "pl2y_pct": (69.5, 4, 0.2), "ha_pct": (90.5, 4, 0.3), "dent_pct": (77, 6, 1.5), "imm_pct": (84, 5, -0.2),
    "dev_pct": (88, 5, 0.2), "sdq_avg": (14.3, 0.6, 0.1), "sdq_done_pct": (77, 6, 0.3), "subm_pct": (3.0, 0.8, 0),
    "conv_pct": (2.3, 0.6, -0.1), "cl_eet_pct": (54.5, 4, 0.3), "cl_neet_pct": (38.0, 4, -0.2), "cl_acc_pct": (88.2, 3, 0.2),
    "sdq_concern_pct": (39, 3, 0.2), "cl_eet_pct_17_18": (62, 4, 0.2), "cl_neet_pct_17_18": (31, 4, -0.1),
    "cl_acc_pct_17_18": (90, 3, 0.1), "cl_n": (118, 30, 2), "cl_n_17_18": (80, 20, 1),
}


def councils():
    """Code, three-digit number, name, region's code: the council itself first."""
    all_of_them = [("E06000901", 901, COUNCIL, "E12000091")]
    for region, (_, endings) in ENDINGS.items():
        for at in range(11 if region == "E12000091" else 12):
            number = 902 + len(all_of_them) - 1
            name = STARTS[at % len(STARTS)] + endings[(at + (at // len(STARTS))) % len(endings)]
            all_of_them.append((f"E06000{number}", number, name, region))
    return all_of_them


def published(figures):
    dice, own = Dice(152), {}
    for year in range(2021, 2026):
        # A year's report is not there for the first two: the council was then where it began.
        own[year] = figures.get((year - 1, 4)) or figures[(2022, 2)]
    places = councils()
    level = {(place[0], code): dice.about(mean, apart) for place in places for code, (mean, apart, _) in ELSEWHERE.items()}
    size = {place[0]: round(dice.about(46_000, 14_000)) for place in places}
    for name, (keys, counts, rates, breakdowns) in FILES.items():
        head = ["time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
                "region_name", "old_la_code", "la_name", "new_la_code"] + keys + [counts, rates]
        rows = []
        for year in range(2025, 2020, -1):
            for texts, number, rate in breakdowns:
                known = {}
                for code, old, place, region in places:
                    known[code] = figure(own[year], dice, code, level, size, number, rate, year)
                def put(level_name, codes, where):
                    count, share = (mean([known[c][i] for c in codes], [size[c] for c in codes], i == 0 and number != "sdq_avg") for i in (0, 1))
                    rows.append([year, "Reporting year", level_name, "E92000001", "England"] + where + list(texts) + [text(count, number == "sdq_avg"), text(share, name.startswith("cla_number"))])
                put("National", [p[0] for p in places], ["", "", "", "", ""])
                for region, (region_name, _) in ENDINGS.items():
                    put("Regional", [p[0] for p in places if p[3] == region], [region, region_name, "", "", ""])
                for code, old, place, region in places:
                    put("Local authority", [code], [region, ENDINGS[region][0], old, place, code])
        write(os.path.join(HERE, "published", "2025", name), [head] + rows + as_well(rows))


# What stands in other lines of the same file: of whom it is a share, and how large. `None` is what the rest leave; what
# is three or more in a year is so twice as often in two.
TWICE = "With 3 or more placements during the previous 2 years"
AS_WELL = {
    "SDQ score is a cause for concern": ("SDQ score was received", {"SDQ score is borderline": 13, "SDQ score is normal": None}),
    "Identified as having a substance misuse problem": ("Identified as having a substance misuse problem", {
        "Received an intervention for their substance misuse problem": 41, "Offered intervention but refused it": 44,
    }),
    "With 3 or more placements during the year": (None, {TWICE: 200}),
    "Accommodation considered suitable": (None, {"Accommodation considered unsuitable": 5}),
}


def as_well(rows):
    """Lines that follow from others, so that nothing is drawn for them."""
    counts = {(*row[:-3], row[-3]): row[-2] for row in rows}
    found = []
    for row in rows:
        of, shares = AS_WELL.get(row[-3], (None, {}))
        whole = counts[(*row[:-3], of)] if of else row[-2]
        for what, share in shares.items():
            if "z" in (whole, row[-1]):
                found.append([*row[:-3], what, "z", "z"])
                continue
            share = 100 - 13 - int(row[-1]) if share is None else share
            number = round(int(whole) * share / 100)
            share = 2 * int(row[-1]) if what == TWICE else share
            found.append([*row[:-3], what, *(("c", "c") if 0 < number < 6 else (number, share))])
    return found


def figure(own, dice, code, level, size, number, rate, year):
    """Count and rate of one council in one year; figures of DfE's release are whole, rates of children too."""
    if code == "E06000901":
        count = own[number][2] if number else own[rate][0]
        return (count, own[rate][2] if rate else None)
    of = rate or number
    value = dice.about(level[(code, of)] + ELSEWHERE[of][2] * (year - 2025), ELSEWHERE[of][1] / 6)
    if not rate:
        return (value if number == "sdq_avg" else round(value), None)
    return (round(size[code] * value / 10_000) if number else round(size[code] / 100 * value / 100), value)


def mean(values, weights, summed):
    if values[0] is None:
        return None
    if summed:
        return sum(values)
    return sum(v * w for v, w in zip(values, weights)) / sum(weights)


def text(value, decimal):
    if value is None:
        return "z"
    return f"{value:.1f}" if decimal and value != int(value) else f"{value:.0f}"


# --- the return: the lists of the other example, with what managers typed for this council ---

def cover():
    return [("Authority", COUNCIL), ("Authority code", "E06000901"), ("Region", REGION),
            ("Return", "Children in care quarterly return"), ("Reporting year", "2026/27"), ("Quarter", "Q2"),
            ("Population under 18", 40146), ("Committee", "Corporate Parenting Board"), ("Appendix", "1"),
            ("Purpose", "How children in our care are doing, from July to September 2026: what is better, what is not, and what we do about it."),
            ("Contact", "Performance and Improvement team")]


# Target, tolerance low and high, note; and the reason where a figure falls short.
TARGETS = {
    "pl3_pct": (10, 0, 1, ""), "pl2y_pct": (78, 2, 2, ""), "ha_pct": (92, 1, 1, ""), "dent_pct": (80, 3, 3, ""),
    "cl_eet_pct": (60, 3, 3, ""), "cl_acc_pct": (88, 2, 2, ""), "miss_pct": (5.5, 0.5, 0.5, ""),
    "foster_pct": (70, 2, 2, ""), "part_pct": (88, 2, 2, ""),
}
TYPED = [
    # code, unit, numerator, denominator, value, previous quarter, target, tolerance low, tolerance high, note
    ("pep_completed", "percentage", 213, 225, None, None, 95, 3, 2, ""),
    ("pathway_plan_6m", "percentage", None, None, 86.2, 84.9, 90, 5, 2, ""),
    ("fostering_households", "number", None, None, 118, 115, 125, 8, 5, ""),
    ("foster_enquiries", "number", None, None, 97, 46, None, None, None, ""),
    ("homes_good_or_better", "percentage", 4, 5, None, None, 80, 0, 10, ""),
]
SAID = {
    "cla_n": "Most children who come into our care do so because home has stopped being safe for them. A weekly panel considers every child who could go home, or to a relative, with support.",
    "pl3_pct": "The stability meeting goes through these children one by one each month. A planning meeting before every first placement began in January 2025, and fewer children have had to pack since.",
    "ha_pct": "Two nurses left in autumn 2025 and the clinic at Fableham closed for four months. The named nurse now receives a list each week of the assessments that fall due, and the health trust has filled one of the two posts.",
    "dent_pct": "Finding a dentist who takes new patients remains the main difficulty. The community dental service keeps appointments for children in care in school holidays.",
    "cl_eet_pct": "Each young person without a place has a named adviser. Ten apprenticeships in the council's own services begin in January.",
    "cl_acc_pct": "Young people in custody count as unsuitably housed. Four flats with a tenancy of their own are ready in November.",
    # The one fault, for the check to find: it is another figure.
    "miss_pct": "It stands at 7.9%, and most children were back within a day. Every child is offered a conversation on return with somebody who does not work where they live.",
    "foster_pct": "Two fostering agencies have closed in the region. The new offer to our own carers began in June.",
    "fostering_households": "Six mainstream households were approved and three left. The recruitment campaign of the autumn looks for carers of brothers and sisters.",
    "pathway_plan_6m": "Reviews that are late are mostly those of young people who live outside the area; two more advisers began in September.",
    "Fostering and adoption": "Word of mouth is still our best recruiter: more new households come to us through an existing carer than through any advertisement.",
    "Children's homes": "Four of our five homes are judged good or outstanding. The home that requires improvement has a new registered manager and a plan agreed with Ofsted.",
    "Areas of strength": "Stability: fewer children move three times in a year than in any quarter since 2022.\nSame carer: four in five have lived with the same carer for two years.",
    "Areas for development": "Health assessments: back to 92% by March.\nDentists: an agreement with the health trust by January.",
}


def figures_sheet(found):
    names = [f"{MONTH_NAMES[month - 1]} {year}" for year, month, _ in found["visits_on_time"][-3:]]
    head = ["Indicator", "Unit", "Numerator", "Denominator", "Value", "Previous out-turn", "Previous quarter", "Target",
            "Tolerance low", "Tolerance high", "Note"] + names
    rows = [head]
    for code, unit, numerator, denominator, value, quarter, target, low, high, note in TYPED:
        rows.append([code, unit, numerator, denominator, value, None, quarter, target, low, high, note or None, None, None, None])
    again = series()[(2025, 4)]
    for code, (target, low, high, note) in TARGETS.items():
        out_turn = round(again[code][2], 1) if code in PRINTED_THEN else None
        rows.append([code, "percentage", None, None, None, out_turn, None, target, low, high, note or None, None, None, None])
    for code, unit, target in (("visits_on_time", "percentage", 95), ("talks_in_72_hours", "percentage", 80), ("weekly_cost", None, None)):
        last = [value for _, _, value in found[code][-3:]]
        quarter = round(sum(last) / 3, DECIMALS.get(code, 1))
        rows.append([code, unit, None, None, quarter, None, None, target, 2 if target else None, 2 if target else None, None] + last)
    return rows


def sheet(rows, widths, dates=()):
    cells, styles = [], {"head": 1, "text": 2, "date": 3}
    for at, line in enumerate(rows, 1):
        made = []
        for column, value in enumerate(line):
            name = f"{chr(65 + column)}{at}"
            if value is None:
                continue
            if isinstance(value, str):
                style = styles["head"] if at == 1 and len(line) > 2 else styles["text"]
                made.append(f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>')
            else:
                made.append(f'<c r="{name}"><v>{value}</v></c>')
        cells.append(f'<row r="{at}">{"".join(made)}</row>')
    cols = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f'<sheetFormatPr defaultRowHeight="12.75"/><cols>{cols}</cols><sheetData>{"".join(cells)}</sheetData></worksheet>')


def workbook(found):
    commentary = [["Indicator or area", "Commentary", "Author", "Date"]]
    commentary += [[about, said, "Service manager", "09/10/2026"] for about, said in SAID.items()]
    new = {
        "xl/worksheets/sheet1.xml": sheet([list(pair) for pair in cover()], [24, 90]),
        "xl/worksheets/sheet2.xml": sheet(figures_sheet(found), [24, 12] + [13] * 8 + [24] + [15] * 3),
        "xl/worksheets/sheet3.xml": sheet(commentary, [24, 90, 16, 12]),
    }
    with zipfile.ZipFile(LISTS) as old, zipfile.ZipFile(os.path.join(HERE, "2026-27-q2.xlsx"), "w", zipfile.ZIP_DEFLATED) as out:
        for part in old.infolist():
            data = new[part.filename].encode("utf-8") if part.filename in new else old.read(part.filename)
            info = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)


def main():
    figures, found, named = series(), months(), titles()
    named.update(visits_on_time="Visits to children in care made on time", talks_in_72_hours="Conversations offered within 72 hours of a child's return",
                 weekly_cost="Average weekly cost of a placement")
    history(figures, named)
    month_history(found, named)
    published(figures)
    workbook(found)


main()
