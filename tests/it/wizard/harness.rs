//! Presses keys and reads the screen. Nothing sleeps: [`Harness::until`] waits for the next drawing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use futures_util::stream::unfold;
use netdata_ilert::config::{self, Config, Invocation, Moment, TEMPLATE};
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::World;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::context::Folders;
use netdata_ilert::wizard::page::Drawn;
use netdata_ilert::wizard::run::{Display, RunError, run};
use netdata_ilert::wizard::terminal::{Input, TerminalError};
use netdata_ilert::wizard::theme::Theme;
use netdata_ilert::wizard::view::view;
use netdata_ilert::wizard::{Model, Place};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::stage::key::key;

pub use crate::stage::{KEY, Services, TOKEN, parent as world};

/// Longer than anything takes: a test that waits so long fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal that publishes each screen.
struct Mirror {
    terminal: Terminal<TestBackend>,
    screens: watch::Sender<String>,
    sent: Arc<Mutex<String>>,
}

impl Display for Mirror {
    fn draw(&mut self, model: &Model) -> Result<Drawn, TerminalError> {
        let mut drawn = Drawn::default();
        self.terminal.draw(|frame| drawn = view(model, frame)).unwrap();
        self.screens.send_replace(text(self.terminal.backend().buffer()));
        Ok(drawn)
    }

    fn send(&mut self, sequence: &str) -> Result<(), TerminalError> {
        self.sent.lock().unwrap().push_str(sequence);
        Ok(())
    }

    async fn edit(&mut self, text: &str) -> Result<String, String> {
        Ok(format!("{text}, edited\n"))
    }

    fn suspend(&mut self) -> Result<(), TerminalError> {
        Ok(())
    }

    fn resume(&mut self) -> Result<(), TerminalError> {
        Ok(())
    }
}

/// The wizard, running.
pub struct Harness {
    /// Where it writes.
    pub folder: TempDir,
    /// What it meets.
    pub services: Services,
    inputs: mpsc::UnboundedSender<Input>,
    screens: watch::Receiver<String>,
    sent: Arc<Mutex<String>>,
    task: JoinHandle<Result<Exit, RunError>>,
}

/// The place of a wizard that writes into a folder and meets these services.
pub fn place(folder: &Path, services: &Services) -> Place {
    let mut defaults: Config = config::parse(&TEMPLATE, &folder.join("config.toml")).unwrap();
    defaults.netdata.url = services.netdata.url().into();
    defaults.ilert.endpoint = services.endpoint.url();
    Place {
        config: folder.join("config.toml"),
        state: folder.join("state"),
        invocation: Invocation::default(),
        home: None,
        binary: PathBuf::from("/usr/bin/netdata-ilert"),
        root: false,
        host: "test-host".to_owned(),
        unique: "unique".to_owned(),
        now: 1_795_348_800,
        wall: Moment::parse("2026-11-22T12:00").unwrap(),
        defaults,
        cloud: services.cloud_port.url(),
        demo: None,
        isolated: true,
        health_alarm_notify: Vec::new(),
        folders: None,
    }
}

impl Harness {
    /// Starts the wizard in an empty folder, on a terminal of 80 columns and 24 rows. Needs a `LocalSet`.
    pub fn start(world: World) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), Services::with(world), (80, 24), |_| {})
    }

    /// Starts the wizard in a folder, with a place that was changed before.
    pub fn start_in(
        folder: TempDir,
        services: Services,
        (columns, rows): (u16, u16),
        change: impl FnOnce(&mut Place),
    ) -> Self {
        Self::begin(folder, services, (columns, rows), |mut place| {
            change(&mut place);
            Model::new(place, Theme::of(false, true))
        })
    }

    /// Starts the wizard in a folder with configurations.
    pub fn at_home(folder: TempDir, services: Services) -> Self {
        Self::begin(folder, services, (80, 24), |place| {
            let folders = Folders { first: place.config.clone(), states: place.state.clone() };
            Model::at_home(place, Theme::of(false, true), folders)
        })
    }

    fn begin(
        folder: TempDir,
        services: Services,
        (columns, rows): (u16, u16),
        begun: impl FnOnce(Place) -> Model,
    ) -> Self {
        let mut model = begun(place(folder.path(), &services));
        let (screens_in, screens) = watch::channel(String::new());
        let (inputs, inputs_out) = mpsc::unbounded_channel();
        let sent = Arc::new(Mutex::new(String::new()));
        let terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        let mut mirror = Mirror { terminal, screens: screens_in, sent: Arc::clone(&sent) };
        let inputs_out = unfold(inputs_out, |mut inputs| async { Some((inputs.recv().await?, inputs)) });
        let task = tokio::task::spawn_local(async move { run(&mut model, &mut mirror, inputs_out).await });
        Self { folder, services, inputs, screens, sent, task }
    }

    /// To *Netdata*, with the key pasted.
    pub async fn to_netdata(&self) {
        self.until_shows("it will be").await;
        self.press("enter");
        self.until_at(Step::Source).await;
        self.by_hand();
        self.until_at(Step::Key).await;
        self.paste(&format!("  {KEY}\n"));
        self.until_shows("40 characters").await;
        self.press("enter");
        self.until_at(Step::Netdata).await;
    }

    /// At *ilert alert source*: somebody does it in a browser.
    pub fn by_hand(&self) {
        for key in ["down", "enter", "a", "enter"] {
            self.press(key);
        }
    }

    /// To *Notification*.
    pub async fn to_notification(&self) {
        self.to_netdata().await;
        self.until_shows("1 critical now").await;
        self.press("enter");
        self.until_at(Step::Notification).await;
    }

    /// On to the live test, which is not sent yet.
    pub async fn to_test(&self) {
        self.to_notification().await;
        self.press("enter");
        self.until_at(Step::Preview).await;
        self.press("enter");
        self.until_at(Step::Test).await;
    }

    /// On from the notification to the end, without a live test.
    pub async fn write_untested(&self) {
        self.press("enter");
        self.until_at(Step::Preview).await;
        self.press("enter");
        self.until_at(Step::Test).await;
        self.press("down");
        self.press("down");
        self.press("enter");
        self.until_shows("+ ").await;
        self.press("enter");
        self.until_shows("Done").await;
        self.press("enter");
    }

    /// Presses Ctrl-C, and once more when asked whether to leave.
    pub async fn leave(&self) {
        self.press("ctrl-c");
        self.until_shows("Leave?").await;
        self.press("ctrl-c");
    }

    /// Leaves, and starts again in the same folder.
    pub async fn leave_and_start_again(self) -> Self {
        self.leave().await;
        let (exit, folder) = self.end().await;
        assert_eq!(exit.unwrap(), Exit::Interrupted);
        let wizard = Self::start_in(folder, Services::with(world()), (80, 24), |_| {});
        wizard.until_shows("go on where it stopped").await;
        wizard
    }

    /// Presses a key: `enter`, `esc`, `tab`, `shift-tab`, `up`, `f1`, `ctrl-c`, `space`, or a character.
    pub fn press(&self, name: &str) {
        self.send(Input::Key(key(name)));
    }

    /// Types a text, key by key.
    pub fn type_text(&self, text: &str) {
        for c in text.chars() {
            self.send(Input::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    /// Pastes a text, as one event.
    pub fn paste(&self, text: &str) {
        self.send(Input::Paste(text.to_owned()));
    }

    /// Sends whatever may come from a terminal.
    pub fn send(&self, input: Input) {
        self.inputs.send(input).expect("the wizard has ended");
    }

    /// The last screen.
    pub fn screen(&self) -> String {
        self.screens.borrow().clone()
    }

    /// What was written to the terminal besides.
    pub fn sent(&self) -> String {
        self.sent.lock().unwrap().clone()
    }

    /// Waits for a screen that is as wanted, and gives it.
    pub async fn until(&self, wanted: impl Fn(&str) -> bool) -> String {
        let mut screens = self.screens.clone();
        let found = tokio::time::timeout(PATIENCE, screens.wait_for(|screen| wanted(screen))).await;
        if let Ok(Ok(screen)) = found {
            return screen.clone();
        }
        panic!("no such screen; the last one is\n{}", self.screens.borrow().clone());
    }

    /// Waits for a screen with this text in it.
    pub async fn until_shows(&self, text: &str) -> String {
        let text = text.to_owned();
        self.until(move |screen| screen.contains(&text)).await
    }

    /// The same, wherever its lines break.
    pub async fn until_says(&self, text: &str) -> String {
        self.until(|screen| words(screen).contains(text)).await
    }

    /// Waits for a screen of this step.
    pub async fn until_at(&self, step: Step) -> String {
        self.until_shows(&step.counted().unwrap()).await
    }

    /// Presses the digit that leads from the menu to this step.
    pub fn press_digit(&self, step: Step) {
        self.press(&step.number().unwrap().to_string());
    }

    /// Whether it was drawn since the last time that this was asked.
    pub fn drawn(&mut self) -> bool {
        let drawn = self.screens.has_changed().unwrap();
        self.screens.mark_unchanged();
        drawn
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// Waits for the end, and says how it ended.
    pub async fn end(self) -> (Result<Exit, RunError>, TempDir) {
        let (ended, folder, _) = self.end_of_one().await;
        (ended, folder)
    }

    /// The same where another one follows, which meets the same services.
    pub async fn end_of_one(self) -> (Result<Exit, RunError>, TempDir, Services) {
        let ended = tokio::time::timeout(PATIENCE, self.task).await.expect("it goes on").unwrap();
        (ended, self.folder, self.services)
    }
}

/// The characters of a screen, line by line.
pub fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width.max(1));
    let mut lines = Vec::new();
    for row in buffer.content.chunks(width) {
        let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

/// A screen's words, without the frame and the line breaks that its width makes.
pub fn words(screen: &str) -> String {
    let lines = screen.lines().map(|line| {
        let inner = line.split('│').nth_back(1).unwrap_or(line);
        inner.trim()
    });
    lines.collect::<Vec<_>>().join(" ")
}
