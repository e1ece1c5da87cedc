//! What a figure is measured in.

/// In what an indicator is expressed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// A count.
    Number,
    /// Of a hundred, held from 0 to 100.
    Percentage,
    /// Of so many.
    Rate(f64),
    /// A mean.
    Average,
    /// The middle value.
    Median,
    /// Money.
    Pounds,
}

impl Unit {
    /// The unit by the name that scripts and Figures sheets use.
    ///
    /// ```
    /// use rapporteur::nouns::unit::Unit;
    ///
    /// assert_eq!(Unit::named("rate per 10,000"), Some(Unit::Rate(10_000.0)));
    /// assert_eq!(Unit::named("rate per 0"), None);
    /// assert_eq!(Unit::Percentage.scale(), 100.0);
    /// ```
    pub fn named(text: &str) -> Option<Unit> {
        let text = text.trim().to_lowercase();
        Some(match text.as_str() {
            "number" | "count" => Unit::Number,
            "percentage" | "percent" | "%" => Unit::Percentage,
            "average" | "mean" => Unit::Average,
            "median" => Unit::Median,
            "pounds" | "£" | "gbp" => Unit::Pounds,
            "rate" => Unit::Rate(10_000.0),
            _ => {
                let per = text.strip_prefix("rate per ")?.replace([',', ' '], "").parse().ok()?;
                if per <= 0.0 {
                    return None;
                }
                Unit::Rate(per)
            }
        })
    }

    /// The decimals that are shown where the indicator says nothing.
    pub fn decimals(self) -> u8 {
        match self {
            Unit::Number | Unit::Pounds => 0,
            _ => 1,
        }
    }

    /// What a quotient is multiplied by.
    pub fn scale(self) -> f64 {
        match self {
            Unit::Percentage => 100.0,
            Unit::Rate(per) => per,
            _ => 1.0,
        }
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unit::Number => f.write_str("number"),
            Unit::Percentage => f.write_str("percentage"),
            Unit::Rate(per) => {
                let digits = format!("{per:.0}");
                let grouped: Vec<&str> = digits
                    .as_bytes()
                    .rchunks(3)
                    .rev()
                    .map(|c| std::str::from_utf8(c).unwrap_or(""))
                    .collect();
                write!(f, "rate per {}", grouped.join(","))
            }
            Unit::Average => f.write_str("average"),
            Unit::Median => f.write_str("median"),
            Unit::Pounds => f.write_str("pounds"),
        }
    }
}
