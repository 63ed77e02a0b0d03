//! What the cells tell where the names do not: the time, the stars, and which of two texts is the customer's.

use super::column::Column;
use super::mapping::Reading;
use crate::ingest::bytes::shown;
use crate::ingest::field::Field;
use crate::said;
use crate::words::Kind;

/// Words in the name of a time that is not the review's own.
const OTHER_TIMES: &str = "reply replied respon answer updat modif edit last purchas bought order ship deliver visit travel trip \
     stay experienc crawl scrap seen fetch collect captur export birth check added 回复 更新 修改 下单 购买 付款 发货 采集 抓取 \
     爬取 导出 入住 出行 出生 balas ответ expir manufact regist member joined 生产 有效 到期 注册 入会";
/// Words in the name of a time that is.
const OWN_TIMES: &str = "review comment rate feedback publish creat submit post 评 提交 发表 发布 ulasan";
/// Words in the name of a rating.
const RATINGS: &str = "star rating score rated 评分 星 得分 打分 оценк bintang nilai bewert";
/// Words in the name of a rating that is of something else, or of many.
const OTHER_RATINGS: &str = "start average avg mean count num total sum seller logist ship deliver service shop sentiment polarity \
     helpful percent 平均 数量 人数 总数 物流 服务 店铺 环境 口味 卫生 位置 设施";

impl Reading {
    /// Fills in what no name has told, and says so.
    pub fn settle_by_cells(&mut self, columns: &[Column]) {
        let chat = self.kind == Kind::Chat;
        let time = if chat { Field::Ts } else { Field::CreatedAt };
        if !self.mapping.has(time)
            && let Some(column) = self.best(columns, time_worth)
        {
            self.mapping.add(time, column);
            let column = shown(&self.headers[column]);
            let said = said!("按内容判断“{column}”列是时间", "column “{column}” was taken for the time by its content");
            self.notices.push(("date_by_content", said));
        }
        if chat {
            return;
        }
        self.settle_purchase(columns);
        if !self.mapping.has(Field::Rating)
            && !self.mapping.has(Field::RatingRaw)
            && let Some(column) = self.best(columns, rating_worth)
        {
            self.mapping.add(Field::Rating, column);
            let column = shown(&self.headers[column]);
            let said =
                said!("按内容判断“{column}”列是评分", "column “{column}” was taken for the rating by its content");
            self.notices.push(("rating_by_content", said));
        }
        self.settle_title(columns);
    }

    /// Where a table only says when people bought, that is the nearest there is to when they wrote.
    fn settle_purchase(&mut self, columns: &[Column]) {
        let is_time = |c: usize| columns.get(c).is_some_and(|look| look.filled > 0 && look.dates > 0.9);
        let Some(column) = self.mapping.first(Field::BoughtAt).filter(|c| is_time(*c)) else { return };
        if self.mapping.has(Field::CreatedAt) || self.profile.is_some() {
            return;
        }
        self.mapping.rename(Field::BoughtAt, Field::CreatedAt);
        let column = shown(&self.headers[column]);
        let said = said!(
            "没有评价时间，用“{column}”列代替",
            "there is no time of the review; column “{column}” stands for it"
        );
        self.notices.push(("date_of_purchase", said));
    }

    /// The column that is worth most, of those that nobody knows.
    fn best(&self, columns: &[Column], worth: impl Fn(&str, &Column) -> u32) -> Option<usize> {
        let worth = |at: &usize| worth(&self.headers[*at].to_lowercase(), &columns[*at]);
        let free = (0..columns.len().min(self.headers.len())).filter(|at| self.mapping.field(*at).is_none());
        // Of columns of the same worth it is the first.
        free.filter(|at| worth(at) > 0).max_by_key(|at| (worth(at), std::cmp::Reverse(*at)))
    }

    /// Where a column called a headline holds the long texts, and the one called the review the short, they change
    /// places.
    fn settle_title(&mut self, columns: &[Column]) {
        let one = |field| match self.mapping.of(field) {
            [only] => columns.get(*only).map(|look| (*only, look)),
            _ => None,
        };
        if self.profile.is_some() {
            return;
        }
        let (Some((text, short)), Some((title, long))) = (one(Field::Text), one(Field::Title)) else { return };
        if long.is_free_text() && long.chars > 1.5 * short.chars && long.filled >= short.filled {
            self.mapping.remove(text);
            self.mapping.remove(title);
            self.mapping.add(Field::Text, title);
            self.mapping.add(Field::Title, text);
        }
    }
}

fn has(name: &str, words: &str) -> bool {
    words.split(' ').any(|word| name.contains(word))
}

fn time_worth(name: &str, look: &Column) -> u32 {
    // A bare number may be anything; a name that says nothing of time needs cells that do.
    let is_told = look.numbers < 0.5 || has(name, "date time 日期 时间");
    match look.filled > 0 && look.dates > 0.9 && is_told && !has(name, OTHER_TIMES) {
        true => 1 + u32::from(has(name, OWN_TIMES)),
        false => 0,
    }
}

fn rating_worth(name: &str, look: &Column) -> u32 {
    // A share, a count of pages: no scale.
    let is_scale = look.range.is_none_or(|(low, high)| low >= 0.0 && (3.0..=10.0).contains(&high) && high > low);
    let fits = look.filled > 1 && look.stars > 0.95 && is_scale && has(name, RATINGS) && !has(name, OTHER_RATINGS);
    match fits {
        true => 1 + u32::from(has(name, OWN_TIMES)),
        false => 0,
    }
}
