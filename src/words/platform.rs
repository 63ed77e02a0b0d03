//! What platforms are called, and the key that stands for each.

/// The key of each platform with the names that people give it.
const NAMES: &[(&str, &[&str])] = &[
    ("tmall", &["天猫"]),
    ("taobao", &["淘宝", "千牛"]),
    ("jd", &["京东", "jd.com"]),
    ("pdd", &["拼多多", "pinduoduo"]),
    ("douyin", &["抖音", "抖店"]),
    ("kuaishou", &["快手"]),
    ("xiaohongshu", &["小红书", "xhs"]),
    ("amazon", &["亚马逊"]),
    ("shopee", &["虾皮"]),
    ("lazada", &[]),
    ("tiktok", &["tiktok shop"]),
    ("1688", &["阿里巴巴"]),
];

/// The key of a platform that is written by its key or a name: 天猫, Tmall. `None` for a name that is not known.
pub fn platform_called(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    NAMES.iter().find(|(key, names)| is(key) || names.iter().any(|name| is(name))).map(|(key, _)| *key)
}

/// The names of a platform beside its key.
pub fn platform_names(key: &str) -> &'static [&'static str] {
    NAMES.iter().find(|(known, _)| *known == key).map_or(&[], |(_, names)| names)
}
