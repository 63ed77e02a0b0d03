use earful::ingest::*;
fn main() {
    for a in std::env::args().skip(1) {
        let t = std::time::Instant::now();
        let s = Settings::new("x", [7; 32]);
        let r = preview(Input::Path(a.as_ref()), &s, 2);
        let name = a.rsplit('/').next().unwrap();
        match r {
            Ok((l, _)) => println!(
                "{name}: {} {} {} rows {} kept {} rep {} out {:?} rec {} days {:?} {:?}\n   {:?}\n   unknown {:?} {:?} marks {:?}",
                l.profile,
                l.encoding,
                l.container,
                l.rows,
                l.kept,
                l.repeats,
                l.left_out,
                l.records,
                l.days,
                t.elapsed(),
                l.mapping,
                l.unknown_columns,
                l.problems.iter().map(|p| &p.message.en).take(4).collect::<Vec<_>>(),
                l.marks
            ),
            Err(e) => println!("{name}: ERR {} {e}", e.code()),
        }
    }
}
