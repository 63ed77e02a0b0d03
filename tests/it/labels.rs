//! Reading part of a taxonomy gives what reading all of it gives: an edit costs one category, and no number.

use earful::reading::{Classifier, Scratch};
use earful::taxonomy;
use earful::words::LabelId;

fn sentences() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/sentences/dev.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let sentence =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_string();
    text.lines().map(sentence).collect()
}

#[test]
fn a_category_read_alone_has_the_labels_that_it_has_among_all() {
    let whole = taxonomy::bundled();
    let sentences = sentences();
    let mut scratch = Scratch::default();
    let classifier = Classifier::new(&whole);
    let expected: Vec<Vec<LabelId>> =
        sentences.iter().map(|s| classifier.text_labels(s, &mut scratch).to_vec()).collect();
    let mut compared = 0;
    for category in (0..whole.categories().len()).filter(|c| whole.is_read(*c) && !whole.categories()[*c].is_net) {
        let (part, places) = whole.part(&[category]);
        let classifier = Classifier::new(&part);
        for (sentence, expected) in sentences.iter().zip(&expected) {
            let own = |l: &LabelId| l.category() == category;
            let alone: Vec<LabelId> = classifier
                .text_labels(sentence, &mut scratch)
                .iter()
                .map(|l| LabelId::new(places[l.category()], l.stance()))
                .filter(own)
                .collect();
            let among: Vec<LabelId> = expected.iter().copied().filter(own).collect();
            assert_eq!(alone, among, "{} on {sentence}", whole.categories()[category].id);
            compared += among.len();
        }
    }
    assert!(compared > 300, "only {compared} labels were compared");
}

#[test]
fn an_edit_changes_the_fingerprint_of_its_category_alone() {
    let mut files = taxonomy::bundled_files();
    let before = taxonomy::Taxonomy::read(files.clone()).0;
    let smell = files.iter_mut().find(|(path, _)| path == "product/smell.toml").unwrap();
    smell.1 = smell.1.replacen("[examples]", "[[complaint]]\nany = [\"臭不可闻的测试词\"]\n\n[examples]", 1);
    let after = taxonomy::Taxonomy::read(files).0;
    let changed: Vec<&str> = (0..before.categories().len())
        .filter(|c| before.category_fingerprints(&[*c]) != after.category_fingerprints(&[*c]))
        .map(|c| before.categories()[c].id.as_str())
        .collect();
    assert!(changed.contains(&"product/smell"));
    let allowed =
        |id: &&str| *id == "product/smell" || "product/smell".starts_with(&format!("{id}/")) || refers(&before, id);
    assert!(changed.iter().all(allowed), "{changed:?}");
    assert_ne!(before.fingerprint(), after.fingerprint());
}

/// True if a rule of this category refers to the smell.
fn refers(taxonomy: &taxonomy::Taxonomy, id: &str) -> bool {
    let at = taxonomy.find(id).unwrap();
    taxonomy.categories()[at].rules.iter().any(|r| r.category.iter().any(|c| c == "product/smell"))
}
