//! Importing CSV files.
