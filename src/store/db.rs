//! The two doors: `read` and `write`, async outside, blocking inside.
//!
//! PostgreSQL: a pool, and the transaction again where two of them clashed. SQLite: a pool of readers and one writer
//! thread that commits up to [`GROUP`] transactions at once, each in a savepoint of its own, and answers only after the
//! commit: durable (`synchronous = FULL`) at the price of one sync a group.

use super::conn::{Conn, Ending, Manager, Mode, is_postgres};
use super::error::{Failure, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::oneshot;

/// Most transactions in one commit of SQLite.
const GROUP: usize = 64;
/// Most writes that wait for SQLite's writer; more are told that the store is busy.
const QUEUE: usize = 4_096;
/// How often PostgreSQL runs a transaction that clashed.
const ATTEMPTS: u32 = 6;

type Pool = r2d2::Pool<Manager>;

#[derive(Debug)]
enum Engine {
    Pg(Pool),
    Sqlite { read: Pool, write: SyncSender<Box<dyn Job>> },
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db(Arc<Engine>);

/// A write that runs in a savepoint and is answered after the commit around it.
trait Job: Send + std::fmt::Debug {
    fn run(&mut self, conn: &mut Conn);
    fn finish(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Task<T, E, F> {
    body: F,
    ending: Ending,
    done: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> std::fmt::Debug for Task<T, E, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Task")
    }
}

impl<T: Send, E: Failure, F: Fn(&mut Conn) -> Result<T, E> + Send> Job for Task<T, E, F> {
    fn run(&mut self, conn: &mut Conn) {
        let body = &self.body;
        // Inside tx(), so that a panic undoes its own savepoint and not its neighbors'.
        let guarded = |c: &mut Conn| {
            catch_unwind(AssertUnwindSafe(|| body(c))).unwrap_or_else(|_| Err(StoreError::Other("panic in a write".into()).into()))
        };
        self.done = Some(conn.tx(Mode::Write, self.ending, guarded));
    }
    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (committed, self.done) {
            (Ok(()), Some(done)) => done,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(StoreError::Other("a write was not run".into()).into()),
        };
        // The asker may have gone away: the write stands, nobody is told.
        let _gone = self.reply.send(answer);
    }
}

/// Runs the writer until the last [`Db`] is gone.
fn write_in_groups(mut conn: Conn, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        let committed = conn.tx(Mode::Write, Ending::Commit, |c| {
            group.iter_mut().for_each(|job| job.run(c));
            Ok(())
        });
        group.into_iter().for_each(|job| job.finish(committed.clone()));
    }
}

impl Db {
    /// Opens the database at `url` with at most `pool_size` connections (SQLite: readers).
    pub fn open(url: &str, pool_size: u32) -> Result<Self, StoreError> {
        let pool = |read_only| {
            let manager = Manager { url: url.to_owned(), read_only };
            let builder = r2d2::Pool::builder().max_size(pool_size).min_idle(Some(1)).connection_timeout(Duration::from_secs(10));
            builder
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .build(manager)
                .map_err(|e| StoreError::Other(format!("cannot connect: {e}")))
        };
        if is_postgres(url) {
            // Once by hand first: the pool would try for its whole timeout and lose libpq's message.
            drop(Conn::open(url)?);
            return Ok(Self(Arc::new(Engine::Pg(pool(false)?))));
        }
        let writer = Conn::open(url)?;
        let (write, jobs) = sync_channel::<Box<dyn Job>>(QUEUE);
        let thread = std::thread::Builder::new().name("sqlite-writer".into());
        thread.spawn(move || write_in_groups(writer, &jobs)).map_err(|e| StoreError::Other(e.to_string()))?;
        Ok(Self(Arc::new(Engine::Sqlite { read: pool(true)?, write })))
    }

    /// Reads in one consistent snapshot.
    pub async fn read<T, E>(&self, body: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let db = self.clone();
        blocking(move || {
            let pool = match &*db.0 {
                Engine::Pg(pool) => pool,
                Engine::Sqlite { read, .. } => read,
            };
            let mut conn = pool.get().map_err(|_| StoreError::Busy)?;
            conn.tx(Mode::Read, Ending::Commit, body)
        })
        .await
    }

    /// Writes in one transaction; the answer comes after the commit. `body` may run more than once: no side effects in it.
    pub async fn write<T, E>(&self, body: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        self.end(Ending::Commit, body).await
    }

    /// Like [`Db::write`], but everything is undone at the end: what the answer would be.
    pub async fn rehearse<T, E>(&self, body: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        self.end(Ending::Rollback, body).await
    }

    async fn end<T, E>(&self, ending: Ending, body: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        match &*self.0 {
            Engine::Sqlite { write, .. } => {
                let (reply, answer) = oneshot::channel();
                write.try_send(Box::new(Task { body, ending, done: None, reply })).map_err(|_| StoreError::Busy)?;
                answer.await.unwrap_or_else(|_| Err(StoreError::Other("the writer is gone".into()).into()))
            }
            Engine::Pg(pool) => {
                let pool = pool.clone();
                blocking(move || {
                    let mut conn = pool.get().map_err(|_| StoreError::Busy)?;
                    for attempt in 1..ATTEMPTS {
                        match conn.tx(Mode::Write, ending, &body) {
                            Err(error) if error.may_retry() => std::thread::sleep(Duration::from_millis(2 << attempt)),
                            done => return done,
                        }
                    }
                    conn.tx(Mode::Write, ending, &body)
                })
                .await
            }
        }
    }
}

async fn blocking<T: Send + 'static, E: Failure>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(StoreError::Other("panic in the store".into()).into()))
}
