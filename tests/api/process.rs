//! The built program as a process of its own: started in a folder of its own, listened to line by line, told to stop,
//! or killed. Nothing waits for longer than [`LIMIT`].

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The longest that any single thing may take; a machine that compiles meanwhile is slow.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Asks until there is an answer.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < LIMIT, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A folder in which the program runs, and its environment: nothing of this process's own gets through.
pub struct Home {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: vec![("SWAPLINE_LOG__FILTER".into(), "warn,swapline=info".into())] }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Sets a variable of the environment.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// Starts the program.
    pub fn start(&self, arguments: &[&str]) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swapline"));
        command.args(arguments).current_dir(self.path()).env_clear().envs(self.variables.iter().map(|(n, v)| (n, v)));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Said::default());
        let readers = vec![
            listen(child.stdout.take().unwrap(), &said, |heard| &mut heard.out),
            listen(child.stderr.take().unwrap(), &said, |heard| &mut heard.err),
        ];
        Program { child, said, readers }
    }

    /// Runs the program to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.start(arguments).end()
    }

    /// Runs the program to its end, which must be a good one.
    #[track_caller]
    pub fn good(&self, arguments: &[&str]) -> Ended {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended
    }
}

/// What a program said so far.
#[derive(Default)]
struct Said {
    heard: Mutex<Heard>,
    more: Condvar,
}

#[derive(Default, Debug)]
struct Heard {
    out: Vec<String>,
    err: Vec<String>,
    closed: usize,
}

fn listen(stream: impl Read + Send + 'static, said: &Arc<Said>, of: fn(&mut Heard) -> &mut Vec<String>) -> JoinHandle<()> {
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            of(&mut said.heard.lock().unwrap()).push(line);
            said.more.notify_all();
        }
        said.heard.lock().unwrap().closed += 1;
        said.more.notify_all();
    })
}

/// A program that runs; killed when it is dropped.
pub struct Program {
    child: Child,
    said: Arc<Said>,
    readers: Vec<JoinHandle<()>>,
}

/// A program that ended by itself.
#[derive(Debug)]
pub struct Ended {
    /// None where a signal ended it.
    pub code: Option<i32>,
    pub out: Vec<String>,
    pub err: Vec<String>,
}

impl Ended {
    /// True if a line on stderr has all of these parts.
    pub fn complains(&self, parts: &[&str]) -> bool {
        self.err.iter().any(|line| parts.iter().all(|part| line.contains(part)))
    }
}

impl Program {
    /// Waits for a line, on stdout or stderr, in which `find` finds something.
    #[track_caller]
    pub fn hear<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let started = Instant::now();
        let mut heard = self.said.heard.lock().unwrap();
        loop {
            if let Some(found) = heard.out.iter().chain(&heard.err).find_map(|line| find(line)) {
                return found;
            }
            assert!(heard.closed < 2, "it ended without {what}: {heard:#?}");
            assert!(started.elapsed() < LIMIT, "waited in vain for {what}: {heard:#?}");
            heard = self.said.more.wait_timeout(heard, Duration::from_millis(200)).unwrap().0;
        }
    }

    /// Waits until it tells its address, e.g. `http://127.0.0.1:4711`.
    #[track_caller]
    pub fn address(&self) -> String {
        self.hear("an address", |line| {
            let (_, rest) = line.split_once("listens on ").or_else(|| line.split_once("Serving on "))?;
            Some(rest.split([' ', ',']).next()?.to_owned())
        })
    }

    /// What it wrote to stdout so far.
    pub fn out(&self) -> Vec<String> {
        self.said.heard.lock().unwrap().out.clone()
    }

    /// Sends a signal by its name, as a terminal or a service manager does.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// Ends it as a power cut does: it can do nothing about it. What it had written before is there.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let code = until("the program's end", || self.child.try_wait().unwrap()).code();
        self.readers.drain(..).for_each(|reader| reader.join().unwrap());
        let heard = std::mem::take(&mut *self.said.heard.lock().unwrap());
        Ended { code, out: heard.out, err: heard.err }
    }

    /// Tells it to stop by a signal and waits: it must end well, and soon.
    #[track_caller]
    pub fn stop(self, signal: &str) -> Ended {
        let told = Instant::now();
        self.signal(signal);
        let ended = self.end();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(told.elapsed() < Duration::from_secs(10), "it took {:?} to stop", told.elapsed());
        ended
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _gone = self.child.kill();
            let _ended = self.child.wait();
        }
    }
}

/// A file of the sample network.
pub fn sample(kind: &str) -> String {
    format!("{}/data/sample/{kind}.csv", env!("CARGO_MANIFEST_DIR"))
}

/// The sample's files, in the order in which they refer to one another.
pub const SAMPLE: [&str; 7] = ["organizations", "parts", "couriers", "service-centers", "sites", "contracts", "appliances"];
