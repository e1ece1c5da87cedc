//! The one test binary. Each room of it is a kind of promise: what a person sees, what is refused, what is
//! right.

mod annual;
mod appendix;
mod attacker;
mod broken;
mod canary;
mod cases;
mod commentary;
mod editions;
mod explain;
mod forms;
mod golden;
mod guides;
mod hostile;
mod layouts;
mod make;
mod new;
mod papers_derby;
mod papers_lincolnshire;
mod project_tests;
mod published;
mod rooms;
mod scripts;
mod starters;
mod support;
