//! A project's scripts, loaded once for as many returns as there are.

use std::rc::Rc;

use super::receive::say_own_rules;
use crate::definitions::Declarations;
use crate::intake::local;
use crate::intake::project::Project;
use crate::nouns::problem::Problems;
use crate::scripts::engine::{Budget, Engine};

/// The scripts of a project, and what they declare by its settings.
pub struct Loaded {
    /// The scripts.
    pub engine: Engine,
    /// What they declare.
    pub declared: Rc<Declarations>,
    /// What is wrong with them: told of each return.
    pub problems: Problems,
}

impl Loaded {
    /// Loads a project's scripts.
    pub fn of(project: &Project) -> Loaded {
        Loaded::with(project, Budget::default())
    }

    /// The same, where what they print is heard.
    pub fn that_print(project: &Project) -> Loaded {
        Loaded::with(project, Budget { prints: true, ..Budget::default() })
    }

    fn with(project: &Project, budget: Budget) -> Loaded {
        let mut problems = Problems::default();
        let (engine, mut declared) = Engine::load_with(&project.sources, budget, &mut problems);
        project.replacements().for_each(|note| problems.add(note));
        local::apply(project, &mut declared, &mut problems);
        say_own_rules(&mut declared, project, &mut problems);
        Loaded { engine, declared: Rc::new(declared), problems }
    }

    /// The same for another return, of which nothing that was kept of this one is known.
    pub fn again(&self) -> Loaded {
        let (declared, problems) = (self.declared.clone(), self.problems.clone());
        Loaded { engine: self.engine.again(), declared, problems }
    }
}
