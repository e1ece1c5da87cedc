//! Private folders for what was uploaded: their owner's alone, gone when the work is done, and
//! swept by the next start where a program was killed.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::TempDir;

/// What they are called, in the system's folder for such.
const NAME: &str = "rapporteur-serve-";
/// The file that a server that is alive holds.
const LOCK: &str = "held";

/// A server's folder. It is taken away when this is dropped.
pub struct Private {
    folder: TempDir,
    _held: File,
}

impl Private {
    /// Makes one, and sweeps what others left.
    pub fn new() -> io::Result<Private> {
        sweep(&std::env::temp_dir());
        let folder = private(NAME, &std::env::temp_dir())?;
        let held = File::create(folder.path().join(LOCK))?;
        held.lock()?;
        Ok(Private { folder, _held: held })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A folder for one run.
pub fn for_run(within: &Path) -> io::Result<TempDir> {
    private("run-", within)
}

/// A folder that its owner alone can look into.
fn private(name: &str, within: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(name);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o700));
    }
    builder.tempdir_in(within)
}

/// Takes away the folders of servers that are no more: those that nobody holds.
pub fn sweep(within: &Path) {
    for entry in std::fs::read_dir(within).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(NAME));
        // A link is nobody's folder, whatever it leads to.
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let held = File::open(entry.path().join(LOCK)).and_then(|lock| Ok(lock.try_lock()?));
        // Without the file it is about to be used, or about to be gone.
        if held.is_ok() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_server_left_is_swept_and_what_a_live_one_holds_is_not() {
        let within = tempfile::tempdir().expect("made");
        let held = private(NAME, within.path()).expect("made");
        let lock = File::create(held.path().join(LOCK)).expect("made");
        lock.lock().expect("held");
        let left = private(NAME, within.path()).expect("made").keep();
        File::create(left.join(LOCK)).expect("made");
        std::fs::create_dir(left.join("run-1")).expect("made");
        std::fs::write(left.join("run-1/q2.xlsx"), "a child").expect("written");
        let other = within.path().join("somebody-elses");
        std::fs::create_dir(&other).expect("made");
        sweep(within.path());
        assert!(held.path().is_dir() && other.is_dir() && !left.exists());
    }

    #[cfg(unix)]
    #[test]
    fn its_owner_alone_can_look_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let own = Private::new().expect("made");
        let run = for_run(own.path()).expect("made");
        for path in [own.path(), run.path()] {
            let mode = std::fs::metadata(path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        let path = own.path().to_path_buf();
        drop((run, own));
        assert!(!path.exists());
    }
}
