"""Makes the small return in small/ and counts it: sixty made-up children and what should come of them.

    python3 tests/golden/make.py

The figures of small/expected.json are counted here, by the definitions of the shipped indicators in
plain Python, and not by the program: a test holds the two against each other. Whoever changes a
definition changes both.
"""
import csv, datetime as dt, json, os, random

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "small")
E = dt.date(2026, 9, 30)
Y = dt.date(2026, 4, 1)
UNDER_18 = 9_871
DAY = dt.timedelta(1)
random.seed(20260930)


def back(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    month += 1
    last = [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return dt.date(year, month, min(day.day, last))


def age(born, at):
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def shown(day):
    return day.strftime("%d/%m/%Y") if day else ""


def days(first, last):
    return first + dt.timedelta(random.randrange((last - first).days + 1))


PLACES = ["U1", "U2", "U3", "U4", "U5", "U6", "K1", "K2", "P1", "P2", "H5", "A3", "A6"]


def episodes_of(child, number):
    """A period of care: episodes that follow each other without a gap."""
    edge = {1: (dt.date(2025, 6, 2), Y), 2: (dt.date(2025, 6, 2), Y - DAY), 3: (E, None), 4: (Y, E)}
    begin, end = edge.get(number, (None, None))
    if begin is None:
        begin = days(dt.date(2022, 1, 1), E)
        end = random.choice([None, None, None, days(begin, E)]) if begin < E - 40 * DAY else None
    changes = random.choice([0, 0, 1, 1, 2, 3, 5])
    last = end or E
    cuts = sorted({days(begin + DAY, last - DAY) for _ in range(changes)}) if (last - begin).days > 60 else []
    starts, found = [begin, *cuts], []
    status = random.choice(["C2", "C2", "C1", "V2", "E1"]) if number % 17 else "V4"
    for at, start in enumerate(starts):
        stop = starts[at + 1] if at + 1 < len(starts) else end
        new_place = at == 0 or random.random() < 0.8
        place = random.choice(PLACES) if new_place else found[-1]["PLACE"]
        carer = random.choice(["PR1", "PR1", "PR4", "PR5", "PR2"])
        gone = stop is not None and at + 1 == len(starts)
        reasons = ["E4A", "E4B", "E11", "E12", "E41", "E45", "E46", "E47", "E48", "E3", "E5", "E8"]
        found.append({
            "CHILD": child, "DECOM": start, "RNE": "S" if at == 0 else random.choice("PPTB") if new_place else "L",
            "LS": status, "CIN": "N1", "PLACE": place, "PLACE_PROVIDER": carer, "DEC": stop,
            "REC": random.choice(reasons) if gone else "X1" if stop else "",
            "REASON_PLACE_CHANGE": "", "HOME_POST": "", "PL_POST": "", "URN": "",
            "PL_LOCATION": random.choice(["IN", "IN", "OUT"]),
            "PL_DISTANCE": random.choice([0.5, 3.2, 12.0, 19.9, 20.0, 20.1, 35.4, 80.0]),
        })
    return found


def make():
    lists = {name: [] for name in ["header", "episodes", "uasc", "missing", "oc2", "oc3", "reviews"]}
    for number in range(1, 61):
        child = str(700_000 + number)
        born = {5: back(E, 12 * 10), 6: back(E, 12 * 10) + DAY, 7: back(E, 12 * 16)}.get(number)
        born = born or days(dt.date(2009, 4, 2), dt.date(2021, 12, 31))
        lists["header"].append({
            "CHILD": child, "SEX": random.choice("12"), "DOB": born, "ETHNIC": "WBRI", "UPN": "", "MOTHER": "", "MC_DOB": "",
        })
        lists["episodes"] += episodes_of(child, number)
        if number % 9 == 0:
            until = born.replace(year=born.year + 18) if number % 2 else days(Y, E)
            lists["uasc"].append({"CHILD": child, "SEX": "1", "DOB": born, "DUC": until})
        for _ in range(random.choice([0, 0, 0, 1, 2])):
            begin = days(dt.date(2026, 2, 1), E)
            lists["missing"].append({
                "CHILD": child, "DOB": born, "MISSING": random.choice("MMA"), "MIS_START": begin,
                "MIS_END": min(begin + random.randrange(60) * DAY, E) if random.random() < 0.8 else None,
            })
        if number % 2:
            score = random.choice([None, 0, 5, 16, 17, 18, 30]) if 5 <= age(born, E) <= 16 else None
            yes = lambda: random.choice("1110")
            lists["oc2"].append({
                "CHILD": child, "DOB": born, "SDQ_SCORE": score if score is not None else "", "SDQ_REASON": "",
                "CONVICTED": random.choice("00001"), "HEALTH_CHECK": yes() if age(born, E) < 5 else "",
                "IMMUNISATIONS": yes(), "TEETH_CHECK": yes(), "HEALTH_ASSESSMENT": yes(),
                "SUBSTANCE_MISUSE": random.choice("001"), "INTERVENTION_RECEIVED": "", "INTERVENTION_OFFERED": "",
            })
        for _ in range(random.choice([0, 1, 2])):
            lists["reviews"].append({
                "CHILD": child, "DOB": born, "REVIEW": days(dt.date(2026, 3, 1), E),
                "REVIEW_CODE": random.choice(["PN0", "PN1", "PN2", "PN4", "PN6", "PN7"]),
            })
    for number in range(1, 31):
        # Those who left care: their age counts on 31 March 2027.
        born = {1: dt.date(2008, 3, 31), 2: dt.date(2005, 4, 1), 3: dt.date(2005, 3, 31)}.get(number)
        touch = random.choice(["YES", "YES", "YES", "NO", "DIED", "RHOM"])
        lists["oc3"].append({
            "CHILD": str(800_000 + number), "DOB": born or days(dt.date(2005, 3, 1), dt.date(2010, 3, 1)), "IN_TOUCH": touch,
            "ACTIV": random.choice(["F1", "F2", "F4", "P1", "P2", "G4", "G5", "G6"]) if touch == "YES" else "",
            "ACCOM": random.choice(["B1", "C1", "K1", "K2", "G1", "H1", "R1", "T2"]) if touch == "YES" else "",
        })
    add_changes(lists)
    return lists


CHANGED = ["CARPL", "CLOSE", "CREQB", "CHILD", "PLACE", "OTHER"]


def add_changes(lists):
    """Why placements ended, social workers and schools: drawn apart, so that the lists above stay as they were."""
    draw = random.Random(20260930)
    spell = lambda first, last: first + dt.timedelta(draw.randrange((last - first).days + 1))
    for this, after in zip(lists["episodes"], lists["episodes"][1:]):
        if this["REC"] == "X1" and after["RNE"] != "L":
            this["REASON_PLACE_CHANGE"] = draw.choice(CHANGED)
    lists["sw_episodes"], lists["schools"] = [], []
    edges = {1: (back(E, 12), back(E, 12) + DAY), 2: (back(E, 12) - 9 * DAY, back(E, 12))}
    for row in lists["header"]:
        child, nth = row["CHILD"], int(row["CHILD"]) - 700_000
        changes = sorted({spell(dt.date(2024, 7, 1), E) for _ in range(draw.choice([1, 2, 3, 4, 6]))})
        for at, start in enumerate(changes):
            end = changes[at + 1] if at + 1 < len(changes) else None
            if nth in edges and at == 0:
                start, end = edges[nth]
            lists["sw_episodes"].append({
                "CHILD": child, "DOB": row["DOB"], "SW_ID": f"SW{draw.randrange(4) + 10 * nth}",
                "SW_DECOM": start, "SW_DEC": end, "SW_REASON": "MANAGE",
            })
        if age(row["DOB"], E) < 5:
            continue
        moves = sorted({spell(dt.date(2024, 9, 1), E) for _ in range(draw.choice([1, 1, 2, 3]))})
        moves += [dt.date(2026, 9, 1)] * (nth % 7 == 0 and moves[-1] < dt.date(2026, 9, 1))
        for at, start in enumerate(moves):
            lists["schools"].append({
                "CHILD": child, "SCHOOL": str(draw.choice([100_101, 100_102, 100_103])), "SCHOOL_START": start,
                "SCHOOL_END": moves[at + 1] if at + 1 < len(moves) else None,
            })
    for row in lists["oc2"]:
        if row["SUBSTANCE_MISUSE"] == "1":
            row["INTERVENTION_RECEIVED"] = draw.choice("01")
            row["INTERVENTION_OFFERED"] = draw.choice("01") if row["INTERVENTION_RECEIVED"] == "0" else ""


def count(lists):
    born = {row["CHILD"]: row["DOB"] for row in lists["header"]}
    every = lists["episodes"]
    counted = [e for e in every if e["LS"] not in ("V3", "V4")]
    is_open = lambda e, day: e["DECOM"] <= day and (e["DEC"] is None or e["DEC"] > day)
    cla = {}
    for e in counted:
        if is_open(e, E):
            cla[e["CHILD"]] = e
    started = {e["CHILD"] for e in counted if e["RNE"] == "S" and Y <= e["DECOM"] <= E}
    ceased = {e["CHILD"]: e for e in counted if e["REC"] not in ("", "X1") and e["DEC"] and Y <= e["DEC"] <= E}
    year = {e["CHILD"] for e in counted if e["DECOM"] <= E and (e["DEC"] is None or e["DEC"] >= Y)}
    found = {}

    def share(code, part, whole, per=100):
        part, whole = len(part), len(whole) if hasattr(whole, "__len__") else whole
        found[code] = {"numerator": part, "denominator": whole, "value": part * per / whole if whole else None}

    def number(code, these):
        found[code] = {"numerator": len(these), "denominator": None, "value": len(these)}

    for code, these in [("cla", cla), ("start", started), ("cease", ceased)]:
        number(f"{code}_n", these)
        share(f"{code}_rate", these, UNDER_18, 10_000)
    number("cla_year_n", year)
    ways = {
        "adopt_pct": ["E11", "E12"], "sgo_pct": ["E45", "E46", "E47", "E48"], "cao_pct": ["E41"],
        "home_plan_pct": ["E4A"], "home_unplan_pct": ["E4B"],
        "perm_pct": ["E11", "E12", "E45", "E46", "E47", "E48", "E41"],
    }
    for code, reasons in ways.items():
        share(code, [e for e in ceased.values() if e["REC"] in reasons], ceased)
    alone = {u["CHILD"] for u in lists["uasc"] if u["DUC"] is None or u["DUC"] > E} & cla.keys()
    number("uasc_n", alone)
    share("uasc_pct", alone, cla)
    now = list(cla.values())
    foster = [e for e in now if e["PLACE"] in ("U1", "U2", "U3", "U4", "U5", "U6")]
    share("foster_pct", foster, cla)
    share("res_pct", [e for e in now if e["PLACE"] in ("K1", "K2")], cla)
    share("parents_pct", [e for e in now if e["PLACE"] == "P1"], cla)
    share("ifa_pct", [e for e in foster if e["PLACE_PROVIDER"] in ("PR4", "PR5")], foster)
    number("inhouse_n", [e for e in foster if e["PLACE_PROVIDER"] == "PR1"])
    older = [e for e in now if 10 <= age(born[e["CHILD"]], E) <= 16]
    share("fam_10_16", [e for e in older if e in foster or e["PLACE"].startswith("A")], older)
    share("dist20out_pct", [e for e in now if e["PL_DISTANCE"] > 20 and e["PL_LOCATION"] == "OUT"], cla)
    share("within20_pct", [e for e in now if e["PL_DISTANCE"] <= 20], cla)
    share("inla_pct", [e for e in now if e["PL_LOCATION"] == "IN"], cla)
    window = back(E, 12) + DAY
    away = ("T0", "T1", "T2", "T3", "T4", "A3", "A5")

    def placements(child):
        own = [e for e in every if e["CHILD"] == child]
        began = [e for e in own if e["RNE"] in "SPTBU" and e["PLACE"] not in away and window <= e["DECOM"] <= E]
        earlier = any(e["DECOM"] < window and (e["DEC"] is None or e["DEC"] > window) for e in own)
        return len(began) + earlier

    share("pl3_pct", [child for child in cla if placements(child) >= 3], cla)
    both = {
        e["CHILD"] for e in counted
        if e["DECOM"] <= back(E, 12) and (e["DEC"] is None or e["DEC"] > back(E, 24))
    } & cla.keys()
    window = back(E, 24) + DAY  # `placements` goes by it
    share("pl3_2y_pct", [child for child in both if placements(child) >= 3], both)
    temporary = ("T0", "T1", "T2", "T3", "T4")
    new = [e for e in counted if e["RNE"] in "SPTBU" and e["PLACE"] not in temporary and Y <= e["DECOM"] <= E]
    number("new_pl_n", new)
    def workers(child, months):
        first = back(E, months) + DAY
        own = [w for w in lists["sw_episodes"] if w["CHILD"] == child]
        return len({w["SW_ID"] for w in own if w["SW_DECOM"] <= E and (w["SW_DEC"] is None or w["SW_DEC"] >= first)})

    share("sw3_pct", [child for child in cla if workers(child, 12) >= 3], cla)
    share("sw3_2y_pct", [child for child in both if workers(child, 24) >= 3], both)
    schooled = {s["CHILD"] for s in lists["schools"]} & cla.keys()
    moved, mid_year = set(), set()
    for this, after in zip(lists["schools"], lists["schools"][1:]):
        same = this["CHILD"] == after["CHILD"] and this["SCHOOL"] != after["SCHOOL"]
        if same and back(E, 12) < after["SCHOOL_START"] <= E:
            moved.add(after["CHILD"])
            if after["SCHOOL_START"].month not in (8, 9):
                mid_year.add(after["CHILD"])
    share("school_move_any_pct", moved & schooled, schooled)
    share("school_move_pct", mid_year & schooled, schooled)
    oc2 = lists["oc2"]
    for code, column in [
        ("ha_pct", "HEALTH_ASSESSMENT"), ("dent_pct", "TEETH_CHECK"), ("imm_pct", "IMMUNISATIONS"),
        ("subm_pct", "SUBSTANCE_MISUSE"),
    ]:
        share(code, [r for r in oc2 if r[column] == "1"], oc2)
    young = [r for r in oc2 if age(r["DOB"], E) < 5]
    share("dev_pct", [r for r in young if r["HEALTH_CHECK"] == "1"], young)
    asked = [r for r in oc2 if 5 <= age(r["DOB"], E) <= 16]
    scored = [r for r in asked if r["SDQ_SCORE"] != ""]
    total = sum(r["SDQ_SCORE"] for r in scored)
    found["sdq_avg"] = {"numerator": total, "denominator": len(scored), "value": total / len(scored)}
    share("sdq_done_pct", scored, asked)
    share("sdq_concern_pct", [r for r in scored if r["SDQ_SCORE"] >= 17], scored)
    share("sdq_borderline_pct", [r for r in scored if 13 < r["SDQ_SCORE"] < 17], scored)
    share("sdq_normal_pct", [r for r in scored if r["SDQ_SCORE"] <= 13], scored)
    misusing = [r for r in oc2 if r["SUBSTANCE_MISUSE"] == "1"]
    share("subm_help_pct", [r for r in misusing if r["INTERVENTION_RECEIVED"] == "1"], misusing)
    share("subm_refused_pct", [r for r in misusing if r["INTERVENTION_OFFERED"] == "1"], misusing)
    teens = [r for r in oc2 if 10 <= age(r["DOB"], E) <= 17]
    share("conv_pct", [r for r in teens if r["CONVICTED"] == "1"], teens)
    incidents = [
        m for m in lists["missing"]
        if m["CHILD"] in year and m["MIS_START"] <= E and (m["MIS_END"] is None or m["MIS_END"] >= Y)
    ]
    for code, kind in [("miss_pct", "M"), ("away_pct", "A")]:
        share(code, {m["CHILD"] for m in incidents if m["MISSING"] == kind}, year)
    for code, kind in [("miss", "M"), ("away", "A")]:
        of_kind = [m for m in incidents if m["MISSING"] == kind]
        children = {m["CHILD"] for m in of_kind}
        number(f"{code}_n", of_kind)
        number(f"{code}_children_n", children)
        share(f"{code}_avg", of_kind, children, 1)
    at = dt.date(2027, 3, 31)
    for ending, ages in [("", (19, 21)), ("_17_18", (17, 18))]:
        left = [r for r in lists["oc3"] if ages[0] <= age(r["DOB"], at) <= ages[1]]
        left = [r for r in left if r["IN_TOUCH"] not in ("DIED", "RHOM")]
        number(f"cl_n{ending}", left)
        share(f"cl_touch_pct{ending}", [r for r in left if r["IN_TOUCH"] == "YES"], left)
        busy = ["F1", "F2", "F4", "F5", "P1", "P2", "P4", "P5"]
        share(f"cl_eet_pct{ending}", [r for r in left if r["ACTIV"] in busy], left)
        share(f"cl_neet_pct{ending}", [r for r in left if r["ACTIV"] in ("G4", "G5", "G6")], left)
        housed = [r for r in left if r["ACCOM"][:1] not in ("G", "H", "R")]
        share(f"cl_acc_pct{ending}", [r for r in housed if r["ACCOM"].endswith("1")], housed)
        share(f"cl_unsuit_pct{ending}", [r for r in housed if r["ACCOM"].endswith("2")], housed)
    reviews = [r for r in lists["reviews"] if Y <= r["REVIEW"] <= E and r["REVIEW_CODE"] != "PN0"]
    share("part_pct", [r for r in reviews if r["REVIEW_CODE"] in ("PN1", "PN2", "PN3", "PN4", "PN5", "PN6")], reviews)
    return found


def main():
    lists = make()
    os.makedirs(HERE, exist_ok=True)
    for name, rows in lists.items():
        with open(os.path.join(HERE, f"{name}.csv"), "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            for row in rows:
                writer.writerow({k: shown(v) if isinstance(v, dt.date) or v is None else v for k, v in row.items()})
    with open(os.path.join(HERE, "cover.csv"), "w", encoding="utf-8") as file:
        file.write(f'Authority,Smallton\nPeriod end,{shown(E)}\nPopulation under 18,"{UNDER_18:,}"\n')
    with open(os.path.join(HERE, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(count(lists), file, indent=1)
        file.write("\n")


main()
