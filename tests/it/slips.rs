//! Slips of the pen in a taxonomy: each is told by file and line, with what is wrong and what to do, in both languages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use earful::taxonomy::Taxonomy;
use earful::words::Problem;

use crate::workshop::ends;

const NAME: &str = "name = { zh = \"甲\", en = \"A\" }\n";

/// Everything that is told of these files: by reading them and, if they can be read, by the check.
fn told(files: &[(&str, String)]) -> Vec<Problem> {
    let files: BTreeMap<String, String> = files.iter().map(|(path, text)| (path.to_string(), text.clone())).collect();
    let (taxonomy, mut problems) = Taxonomy::read(files.clone());
    if problems.is_empty() {
        problems = taxonomy.check(&files);
    }
    problems.retain(|p| p.code != "untested");
    problems
}

/// Each has one problem: in this line, with these words in what is wrong and what to do, in Chinese and English.
fn one_each(cases: &[(&str, u64, &str, &str)]) {
    for (body, line, zh, en) in cases {
        let problems = told(&[("a.toml", format!("{NAME}{body}"))]);
        let [problem] = &problems[..] else { panic!("{body}: {problems:#?}") };
        let place = (problem.place.file.as_deref(), problem.place.row);
        assert_eq!(place, (Some("a.toml"), Some(*line)), "{body}: {problem:?}");
        let help = problem.help.as_ref().unwrap_or_else(|| panic!("{body}: nothing to do"));
        for (said, words) in
            [(format!("{} {}", problem.what.zh, help.zh), zh), (format!("{} {}", problem.what.en, help.en), en)]
        {
            assert!(words.split(' ').all(|word| said.contains(word)), "{body}: `{words}` in `{said}`");
        }
        assert!(!problem.what.zh.contains("expected"), "{body}: {}", problem.what.zh);
    }
}

#[test]
fn what_is_no_toml_is_told_in_the_words_of_the_operator() {
    one_each(&[
        ("[[complaint]]\nany = [“起球”]\n", 3, "中文标点 “” \"", "Chinese “” \""),
        ("[[complaint]]\nany = [\"起球”]\n", 3, "中文标点 ” \"", "Chinese ” \""),
        ("[[complaint]]\nany = [\"起球\"，\"毛球\"]\n", 3, "中文标点 ， ,", "Chinese ， ,"),
        ("[[complaint]]\nany = [\"好，坏\"、\"毛球\"]\n", 3, "中文标点：、 ,", "here: 、 ,"),
        ("[[complaint]]\nany：[\"起球\"]\n", 3, "中文标点 ： =", "Chinese ： ="),
        ("[[complaint]]\nany ＝ [\"起球\"]\n", 3, "中文标点 ＝ =", "Chinese ＝ ="),
        ("[[complaint]]\nany = 【\"起球\"】\n", 3, "中文标点 【】 [ ]", "Chinese 【】 [ ]"),
        ("【【complaint】】\nany = [\"起球\"]\n", 2, "中文标点 【 [ ]", "Chinese 【 [ ]"),
        ("[[complaint]]\nany: [\"起球\"]\n", 3, "不能用 = any", ": = any"),
        ("[[complaint]]\n任何 = [\"起球\"]\n", 3, "英文 “any”", "English `any`"),
        ("[[complaint]]\nany = [\"起球\", \"毛球\"\n\n[[praise]]\nany = [\"好\"]\n", 5, "第 3 行 ]", "line 3 ]"),
        ("[[complaint]]\nany = [\"起球\",\n", 3, "第 3 行 ]", "line 3 ]"),
        ("[[complaint]]\nany = [\"起球, \"毛球\"]\n", 3, "引号没有成对", "quote missing"),
        ("[[complaint]]\nany = [\"起球\" \"毛球\"]\n", 3, "缺逗号", "comma missing"),
        ("[[complaint]]\nany = [\n\"起球\",\n]\nunless = [\"甲\" \"乙\"]\n", 6, "缺逗号", "comma missing"),
        ("[[complaint]]\nany = [起球]\n", 3, "引号里", "quotes"),
        ("[[complaint]\nany = [\"起球\"]\n", 2, "方括号 [[complaint]]", "brackets [[complaint]]"),
        ("[[complaint]]\nany = [\"起球\"]\nany = [\"毛球\"]\n", 4, "“any” 两次 合成一个", "`any` twice one"),
        ("[[complaint]]\nany = [\"起球\"]\nopinion = True\n", 4, "true 小写", "true small"),
        ("[[complaint]]\npattern = \"\\d+天\"\n", 3, "双引号 单引号", "double single"),
        ("// 备注\n[[complaint]]\nany = [\"起球\"]\n", 2, "备注 #", "remark #"),
        ("[[complaint]]\nany\n", 3, "只有名字", "name without"),
    ]);
    let old = told(&[("a.toml", format!("{NAME}[[complaint]]\nany = [\"起球\"]\n").replace('\n', "\r"))]);
    assert!(old.len() == 1 && old[0].what.zh.contains("换行"), "{old:?}");
    for ends in ["\r\n", "\n"] {
        let text = format!("\u{feff}{NAME}[[complaint]]\nanny = [\"起球\"]\n").replace('\n', ends);
        let problems = told(&[("a.toml", text)]);
        assert_eq!((problems.len(), problems[0].place.row), (1, Some(3)), "{problems:?}");
    }
}

#[test]
fn a_name_or_value_that_is_not_known_is_told_with_the_one_that_is_meant() {
    one_each(&[
        ("[[complaint]]\nanny = [\"差\"]\n", 3, "“any”", "`any`"),
        ("[[complaint]]\nAny = [\"差\"]\n", 3, "“any”", "`any`"),
        ("[[\"不满\"]]\nany = [\"差\"]\n", 2, "“complaint”", "`complaint`"),
        ("[[none]]\nany = [\"差\"]\n", 2, "[examples]", "[examples]"),
        ("[complaint]\nany = [\"差\"]\n", 2, "[[complaint]]", "[[complaint]]"),
        ("[[complaint]]\nany = [\"差\"]\narea = \"product\"\n", 4, "文件开头", "head file"),
        ("any = [\"差\"]\n", 2, "[[complaint]]", "[[complaint]]"),
        ("[[complaint]]\nany = [\"差\"]\nstars = \"5\"\n", 4, "only", "only"),
        ("[[complaint]]\nany = [\"差\"]\ncomplaint = [\"差\"]\n", 4, "[examples]", "[examples]"),
        ("[examples]\ncomplain = [\"差\"]\n", 3, "“complaint”", "`complaint`"),
        ("[[examples]]\ncomplaint = [\"差\"]\n", 2, "一个表 [examples]", "table [examples]"),
        ("area = \"produkt\"\n", 2, "“product”", "`product`"),
        ("area = \"物流\"\n", 2, "“logistics”", "`logistics`"),
        ("area = \"x\"\n", 2, "product, logistics, service", "product, logistics, service"),
        ("owner = \"suplier\"\n", 2, "“supplier”", "`supplier`"),
        ("action = \"问工厂\"\n", 2, "表 zh", "table zh"),
        ("[[complaint]]\nany = [\"差评\"]\nonly = { speaker = \"buyr\" }\n", 4, "“buyer”", "`buyer`"),
        ("[[complaint]]\nany = [\"差评\"]\nonly = { lang = \"zn\" }\n", 4, "“zh”", "`zh`"),
        (
            "[[complaint]]\nany = [\"差评\"]\nonly = { stage = [\n\"presale\",\n\"afersale\"] }\n",
            6,
            "“aftersale”",
            "`aftersale`",
        ),
        ("[[complaint]]\nany = [\"差评\"]\nonly = { kind = [\"reviews\", \"chatt\"] }\n", 4, "“chat”", "`chat`"),
        ("[[complaint]]\nany = [\"差评\"]\nonly = { stars = \"<=9\" }\n", 4, "从 0 到 5 <=3", "0 to 5 <=3"),
        ("[[complaint]]\nany = [\"差评\"]\nonly = { stars = \"4-2\" }\n", 4, "从 0 到 5", "0 to 5"),
        ("[[complaint]]\nany = [\"差评\"]\nonly = { stars = 3 }\n", 4, "引号 数字", "quotes number"),
        ("[[complaint]]\nany = [\"差评\"]\nonly = \"review\"\n", 4, "only =", "only ="),
        ("[[complaint]]\nany = [\"差评\"]\nscope = \"sentense\"\n", 4, "“sentence”", "`sentence`"),
        ("[[complaint]]\nany = [\"差评\"]\ndenied = \"none\"\n", 4, "“nothing”", "`nothing`"),
        ("[[complaint]]\nany = 5\n", 3, "引号 数字", "quotes number"),
        ("[[complaint]]\nany = [\"差评\"]\nopinion = \"true\"\n", 4, "true", "true"),
        ("[[complaint]]\nnear = [[\"味道\"], [\"大\"]]\nwithin = -1\n", 4, "整数 6", "whole 6"),
        ("[[complaint]]\nnear = \"味道\"\n", 3, "几组词 [[", "lists [["),
        ("[[complaint]]\nany = [\"差评\"]\ncategory = \"b.toml\"\n", 4, "“b.toml” 路径", "`b.toml` path"),
        ("[[complaint]]\npattern = '(起球'\n", 3, "( any", "group any"),
        ("[[complaint]]\npattern = '(?!不)起球'\n", 3, "(?!…) unless", "look-ahead unless"),
        ("[[complaint]]\npattern = '[起球'\n", 3, "[", "class"),
        ("[[complaint]]\npattern = '*起球'\n", 3, "前面没有字", "missing"),
    ]);
    // A category is meant by its name, by the end of its path, or misspelt.
    for (asked, meant) in [("乙", "p/b"), ("B", "p/b"), ("b", "p/b"), ("p/bb", "p/b"), ("p/b.toml", "p/b")] {
        let other = NAME.replace('甲', "乙").replace('A', "B");
        let rule = format!("{NAME}[[complaint]]\nany = [\"差评\"]\ncategory = \"{asked}\"\n");
        let net = NAME.replace('甲', "丙");
        let problems = told(&[("a.toml", rule), ("p/b.toml", other), ("p.toml", net)]);
        let told = (problems[0].code, problems[0].place.row, problems[0].help.as_ref().unwrap().zh.contains(meant));
        assert_eq!(told, ("unknown_category", Some(4), true), "{asked}: {problems:?}");
    }
}

#[test]
fn what_can_be_read_and_means_nothing_is_told() {
    one_each(&[
        ("[[complaint]]\nany = [\"全新\", \"二手\"]\nunless = [\"全新\"]\n", 4, "正是 长", "looks for longer"),
        ("[[complaint]]\nany = [\"全新\"]\nwithout = [\"全新\"]\n", 2, "永远不成立 without", "never holds without"),
        (
            "[[complaint]]\nany = [\"全新\", \"二手\"]\nwithout = [\"全新\"]\n",
            3,
            "“全新” 永远不算",
            "`全新` never counts",
        ),
        ("[[complaint]]\nany = [\"起球，毛球、掉毛\"]\n", 3, "一个词 分开写", "one word apart"),
        ("[[complaint]]\nany = [\"起球/毛球\"]\n", 3, "一个词 分开写", "one word apart"),
        ("[[complaint]]\nany = [\"起(球|毛)\"]\n", 3, "一个词 pattern", "one word pattern"),
        ("[[complaint]]\nany = [\"差评\"]\nwithin = 3\n", 2, "within near", "within near"),
        ("[[complaint]]\nnear = [[\"味道\", \"气味\"]]\n", 3, "一组 any", "one any"),
        ("[[complaint]]\nany = [\"差评\"]\ncategory = \"a\"\n", 4, "它自己", "itself"),
        ("[[complaint]]\nany = [\"起球\", \"会起球\"]\n", 3, "“会起球”可以删去 不能删", "`会起球` can go stay"),
    ]);
    // A longer word that keeps a cue within it from being heard is no double.
    let cues = ("_cues/zh.toml", "negation = [\"不\"]\n".to_owned());
    let rule = ("a.toml", format!("{NAME}[[complaint]]\nany = [\"能验货\", \"不能验货\"]\n"));
    assert_eq!(told(&[rule, cues]), []);
    let asks = |id: &str| format!("[[complaint]]\nany = [\"差评\"]\ncategory = \"{id}\"\n");
    for (path, text, code) in [
        ("b.toml", NAME.replace('甲', "乙") + &asks("a"), "circle circle"),
        ("a - 副本.toml", NAME.replace('甲', "乙"), "odd_name"),
        ("a (1).toml", NAME.to_owned(), "odd_name same_name"),
        ("A.toml", NAME.replace('甲', "乙"), "twin_name"),
        ("c.toml", NAME.to_owned(), "same_name"),
        ("c.toml", "  \n".to_owned(), "no_name"),
        ("c/d.toml", NAME.replace('甲', "乙"), "no_net_file"),
        ("c.d.toml", asks("a"), "no_head"),
    ] {
        let first = if code.starts_with("circle") { NAME.to_owned() + &asks("b") } else { NAME.to_owned() };
        let problems = told(&[("a.toml", first), (path, text)]);
        let mut codes: Vec<&str> = problems.iter().map(|p| p.code).collect();
        codes.sort_unstable();
        assert_eq!(codes.join(" "), code, "{path}: {problems:#?}");
        assert!(problems.iter().all(|p| p.help.is_some()), "{problems:?}");
    }
}

fn write(folder: &Path, path: &str, text: impl AsRef<[u8]>) {
    fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
    fs::write(folder.join(path), text).unwrap();
}

#[test]
fn the_check_speaks_like_a_compiler_errors_first_in_words_and_with_counts() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let check = |code, lang| ends(at, code, &["taxonomy", "check", "words", "--lang", lang]);
    fs::create_dir(at.join("words")).unwrap();
    assert!(check(2, "zh").contains("没有 .toml 文件"));
    write(at, "words/新建文本文档.toml.txt", NAME);
    assert!(check(0, "zh").contains("新建文本文档.toml.txt: 警告：文件名不以 .toml 结尾"));

    write(at, "words/a.toml", format!("{NAME}owner = \"suplier\"\n[[complaint]]\nany = [\"起球\", \"起球\"]\n"));
    let (gbk, _, _) = encoding_rs::GBK.encode("# 气味\nname = { zh = \"气味\", en = \"Smell\" }\n");
    write(at, "words/b.toml", [&b"# first\n"[..], &gbk].concat());
    write(at, "words/c.toml", format!("{NAME}[[complaint]]\nanny = [\"差评\"]\n"));
    let shown = check(1, "zh");
    let heads: Vec<&str> = shown.lines().filter(|l| !l.starts_with(' ')).collect();
    assert!(heads[0].starts_with("b.toml:2: 错误：这个文件不是 UTF-8"), "{shown}");
    assert!(heads[1].starts_with("c.toml:3: 错误：不认识的键“anny”"), "{shown}");
    assert!(shown.contains("    | anny = [\"差评\"]\n    怎么办：是不是“any”？"), "{shown}");
    assert!(shown.contains("2 个错误，1 个警告") && shown.contains("先改好错误"), "{shown}");
    assert!(!shown.contains("unknown_key") && !shown.contains("expected"), "no codes: {shown}");
    assert!(check(1, "en").contains("c.toml:3: error: unknown key `anny`"));

    fs::remove_file(at.join("words/b.toml")).unwrap();
    fs::remove_file(at.join("words/c.toml")).unwrap();
    let shown = check(0, "zh");
    assert!(
        shown.contains("a.toml:2: 警告：负责人“suplier”") && shown.contains("a.toml:4: 警告：“起球”已经写过"),
        "{shown}"
    );
    assert!(shown.contains("1 个类别：0 个错误，4 个警告，0 个提醒"), "{shown}");
}

#[test]
fn rules_without_an_example_take_one_line_a_file_and_ones_own_are_worth_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let rules: String = (0..9).map(|i| format!("[[complaint]]\nany = [\"坏{i}{i}\"]\n")).collect();
    let examples = "[examples]\ncomplaint = [\"坏00\", \"好得很\"]\nnone = [\"坏11\"]\n";
    write(at, "words/a.toml", format!("{NAME}{rules}{examples}"));
    let test = |args: &[&str]| ends(at, 1, &[&["taxonomy", "test", "words"], args].concat());
    let shown = test(&["--lang", "zh"]);
    assert!(shown.contains("7 条自己写的规则没有例句用到：第 6、8、10、12、14、16 … 行"), "{shown}");
    assert!(shown.contains("例句应读作“不满”，却读作“没有标签”"), "{shown}");
    assert!(shown.contains("a.toml:22: 错误：例句应读作“没有标签”，却读作“不满”"), "{shown}");
    assert!(shown.contains("a.toml:4 “坏11”") && shown.contains("earful why --text \"坏11\" --not a"), "{shown}");
    assert!(shown.contains("3 个例句，2 个读得和写的不一样；9 条规则，7 条没有例句用到"), "{shown}");
    let all = test(&["--lang", "en", "--all"]);
    assert_eq!(all.matches("no example reaches this rule of your own").count(), 7, "{all}");

    // The bundled ones are known: a note for each file.
    let notes = ends(at, 0, &["taxonomy", "test", "--notes", "--lang", "en"]);
    assert!(notes.matches("reached by no example: lines").count() < 200, "{notes}");
}

#[test]
fn a_rule_is_too_broad_by_what_it_hits() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let words = ["very", "质量", "快递", "comfortable", "color"];
    let list: String = words.iter().map(|word| format!("\"{word}\",\n")).collect();
    write(
        at,
        "words/a.toml",
        format!(
            "{NAME}[[complaint]]\nany = [\n{list}]\n[[mention]]\nnear = [[\"的\", \"了\", \"是\"], [\"很\", \"有\", \"好\", \"不\"]]\n\
             [[mention]]\nany = [\"差评\"]\nonly = {{ platform = [\"天猫\", \"tmal\"], sku = \"K9\" }}\n"
        ),
    );
    let shown = ends(at, 0, &["taxonomy", "check", "words", "--lang", "zh"]);
    let broad: Vec<&str> = shown.lines().filter(|l| l.contains("太宽")).collect();
    assert!(broad.len() == 2 && broad[0].starts_with("a.toml:4: 警告：“very”太宽：自带的演示数据"), "{shown}");
    assert!(broad[1].starts_with("a.toml:10: 警告：这条规则太宽"), "{shown}");
    assert!(shown.contains("是不是“tmall”"), "{shown}");
    assert!(!shown.contains("“K9”"), "without records nobody knows the SKUs: {shown}");

    // In a workspace its own records tell: there everybody says very, and it is known who sells what.
    let topics =
        ["一股塑料味", "快递很快", "客服态度差", "颜色和图片一样", "没发票", "尺码偏小", "包装破损", "质量很好"];
    let rows: String = (0..400)
        .map(|i| format!("R{i},S1,2026-10-{:02} 08:00:00,5,讲真{}，第{i}次买\n", 1 + i % 28, topics[i % 8]))
        .collect();
    ends(at, 0, &["init"]);
    write(at, "reviews.csv", format!("评价编号,商品SKU,评价时间,评价星级,评价内容\n{rows}"));
    ends(at, 0, &["add", "reviews.csv", "--shop", "我的店"]);
    write(
        at,
        "words/a.toml",
        format!(
            "{NAME}[[mention]]\nany = [\n\"very\",\n\"讲真\",\n\"塑料味\"]\n[[mention]]\nany = [\"差评\"]\nonly = {{ sku = \"S2\" }}\n"
        ),
    );
    let shown = ends(at, 0, &["taxonomy", "check", "words", "--lang", "en"]);
    let broad: Vec<&str> = shown.lines().filter(|l| l.contains("too broad")).collect();
    assert!(broad.len() == 1 && broad[0].starts_with("a.toml:5: warning: `讲真` is too broad"), "{shown}");
    assert!(broad[0].contains("clauses of this workspace it hits 400 (50%)"), "{shown}");
    assert!(shown.contains("the sku `S2` is not known") && shown.contains("Did you mean `S1`?"), "{shown}");
}
