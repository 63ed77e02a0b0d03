//! Writes the spreadsheets: the Tmall review crawler's and the hand-kept sheet of those who did not buy.

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::chats::Chat;
use crate::dice::Dice;
use crate::exports::{CLOCK, of_export};
use crate::people::{masked, nickname};
use crate::plan::Plan;
use crate::reviews::Review;
use crate::sentences::Frame;
use crate::truth::Truth;

/// A workbook whose bytes do not depend on the day it is written.
fn workbook() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let born = ExcelDateTime::from_ymd(2026, 11, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&born));
    Ok(book)
}

/// Tmall crawler with 初评 and 追评, and the listing's id and title in front of the variant.
pub fn tmall_xlsx(out: &Path, plan: &Plan, frame: &Frame, reviews: &[Review], truth: &mut Truth) {
    write_tmall(out, plan, frame, reviews, truth).expect("the Tmall sheet can be written");
}

fn write_tmall(out: &Path, plan: &Plan, frame: &Frame, reviews: &[Review], truth: &mut Truth) -> Result<(), XlsxError> {
    let name = "tmall_reviews.xlsx";
    let mut dice = Dice::new(plan.seed, name);
    let mut book = workbook()?;
    let sheet = book.add_worksheet();
    sheet.set_name("评论")?;
    let header = [
        "评论ID",
        "用户昵称",
        "用户等级",
        "评价时间",
        "商品ID",
        "商品名称",
        "SKU",
        "评分",
        "初评内容",
        "追评内容",
        "追评时间",
        "有图片",
        "商家回复",
    ];
    for (column, word) in header.iter().enumerate() {
        sheet.write_string(0, column as u16, *word)?;
    }
    for (i, review) in of_export(reviews, "tmall").into_iter().enumerate() {
        let id = format!("12{:017}", review.number * 104_729);
        let variant: Vec<String> =
            review.sku.variants.iter().map(|v| format!("{}:{}", v[0], dice.pick(&v[1..]))).collect();
        let (later, more) = review
            .follow_up
            .as_ref()
            .map_or((String::new(), ""), |(time, text)| (time.strftime(CLOCK).to_string(), text.as_str()));
        let row = i as u32 + 1;
        let cells = [
            id.as_str(),
            &masked(&nickname(frame, &mut dice), "**"),
            ["普通会员", "超级会员", "超级会员", "88VIP"][dice.below(4)],
            &review.time.strftime(CLOCK).to_string(),
            &review.sku.id,
            &review.sku.title,
            &variant.join(";"),
            "",
            &review.text,
            more,
            &later,
            ["否", "否", "否", "是"][dice.below(4)],
            &review.reply,
        ];
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column as u16, *text)?;
        }
        sheet.write_number(row, 7, review.stars)?;
        truth.note(name, i + 2, &id, &review.labels);
    }
    book.save(out.join(name))
}

/// The sheet in which service notes who did not buy and why; sometimes another reason than the chat gives.
pub fn lost_xlsx(out: &Path, chats: &[Chat]) {
    write_lost(out, chats).expect("the lost-sale sheet can be written");
}

fn write_lost(out: &Path, chats: &[Chat]) -> Result<(), XlsxError> {
    let mut book = workbook()?;
    let sheet = book.add_worksheet();
    sheet.set_name("未成交")?;
    for (column, word) in ["旺旺名", "未成交原因", "日期"].iter().enumerate() {
        sheet.write_string(0, column as u16, *word)?;
    }
    let mut row = 0;
    for (i, chat) in chats.iter().enumerate() {
        let Some(lost) = &chat.lost else { continue };
        let noted = match lost.as_str() {
            "lost/price" => ["价格", "嫌贵", "太贵了"][i % 3],
            "lost/gift" => ["没赠品", "赠品"][i % 2],
            "lost/delivery_time" => ["来不及", "时间赶不上"][i % 2],
            "lost/size_doubt" => ["尺码不确定", "怕不合适"][i % 2],
            "lost/stock" => "缺货",
            "lost/trust" => "不放心",
            "lost/comparing" => ["再对比", "看看别家"][i % 2],
            _ => ["其他", "家里不让买"][i % 2],
        };
        row += 1;
        sheet.write_string(row, 0, &chat.buyer)?;
        sheet.write_string(row, 1, if i % 11 == 0 { "再看看" } else { noted })?;
        sheet.write_string(row, 2, chat.lines[0].0.strftime("%Y-%m-%d").to_string())?;
    }
    book.save(out.join("lost_sales.xlsx"))
}
