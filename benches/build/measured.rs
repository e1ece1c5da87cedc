//! What a process used: wall time, CPU time of all its threads, peak memory.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// Seconds, seconds and MiB.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    pub wall: f64,
    pub cpu: f64,
    pub mib: f64,
}

/// Runs a command to its end. It may find problems in a return, and nothing else.
pub fn run(command: &mut Command) -> Used {
    let (before, begun) = (cpu_of_children(), Instant::now());
    let child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it can be started");
    let (code, mib) = wait(child);
    let wall = begun.elapsed().as_secs_f64();
    assert!(matches!(code, Some(0 | 1)), "a run failed: {code:?}");
    Used { wall, cpu: cpu_of_children() - before, mib }
}

/// The seconds that all children so far have used, those that have ended.
fn cpu_of_children() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system tells");
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1_000_000.0;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// Waits for a process and gives its exit code and peak memory. The kernel tells the peak while the
/// process is there, so it is asked again and again; elsewhere than on Linux there is no number.
fn wait(mut child: Child) -> (Option<i32>, f64) {
    let status: PathBuf = format!("/proc/{}/status", child.id()).into();
    let mut peak = 0.0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|l| l.starts_with("VmHWM:"))
            && let Some(kib) = line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok())
        {
            peak = kib / 1024.0;
        }
        if let Some(code) = child.try_wait().expect("it can be waited for") {
            return (code.code(), peak);
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

/// The medians of the times, and the highest peak.
pub fn typical(runs: &[Used]) -> Used {
    let median = |of: fn(&Used) -> f64| {
        let mut times: Vec<f64> = runs.iter().map(of).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let mib = runs.iter().map(|run| run.mib).fold(0.0, f64::max);
    Used { wall: median(|run| run.wall), cpu: median(|run| run.cpu), mib }
}
