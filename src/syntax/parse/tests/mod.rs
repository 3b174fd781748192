mod accept;
mod limits;
mod lines;
mod messages;
mod precedence;
