//! Excel's days: a number that counts them from the end of 1899, or from 1904.

use super::sheet::Value;
use crate::nouns::period::{Day, YEARS};

/// 30 December 1899, from which the days since March 1900 are counted.
const FROM_1900: i64 = -25_569;
/// How many days later the workbooks of old Macs begin.
const FROM_1904: i64 = 1_462;
const MILLISECONDS: f64 = 86_400_000.0;

/// The day that a number stands for in a cell that is shown as a date. Before March 1900 Excel
/// counts a day that never was, so such numbers are no dates; neither are those past the year 2200,
/// nor mere times.
pub fn dated(serial: f64, from_1904: bool) -> Value<'static> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return Value::NotADate(serial);
    }
    // A moment before midnight that is nearer to it than a clock shows is midnight.
    let days = ((serial * MILLISECONDS).round() / MILLISECONDS).floor() as i64;
    let days = if from_1904 { days + FROM_1904 } else { days };
    let day = Day((days + FROM_1900) as i32);
    let counted = days > 60 && YEARS.contains(&day.date().year());
    if counted { Value::Date(day) } else { Value::NotADate(serial) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_days_from_march_1900_on() {
        let day = |year, month, day| Value::Date(Day::from_ymd(year, month, day).expect("a day"));
        assert_eq!(dated(61.0, false), day(1900, 3, 1));
        assert_eq!(dated(46_295.999_999_999_9, false), day(2026, 10, 1));
        assert_eq!(dated(46_295.5, false), day(2026, 9, 30));
        assert_eq!(dated(40_000.0, true), day(2013, 7, 7));
        for serial in [60.0, 0.5, 0.0, -3.0, 200_000.0, f64::NAN] {
            assert!(matches!(dated(serial, false), Value::NotADate(_)), "{serial}");
        }
    }
}
