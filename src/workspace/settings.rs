//! earful.toml: what the user says about their shops, read strictly and written with its own explanation.

use std::path::Path;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};

use crate::error::{Error, Result};
use crate::said;
use crate::words::{Lang, Place, Problem, Said, Severity, Span};

/// The name of the file that makes a folder a workspace.
pub const FILE: &str = "earful.toml";

/// Settings of a workspace.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Time zone of the shops' clock, by its IANA name.
    #[serde(default = "default_zone", deserialize_with = "zone")]
    pub zone: String,
    /// Language of everything shown; `None`: that of the computer.
    #[serde(default, deserialize_with = "language")]
    pub language: Option<Lang>,
    /// First day of a week.
    #[serde(default = "default_week_start", deserialize_with = "weekday")]
    pub week_start: Weekday,
    /// The shops, own and competitors'.
    #[serde(default, rename = "shop")]
    pub shops: Vec<Shop>,
}

/// One shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// Its name, as reports show it.
    #[serde(deserialize_with = "name")]
    pub name: String,
    /// True if it is not the user's own.
    #[serde(default)]
    pub competitor: bool,
    /// Platform key such as `tmall`: how its exports are read when they do not say it themselves.
    #[serde(default)]
    pub platform: Option<String>,
    /// Its own time zone, if it differs from that of the workspace.
    #[serde(default, deserialize_with = "some_zone")]
    pub zone: Option<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { zone: default_zone(), language: None, week_start: default_week_start(), shops: Vec::new() }
    }
}

impl Settings {
    /// Reads the text of an earful.toml; `path` is for the message.
    pub fn parse(text: &str, path: &Path) -> Result<Settings> {
        let settings: Settings = toml::from_str(text).map_err(|err| wrong(&err, text, path))?;
        let mut names: Vec<&str> = settings.shops.iter().map(|shop| shop.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            let what = said!(
                "{file}：店铺“{name}”写了两次",
                "{file}: the shop \"{name}\" stands there twice",
                file = path.display(),
                name = pair[0]
            );
            return Err(Error::new("settings", what).help(said!("删去其中一个 [[shop]]", "remove one [[shop]]")));
        }
        Ok(settings)
    }

    /// The text of an earful.toml with these settings.
    pub fn to_toml(&self) -> String {
        let language = match self.language {
            Some(lang) => format!("language = \"{}\"", lang.key()),
            None => "# language = \"zh\"".to_string(),
        };
        let mut text = format!(
            "# earful 工作区设置。改完保存即可，下一次运行就生效。\n\
             # Settings of this earful workspace. Edit and save; the next command uses them.\n\n\
             # 店铺时钟所在的时区：“十月”就是店铺的十月。\n\
             # Time zone of the shops' clock: October means the shop's October.\n\
             zone = {zone}\n\n\
             # 界面和报表的语言：zh 或 en；不写则跟随电脑。 zh or en; absent: that of the computer.\n\
             {language}\n\n\
             # 一周从哪天开始：monday、sunday 或 saturday。 First day of a week.\n\
             week_start = \"{week}\"\n\n\
             # 店铺：每家一个 [[shop]]，竞品写 competitor = true。 One [[shop]] each; a competitor says so.\n",
            zone = quoted(&self.zone),
            week = week_key(self.week_start),
        );
        self.shops.iter().for_each(|shop| text.push_str(&shop.to_toml()));
        text
    }

    /// The shop of this name.
    pub fn shop(&self, name: &str) -> Option<&Shop> {
        self.shops.iter().find(|shop| shop.name == name)
    }

    /// Refuses a shop that stands here on the other side: an import does not change sides.
    pub fn check_side(&self, shop: &Shop) -> Result<()> {
        let Some(known) = self.shop(&shop.name).filter(|known| known.competitor != shop.competitor) else {
            return Ok(());
        };
        let what = if known.competitor {
            said!("店铺“{name}”已登记为竞品", "the shop \"{name}\" is known as a competitor", name = shop.name)
        } else {
            said!("店铺“{name}”已登记为自己的店", "the shop \"{name}\" is known as your own", name = shop.name)
        };
        Err(Error::new("shop_side", what).help(said!(
            "检查是否多写或漏写了 --competitor；确实要改，请改 earful.toml 里这家店的 competitor",
            "check --competitor; to change sides, edit competitor of that shop in earful.toml"
        )))
    }

    /// Name of the time zone of a shop's clock.
    pub fn zone_of(&self, shop: &str) -> &str {
        self.shop(shop).and_then(|shop| shop.zone.as_deref()).unwrap_or(&self.zone)
    }
}

impl Shop {
    /// A `[[shop]]` that can be put at the end of an earful.toml.
    pub fn to_toml(&self) -> String {
        let mut text = format!("\n[[shop]]\nname = {}\n", quoted(&self.name));
        if self.competitor {
            text.push_str("competitor = true\n");
        }
        for (key, value) in [("platform", &self.platform), ("zone", &self.zone)] {
            if let Some(value) = value {
                text.push_str(&format!("{key} = {}\n", quoted(value)));
            }
        }
        text
    }
}

/// The language that the text of an earful.toml names, whatever else is wrong with it.
pub fn language_of(text: &str) -> Option<Lang> {
    let value =
        text.lines().find_map(|line| line.trim_start().strip_prefix("language")?.trim_start().strip_prefix('='))?;
    Lang::written(value.split('#').next()?)
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}

fn default_zone() -> String {
    "Asia/Shanghai".to_string()
}

fn default_week_start() -> Weekday {
    Weekday::Monday
}

const WEEK_STARTS: [(&str, Weekday); 3] =
    [("monday", Weekday::Monday), ("sunday", Weekday::Sunday), ("saturday", Weekday::Saturday)];

fn week_key(day: Weekday) -> &'static str {
    WEEK_STARTS.iter().find(|(_, d)| *d == day).map_or("monday", |(key, _)| key)
}

/// serde carries one sentence; ours exists in two languages, with this between them.
const BETWEEN: &str = "\u{1f}";

fn two<E: serde::de::Error>(said: Said) -> E {
    E::custom(format!("{}{BETWEEN}{}", said.zh, said.en))
}

fn zone<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<String, D::Error> {
    let name = String::deserialize(from)?;
    match TimeZone::get(&name) {
        Ok(_) => Ok(name),
        Err(_) => Err(two(said!(
            "不认识时区 {name:?}，写成 Asia/Shanghai、America/New_York 这样",
            "{name:?} is no time zone; write it as Asia/Shanghai or America/New_York",
            name = name
        ))),
    }
}

fn some_zone<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<String>, D::Error> {
    zone(from).map(Some)
}

fn name<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<String, D::Error> {
    let name = String::deserialize(from)?;
    if name.trim().is_empty() { Err(two(said!("店铺没有名字", "a shop has no name"))) } else { Ok(name) }
}

fn language<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Lang>, D::Error> {
    let wrong = || two(said!("language 只能是 zh 或 en", "language is zh or en"));
    Lang::written(&String::deserialize(from)?).map(Some).ok_or_else(wrong)
}

fn weekday<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Weekday, D::Error> {
    let key = String::deserialize(from)?;
    WEEK_STARTS.iter().find(|(k, _)| *k == key).map(|(_, day)| *day).ok_or_else(|| {
        two(said!("week_start 只能是 monday、sunday 或 saturday", "week_start is monday, sunday or saturday"))
    })
}

/// What is wrong with an earful.toml, with file and line.
fn wrong(err: &toml::de::Error, text: &str, path: &Path) -> Error {
    let message = err.message();
    let name = message.split('`').nth(1).unwrap_or_default();
    let what = if let Some((zh, en)) = message.split_once(BETWEEN) {
        Said::new(zh, en)
    } else if message.starts_with("unknown field") {
        let expected = message.split_once("expected").map_or("", |(_, names)| names.trim_start_matches(" one of"));
        said!(
            "没有叫 {name} 的设置，可用的有{expected}",
            "there is no setting {name}; there are{expected}",
            name = name,
            expected = expected
        )
    } else if message.starts_with("missing field") {
        said!("缺少 {name}", "{name} is missing", name = name)
    } else if message.starts_with("duplicate") {
        said!("同一个设置写了两次", "the same setting stands there twice")
    } else {
        said!("写法不对（{message}）", "cannot be read ({message})", message = message)
    };
    let line = err.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
    let file = path.display();
    let said = match line {
        Some(line) => {
            Said::new(format!("{file} 第 {line} 行：{}", what.zh), format!("{file}, line {line}: {}", what.en))
        }
        None => Said::new(format!("{file}：{}", what.zh), format!("{file}: {}", what.en)),
    };
    let place =
        Place { file: Some(file.to_string()), row: line, span: err.span().map(|span| Span::new(span.start, span.end)) };
    let problem = Problem { code: "settings", severity: Severity::Error, place, what, help: None };
    Error::new("settings", said)
        .help(said!("改好这一行再运行", "correct that line and run the command again"))
        .problems(vec![problem])
}
