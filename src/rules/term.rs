//! Closed vocabularies: one macro gives every enum of the field its words, in one spelling for store, API, mail and CSV.

/// An enum whose variants have stable snake_case words.
pub trait Term: Copy + Eq + std::fmt::Debug + Sized + 'static {
    /// Every variant, in the order of declaration.
    const ALL: &'static [Self];
    /// What the vocabulary is called in messages, e.g. `tier`.
    const NAME: &'static str;
    /// The stable word.
    fn as_str(self) -> &'static str;
    /// The variant of a word, if it is one.
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|t| t.as_str() == word)
    }
}

/// Defines an enum with [`Term`], `Display` and serde by its words.
macro_rules! terms {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$vmeta:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }
        impl $crate::rules::term::Term for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const NAME: &'static str = $what;
            fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::rules::term::Term::as_str(*self))
            }
        }
    };
}
pub(crate) use terms;
