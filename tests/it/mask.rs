//! Personal data is masked, and nothing else is.

use earful::ingest::mask::{Masker, find};
use proptest::prelude::*;

fn masker() -> Masker {
    Masker::new([7; 32], false)
}

fn mask(text: &str) -> String {
    masker().mask(text, &mut |_| ()).into_owned()
}

fn kinds(text: &str) -> Vec<&'static str> {
    find(text).iter().map(|f| f.pii.key()).collect()
}

#[test]
fn the_sample_is_masked_as_expected() {
    let sample = include_str!("../samples/pii_text.csv");
    let mut rows = csv::Reader::from_reader(sample.as_bytes());
    let mut count = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let expect: Vec<&str> = row[3].split(',').filter(|k| !k.is_empty()).collect();
        assert_eq!(kinds(&row[1]), expect, "row {}", &row[0]);
        let kept = expect.iter().all(|k| *k == "hotline");
        assert_eq!(mask(&row[1]) == row[1], kept, "row {}", &row[0]);
        count += 1;
    }
    assert_eq!(count, 17);
}

#[test]
fn masks_have_the_shapes_that_people_know() {
    for (text, expect) in [
        ("电话 138-0013-8000 或 +86 138 0013 8000", "电话 138****8000 或 138****8000"),
        ("１３８００１３８０００", "138****8000"),
        ("虚拟号13800138000转1234", "虚拟号138****8000-****"),
        ("身份证110101190001010014", "身份证1***************14"),
        ("银行卡 6222000000000000004。", "银行卡 6222 **** **** 0004。"),
        ("4111-1111-1111-1111", "4111 **** **** 1111"),
        ("座机0755-12345678，客服热线4008001234", "座机0755-****5678，客服热线4008001234"),
        ("(010) 12345678", "010-****5678"),
        ("地址广东省深圳市示例区示例街道示例路1号2栋303室", "地址广东省深圳市********"),
        ("邮箱 a.b+c@example.com.", "邮箱 a****@example.com."),
        ("微信号 wx_sample01 QQ10001", "[微信] [QQ]"),
        ("加微信abcdef很好用", "加[微信]很好用"),
        ("车牌苏D12340", "车牌苏D1***0"),
        ("IP 203.0.113.7", "IP 203.0.*.*"),
        ("call 202-555-0143 please", "call ***-***-0143 please"),
        ("+44 20 7946 0958", "+** ** **** 0958"),
        ("(202) 555-0143", "(***) ***-0143"),
        ("护照E00000000", "护照*********"),
    ] {
        assert_eq!(mask(text), expect, "{text}");
    }
}

#[test]
fn names_and_numbers_become_tokens_that_stay_the_same() {
    let order = mask("订单号：3000000000000000009，收货人：张三");
    assert!(order.starts_with("订单号：[订单#") && order.contains("收货人：[姓名#"), "{order}");
    let token = &order[order.find('[').unwrap()..=order.find(']').unwrap()];
    assert_eq!(mask("单号3000000000000000009 到哪了"), format!("单号{token} 到哪了"));
    let block = mask("张三，13800138000，广东省深圳市示例区示例路1号2栋303室 李四");
    assert!(!block.contains('三') && !block.contains('四') && block.contains("138****8000"), "{block}");
    assert!(mask("订单3000000000000000009，电话 130 0000 0001，广东省深圳市示例区示例路1号 张三").ends_with(']'));
    let two = mask("订单号50778795174和59671095217");
    assert_eq!(two.matches("[订单#").count(), 2, "{two}");
    assert!(mask("胡永利 010-87860230").ends_with(" 010-****0230") && !mask("胡永利 010-87860230").contains("永利"));
    assert!(mask("运单SF0000000000001").starts_with("运单[运单#"));
    let token = masker().keys.buyer("taobao", "示例买家01").unwrap();
    let hidden = masker().hide("亲爱的示例买家01，您好", "示例买家01", token).into_owned();
    assert!(hidden.starts_with("亲爱的[买家#") && !hidden.contains("示例"), "{hidden}");
}

#[test]
fn what_is_not_personal_stays() {
    for text in [
        "型号13800138，容量350ml，价格59.00",
        "用了1380013800000小时",
        "2024-01-03 12:00:01 下的单，20240110到",
        "尺寸 120*200*30cm，重 12.5kg，3.5折，59.9元，299-50",
        "联系人工客服一直没人",
        "收货人不在家",
        "姓名贴送了两张",
        "收件人写错了",
        "写着无法联系收件人 这不是乱写吗",
        "原价是1.8.8.8，降到1.6.9.9",
        "微信支付很方便",
        "微信群里推荐的",
        "QQ糖很好吃",
        "wx",
        "薇娅推荐的 wonderful",
        "版本 1.2.3.4567，固件 300.1.2.3",
        "ISBN 9787111111111",
        "条码 6901234567892",
        "E12345678 这个型号",
        "京东A级",
        "云A款很好看",
        "SKU CUP-BLUE-350",
        "B0SAMPLE11",
        "iPhone13 128G 2021款",
        "在上海市浦东新区南京路逛街买的",
        "住3号楼",
        "100%棉 95/5",
        "@客服 出来",
        "size 8-10, 5 stars, 2 packs of 12",
        "客服电话400-123-4567",
        "身高168体重52穿M 身高170体重60穿L",
        "20-30 40-50 60-70",
    ] {
        assert_eq!(mask(text), text);
    }
}

#[test]
fn borders_are_kept_where_a_pattern_stands_in_a_longer_number() {
    for text in ["9138001380001", "138001380001", "1.138001380.1.2.3", "0138-0013-80001"] {
        assert!(!kinds(text).contains(&"mobile"), "{text}");
    }
    assert!(!mask("SF12345678901234567890123456").contains("3456"));
    assert_eq!(mask("138001380001234567890123456789"), "138001380001234567890123456789");
}

#[test]
fn hostile_texts_take_no_time() {
    let start = std::time::Instant::now();
    for part in [
        "wx",
        "13800138000 ",
        "1",
        "订单1234567890",
        "a@b.c ",
        "SF",
        "收货人",
        "广东省市县镇",
        "1.1.1.",
        "QQ1",
        "（",
        "<b",
        "&#",
    ] {
        let text = part.repeat((32 << 10) / part.len());
        let once = mask(&text);
        assert_eq!(mask(&once), once, "{part}");
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn masking_twice_changes_nothing(
        parts in prop::collection::vec(prop_oneof![
            Just("13800138000".to_string()), Just("订单".into()), Just("QQ".into()), Just("微信 ".into()), Just("@".into()),
            Just("SF".into()), Just("收货人：".into()), Just("广东省深圳市示例区示例路".into()), Just("号".into()),
            Just("110101190001010014".into()), Just("卡6222000000000000004".into()), Just("苏D".into()), Just("a.b".into()),
            "[0-9]{1,20}", "[0-9]{3}[-. ][0-9]{3}[-. ][0-9]{4}", "[ ,，:：.+()（-]{1,2}", "[A-Z0-9]{6,9}", "[a-z_]{4,9}",
            "[０-９]{1,12}", "[王李张不的好]{1,4}", ".{0,6}",
        ], 0..12)
    ) {
        let once = mask(&parts.concat());
        prop_assert_eq!(mask(&once), once.clone());
    }

    #[test]
    fn a_telephone_number_never_comes_through(before in "[a-z的，。 ]{0,8}", number in "1[3-9][0-9]{9}", after in "[a-z的，。 ]{0,8}") {
        let masked = mask(&format!("{before}{number}{after}"));
        prop_assert!(!masked.contains(&number), "{}", masked);
    }
}
