//! The one test binary. Each room of it is a kind of promise: what a person sees, what is refused,
//! what is right.

mod annual;
mod appendix;
mod arrows;
mod attacker;
mod blank;
mod broken;
mod canary;
mod cases;
mod catalogue;
mod commentary;
mod diff;
mod editions;
mod explain;
mod forms;
mod golden;
mod guides;
mod hostile;
mod layouts;
mod make;
mod map;
mod new;
mod page;
mod papers_derby;
mod papers_lincolnshire;
mod project_tests;
mod published;
mod reference;
mod scripts;
mod shell;
mod slips;
mod starters;
mod support;
mod tools;
mod watch;
mod xlsx;
