use super::*;
use crate::actions::import::ImportKind;
use crate::rules::role::Role;
use crate::store::tokens;
use clap::CommandFactory;

fn config(folder: &tempfile::TempDir) -> Config {
    let mut config = Config::default();
    config.database.url = DatabaseUrl::parse(&format!("sqlite://{}", folder.path().join("test.db").display())).unwrap();
    config
}

fn parsed(words: &str) -> Result<Command, clap::error::ErrorKind> {
    Cli::try_parse_from(words.split(' ')).map(|cli| cli.command).map_err(|error| error.kind())
}

#[test]
fn the_command_line_makes_sense() {
    Cli::command().debug_assert();
    for kind in ImportKind::ALL {
        let Ok(Command::Import(args)) = parsed(&format!("swapline import {kind} a.csv --dry-run")) else { panic!("{kind}") };
        assert!(args.kind == *kind && args.dry_run);
    }
    for role in Role::ALL {
        assert!(parsed(&format!("swapline token create --role {role}")).is_ok());
    }
}

#[test]
fn a_command_line_that_makes_none_is_usage() {
    let usage = [
        "swapline",
        "swapline import planets a.csv",
        "swapline import sites",
        "swapline token create",
        "swapline token create --role king",
        "swapline token create --role customer --organization A --courier B",
        "swapline token create --role customer --organization A/B",
        "swapline demo --clock-factor 0",
        "swapline demo --database mysql://x",
    ];
    for words in usage {
        assert!(parsed(words).is_err(), "{words}");
    }
}

#[test]
fn the_demonstration_keeps_away_from_the_real_installation() {
    let mut real = Config::default();
    real.database.url = DatabaseUrl::parse("postgres://db.example.com/swapline").unwrap();
    real.mail.transport = MailTransport::Smtp;
    let Ok(Command::Demo(args)) = parsed("swapline demo --listen 127.0.0.1:9999") else { panic!() };
    let config = args.settings(real);
    assert_eq!(config.database.url.as_str(), "sqlite://swapline-demo.db");
    assert_eq!((config.mail.transport, config.listen.to_string()), (MailTransport::Folder, "127.0.0.1:9999".to_owned()));
}

#[tokio::test]
async fn a_file_is_imported_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("organizations.csv");
    let header = "code,name,region,country,language,contact_name,contact_email\n";
    let config = config(&folder);
    let import = |dry_run| import::run(&config, import::ImportArgs { kind: ImportKind::Organizations, file: file.clone(), dry_run });
    assert!(import(false).await.is_err(), "no file");
    assert!(!folder.path().join("test.db").exists(), "a file that isn't there must not make a database");
    std::fs::write(&file, format!("{header}A,A,europe,QQ,es,D,d@example.com\n")).unwrap();
    assert_eq!(import(false).await.unwrap(), ExitCode::FAILURE);
    std::fs::write(&file, format!("{header}A,A,europe,ES,es,D,d@example.com\n")).unwrap();
    assert_eq!(import(true).await.unwrap(), ExitCode::SUCCESS);
    assert_eq!(import(false).await.unwrap(), ExitCode::SUCCESS);
}

#[tokio::test]
async fn a_token_is_created_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    let create = |words: &str| {
        let Ok(Command::Token(token::TokenCommand::Create(args))) = parsed(words) else { panic!("{words}") };
        token::create(&config, args)
    };
    create("swapline token create --role operations --label desk").await.unwrap();
    let refused = create("swapline token create --role customer").await.unwrap_err();
    assert_eq!(refused.to_string(), "--organization: a customer token needs it (required)");
    let refused = create("swapline token create --role customer --organization NOBODY").await.unwrap_err();
    assert!(refused.to_string().contains("there is no organization NOBODY"));
    let db = open(&config).await.unwrap();
    let labels =
        db.read(|c| Ok::<_, crate::store::StoreError>(tokens::page(c, None, None, 10)?.map(|t| t.token.label).rows)).await.unwrap();
    assert_eq!(labels, ["desk"]);
}

#[tokio::test]
async fn migrating_twice_is_migrating_once() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    migrate::run(&config).await.unwrap();
    migrate::run(&config).await.unwrap();
}
