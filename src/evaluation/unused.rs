//! What of a table of labels and of the photographs is not used, and why.

/// Why a row says nothing usable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowFault {
    /// It names no photograph.
    NoImage,
    NoLabel,
    /// Neither of the card's labels.
    Neither([String; 2]),
    /// The user said that its value is to be left out.
    LeftOut,
    NotAnAge,
    NotANumber,
    /// More cells than the first line has names, so that they may stand in wrong columns.
    TooManyCells,
}

impl RowFault {
    /// A short name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoImage => "no-image",
            Self::NoLabel => "no-label",
            Self::Neither(_) => "neither-label",
            Self::LeftOut => "left-out-by-user",
            Self::NotAnAge => "not-an-age",
            Self::NotANumber => "not-a-number",
            Self::TooManyCells => "too-many-cells",
        }
    }
}

/// What was given and not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unused {
    /// Photographs without a row, or without one that says something usable.
    NoLabel,
    /// Pictures that do not look like fundus photographs.
    NotAFundus,
    /// Photographs that could not be opened or prepared.
    Failed,
    /// Photographs that a stopped check did not reach.
    NotReached,
    /// Rows whose photograph is not there.
    NoPhotograph,
    /// Names that fit more than one photograph.
    Ambiguous,
    /// Names whose rows contradict each other.
    Contradicting,
    /// Rows that say nothing usable.
    Unreadable(RowFault),
}

impl Unused {
    /// A short name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoLabel => "without-label",
            Self::NotAFundus => "not-a-fundus",
            Self::Failed => "failed",
            Self::NotReached => "not-reached",
            Self::NoPhotograph => "no-photograph",
            Self::Ambiguous => "ambiguous",
            Self::Contradicting => "contradicting",
            Self::Unreadable(why) => why.code(),
        }
    }
}
