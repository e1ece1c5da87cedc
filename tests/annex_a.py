"""Annex A's figures by another account: in Python, from the CSV lists, with nothing of Rapporteur's.

    python3 tests/annex_a.py examples/annex-a/return 2026-03-31

A line a figure: code, numerator, denominator, value; what is not there is empty. Standard library only.
"""
import csv
import datetime as dt
import os
import statistics
import sys

FOLDER, END = sys.argv[1], dt.date.fromisoformat(sys.argv[2])


def rows(number):
    with open(os.path.join(FOLDER, f"list-{number}.csv"), encoding="utf-8") as f:
        return [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(f)]


def day(text):
    return dt.datetime.strptime(text, "%d/%m/%Y").date() if text else None


def easter(year):
    """By Gauss and Meeus: not from a table, as the scripts have it."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, d = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, d + 1)


def holidays(year):
    one = dt.timedelta(days=1)
    def moved(d):
        while d.weekday() > 4:
            d += one
        return d
    def monday(month, first):
        d = dt.date(year, month, first)
        return d + dt.timedelta(days=-d.weekday() % 7)
    late_may = dt.date(year, 5, 31)
    late_august = dt.date(year, 8, 31)
    christmas, boxing = dt.date(year, 12, 25), dt.date(year, 12, 26)
    days = {moved(dt.date(year, 1, 1)), easter(year) - 2 * one, easter(year) + one, monday(5, 1),
            late_may - dt.timedelta(days=late_may.weekday()), late_august - dt.timedelta(days=late_august.weekday())}
    if christmas.weekday() > 4:
        days |= {dt.date(year, 12, 27), dt.date(year, 12, 28)}
    else:
        days |= {christmas, moved(boxing)}
    return days


FREE = set().union(*(holidays(y) for y in range(2023, 2028)))


def working_days(first, last):
    n, d = 0, first
    while d < last:
        d += dt.timedelta(days=1)
        n += d.weekday() < 5 and d not in FREE
    return n


def years(n):
    return END.replace(year=END.year + n)


def months_after(d, n):
    y, m = divmod(d.year * 12 + d.month - 1 + n, 12)
    for last in (d.day, 30, 29, 28):
        try:
            return dt.date(y, m + 1, min(d.day, last))
        except ValueError:
            pass


YEAR_BACK = dt.date(END.year - 1, END.month, END.day) + dt.timedelta(days=1)
HALF_BACK = dt.date(END.year - 1, 10, 1)
out = {}


def count(code, those):
    out[code] = (len(those), "", len(those))


def share(code, of, which):
    n = sum(1 for r in of if which(r))
    out[code] = (n, len(of), n / len(of) * 100 if of else "")


def middle(code, numbers):
    out[code] = ("", len(numbers), statistics.median(numbers))


def mean(code, numbers):
    out[code] = (sum(numbers), len(numbers), sum(numbers) / len(numbers))


def yes(r, column):
    return r[column].endswith("Yes")


def open_at_end(of, start, end):
    return [r for r in of if day(r[start]) <= END and (not r[end] or day(r[end]) > END)]


def within(text, first):
    return bool(text) and first <= day(text) <= END


c = rows(1)
SOURCE = "Contact Source"
count("contacts_n", c)
count("contacts_n.police", [r for r in c if r[SOURCE].endswith("Police")])
count("contacts_n.schools", [r for r in c if r[SOURCE].endswith("Schools")])
count("contacts_n.other", [r for r in c if not r[SOURCE].endswith(("Police", "Schools"))])
share("contacts_police_pct", c, lambda r: r[SOURCE].endswith("Police"))
share("contacts_anonymous_pct", c, lambda r: r[SOURCE].endswith("Anonymous"))


def age(birth, on):
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


BIRTH = "Date of Birth"
share("contacts_under_5_pct", [r for r in c if r[BIRTH]], lambda r: age(day(r[BIRTH]), day(r["Date of Contact"])) < 5)

h = rows(2)
done = [r for r in h if r["Assessment completion date"]]
count("early_help_n", h)
count("early_help_open_n", [r for r in h if not r["Assessment completion date"]])
middle("early_help_days", [working_days(day(r["Assessment start date"]), day(r["Assessment completion date"])) for r in done])

r3 = rows(3)
count("referrals_n", r3)
share("referrals_again_pct", r3, lambda r: int(r["Number of Referrals in Last 12 Months"]) >= 1)
share("referrals_nfa_pct", r3, lambda r: yes(r, "Referral NFA?"))
share("referrals_police_pct", r3, lambda r: r["Referral Source"].endswith("Police"))
share("referrals_schools_pct", r3, lambda r: r["Referral Source"].endswith("Schools"))

a = rows(4)
BEGAN, DONE = "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"
finished = [r for r in a if r[DONE]]
going_on = open_at_end(a, BEGAN, DONE)
took = {id(r): working_days(day(r[BEGAN]), day(r[DONE])) for r in finished}
count("assessments_n", finished)
share("assessments_45_pct", finished, lambda r: took[id(r)] <= 45)
middle("assessments_days", list(took.values()))
count("assessments_open_n", going_on)
count("assessments_late_n", [r for r in going_on if working_days(day(r[BEGAN]), END) > 45])
share("assessments_seen_pct", a, lambda r: yes(r, "Child Seen During Continuous Assessment"))

s = rows(5)
STRATEGY = "Strategy discussion initiating Section 47 Enquiry Start Date"
MET, PLAN = "Date of Initial Child Protection Conference", "Did the Initial Child Protection Conference Result in a Child Protection Plan"
NONE = "Was an Initial Child Protection Conference deemed unnecessary?"
met = [r for r in s if r[MET]]
count("section_47_n", s)
share("section_47_again_pct", s, lambda r: int(r["Number of Section 47 Enquiries in the last 12 months"]) > 1)
count("conferences_n", met)
share("conferences_15_pct", met, lambda r: working_days(day(r[STRATEGY]), day(r[MET])) <= 15)
share("conferences_plan_pct", [r for r in met if r[PLAN]], lambda r: yes(r, PLAN))
share("conferences_unnecessary_pct", [r for r in s if r[NONE]], lambda r: yes(r, NONE))

n = open_at_end(rows(6), "CIN Start Date", "CIN Closure Date")
SEEN, DISABLED = "Date Child Was Last Seen", "Does the Child have a Disability"
count("in_need_n", n)
share("in_need_seen_pct", n, lambda r: bool(r[SEEN]) and working_days(day(r[SEEN]), END) <= 30)
share("in_need_two_years_pct", n, lambda r: day(r["CIN Start Date"]) <= years(-2))
share("in_need_disabled_pct", n, lambda r: yes(r, DISABLED))

p = rows(7)
on = open_at_end(p, "Child Protection Plan Start Date", "Child Protection Plan End Date")
KIND, VISIT = "Latest Category of Abuse", "Date of the Last Statutory Visit"
count("plans_n", on)
for part, kind in (("neglect", "Neglect"), ("emotional_abuse", "Emotional abuse"), ("physical_abuse", "Physical abuse"),
                   ("sexual_abuse", "Sexual abuse"), ("several", "Multiple")):
    count(f"plans_n.{part}", [r for r in on if r[KIND] == kind])
count("plans_ended_n", [r for r in p if r["Child Protection Plan End Date"]])
share("plans_again_pct", on, lambda r: int(r["Number of Previous Child Protection Plans"]) > 0)
share("plans_visit_pct", on, lambda r: working_days(day(r[VISIT]), END) <= 20)
share("plans_alone_pct", on, lambda r: yes(r, "Was the Child Seen Alone?"))
share("plans_two_years_pct", on, lambda r: day(r["Child Protection Plan Start Date"]) <= years(-2))

l = rows(8)
IN, LEFT, WHY = "Date Started to be Looked After", "Date Ceased to be Looked After", "Reason Ceased to be Looked After"
care = open_at_end(l, IN, LEFT)
MISSING = "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months"
gone = [r for r in care if int(r[MISSING]) > 0]
count("care_n", care)
count("care_started_n", [r for r in l if within(r[IN], YEAR_BACK)])
count("care_ceased_n", [r for r in l if within(r[LEFT], YEAR_BACK)])
count("care_guardians_n", [r for r in l if "Special Guardianship" in r[WHY]])
share("care_uasc_pct", care, lambda r: yes(r, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))"))
share("care_review_pct", care, lambda r: within(r["Date of Latest Statutory Review"], HALF_BACK))
share("care_visit_pct", care, lambda r: day(r["Date of Last Social Work Visit"]) >= END - dt.timedelta(days=42))
share("care_health_pct", care, lambda r: within(r["Date of Last Health Assessment"], YEAR_BACK))
share("care_dentist_pct", care, lambda r: within(r["Date of Last Dental Check"], YEAR_BACK))
share("care_3_placements_pct", care, lambda r: int(r["Number of Placements in the Last 12 months"]) >= 3)
share("care_fostered_pct", care, lambda r: r["Placement Type"][3] == "U")
share("care_own_pct", care, lambda r: "PR1" in r["Placement Provider"])
share("care_permanence_pct", care, lambda r: bool(r["What is the permanence plan for this child?"]))
count("care_missing_n", gone)
share("care_interview_pct", gone, lambda r: yes(r, "Was the child offered a Return Interview after their last missing episode (Y/N)?"))

v = rows(9)
DOES = "Activity Status"
count("leavers_n", v)
share("leavers_touch_pct", v, lambda r: yes(r, "LA in Touch"))
share("leavers_home_pct", v, lambda r: r["Suitability of Accommodation"] == "a) Suitable")
share("leavers_active_pct", v, lambda r: r[DOES][:1] in ("F", "P") and r[DOES] != "")
share("leavers_higher_pct", v, lambda r: r[DOES][:2] in ("F1", "P1"))

d = rows(10)
ADOPTED, NO_MORE = "Date of Adoption Order", "Date of Decision that Child Should No Longer be Placed for Adoption"
adopted = [r for r in d if r[ADOPTED] and not r[NO_MORE]]
count("adoption_plan_n", [r for r in d if not r[ADOPTED] and not r[NO_MORE]])
count("adopted_n", adopted)
count("adoption_no_more_n", [r for r in d if r[NO_MORE]])
mean("adoption_placed_days", [(day(r["Date Placed for Adoption"]) - day(r["Date the Child Entered Care"])).days for r in adopted])
mean("adoption_match_days", [(day(r["Date of Matching Child and Prospective Adopters"]) - day(r["Date of Placement Order"])).days for r in adopted])

t = rows(11)
OK = "Date application approved"
count("adopters_n", [r for r in t if r[OK]])
share("adopters_stage1_pct", [r for r in t if r["Date Stage 1 started"] and r["Date Stage 1 ended"]],
      lambda r: day(r["Date Stage 1 ended"]) <= months_after(day(r["Date Stage 1 started"]), 2))
share("adopters_stage2_pct", [r for r in t if r["Date Stage 2 started"] and r[OK]],
      lambda r: day(r[OK]) <= months_after(day(r["Date Stage 2 started"]), 4))
count("adopters_left_n", [r for r in t if r["Date of leaving adoption process"]])

for code, (numerator, denominator, value) in sorted(out.items()):
    print(code, numerator, denominator, value, sep="\t")
