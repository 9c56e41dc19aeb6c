//! Parts of a table of labels, and photographs, that are not used, and why.

/// Why a row is unusable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowFault {
    /// It names no photograph.
    NoImage,
    NoLabel,
    /// Neither of the card's labels.
    Neither([String; 2]),
    /// The user chose to leave out its value.
    LeftOut,
    NotAnAge,
    NotANumber,
    /// More cells than the header, so they may be in the wrong columns.
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

/// Input that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unused {
    /// Photographs without a usable row.
    NoLabel,
    /// Pictures that do not look like fundus photographs.
    NotAFundus,
    /// Photographs that could not be opened or prepared.
    Failed,
    /// Photographs that a stopped check did not reach.
    NotReached,
    /// Rows whose photograph is missing.
    NoPhotograph,
    /// Names that match more than one photograph.
    Ambiguous,
    /// Names whose rows contradict each other.
    Contradicting,
    /// Unusable rows.
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

/// A list of what a table and the photographs leave without the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum LabelList {
    /// Photographs without a row.
    WithoutRow,
    /// Rows without a photograph.
    WithoutPhotograph,
    /// Names that match more than once, or whose rows contradict each other.
    Ambiguous,
    /// Rows and cells that cannot be read.
    Unreadable,
}

impl LabelList {
    /// Its name in file names.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
