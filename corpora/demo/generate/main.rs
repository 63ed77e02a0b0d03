//! Writes the demo corpus: `cargo run --example demo_corpus`. The same plan and sentences give the same bytes.
//!
//! `plan.toml` says what is said how often and which shifts are planted, `sentences/` holds the
//! hand-written sentences with their labels, and everything below only deals them out.

mod cases;
mod chats;
mod dice;
mod exports;
mod people;
mod plan;
mod reviews;
mod sentences;
mod sheets;
mod truth;

use std::path::Path;

fn main() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/demo");
    let plan = plan::Plan::read(&home.join("plan.toml"));
    let sentences = sentences::Sentences::read(&home.join("sentences"));
    let reviews = reviews::write_all(&plan, &sentences);
    let chats = chats::write_all(&plan, &sentences);

    let out = home.join("exports");
    std::fs::create_dir_all(&out).expect("the exports folder can be made");
    let mut truth = truth::Truth::default();
    sheets::tmall_xlsx(&out, &plan, &sentences.frame, &reviews, &mut truth);
    exports::pdd_csv(&out, &plan, &reviews, &mut truth);
    exports::amazon_csv(&out, &plan, &sentences.frame, &reviews, &mut truth);
    exports::jd_json(&out, &plan, &sentences.frame, &reviews, &mut truth);
    exports::qianniu_text(&out, &chats, &mut truth);
    exports::orders_csv(&out, &plan, &chats);
    exports::cases_csv(&out, &plan, &cases::write_all(&plan, &sentences.frame));
    sheets::lost_xlsx(&out, &chats);
    truth.write(&home.join("truth.csv"));
    truth::summary(&plan, &reviews, &chats);
}
