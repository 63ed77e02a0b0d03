//! What is not worth suggesting: cue words, and the small words of both languages that name no thing.

use rustc_hash::FxHashMap;

use crate::text::script::{is_han, runs};
use crate::words::Span;

/// What a known word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A good opinion.
    Good,
    /// A bad opinion.
    Bad,
    /// Another cue, or a word that names nothing.
    Empty,
}

/// Words that name no thing.
const EMPTY: &str = "非常 真的 真心 比较 特别 十分 超级 相当 确实 还是 就是 有点 有些 一点 一点点 一般 一直 一样 一如既往 感觉 \
    觉得 总体 整体 个人 希望 东西 宝贝 这个 这件 那个 这条 这款 本来 可能 应该 因为 所以 而且 但是 不过 虽然 然后 已经 一个 一次 \
    一下 一些 什么 怎么 怎么样 没有 不是 不会 不能 可是 只是 另外 还有 其他 其它 哈哈 呵呵 谢谢 知道 不知道 这样 那样 自己 之前 \
    之后 以后 以前 时候 时间 第一次 今天 昨天 明天 这次 上次 直接 左右 两个 两件 两条 两次 几天 几个 几次 评价 评论 好评 差评 习惯 \
    必须 收到 东东 购买 购物 这里 那里 哪里 现在 后来 最后 结果 开始 可以 需要 起来 出来 下来 上去 出去 回来 过来 看看 看到 说说 \
    发现 认为 以为 想象 想像 一家 一定 一共 一起 大家 别人 人家 我们 你们 他们 这么 那么 多少 各种 每次 每个 所有 全部 完全 根本 \
    居然 竟然 甚至 反正 毕竟 终于 马上 立马 顺便 随便 当然 其实 尤其 基本 大概 差不多 主要 最近 目前 亲们 店家 卖家 商家 老板 产品 \
    商品 参考 仅供 本人 今年 去年 明年 确认 确认收货 网上 同样 不敢 能穿 能用 送货安装 下次 以后再 为了 关于 对于 特色 产品特色 \
    到货 收货 双十一 双11 活动 想要 打算 准备 选择 决定 朋友 老公 老婆 孩子 妈妈 爸爸 家里 家人 同事 一种 这种 那种 某些 有人 有的 \
    不要 不想 不用 不需要 不再 不如 不得不 没想到 想不到 意外 说明 说是 就算 还算 算是 算了 正好 刚好 刚刚 刚 才 已 将 再 只 \
    必须的 五星 五分 满分 买了 换了 用了 穿了 到了 来了 没用 没穿 先用 再来 下次 还没 追评 追加 内容 图片 照片 满意 满满 身高 体重";

/// Han characters that carry no thing by themselves.
const SMALL_HAN: &str = "的了着过吗呢吧啊呀哦们我你他她它这那也就都还又很太最更不没且和与跟把被给让对从在是有但而因所一二两三四五六七八九十\
    个点些得地说要会能到去来上下里可为之其以及等呵哈嘛啦哟哒滴件条双只台买收用穿吃喝好看天月年日次号分多少几真挺蛮超";

/// Latin words that carry no thing by themselves.
const SMALL_LATIN: &str = "a an the and or but of to in on at for with is it its was i my me this that they are be as so if not no have \
    has had you we im ive very just do did does dont didnt doesnt from than then there their them he she his her will would can could \
    cant couldnt been were am also too all any which what when because about more one two three first second get got gets getting out \
    up s t d ll re ve m by only even your our us really into over after before other another these those like use used using uses buy \
    bought purchase purchased product item thing things some much many most such still now well how why where who while since though \
    although again back go goes going went come came make made makes take took put say said see seen know think want need needed \
    every each both few same way lot bit day days week weeks month months year years time times here dont isnt wasnt wont far until \
    without within own off down around through ever never always star stars review reviews amazon ok yes etc works work worked great \
    good nice best better love loved excellent perfect perfectly highly recommend happy easy easily \
    tried try trying thought seems seem seemed started start starts having different update updated brand removed remove found find \
    something anything everything nothing someone anyone able told tell asked called left right side end part full whole place put puts \
    keep kept keeps let lets give gave given gives look looks looked looking turn turned turns happen happened happens probably maybe \
    actually however either instead almost least enough quite pretty little bit big old new own real reason case point problem problems \
    issue issues hope wish guess believe sure read reads reading write writes used cheap cheaper higher lower faster slower compared \
    couple few several many lots hours hour minutes minute today yesterday ago later once twice already yet soon four five thank thanks";

/// Words that are known, and what each does.
pub struct Lexicon {
    known: FxHashMap<String, Known>,
    /// Tokens of the longest of them.
    longest: usize,
}

impl Lexicon {
    /// The words of the house, and these cues in folded form.
    pub fn new(cues: impl IntoIterator<Item = (String, Known)>) -> Lexicon {
        let mut known: FxHashMap<String, Known> = FxHashMap::default();
        for word in EMPTY.split_whitespace().chain(SMALL_LATIN.split_whitespace()) {
            known.insert(word.to_string(), Known::Empty);
        }
        for (word, does) in cues {
            let slot = known.entry(word).or_insert(does);
            if *slot == Known::Empty {
                *slot = does;
            }
        }
        let longest = known.keys().map(|w| tokens(w).len()).max().unwrap_or(1).min(8);
        Lexicon { known, longest }
    }

    /// The tokens of a text that no known word covers, and the known words in it with what they do.
    pub fn rest(&self, text: &str) -> (Vec<Span>, Vec<(Span, Known)>) {
        let tokens = tokens(text);
        let (mut rest, mut does, mut at) = (Vec::new(), Vec::new(), 0);
        while at < tokens.len() {
            let most = (at + self.longest).min(tokens.len());
            let found = (at + 1..=most).rev().find_map(|end| {
                let word = Span { start: tokens[at].start, end: tokens[end - 1].end };
                Some((end, (word, *self.known.get(word.of(text))?)))
            });
            match found {
                Some((end, known)) => {
                    does.push(known);
                    at = end;
                }
                None => {
                    rest.push(tokens[at]);
                    at += 1;
                }
            }
        }
        (rest, does)
    }

    /// True if a phrase names a thing: something is left of it without known and small words.
    pub fn names_a_thing(&self, phrase: &str) -> bool {
        let (rest, _) = self.rest(phrase);
        rest.iter().map(|s| s.of(phrase)).any(|token| {
            let first = token.chars().next().unwrap_or(' ');
            if is_han(first) {
                !SMALL_HAN.contains(first)
            } else {
                token.chars().any(char::is_alphabetic) && token.chars().nth(1).is_some()
            }
        })
    }

    /// True if a phrase names a thing, or is an opinion of more than one character: 划算 says what it speaks of, 好 does not.
    pub fn says_a_thing(&self, phrase: &str) -> bool {
        self.names_a_thing(phrase)
            || self
                .rest(phrase)
                .1
                .iter()
                .any(|(word, k)| *k != Known::Empty && word.of(phrase).chars().nth(1).is_some())
    }

    /// True if an opinion of two characters or more stands inside a phrase.
    pub fn holds_an_opinion(&self, phrase: &str) -> bool {
        self.rest(phrase).1.iter().any(|(_, k)| *k != Known::Empty)
    }
}

/// The tokens of a folded text: single Han characters, and words of other scripts.
pub fn tokens(text: &str) -> Vec<Span> {
    let mut tokens = Vec::new();
    for run in runs(text) {
        let words = run.of(text);
        if words.chars().next().is_some_and(is_han) {
            let start = run.start as usize;
            tokens.extend(words.char_indices().map(|(i, c)| Span::new(start + i, start + i + c.len_utf8())));
        } else {
            tokens.push(run);
        }
    }
    tokens
}

/// True if a phrase neither begins nor ends with a word that belongs to its neighbour.
pub fn stands_alone(phrase: &str) -> bool {
    const NOT_FIRST: &str = "的了着过吗呢吧啊呀哦们地得件条双个只款次号";
    const NOT_LAST: &str = "的我你他她它这那也就都还又很太最更不没且和与跟把被给让对从在是有但而因所一";
    let (Some(first), Some(last)) = (phrase.chars().next(), phrase.chars().next_back()) else { return false };
    if is_han(first) || is_han(last) {
        return !NOT_FIRST.contains(first) && !NOT_LAST.contains(last);
    }
    let small = |word: Option<&str>| word.is_none_or(|w| SMALL_LATIN.split_whitespace().any(|s| s == w));
    !small(phrase.split(' ').next()) && !small(phrase.split(' ').next_back())
}
