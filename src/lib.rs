//! Swapline: maintenance logistics for vendors of network hardware.
//!
//! The rooms, in reading order: `rules` (what is decided), `reference` (what is known beforehand), `store` (what is
//! remembered), `actions` (what can be done), `feeds`, `print` and `mail` (CSV, printed pages, letters), `jobs` (what runs by itself), `http` (the API), `cli`
//! `web` (pages for people), `cli` and `config` (the commands and their settings).

pub mod actions;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod feeds;
pub mod http;
pub mod jobs;
pub mod mail;
pub mod print;
pub mod reference;
pub mod rules;
pub mod store;
pub mod web;
