//! Reads the body of an answer without blocking the caller's thread.
//!
//! A parent's answer may have tens of megabytes. Reading it takes longer than a time-out, a deadline or a keypress may
//! wait, so a large one is read on a thread of its own. Dropping the future gives it up; then the repair, which may
//! take long, ends early.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::error::Error;
use super::lenient_json::{Repaired, repair};
use super::node_index::NodeIndex;
use crate::http;
use crate::secret::Secret;
use crate::text::Shown;

/// Longest word of the parser, which quotes what it found, characters.
const LONGEST_DETAIL: usize = 200;

/// Largest answer that is read at once, bytes: some milliseconds' work.
const AT_ONCE: usize = 256 << 10;

/// What an agent was asked with: no word about its answers repeats that.
pub(super) type Secrets = Arc<[Secret]>;

/// The body of an answer with status 2xx, and where it came from.
pub(super) struct AnswerBody {
    /// Without credentials.
    pub(super) url: String,
    pub(super) body: Vec<u8>,
    /// Says that it is being read, if that takes long.
    pub(super) reading: LargeRead,
    /// What it was asked for with.
    pub(super) secrets: Secrets,
}

/// The large answer that is being read, if one is: what a time-out says.
#[derive(Clone, Default)]
pub(super) struct LargeRead(Arc<Mutex<Option<LargeAnswer>>>);

/// An answer that takes long to read.
struct LargeAnswer {
    url: String,
    bytes: usize,
    is_json: bool,
}

impl LargeRead {
    fn begin(&self, answer: &AnswerBody) {
        self.set(Some(LargeAnswer { url: answer.url.clone(), bytes: answer.body.len(), is_json: true }));
    }

    fn is_no_json(&self) {
        if let Some(answer) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            answer.is_json = false;
        }
    }

    fn set(&self, answer: Option<LargeAnswer>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }

    /// What went wrong if the time was over just now.
    pub(super) fn cut_short(&self) -> Option<Error> {
        let answer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let LargeAnswer { url, bytes, is_json } = answer;
        Some(Error::SlowToRead { url, bytes, is_json })
    }
}

impl AnswerBody {
    /// Runs `work` on the answer, on another thread if it is large.
    pub(super) async fn read<T: Send + 'static>(
        self,
        work: impl FnOnce(&Json) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let wanted = Arc::new(());
        let waiting = Arc::downgrade(&wanted);
        if self.body.len() <= AT_ONCE {
            return work(&Json::new(self, waiting));
        }
        let (url, reading) = (self.url.clone(), self.reading.clone());
        reading.begin(&self);
        let read = spawn_blocking(move || work(&Json::new(self, waiting))).await;
        drop(wanted);
        reading.set(None);
        // Only a runtime that ends gives work up: a panic ends the program.
        read.unwrap_or(Err(Error::Timeout { url }))
    }

    /// The same, with the nodes that were named so far.
    pub(super) async fn read_with<T: Send + 'static>(
        self,
        index: &mut NodeIndex,
        work: impl FnOnce(&Json, &mut NodeIndex) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut own = index.clone();
        let (read, named) = self.read(move |json| Ok((work(json, &mut own)?, own))).await?;
        *index = named;
        Ok(read)
    }
}

/// The text of an answer.
pub(super) struct Json {
    url: String,
    text: String,
    reading: LargeRead,
    secrets: Secrets,
    /// The text after a repair; filled by the first [`Json::parse`] that needs it.
    repaired: OnceLock<Repaired>,
    /// Gone once the caller stopped waiting for the answer.
    waiting: Weak<()>,
}

impl Json {
    /// Bytes that are no UTF-8 are replaced: Netdata passes on what charts and labels are called.
    fn new(answer: AnswerBody, waiting: Weak<()>) -> Self {
        let AnswerBody { url, body, reading, secrets } = answer;
        let text = String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Self { url, text, reading, secrets, repaired: OnceLock::new(), waiting }
    }

    /// Reads it as JSON; where that fails, once more after [`lenient_json`](super::lenient_json).
    pub(super) fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        serde_json::from_str(&self.text).or_else(|strict| {
            let repaired = self.repaired.get_or_init(|| self.repair());
            // If the repair does not help, the position in the original answer is of more use.
            serde_json::from_str(&repaired.text)
                .map_err(|_| Error::Unreadable { url: self.url.clone(), detail: self.detail(&strict) })
        })
    }

    /// Reads it strictly; `None` if anything is odd.
    pub(super) fn plain<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_str(&self.text).ok()
    }

    /// The parser's words. They quote the answer, which may hold what it was asked for with.
    fn detail(&self, error: &serde_json::Error) -> Shown {
        let words = error.to_string();
        if http::tells(&words, &self.secrets) {
            return format!("unexpected value at line {}, column {}", error.line(), error.column()).into();
        }
        Shown::line(&words, LONGEST_DETAIL)
    }

    fn repair(&self) -> Repaired {
        let is_wanted = || self.waiting.strong_count() > 0;
        // Others may be read by now.
        if is_wanted() {
            self.reading.is_no_json();
        }
        repair(&self.text, &is_wanted)
    }

    /// How many values the repair could not read.
    pub(super) fn odd_values(&self) -> usize {
        self.repaired.get().map_or(0, |repaired| repaired.odd_values)
    }

    /// Where it came from, without credentials.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::super::Credentials;
    use super::super::connection::Connection;
    use super::super::time::{Shares, Time};
    use super::super::wire::HostLabels;
    use super::{AT_ONCE, AnswerBody, Error, LargeRead};

    fn answer(text: &[u8]) -> AnswerBody {
        let (url, body) = ("http://x/api".into(), text.to_vec());
        AnswerBody { url, body, reading: LargeRead::default(), secrets: [].into() }
    }

    /// Repaired as soon as it is parsed: its first value is none.
    fn large() -> AnswerBody {
        let values = "{\"a\":x},".repeat(AT_ONCE / 8 + 1);
        answer(format!("[{values}{{}}]").as_bytes())
    }

    async fn is_ephemeral(text: &[u8]) -> Result<bool, Error> {
        answer(text).read(|json| Ok(json.parse::<HostLabels<'_>>()?.ephemeral())).await
    }

    #[tokio::test]
    async fn replaces_what_is_no_utf8() {
        assert!(!is_ephemeral(b"{\"_is_ephemeral\": \"\xff\"}").await.unwrap());
    }

    #[tokio::test]
    async fn says_where_an_answer_breaks_off() {
        let error = is_ephemeral(b"{\n\"_is_ephemeral\": ").await.unwrap_err().to_string();
        assert!(error.contains("http://x/api") && error.contains("line 2 column"), "{error}");
    }

    /// If the waiting thread read it, neither would ever go on.
    #[tokio::test]
    async fn a_large_answer_keeps_nobody_waiting() {
        let (tell, told) = mpsc::channel();
        let read = large().read(move |_| Ok(told.recv().is_ok()));
        let (read, ()) = tokio::join!(read, async { tell.send(()).unwrap() });
        assert!(read.unwrap());
    }

    #[tokio::test]
    async fn what_takes_too_long_to_read_is_not_said_to_be_missing() {
        let connection = Connection::new("http://x", None, Credentials::default()).unwrap();
        let whole = std::time::Duration::from_millis(200);
        let share = Time::begin(Shares { whole, ..Shares::default() }).whole();
        let large = AnswerBody { reading: connection.reading().clone(), ..large() };
        let bytes = large.body.len();
        let (dropped, is_dropped) = mpsc::channel::<()>();
        let read = large.read(move |json| {
            json.repair();
            let _ = is_dropped.recv();
            Ok(())
        });
        let error = share.run(&connection, read).await.unwrap_err();
        drop(dropped);
        let Error::SlowToRead { bytes: said, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*said, bytes);
        assert!(error.to_string().contains("took too long to read"), "{error}");
        let late = share.run(&connection, std::future::pending::<Result<(), Error>>()).await;
        assert!(matches!(late, Err(Error::Timeout { .. })));
    }

    #[tokio::test]
    async fn the_repair_of_an_answer_that_nobody_waits_for_ends_early() {
        let (begin, has_begun) = tokio::sync::oneshot::channel();
        let (dropped, is_dropped) = mpsc::channel();
        let (tell, told) = tokio::sync::oneshot::channel();
        let read = large().read(move |json| {
            begin.send(()).unwrap();
            is_dropped.recv().unwrap();
            tell.send(json.repair().odd_values).unwrap();
            Ok(())
        });
        tokio::select! {
            _ = read => panic!("it was read"),
            ready = has_begun => ready.unwrap(),
        }
        dropped.send(()).unwrap();
        assert_eq!(told.await.unwrap(), 0);
    }
}
