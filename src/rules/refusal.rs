//! The only error of a rule: a refusal that a customer could be told.

/// What kind of refusal; `http::problem` makes a status of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalClass {
    /// Understood, but not entitled or not acceptable.
    Refused,
    /// The thing is not in a state in which this can be done.
    StateClash,
}

/// One refusal: a stable code, the rule, where in the request, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// What kind.
    pub class: RefusalClass,
    /// Stable snake_case code.
    pub code: &'static str,
    /// The rule, e.g. `P4.1`, where a rule of the program says no.
    pub rule: Option<&'static str>,
    /// JSON pointer into the request, where one field is to blame.
    pub field: Option<String>,
    /// A sentence for the customer.
    pub detail: String,
}

impl Refusal {
    /// Not entitled, or not acceptable.
    pub fn refused(code: &'static str, rule: &'static str, detail: impl Into<String>) -> Self {
        Self { class: RefusalClass::Refused, code, rule: Some(rule), field: None, detail: detail.into() }
    }
    /// Not in this state.
    pub fn clash(code: &'static str, rule: &'static str, detail: impl Into<String>) -> Self {
        Self { class: RefusalClass::StateClash, code, rule: Some(rule), field: None, detail: detail.into() }
    }
    /// A value that can't be used, such as a code that nothing has.
    pub fn input(code: &'static str, field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { class: RefusalClass::Refused, code, rule: None, field: Some(field.into()), detail: detail.into() }
    }
    /// Names the field to blame.
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.field = Some(pointer.into());
        self
    }
}
