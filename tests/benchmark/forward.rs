//! One forward pass on each device compared with ONNX Runtime alone on the same network, alternating in one run.
//!
//!     cargo bench --bench forward [-- MODEL[=GRAPH]… DEVICE…]
//!
//! MODEL is the id of a model in GANTEI_HOME; the default is the demonstration models in temporary folders. GRAPH is an
//! ONNX file of the same network by another converter (`tf2onnx_graphs.py`), which ONNX Runtime alone runs as well; it is
//! then what the others are compared with. DEVICE is a word of `--device`; the default is those of the processor. A process can load ONNX Runtime only once, so each
//! contender is a process of its own; they take turns, and the first turn is not counted. "alone" is a session with the
//! options of ONNX Runtime itself, asked for the same outputs. Processor time is read from `/proc` and includes what
//! threads consume until 0.1 s after the passes.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use gantei::domain::Tensor;
use gantei::graph::{FEATURES, INPUT, LOGIT, OUTPUT};
use gantei::numeric::random::Random;
use gantei::progress::{Cancel, Progress};
use gantei::runtime::{Device, Engines, Model};
use gantei::storage::library::ModelFolder;
use gantei::storage::{Places, runtime_library};
use gantei::workflow::Context;
use ort::session::Session;
use ort::value::TensorRef;

type Failure = Box<dyn std::error::Error>;

/// The argument that makes a process a contender.
const CONTENDER: &str = "contender";
const ALONE: &str = "alone";
/// ONNX Runtime alone on the graph of another converter, whose pictures are (1, H, W, 3).
const OTHER_GRAPH: &str = "other-graph";
const OUTPUTS: [&str; 3] = [LOGIT, OUTPUT, FEATURES];
const TURNS: usize = 8;
/// Each turn lasts about this long.
const TURN: Duration = Duration::from_millis(400);
const MOST_PASSES: usize = 60;

fn main() -> Result<(), Failure> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    words.retain(|word| !word.starts_with("--"));
    if words.first().is_some_and(|word| word == CONTENDER) {
        return contend(&words[1..]);
    }
    let is_device = |word: &mut String| word.parse::<Device>().is_ok();
    let mut devices: Vec<String> = words.extract_if(.., is_device).collect();
    if devices.is_empty() {
        devices = ["cpu", "openvino", "embedded"].map(String::from).to_vec();
    }
    let home = tempfile::tempdir()?;
    let places = if words.is_empty() {
        words = ["demo-mobilenet", "demo-efficientnet-b0"]
            .map(String::from)
            .to_vec();
        Places::below(home.path())
    } else {
        Places::of_this_user()?
    };
    let ctx = Context::in_places(places);
    println!(
        "model, contender: ms of a pass, least and median; processor ms; least and median / those of the first contender"
    );
    for word in words {
        let (model, graph) = match word.split_once('=') {
            Some((model, graph)) => (model, Some(graph)),
            None => (word.as_str(), None),
        };
        race(&ctx, model, graph, &devices)?;
    }
    Ok(())
}

/// Lets every contender run one model in turns.
fn race(ctx: &Context, id: &str, graph: Option<&str>, devices: &[String]) -> Result<(), Failure> {
    // Loaded once, so that a model that ships with the application is stored.
    ctx.model(id, Device::Embedded, &Cancel::new(), &Progress::new())?;
    let folder = ModelFolder::of(&ctx.places, id).ok_or("no such model")?;
    let [height, width] = folder.card()?.input.size.map(|side| side.to_string());
    let file = folder.model_path().to_string_lossy().into_owned();
    let mut contenders = Vec::new();
    let other = graph.map(|graph| (OTHER_GRAPH, graph));
    let devices = devices.iter().map(|name| (name.as_str(), file.as_str()));
    for (name, file) in other
        .into_iter()
        .chain([(ALONE, file.as_str())])
        .chain(devices)
    {
        let words = [CONTENDER, name, file, &height, &width];
        match Contender::start(name, &words) {
            Ok(contender) => contenders.push(contender),
            Err(reason) => println!("{id}, {name}: skipped, {reason}"),
        }
    }
    for _ in 0..TURNS {
        for contender in &mut contenders {
            contender.take_turn()?;
        }
    }
    let first = contenders.first().map(|c| (c.least(), c.median()));
    for mut contender in contenders {
        let (least, median) = (contender.least(), contender.median());
        let ratio = first.map_or((1.0, 1.0), |of| (least / of.0, median / of.1));
        println!(
            "{id}, {}: {least:.2}, {median:.2}; {:.2}; {:.3}, {:.3}",
            contender.name,
            contender.processor / contender.times.len() as f64,
            ratio.0,
            ratio.1,
        );
        contender.process.kill()?;
        contender.process.wait()?;
    }
    Ok(())
}

/// A process that runs passes when it is asked to.
struct Contender {
    name: String,
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    passes: usize,
    /// Milliseconds of each pass, sorted.
    times: Vec<f64>,
    /// Processor milliseconds of all of them.
    processor: f64,
}

impl Contender {
    fn start(name: &str, words: &[&str]) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(words);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = process.stdin.take().ok_or("no standard input")?;
        let from = process.stdout.take().ok_or("no standard output")?;
        let mut contender = Self {
            name: name.to_owned(),
            process,
            to,
            from: BufReader::new(from),
            passes: 2,
            times: Vec::new(),
            processor: 0.0,
        };
        contender.take_turn()?;
        let pass = Duration::from_secs_f64(contender.least() / 1e3);
        let passes = TURN.as_secs_f64() / pass.as_secs_f64();
        contender.passes = (passes as usize).clamp(1, MOST_PASSES);
        contender.times.clear();
        contender.processor = 0.0;
        Ok(contender)
    }

    fn take_turn(&mut self) -> Result<(), Failure> {
        writeln!(self.to, "{}", self.passes)?;
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        let figures: Result<Vec<f64>, _> = line.split_whitespace().map(str::parse).collect();
        let figures = figures.map_err(|_| line.trim().to_owned())?;
        let (processor, times) = figures.split_last().ok_or("it ended")?;
        self.processor += processor;
        self.times.extend(times);
        self.times.sort_by(f64::total_cmp);
        Ok(())
    }

    fn least(&self) -> f64 {
        self.times.first().copied().unwrap_or(f64::NAN)
    }

    fn median(&self) -> f64 {
        self.times
            .get(self.times.len() / 2)
            .copied()
            .unwrap_or(f64::NAN)
    }
}

/// Runs as many passes as each line asks for, after one that is not timed.
fn contend(words: &[String]) -> Result<(), Failure> {
    let [name, file, height, width] = words else {
        return Err("a contender needs a name, a file and a size".into());
    };
    let (height, width) = (height.parse()?, width.parse()?);
    let shape = match name == OTHER_GRAPH {
        true => vec![1, height, width, 3],
        false => vec![1, 3, height, width],
    };
    let mut random = Random::new(1);
    let count = shape.iter().product();
    let values = (0..count).map(|_| random.below(256) as f32 / 127.5 - 1.0);
    let input = Tensor {
        shape,
        values: values.collect(),
    };
    let mut answers = std::io::stdout();
    let mut pass = match opened(name, file, input) {
        Ok(pass) => pass,
        Err(error) => {
            writeln!(answers, "{}", error.to_string().replace('\n', " "))?;
            return Ok(());
        }
    };
    for line in std::io::stdin().lines() {
        pass()?;
        let before = processor_ms();
        let mut times = Vec::new();
        for _ in 0..line?.trim().parse()? {
            let started = Instant::now();
            pass()?;
            times.push(format!("{:.4}", started.elapsed().as_secs_f64() * 1e3));
        }
        sleep(Duration::from_millis(100));
        writeln!(answers, "{} {}", times.join(" "), processor_ms() - before)?;
    }
    Ok(())
}

type Pass = Box<dyn FnMut() -> Result<(), Failure>>;

/// A pass of one contender on this input.
fn opened(name: &str, file: &str, input: Tensor) -> Result<Pass, Failure> {
    let found = runtime_library::find(&Places::of_this_user()?, None);
    if [ALONE, OTHER_GRAPH].contains(&name) {
        let library = found
            .libraries
            .first()
            .ok_or("no library of ONNX Runtime")?;
        let environment = ort::init_from(&library.path)?
            .with_telemetry(false)
            .build()?;
        let mut session = Session::builder(&environment)?.commit_from_file(file)?;
        let picture = session.inputs().first().ok_or("no input")?;
        let picture = picture.name().to_owned();
        return Ok(Box::new(move || {
            let x = TensorRef::from_array_view((input.shape.clone(), input.values.as_slice()))?;
            session.run(ort::inputs![picture.as_str() => x])?;
            Ok(())
        }));
    }
    let engines = Engines::discover(&found, 0);
    let (device, cancel) = (name.parse::<Device>()?, Cancel::new());
    let mut session = engines
        .open(device, Model::File(file.as_ref()), &cancel)?
        .session;
    Ok(Box::new(move || {
        session.run(&[(INPUT, &input)], &OUTPUTS, &cancel)?;
        Ok(())
    }))
}

/// Processor milliseconds of this process; not a number where there is no `/proc`.
fn processor_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: Vec<f64> = fields
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse().ok())
        .collect();
    match ticks[..] {
        [user, system] => (user + system) * 10.0,
        _ => f64::NAN,
    }
}
