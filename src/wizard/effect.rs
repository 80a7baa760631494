//! Does what takes time or touches anything outside the wizard. Nothing else does.
//!
//! A piece of [`Work`] is a future that ends with a [`Message`] carrying its id. Giving it up is dropping it.

mod account;
mod agent;
mod cloud;
mod home;
mod prepare;
mod survey;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use futures_util::future::{AbortHandle, Abortable};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, sleep};

use super::answers::Answers;
use super::clipboard;
use super::context::{AgentTarget, CloudQuestion, Folders, HomeDeed, TaskId};
use super::draft;
use super::form::Control;
use super::message::{Message, Reply};
use super::place::Place;
use crate::config::{Config, Ilert};
use crate::delivery::{DryRun, first_dry_run};
use crate::exit::Exit;
use crate::http::{self, Failure};
use crate::ilert::account::Order;
use crate::ilert::client::{RetryReason, Verdict};
use crate::ilert::{self, Event};
use crate::payload::Notice;
use crate::secret::Secret;
use crate::setup::{Deed, aside, perform};

/// What [`update`](super::update::update) asks to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Work that answers later, with this id.
    Start(TaskId, Work),
    /// That work is not wanted any more.
    Cancel(TaskId),
    /// A text goes to the clipboard; it may be the key.
    Copy(Secret),
    /// The answers so far are kept for a run that is interrupted.
    Save(Box<Answers>),
    /// The answers that were kept are not needed any more.
    Forget,
    /// Opens the text of a control in an editor.
    Edit(Control, String),
    /// Ctrl-Z.
    Suspend,
}

/// What takes time.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Looking round on this machine.
    Survey(Box<Place>),
    /// Asking an agent what it shows, after a pause.
    Probe {
        /// Where and how.
        target: Box<AgentTarget>,
        /// The pause.
        after: Duration,
    },
    /// Looking whether these files of certificate authorities can be used.
    Authorities(BTreeSet<PathBuf>),
    /// Fetching what is raised, as notices.
    Notices {
        /// With these rooms and types.
        config: Box<Config>,
        /// From there.
        target: Box<AgentTarget>,
    },
    /// Posting one event to ilert, after a pause.
    Post {
        /// Which.
        event: Box<Event>,
        /// Where to.
        ilert: Ilert,
        /// With this key.
        key: Secret,
        /// The pause.
        after: Duration,
    },
    /// Looking up what *Review and write* shows.
    Prepare {
        /// Where.
        place: Box<Place>,
        /// What is to be written.
        config: Box<Config>,
        /// What is edited.
        base: Option<Box<Config>>,
        /// The key that is not used any more.
        former: Option<Secret>,
        /// The files that secrets are to be written into.
        secrets: Vec<PathBuf>,
    },
    /// Writing one thing, or trying it out.
    Write(Box<Deed>),
    /// Opening an address in a browser.
    Open(String),
    /// Asking ilert's account what there is.
    Overview {
        /// Where.
        ilert: Ilert,
        /// With this token.
        token: Secret,
    },
    /// Setting up an alert source in ilert, or finding it.
    Fulfil {
        /// Where.
        ilert: Ilert,
        /// With this token.
        token: Secret,
        /// What is wanted.
        order: Box<Order>,
    },
    /// Looking an alert up in ilert, after a pause.
    LookUp {
        /// Where.
        ilert: Ilert,
        /// With this token.
        token: Secret,
        /// Its alert source's key.
        key: Secret,
        /// Its own key.
        alert_key: String,
        /// The pause.
        after: Duration,
    },
    /// Looking at the configurations that are installed, after something is done to one.
    Home {
        /// Where they are.
        folders: Folders,
        /// What is done before, if anything.
        deed: Option<Box<HomeDeed>>,
    },
    /// Asking Netdata Cloud.
    Cloud {
        /// Its base URL.
        base: String,
        /// With this token.
        token: Secret,
        /// What.
        question: CloudQuestion,
    },
}

type Running = Pin<Box<dyn Future<Output = Message>>>;

/// The work that is under way.
#[derive(Default)]
pub struct EffectRunner {
    tasks: FuturesUnordered<Abortable<Running>>,
    handles: HashMap<TaskId, AbortHandle>,
}

impl EffectRunner {
    /// Begins work.
    fn start(&mut self, id: TaskId, work: Work) {
        let (handle, registration) = AbortHandle::new_pair();
        let task: Running = Box::pin(async move { Message::Replied(id, work.run().await) });
        self.tasks.push(Abortable::new(task, registration));
        self.handles.insert(id, handle);
    }

    /// Does what needs no terminal, and gives back what does.
    pub fn perform(&mut self, place: &Place, effects: Vec<Effect>) -> Vec<Effect> {
        let mut rest = Vec::new();
        for effect in effects {
            match effect {
                Effect::Start(id, work) => self.start(id, work),
                Effect::Cancel(id) => self.cancel(id),
                Effect::Save(draft) => keep(place, Some(&draft)),
                Effect::Forget => keep(place, None),
                Effect::Copy(_) | Effect::Edit(..) | Effect::Suspend => rest.push(effect),
            }
        }
        rest
    }

    /// Gives work up.
    fn cancel(&mut self, id: TaskId) {
        if let Some(handle) = self.handles.remove(&id) {
            handle.abort();
        }
    }

    /// The next answer. Waits for ever where nothing is under way.
    pub async fn next(&mut self) -> Message {
        loop {
            match self.tasks.next().await {
                Some(Ok(message)) => {
                    if let Message::Replied(id, _) = &message {
                        self.handles.remove(id);
                    }
                    return message;
                }
                Some(Err(_aborted)) => {}
                None => std::future::pending().await,
            }
        }
    }
}

/// Keeps answers, or drops what was kept. A draft that cannot be kept is no reason to stop anybody.
pub fn keep(place: &Place, draft: Option<&Answers>) {
    let kept = match draft {
        Some(draft) => draft::save(&place.state, draft),
        None => draft::remove(&place.state),
    };
    if let Err(error) = kept {
        tracing::debug!(%error, "the draft");
    }
}

impl Work {
    async fn run(self) -> Reply {
        match self {
            Self::Survey(place) => Reply::Surveyed(Box::new(aside(move || survey::look(&place)).await)),
            Self::Probe { target, after } => {
                sleep(after).await;
                Reply::Probed(agent::probe(&target).await)
            }
            Self::Authorities(files) => Reply::Authorities(aside(move || refused(files)).await),
            Self::Notices { config, target } => Reply::Noticed(notices(&config, &target).await),
            Self::Post { event, ilert, key, after } => {
                sleep(after).await;
                post(&event, &ilert, key).await
            }
            Self::Prepare { place, config, base, former, secrets } => {
                let look = move || prepare::look(&place, &config, base.as_deref(), former.as_ref(), secrets);
                Reply::Prepared(Box::new(aside(look).await))
            }
            Self::Write(deed) => Reply::Written(perform(*deed).await),
            Self::Open(address) => {
                Reply::Opened(clipboard::open(&address).map_err(|error| error.to_string()))
            }
            Self::Overview { ilert, token } => Reply::Overview(account::overview(&ilert, token).await),
            Self::Fulfil { ilert, token, order } => {
                Reply::Fulfilled(account::fulfil(&ilert, token, &order).await)
            }
            Self::LookUp { ilert, token, key, alert_key, after } => {
                sleep(after).await;
                Reply::LookedUp(account::look_up(&ilert, token, &key, &alert_key).await)
            }
            Self::Home { folders, deed } => {
                Reply::Home(Box::new(home::perform(folders, deed.map(|deed| *deed)).await))
            }
            Self::Cloud { base, token, question } => {
                Reply::Cloud(cloud::ask(&base, token, question).await.map_err(|error| error.to_string()))
            }
        }
    }
}

/// Those that cannot be used, and why.
fn refused(files: BTreeSet<PathBuf>) -> BTreeMap<PathBuf, String> {
    let why = |path: &PathBuf| http::check_ca_file(path).err().map(|error| error.to_string());
    files.into_iter().filter_map(|path| why(&path).map(|why| (path, why))).collect()
}

/// Both in a row, as errors are displayed.
fn advised(what: String, hint: Option<String>) -> String {
    match hint {
        Some(hint) => format!("{what}: {hint}"),
        None => what,
    }
}

/// What a first run would send now: the sender's own code.
async fn notices(config: &Config, target: &AgentTarget) -> Result<Vec<Notice>, String> {
    let netdata = agent::client(target, &target.url)?.into();
    let DryRun { report, notices, .. } = first_dry_run(config, &netdata).await;
    if report.exit == Exit::Done { Ok(notices) } else { Err(report.words.join("; ")) }
}

async fn post(event: &Event, ilert: &Ilert, key: Secret) -> Reply {
    let started = Instant::now();
    let verdict = match ilert::EventClient::new(ilert, key) {
        Ok(client) => client.send(event).await,
        Err(error) => Verdict::Later(RetryReason::Unsent(Failure::Client(error))),
    };
    Reply::Tested(verdict, started.elapsed())
}
