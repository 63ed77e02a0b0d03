//! Writes reviews, chats and orders as text: Pinduoduo CSV, seller-tool CSV, JD JSON, Qianniu chat log, Taobao orders and
//! after-sale cases.

use std::fmt::Write as _;
use std::path::Path;

use encoding_rs::GB18030;
use jiff::ToSpan;
use serde_json::json;

use crate::cases::Case;
use crate::chats::{Chat, Who};
use crate::dice::Dice;
use crate::people::{masked, nickname, overseas};
use crate::plan::Plan;
use crate::reviews::Review;
use crate::sentences::Frame;
use crate::truth::Truth;

/// Time as platforms write it.
pub const CLOCK: &str = "%Y-%m-%d %H:%M:%S";

/// The reviews of one export in order of time.
pub fn of_export<'a, 'b>(reviews: &'b [Review<'a>], export: &str) -> Vec<&'b Review<'a>> {
    let mut rows: Vec<&Review> = reviews.iter().filter(|r| r.sku.export == export).collect();
    rows.sort_by_key(|r| (r.time, r.number));
    rows
}

/// A cell of a CSV file.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}

fn write_file(out: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(out.join(name), bytes).expect("an export can be written");
}

fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = GB18030.encode(text);
    assert!(!lost, "every character has a GB18030 form");
    bytes.into_owned()
}

/// Pinduoduo back office `评论信息`, saved again by a spreadsheet program: GB18030, CRLF.
/// The last page overlaps the one before, as exports by page do: eight rows come twice.
pub fn pdd_csv(out: &Path, plan: &Plan, reviews: &[Review], truth: &mut Truth) {
    let name = "pdd_reviews.csv";
    let mut dice = Dice::new(plan.seed, name);
    let mut lines = Vec::new();
    for (i, review) in of_export(reviews, "pdd").into_iter().enumerate() {
        let id = format!("7026{:014}", review.number * 7919);
        let complaint = |net: &str| review.labels.iter().any(|l| l.starts_with(net) && l.ends_with(" complaint"));
        let score = |bad: bool, dice: &mut Dice| if bad { dice.between(1, 3) } else { dice.between(4, 5) };
        let (ships, serves) = (complaint("fulfilment/shipping"), complaint("service/"));
        let order = review.time - dice.between(3, 16).days();
        let cells = [
            id.clone(),
            format!("80{:08}", dice.below(99_999_999)),
            review.sku.id.clone(),
            format!("{}", 900_000 + review.number),
            "600118".to_string(),
            review.stars.to_string(),
            review.stars.to_string(),
            score(ships, &mut dice).to_string(),
            score(serves, &mut dice).to_string(),
            review.text.clone(),
            review.sku.title.clone(),
            format!("{}-{:015}", order.strftime("%y%m%d"), dice.between(100_000_000_000, 999_999_999_999)),
            review.reply.clone(),
            if dice.chance(0.1) { format!("https://img.example.com/p/{}.jpg", review.number) } else { String::new() },
            String::new(),
            String::new(),
            review.time.strftime(CLOCK).to_string(),
        ];
        truth.note(name, i + 2, &id, &review.labels);
        lines.push(cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(","));
    }
    let again = lines[lines.len() - 8..].to_vec();
    lines.extend(again);
    let header = "评论ID,用户ID,商品ID,订单ID,商家ID,评分,描述得分,物流得分,服务得分,评论内容,商品名称,订单编号,回复内容,图片链接,clientDesc,desc,评论时间";
    let text = format!("{header}\r\n{}\r\n", lines.join("\r\n"));
    write_file(out, name, &gb18030(&text));
}

/// The review list of a cross-border seller tool, one file for all listings of the overseas store.
pub fn amazon_csv(out: &Path, plan: &Plan, frame: &Frame, reviews: &[Review], truth: &mut Truth) {
    let name = "amazon_us_reviews.csv";
    let mut dice = Dice::new(plan.seed, name);
    let header = "review_id,asin,parent_asin,seller_sku,item_name,last_star,last_title,last_content,review_date,review_url,author,is_vp,review_likes,images,videos,marketplace,status,amazon_order_list";
    let mut text = format!("{header}\n");
    for (i, review) in of_export(reviews, "amazon").into_iter().enumerate() {
        let id = format!("RDEMO{:09}", review.number * 7919);
        let asin = format!("B0LTLDR{:03}", plan.sku.iter().position(|s| s.id == review.sku.id).expect("a known SKU"));
        let title = ["One Star", "Two Stars", "Three Stars", "Four Stars", "Five Stars"][usize::from(review.stars) - 1];
        let cells = [
            id.clone(),
            asin.clone(),
            asin.clone(),
            review.sku.id.clone(),
            review.sku.title.clone(),
            review.stars.to_string(),
            title.to_string(),
            review.text.clone(),
            review.time.strftime("%Y-%m-%d").to_string(),
            format!("https://www.amazon.com/gp/customer-reviews/{id}"),
            overseas(frame, &mut dice),
            if dice.chance(0.92) { "1" } else { "0" }.to_string(),
            if dice.chance(0.15) { dice.between(1, 14) } else { 0 }.to_string(),
            String::new(),
            String::new(),
            "US".to_string(),
            "0".to_string(),
            String::new(),
        ];
        truth.note(name, i + 2, &id, &review.labels);
        writeln!(text, "{}", cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(",")).expect("writing to memory");
    }
    write_file(out, name, text.as_bytes());
}

/// JD comments as the page receives them: JSON in a callback.
pub fn jd_json(out: &Path, plan: &Plan, frame: &Frame, reviews: &[Review], truth: &mut Truth) {
    let name = "jd_competitor.json";
    let mut dice = Dice::new(plan.seed, name);
    let rows = of_export(reviews, "jd");
    let mut comments = Vec::new();
    for (i, review) in rows.iter().enumerate() {
        let id = 15_000_000_000 + review.number * 37;
        let days = dice.between(2, 9);
        let mut comment = json!({
            "id": id,
            "content": review.text,
            "creationTime": review.time.strftime(CLOCK).to_string(),
            "replyCount": 0,
            "score": review.stars,
            "usefulVoteCount": if dice.chance(0.1) { dice.between(1, 20) } else { 0 },
            "productColor": dice.pick(&review.sku.variants[0][1..]),
            "productSize": dice.pick(&review.sku.variants[1][1..]),
            "location": dice.pick(&frame.provinces),
            "referenceId": review.sku.id,
            "referenceTime": (review.time - days.days()).strftime(CLOCK).to_string(),
            "referenceName": review.sku.title,
            "nickname": masked(&nickname(frame, &mut dice), "***"),
            "days": days,
            "afterDays": 0,
        });
        if let Some((time, text)) = &review.follow_up {
            let after = (time.date() - review.time.date()).get_days().max(1);
            comment["afterDays"] = json!(after);
            comment["afterUserComment"] = json!({
                "id": id + 1, "created": time.strftime(CLOCK).to_string(), "hAfterUserComment": {"content": text},
            });
        }
        truth.note(name, i + 1, &id.to_string(), &review.labels);
        comments.push(comment.to_string());
    }
    let summary = json!({"commentCount": rows.len(), "defaultGoodCount": rows.iter().filter(|r| r.silent).count()});
    let text = format!(
        "fetchJSON_comment98({{\"productCommentSummary\":{summary},\"maxPage\":1,\"comments\":[\n{}\n]}});\n",
        comments.join(",\n")
    );
    write_file(out, name, text.as_bytes());
}

/// Qianniu chat log, `name (time): text`, conversations apart by an empty line, GBK.
pub fn qianniu_text(out: &Path, chats: &[Chat], truth: &mut Truth) {
    let name = "qianniu_chats.txt";
    let mut text = String::new();
    let mut line = 1;
    for chat in chats {
        truth.note_chat(name, line, chat);
        for (time, who, words) in &chat.lines {
            let sender = match who {
                Who::Buyer => chat.buyer.clone(),
                Who::Agent => format!("{}:{}", chat.sku.shop, chat.agent),
            };
            write!(text, "{sender} ({}): {words}\r\n", time.strftime(CLOCK)).expect("writing to memory");
            line += 1 + words.matches('\n').count();
        }
        text.push_str("\r\n");
        line += 1;
    }
    write_file(out, name, &gb18030(&text));
}

/// Taobao order export: what those who asked and bought ordered. Not a review file.
pub fn orders_csv(out: &Path, plan: &Plan, chats: &[Chat]) {
    let mut dice = Dice::new(plan.seed, "orders");
    let mut text = "订单编号,买家会员名,买家实付金额,订单状态,订单创建时间,宝贝标题,商品ID,宝贝总数量\r\n".to_string();
    for chat in chats {
        let Some(time) = chat.ordered else { continue };
        write!(
            text,
            "\"=\"\"4418{:09}208831\"\"\",{},{:.2},交易成功,{},{},{},1\r\n",
            dice.between(100_000_000, 999_999_999),
            chat.buyer,
            dice.between(2900, 19_900) as f64 / 100.0,
            time.strftime(CLOCK),
            chat.sku.title,
            chat.sku.id
        )
        .expect("writing to memory");
    }
    write_file(out, "taobao_orders.csv", &gb18030(&text));
}

/// A list of after-sale cases as a shop keeps it beside the console's refund export.
pub fn cases_csv(out: &Path, plan: &Plan, cases: &[Case]) {
    let mut dice = Dice::new(plan.seed, "case numbers");
    let mut text = "售后单号,订单编号,买家会员名,宝贝标题,商品ID,售后类型,处理方式,申请时间,审核时间,验货时间,完结时间,成本,首次原因,最终原因\r\n".to_string();
    for case in cases {
        let [opened, reviewed, inspected, closed] =
            case.steps.map(|step| step.map_or(String::new(), |at| at.strftime(CLOCK).to_string()));
        write!(
            text,
            "SH{:09},4417{:09}208831,{},{},{},{},{},{opened},{reviewed},{inspected},{closed},{:.2},{},{}\r\n",
            dice.between(100_000_000, 999_999_999),
            dice.between(100_000_000, 999_999_999),
            case.buyer,
            case.sku.title,
            case.sku.id,
            case.kind,
            if case.automatic { "自动" } else { "人工" },
            case.cost,
            case.reason.0,
            case.reason.1,
        )
        .expect("writing to memory");
    }
    write_file(out, "taobao_cases.csv", &gb18030(&text));
}
