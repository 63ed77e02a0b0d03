//! A workspace folder: made, found, read strictly, locked for one writer, annotated by hand.

use std::fs;
use std::path::Path;

use earful::records::Store;
use earful::words::{Day, LabelId, Lang, Stance, Uid};
use earful::workspace::{Decision, Event, Settings, Shop, Workspace};
use roaring::RoaringBitmap;
use tempfile::TempDir;

fn made() -> (TempDir, Workspace) {
    let folder = TempDir::new().unwrap();
    let workspace = Workspace::init(&folder.path().join("我的店"), &Settings::default()).unwrap();
    (folder, workspace)
}

#[test]
fn a_new_workspace_is_found_from_inside_and_made_once() {
    let (folder, workspace) = made();
    let deep = workspace.root().join("exports/2026");
    fs::create_dir_all(&deep).unwrap();
    assert_eq!(Workspace::find(&deep).unwrap().root(), workspace.root());
    assert_eq!(Workspace::find(folder.path()).unwrap_err().code(), "no_workspace");
    assert_eq!(Workspace::init(workspace.root(), &Settings::default()).unwrap_err().code(), "workspace_exists");
    assert_eq!(workspace.settings(), &Settings::default());
    assert_eq!(Store::open(&workspace.records()).unwrap().rows(), 0);
    assert!(workspace.taxonomy().is_none());
    let ignored = fs::read_to_string(workspace.root().join(".gitignore")).unwrap();
    assert_eq!(ignored, "/.earful/\n/earful.key\n");
}

#[cfg(unix)]
#[test]
fn the_key_is_random_private_and_not_made_anew() {
    use std::os::unix::fs::PermissionsExt;
    let ((_a, a), (_b, b)) = (made(), made());
    assert_ne!(a.key().unwrap(), b.key().unwrap());
    assert_eq!(a.key().unwrap(), a.key().unwrap());
    let path = a.root().join("earful.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(format!("{:?}", a.key().unwrap()), "Key(secret)");
    for text in ["", "zz", &"é".repeat(32)] {
        fs::write(&path, text).unwrap();
        assert_eq!(a.key().unwrap_err().code(), "key");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(a.key().unwrap_err().code(), "key");
}

#[test]
fn settings_go_to_the_file_and_back_and_a_shop_is_added_without_touching_the_rest() {
    let settings = Settings {
        zone: "America/New_York".into(),
        language: Some(Lang::En),
        week_start: jiff::civil::Weekday::Sunday,
        shops: vec![Shop { name: "\"quoted\" 店".into(), ..Shop::default() }],
    };
    assert_eq!(Settings::parse(&settings.to_toml(), Path::new("earful.toml")).unwrap(), settings);

    let (_folder, workspace) = made();
    let file = workspace.root().join("earful.toml");
    let mut text = fs::read_to_string(&file).unwrap() + "# my own note";
    fs::write(&file, &text).unwrap();
    let rival = Shop { name: "对手旗舰店".into(), competitor: true, platform: Some("jd".into()), zone: None };
    let mut writing = workspace.write().unwrap();
    writing.add_shop(&rival).unwrap();
    writing.add_shop(&rival).unwrap();
    text += "\n\n[[shop]]\nname = \"对手旗舰店\"\ncompetitor = true\nplatform = \"jd\"\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert_eq!(writing.settings().shop("对手旗舰店"), Some(&rival));
    assert_eq!(writing.add_shop(&Shop { competitor: false, ..rival }).unwrap_err().code(), "shop_side");
}

#[test]
fn a_mistake_in_the_settings_is_shown_with_file_and_line_in_both_languages() {
    let cases = [
        (
            "zone = \"Asia/Shanghai\"\nlanguag = \"zh\"\n",
            "第 2 行：没有叫 languag 的设置",
            "line 2: there is no setting languag",
        ),
        ("\n\nzone = \"Mars\"\n", "第 3 行：不认识时区", "line 3: \"Mars\" is no time zone"),
        ("language = \"de\"\n", "第 1 行：language 只能是", "line 1: language is zh or en"),
        ("week_start = \"friday\"\n", "第 1 行：week_start 只能是", "line 1: week_start is"),
        ("[[shop]]\ncompetitor = true\n", "缺少 name", "name is missing"),
        ("[[shop]]\nname = \" \"\n", "第 2 行：店铺没有名字", "line 2: a shop has no name"),
        ("[[shop]]\nname = \"a\"\nown = true\n", "第 3 行：没有叫 own 的设置", "line 3: there is no setting own"),
        ("zone = \n", "第 1 行：写法不对", "line 1: cannot be read"),
        ("zone = \"UTC\"\nzone = \"UTC\"\n", "第 2 行：同一个设置写了两次", "line 2: the same setting"),
        ("[[shop]]\nname = \"a\"\n[[shop]]\nname = \"a\"\n", "写了两次", "twice"),
    ];
    for (text, zh, en) in cases {
        let err = Settings::parse(text, Path::new("shop/earful.toml")).unwrap_err();
        let (said_zh, said_en) = (err.message(Lang::Zh), err.message(Lang::En));
        assert!(said_zh.contains(zh) && said_zh.contains("earful.toml"), "{said_zh}");
        assert!(said_en.contains(en) && said_en.contains("earful.toml"), "{said_en}");
    }
}

#[test]
fn one_writes_and_everybody_reads() {
    let (_folder, workspace) = made();
    let writing = workspace.write().unwrap();
    assert_eq!(workspace.write().unwrap_err().code(), "busy");
    assert!(Workspace::find(workspace.root()).is_ok() && Store::open(&workspace.records()).is_ok());
    drop(writing);
    assert!(workspace.write().is_ok());
}

#[test]
fn decisions_and_events_are_added_read_back_and_bad_lines_are_named() {
    let (_folder, workspace) = made();
    let decision = |uid, stance| Decision {
        uid: Uid(uid),
        category: "product/smell".into(),
        stance,
        who: "小李".into(),
        date: "2026-10-31".into(),
        note: "她说的是\n香味".into(),
        rules: "complaint".into(),
        undone: false,
    };
    let event = |day, text: &str| Event {
        day: Day(day),
        kind: "manufacturer".into(),
        shop: "我的店".into(),
        sku: "SKU-1".into(),
        text: text.into(),
    };
    let writing = workspace.write().unwrap();
    let decisions = [decision(1, Some(Stance::Praise)), decision(2, None)];
    writing.decide(&decisions[..1]).unwrap();
    writing.decide(&decisions[1..]).unwrap();
    writing.note(&[event(20_500, "换厂, \"二厂\"")]).unwrap();
    writing.note(&[event(20_400, "双十一")]).unwrap();
    assert_eq!(workspace.decisions().unwrap(), (decisions.to_vec(), vec![]));
    assert_eq!(workspace.events().unwrap(), (vec![event(20_400, "双十一"), event(20_500, "换厂, \"二厂\"")], vec![]));

    // People edit both: a lost line end, a bad line, a spreadsheet's dates and encoding.
    let (lines, table) = (workspace.root().join("decisions.jsonl"), workspace.root().join("events.csv"));
    fs::write(&lines, fs::read_to_string(&lines).unwrap() + "{\"uid\":\"xyz\"}").unwrap();
    writing.decide(&decisions[..1]).unwrap();
    let (read, problems) = workspace.decisions().unwrap();
    assert_eq!((read.len(), problems.len(), problems[0].place.row), (3, 1, Some(3)));
    let text = "日期,类型,说明\n2026/1/5,活动,年货节\n很久以前,活动,?\n2026年1月6日,改价,降价\n";
    fs::write(&table, encoding_rs::GBK.encode(text).0).unwrap();
    let (read, problems) = workspace.events().unwrap();
    assert_eq!(
        read.iter().map(|e| (e.day.to_string(), e.text.as_str())).collect::<Vec<_>>(),
        [("2026-01-05".to_string(), "年货节"), ("2026-01-06".to_string(), "降价")]
    );
    assert_eq!((problems[0].code, problems[0].place.row), ("bad_date", Some(3)));
}

#[test]
fn the_taxonomy_becomes_the_shops_own_once() {
    let (_folder, workspace) = made();
    let writing = workspace.write().unwrap();
    let folder = writing.own_taxonomy([("product.toml", "a"), ("product/smell.toml", "b")]).unwrap();
    assert_eq!(workspace.taxonomy().as_deref(), Some(folder.as_path()));
    assert_eq!(fs::read_to_string(folder.join("product/smell.toml")).unwrap(), "b");
    assert_eq!(writing.own_taxonomy([("x.toml", "x")]).unwrap_err().code(), "taxonomy_exists");
}

#[test]
fn labels_are_kept_by_file_and_taxonomy_and_damage_is_absence() {
    let (_folder, workspace) = made();
    let cache = workspace.labels();
    let labels = vec![
        (LabelId::new(3, Stance::Complaint), RoaringBitmap::from_iter([1u32, 5, 70_000])),
        (LabelId::new(9, Stance::Mention), RoaringBitmap::from_iter(0..100_000u32)),
    ];
    assert_eq!(cache.get("f1", "t1"), None);
    cache.put("f1", "t1", &labels).unwrap();
    cache.put("f1", "t2", &Vec::new()).unwrap();
    cache.put("f2", "t1", &labels).unwrap();
    assert_eq!(cache.get("f1", "t1"), Some(labels.clone()));
    assert_eq!(cache.get("f1", "t2"), Some(Vec::new()));
    cache.prune(&["f1"], &["t1"]);
    assert_eq!((cache.get("f1", "t2"), cache.get("f2", "t1")), (None, None));
    let path = cache.folder().join("f1-t1");
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len().min(300) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_eq!(cache.get("f1", "t1"), None);
        fs::write(&path, &whole[..at]).unwrap();
        assert_eq!(cache.get("f1", "t1"), None);
    }
    fs::write(&path, whole).unwrap();
    assert_eq!(cache.get("f1", "t1"), Some(labels));
}
